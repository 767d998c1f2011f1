import pg from 'pg';
import type { ApiKeyStore } from '../access/api-key-store.ts';
import { loadConfig } from '../config.ts';
import { systemClock } from '../lib/clock.ts';
import { createLog } from '../observe/log.ts';
import { createAccountStore } from '../store/postgres/accounts.ts';
import { createApiKeyStore } from '../store/postgres/api-keys.ts';
import { nodeName } from './node-name.ts';
import { openDatabase } from './open-database.ts';

/** `sluice keys list`: the API keys in force, never a key itself. Answers the exit code. */
export async function listKeys(): Promise<number> {
  return withKeys(async ({ keys, accountIds }) => {
    for (const accountId of accountIds) {
      for (const { id, name, isSuperuser, createdAt } of await keys.list(accountId)) {
        const kind = isSuperuser ? 'superuser' : 'key';
        process.stdout.write(`${id}  ${new Date(createdAt).toISOString()}  ${kind.padEnd(9)}  ${name}\n`);
      }
    }
    return 0;
  });
}

/** `sluice keys revoke <id>`: nobody gets in with it any more, at once and for good. */
export async function revokeKey(id: string): Promise<number> {
  return withKeys(async ({ keys }) => {
    if (await keys.revoke(id.toLowerCase(), systemClock.now())) {
      process.stdout.write(`The key ${id} is revoked. A running server knows it within seconds.\n`);
      return 0;
    }
    return refuse(`There is no key with the id ${id} in force: "sluice keys list" shows them.`);
  });
}

async function withKeys(run: (tools: { keys: ApiKeyStore; accountIds: string[] }) => Promise<number>): Promise<number> {
  const loaded = loadConfig(process.env);
  if (!loaded.ok) return refuse(loaded.error.map(({ message }) => message).join('\n'));
  const log = createLog({ level: 'error', nodeName: nodeName() });
  const database = await openDatabase(loaded.value, log);
  if (!database.ok) return refuse(database.error);
  const pool = new pg.Pool({ ...database.value.connection, max: 1 });
  try {
    const accounts = await createAccountStore(pool).list();
    return await run({ keys: createApiKeyStore(pool), accountIds: accounts.map(({ id }) => id) });
  } finally {
    await pool.end();
    await database.value.stop();
  }
}

function refuse(sentence: string): number {
  process.stderr.write(`${sentence}\n`);
  return 1;
}
