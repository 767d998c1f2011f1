import { packageVersion } from '../package-version.ts';
import { runDoctor } from './doctor.ts';
import { addIntegration, listIntegrations, removeIntegration } from './integrations.ts';
import { listKeys, resetKey, revokeKey } from './keys.ts';
import { start } from './start.ts';
import { inviteByCommand, listUsers } from './users.ts';
import { withDatabase } from './with-database.ts';

export interface Command {
  /** One word, or a group and a word in it. */
  name: string;
  summary: string;
  /** What must follow the name. */
  argument?: { name: string; summary: string };
  /** In commander's notation. */
  options: { flags: string; summary: string }[];
  /** Does the work and answers the exit code. `given` holds the argument and the options by their names. */
  run(given: Readonly<Record<string, unknown>>): Promise<number>;
}

/** What the first word of commands of two stands for. */
export const GROUPS: Readonly<Record<string, string>> = {
  integrations: 'packages of modules made for the original',
  keys: 'the API keys',
  users: 'the people who may sign in',
  admin: 'for the person at the machine; works on the database directly',
};

/** Every command of `sluice`. */
export const COMMANDS: readonly Command[] = [
  {
    name: 'start',
    summary: 'start the server; its settings come from the environment (.env.example lists them)',
    options: [{ flags: '--demo', summary: 'with a demo flow and a recipient to try it on' }],
    run: ({ demo }) => start({ isDemo: demo === true, version: packageVersion() }),
  },
  {
    name: 'integrations add',
    summary: 'install an integration package with npm and list its modules; the server loads it when it starts',
    argument: { name: 'package', summary: 'an npm name, or a folder that begins with ./ or /' },
    options: [],
    run: ({ package: source }) => addIntegration(String(source)),
  },
  {
    name: 'integrations list',
    summary: 'list the installed integration packages and their modules',
    options: [],
    run: listIntegrations,
  },
  {
    name: 'integrations remove',
    summary: 'remove an integration package',
    argument: { name: 'package', summary: 'its npm name' },
    options: [],
    run: ({ package: name }) => removeIntegration(String(name)),
  },
  {
    name: 'keys list',
    summary: 'list the valid API keys: id, age, role, last use and name; a key itself is never shown',
    options: [],
    run: () => withDatabase(listKeys),
  },
  {
    name: 'keys revoke',
    summary: 'end an API key',
    argument: { name: 'id', summary: 'as "keys list" shows it' },
    options: [],
    run: ({ id }) => withDatabase((pool, output) => revokeKey(pool, output, String(id))),
  },
  {
    name: 'users list',
    summary: 'list the users: id, role, state and last sign-in',
    options: [],
    run: () => withDatabase(listUsers),
  },
  {
    name: 'users invite',
    summary: 'print the link with which a person sets a password; creates the user if needed',
    argument: { name: 'email', summary: 'the e-mail address the person signs in with' },
    options: [{ flags: '--role <role>', summary: 'of a new user: owner, editor, analyst or vendor' }],
    run: ({ email, role }) => {
      const wanted = { email: String(email), role: role === undefined ? undefined : String(role) };
      return withDatabase((pool, output, place) => inviteByCommand(pool, { output, place, wanted }));
    },
  },
  {
    name: 'admin reset-key',
    summary: 'create an API key of an owner and show it once, for when the last one is lost',
    options: [],
    run: () => withDatabase(resetKey),
  },
  {
    name: 'doctor',
    summary: 'check settings, database, clock, disk, keys and time zones, and say what to do',
    options: [],
    run: runDoctor,
  },
  {
    name: 'version',
    summary: 'print the version',
    options: [],
    run: async () => {
      process.stdout.write(`${packageVersion()}\n`);
      return 0;
    },
  },
];
