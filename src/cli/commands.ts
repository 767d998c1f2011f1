import { packageVersion } from '../package-version.ts';
import { start } from './start.ts';

export interface Command {
  name: string;
  summary: string;
  /** In commander's notation. */
  options: { flags: string; summary: string }[];
  /** Does the work and answers the exit code. `given` holds the options by their camel-case names. */
  run(given: Readonly<Record<string, unknown>>): Promise<number>;
}

/** Everything `sluice` can be told to do. */
export const COMMANDS: readonly Command[] = [
  {
    name: 'start',
    summary: 'start the server; its settings come from the environment (.env.example lists them)',
    options: [{ flags: '--demo', summary: 'with a demo flow and a recipient to try it on' }],
    run: ({ demo }) => start({ isDemo: demo === true, version: packageVersion() }),
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
