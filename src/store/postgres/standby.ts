import type pg from 'pg';

/** How the database of the reading routes stands to the one that leads are stored in. */
export interface StandbyState {
  /** It replays what the other one writes; false: it is a database of its own. */
  isStandby: boolean;
  /** Has it the same keys of the installation? */
  isSameInstallation: boolean;
  /** Of the write-ahead log, not replayed yet; null: it replays nothing. */
  bytesBehind: number | null;
}

/** Compares the two databases without changing either. Rejects when one does not answer. */
export async function compareStandby(database: pg.Pool, standby: pg.Pool): Promise<StandbyState> {
  const replayed = await readReplayed(standby);
  const [ours, theirs] = await Promise.all([readFingerprint(database), readFingerprint(standby)]);
  return {
    isStandby: replayed !== null,
    isSameInstallation: ours === theirs,
    bytesBehind: replayed === null ? null : await readDistance(database, replayed),
  };
}

/** Up to where a standby has replayed; null: it is none. */
async function readReplayed(standby: pg.Pool): Promise<string | null> {
  const { rows } = await standby.query<{ replayed: string | null }>(
    'select case when pg_is_in_recovery() then pg_last_wal_replay_lsn()::text end as replayed',
  );
  return rows[0]?.replayed ?? null;
}

async function readDistance(database: pg.Pool, replayed: string): Promise<number> {
  const { rows } = await database.query<{ bytes: number }>(
    'select greatest(pg_wal_lsn_diff(pg_current_wal_lsn(), $1::pg_lsn), 0)::float8 as bytes',
    [replayed],
  );
  return rows[0]?.bytes ?? 0;
}

/** Of the keys that each installation makes once; a hash, because they are secret. */
async function readFingerprint(pool: pg.Pool): Promise<string> {
  const { rows } = await pool.query<{ fingerprint: string }>(
    `select encode(sha256(convert_to(coalesce(string_agg(name || encode(value, 'hex'), ',' order by name), ''), 'UTF8')), 'hex')
              as fingerprint
       from installation`,
  );
  return rows[0]?.fingerprint ?? '';
}
