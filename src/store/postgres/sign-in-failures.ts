import type pg from 'pg';
import { beginsLockOut, computeWaitMs, FORGET_MS, type SignInKey } from '../../access/users/lockout.ts';
import type { SignInFailureStore } from '../../access/users/user-store.ts';
import { inTransaction } from './in-transaction.ts';

/** Each attempt adds at most two rows and removes at most so many old ones: the table holds about an hour of attempts. */
const SWEEP_MAX = 20;

export function createSignInFailureStore(pool: pg.Pool): SignInFailureStore {
  return {
    claim: (keys, now) => claim(pool, { keys, now }),
    giveBack: async (keys) => {
      await pool.query('update sign_in_failures set failures = greatest(failures - 1, 0) where key = any($1)', [
        textsOf(keys),
      ]);
    },
    forget: async ({ text }) => {
      await pool.query('delete from sign_in_failures where key = $1', [text]);
    },
  };
}

async function claim(
  pool: pg.Pool,
  { keys, now }: { keys: readonly SignInKey[]; now: number },
): ReturnType<SignInFailureStore['claim']> {
  // By itself: with the locks of old rows in hand, two attempts could wait for each other.
  await sweep(pool, now);
  return inTransaction(pool, async (client) => {
    const failures = await lockFailures(client, { keys, now });
    const waits = keys.map(({ kind, text }) =>
      computeWaitMs(kind, failures.get(text) ?? { failures: 0, lastAt: 0 }, now),
    );
    const waitMs = Math.max(...waits);
    if (waitMs > 0) {
      // What was made for this attempt alone: refused attempts must not fill the table.
      await client.query('delete from sign_in_failures where key = any($1) and failures = 0', [textsOf(keys)]);
      return { kind: 'locked', waitMs };
    }
    const { rows } = await client.query<{ key: string; failures: number }>(
      `update sign_in_failures
          set failures = case when last_at <= $3 then 1 else failures + 1 end, last_at = $2
        where key = any($1) returning key, failures`,
      [textsOf(keys), new Date(now), new Date(now - FORGET_MS)],
    );
    const user = keys.find(({ kind }) => kind === 'email');
    const ofUser = rows.find(({ key }) => key === user?.text);
    return { kind: 'claimed', locksUser: ofUser !== undefined && beginsLockOut('email', ofUser.failures) };
  });
}

/** By the index by time. Rows that another attempt holds are left to it. */
async function sweep(pool: pg.Pool, now: number): Promise<void> {
  await pool.query(
    `delete from sign_in_failures where key in (
       select key from sign_in_failures where last_at < $1 order by last_at limit $2 for update skip locked)`,
    [new Date(now - FORGET_MS), SWEEP_MAX],
  );
}

/** Makes the rows that are missing and locks all, in the order of their keys, so that no two attempts wait for each other. */
async function lockFailures(
  client: pg.ClientBase,
  { keys, now }: { keys: readonly SignInKey[]; now: number },
): Promise<Map<string, { failures: number; lastAt: number }>> {
  await client.query(
    `insert into sign_in_failures (key, failures, last_at)
       select key, 0, $2 from unnest($1::text[]) as key order by key on conflict (key) do nothing`,
    [textsOf(keys), new Date(now)],
  );
  const { rows } = await client.query<{ key: string; failures: number; last_at: Date }>(
    'select key, failures, last_at from sign_in_failures where key = any($1) order by key for update',
    [textsOf(keys)],
  );
  return new Map(rows.map(({ key, failures, last_at: lastAt }) => [key, { failures, lastAt: lastAt.getTime() }]));
}

function textsOf(keys: readonly SignInKey[]): string[] {
  return keys.map(({ text }) => text);
}
