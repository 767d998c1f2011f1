import { randomBytes } from 'node:crypto';
import pg from 'pg';
import type { DatabaseConnection } from '../compose.ts';
import { systemClock } from '../lib/clock.ts';
import { createIds } from '../lib/ids.ts';
import { fail, ok, type Result } from '../lib/result.ts';
import { createAccountStore } from '../store/postgres/accounts.ts';
import { createApiKeyStore } from '../store/postgres/api-keys.ts';
import { withStartLock } from '../store/postgres/start-lock.ts';
import { ensureFirstStart, type FirstStart } from './first-start.ts';

interface Preparation {
  connection: DatabaseConnection;
  adminApiKey: string | null;
  /** null: without the demo. */
  demoRecipientUrl: string | null;
}

/** Fills an empty database, once even when several processes start on it together. */
export async function prepareFirstStart(preparation: Preparation): Promise<Result<FirstStart, string>> {
  const { connection, adminApiKey } = preparation;
  return withStartLock(connection, async () => {
    const pool = new pg.Pool({ ...connection, max: 1 });
    try {
      const ids = createIds({ now: () => Date.now(), random: Math.random });
      const accounts = createAccountStore(pool);
      const apiKeys = createApiKeyStore(pool);
      return ok(await ensureFirstStart({ accounts, apiKeys, ids, clock: systemClock, randomBytes }, adminApiKey));
    } catch (error) {
      if (!isUniqueViolation(error)) throw error;
      return fail('SLUICE_ADMIN_API_KEY is a key that was revoked: set another one.');
    } finally {
      await pool.end();
    }
  });
}

/** The only thing that can be there twice is a revoked key, because one in force would have been found. */
function isUniqueViolation(error: unknown): boolean {
  return error instanceof pg.DatabaseError && error.code === '23505';
}
