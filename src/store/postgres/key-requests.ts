import type pg from 'pg';
import type { KeyRequest, KeyRequestPage, KeyRequestStore } from '../../access/key-requests.ts';
import { KEY_REQUESTS_MAX } from '../../keeping/periods.ts';

/** A key is looked at for rows past its bound after so many new ones. */
const TRIMMED_AFTER = 500;
/** Keys whose rows are counted between two looks; past it all are counted anew. */
const COUNTED_MAX = 10_000;

type Querying = Pick<pg.Pool, 'query'>;

/** The request log on PostgreSQL. One that writes counts what it wrote of each key. */
export function createKeyRequestStore(pool: Querying): KeyRequestStore {
  const written = new Map<string, number>();
  return {
    page: (page) => readPage(pool, page),
    async write(requests) {
      if (requests.length === 0) return;
      await insertRequests(pool, requests);
      if (written.size > COUNTED_MAX) written.clear();
      for (const { accountId, keyId } of requests) {
        const count = (written.get(keyId) ?? 0) + 1;
        written.set(keyId, count);
        if (count < TRIMMED_AFTER) continue;
        written.delete(keyId);
        await forgetOldest(pool, { accountId, keyId });
      }
    },
  };
}

async function insertRequests(pool: Querying, requests: readonly KeyRequest[]): Promise<void> {
  const column = <Name extends keyof KeyRequest>(name: Name) => requests.map((request) => request[name]);
  await pool.query(
    `insert into key_requests
       (account_id, key_id, id, at, operation, method, path, status, ms, trace_id, bytes, skipped)
     select account_id, key_id, id, at, operation, method, path, status, ms, trace_id, bytes, skipped
       from unnest($1::text[], $2::text[], $3::text[], $4::timestamptz[], $5::text[], $6::text[], $7::text[],
                   $8::smallint[], $9::real[], $10::text[], $11::bigint[], $12::integer[])
         as r(account_id, key_id, id, at, operation, method, path, status, ms, trace_id, bytes, skipped)`,
    [
      ...[column('accountId'), column('keyId'), column('id'), column('at').map((at) => new Date(at))],
      ...[column('operation'), column('method'), column('path'), column('status')],
      ...[column('ms'), column('traceId'), column('bytes'), column('skipped')],
    ],
  );
}

/** Along the primary key: the rows of one key that are within the bound, and those behind them. */
async function forgetOldest(pool: Querying, key: Pick<KeyRequest, 'accountId' | 'keyId'>): Promise<void> {
  await pool.query(
    `delete from key_requests where account_id = $1 and key_id = $2 and id <= (
       select id from key_requests where account_id = $1 and key_id = $2 order by id desc offset $3 limit 1)`,
    [key.accountId, key.keyId, KEY_REQUESTS_MAX],
  );
}

/** Along the primary key; the rows of one key are bounded. */
async function readPage(pool: Querying, page: KeyRequestPage): Promise<KeyRequest[]> {
  const { accountId, keyId, range, sort, limit, statuses, operations } = page;
  const { rows } = await pool.query<KeyRequestRow>(
    `select account_id, key_id, id, at, operation, method, path, status, ms, trace_id, bytes::float8 as bytes, skipped
       from key_requests
      where account_id = $1 and key_id = $2 and id > $3 and id < $4
        and ($5::int[] is null or status / 100 = any($5)) and ($6::text[] is null or operation = any($6))
      order by id ${sort === 'asc' ? 'asc' : 'desc'} limit $7`,
    [
      ...[accountId, keyId, range.after, range.before],
      ...[statuses?.map((each) => Number(each[0])) ?? null, operations, limit],
    ],
  );
  return rows.map(requestOf);
}

interface KeyRequestRow {
  account_id: string;
  key_id: string;
  id: string;
  at: Date;
  operation: string;
  method: string;
  path: string;
  status: number;
  ms: number;
  trace_id: string;
  bytes: number | null;
  skipped: number;
}

function requestOf({ account_id, key_id, at, trace_id, ...row }: KeyRequestRow): KeyRequest {
  return { ...row, accountId: account_id, keyId: key_id, at: at.getTime(), traceId: trace_id };
}
