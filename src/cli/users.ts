import { randomBytes } from 'node:crypto';
import type pg from 'pg';
import { isRole, ROLES } from '../access/roles.ts';
import { buildInvitationUrl, type ServerPlace } from '../access/users/invitation-url.ts';
import { type InvitedUser, inviteAgain, inviteUser } from '../access/users/invitations.ts';
import { parseUserEmail, type User } from '../access/users/user.ts';
import { systemClock } from '../lib/clock.ts';
import { createIds } from '../lib/ids.ts';
import { fail, ok, type Result } from '../lib/result.ts';
import { createAccountStore } from '../store/postgres/accounts.ts';
import { recordChangesOf } from '../store/postgres/activity.ts';
import { createUserStore } from '../store/postgres/users.ts';
import { machineOrigin } from './machine-origin.ts';
import { type CommandOutput, refuse } from './with-database.ts';

/** `sluice users list`: the users of every account. Returns the exit code. */
export async function listUsers(pool: pg.Pool, { stdout }: CommandOutput): Promise<number> {
  const users = createUserStore(pool);
  for (const { id } of await createAccountStore(pool).list()) {
    for (const user of await users.list(id)) stdout.write(writeLine(user));
  }
  return 0;
}

export interface UserToInvite {
  email: string;
  /** undefined: as the user that exists has it. */
  role: string | undefined;
}

/**
 * `sluice users invite <email>`: prints the link that lets a person set a password. Makes the user, or a new link for one
 * that exists: the first owner comes in like this, and an owner who lost the password.
 */
export async function inviteByCommand(
  pool: pg.Pool,
  { output, place, wanted }: { output: CommandOutput; place: ServerPlace; wanted: UserToInvite },
): Promise<number> {
  const invited = await invite(pool, wanted);
  if (!invited.ok) return refuse(output, invited.error);
  const { user, token, expiresAt } = invited.value;
  output.stdout.write(`${buildInvitationUrl(place, token)}\n`);
  output.stderr.write(
    `${user.email} sets a password with this link. It works once, until ${new Date(expiresAt).toISOString()}. No mail is sent: pass the link on yourself.\n`,
  );
  return 0;
}

async function invite(pool: pg.Pool, { email: given, role }: UserToInvite): Promise<Result<InvitedUser, string>> {
  const email = parseUserEmail(given);
  if (email === undefined) return fail(`${JSON.stringify(given)} is not an e-mail address.`);
  const ids = createIds({ now: systemClock.now, random: Math.random });
  const record = recordChangesOf(machineOrigin('users invite'), { ids, clock: systemClock });
  const users = createUserStore(pool, record);
  const deps = { users, clock: systemClock, ids, randomBytes };
  const known = (await users.findByEmail(email))?.user;
  if (known) {
    if (role !== undefined && role !== known.role)
      return fail(
        `${email} is already a user with the role ${known.role}: leave --role out, or change the role with PUT /users/${known.id}.`,
      );
    const again = await inviteAgain(deps, { accountId: known.accountId, userId: known.id });
    return again ? ok(again) : fail(`${email} is disabled: enable it first with PUT /users/${known.id}.`);
  }
  if (role === undefined || !isRole(role))
    return fail(`Give the role of the new user with --role: ${Object.keys(ROLES).join(', ')}.`);
  const account = await createAccountStore(pool).first();
  if (!account) return fail('There is no account yet: "sluice start" creates one.');
  const invited = await inviteUser(deps, { accountId: account.id, email, role, firstName: '', lastName: '' });
  return invited ? ok(invited) : fail(`${email} has just become a user: run the command again for a new link.`);
}

function writeLine({ id, email, role, status, lastLoginAt }: User): string {
  const last = lastLoginAt === null ? 'not signed in yet' : `signed in ${new Date(lastLoginAt).toISOString()}`;
  return `${[id, role.padEnd(7), status.padEnd(8), last, email].join('  ')}\n`;
}
