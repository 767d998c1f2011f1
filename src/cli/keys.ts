import { randomBytes } from 'node:crypto';
import type pg from 'pg';
import { type ApiKey, isInForce } from '../access/api-key-store.ts';
import { createApiKey, OWNERS_KEY } from '../access/create-api-key.ts';
import { systemClock } from '../lib/clock.ts';
import { createIds, type Ids } from '../lib/ids.ts';
import { createAccountStore } from '../store/postgres/accounts.ts';
import { recordChangesOf } from '../store/postgres/activity.ts';
import { createApiKeyStore } from '../store/postgres/api-keys.ts';
import { machineOrigin } from './machine-origin.ts';
import { type CommandOutput, refuse } from './with-database.ts';

/** `sluice keys list`: the API keys in force, never a key itself. Returns the exit code. */
export async function listKeys(pool: pg.Pool, { stdout }: CommandOutput): Promise<number> {
  const now = systemClock.now();
  for (const key of (await readKeys(pool)).filter((each) => isInForce(each, now))) stdout.write(writeLine(key));
  return 0;
}

/** `sluice keys revoke <id>`: nothing is opened with it any more, at once and for good. */
export async function revokeKey(pool: pg.Pool, output: CommandOutput, id: string): Promise<number> {
  const keys = createApiKeyStore(
    pool,
    recordChangesOf(machineOrigin('keys revoke'), { ids: newIds(), clock: systemClock }),
  );
  const key = (await readKeys(pool)).find((each) => each.id === id.toLowerCase());
  if (!key || !(await keys.revoke(key, systemClock.now())))
    return refuse(output, `There is no valid key with the id ${id}: "sluice keys list" shows them.`);
  output.stdout.write(`The key ${key.id} is revoked. A running server stops accepting it within five seconds.\n`);
  return 0;
}

/** `sluice admin reset-key`: a new key of an owner for the person at the machine, who lost the last one. */
export async function resetKey(pool: pg.Pool, output: CommandOutput): Promise<number> {
  const account = await createAccountStore(pool).first();
  if (!account) return refuse(output, 'There is no account yet: "sluice start" creates one and shows its first key.');
  const making = { ids: newIds(), clock: systemClock, randomBytes };
  const origin = machineOrigin('admin reset-key');
  const deps = { ...making, apiKeys: createApiKeyStore(pool, recordChangesOf(origin, making)) };
  const wanted = { ...OWNERS_KEY, accountId: account.id, name: 'Reset on the server', createdBy: origin.actor };
  const { record, key } = await createApiKey(deps, wanted);
  output.stdout.write(`${key}\n`);
  output.stderr.write(
    `This is the new key ${record.id} of an owner. It is shown only once. The other keys stay valid: "sluice keys list" shows them, "sluice keys revoke <id>" ends one.\n`,
  );
  return 0;
}

function newIds(): Ids {
  return createIds({ now: systemClock.now, random: Math.random });
}

async function readKeys(pool: pg.Pool): Promise<ApiKey[]> {
  const accounts = await createAccountStore(pool).list();
  const keys = createApiKeyStore(pool);
  return (await Promise.all(accounts.map(({ id }) => keys.list(id)))).flat();
}

function writeLine({ id, createdAt, prefix, scope, lastUsedAt, expiresAt, name }: ApiKey): string {
  const columns = [
    id,
    new Date(createdAt).toISOString(),
    (scope.role ?? 'custom').padEnd(7),
    (prefix ?? '').padEnd(12),
    lastUsedAt === null ? 'not used' : `used ${new Date(lastUsedAt).toISOString()}`,
    ...(expiresAt === null ? [] : [`until ${new Date(expiresAt).toISOString()}`]),
    name,
  ];
  return `${columns.join('  ')}\n`;
}
