import type pg from 'pg';
import { counterIdOfCap, showUnits } from '../../caps/cap-units.ts';
import { CLOSED_WINDOWS_MAX, type ClosedWindow } from '../../caps/forecast-cap.ts';
import { startCounter } from '../../caps/judge-cap.ts';
import type { CapCount, CapStore, Changeable, CountChange, CountChanged, RunningFlow } from '../../flows/cap-store.ts';
import type { RunningCap } from '../../flows/running-caps.ts';
import { assert } from '../../lib/assert.ts';
import { lockAccount } from './accounts.ts';
import { RECORD_NOTHING, type RecordChange } from './activity.ts';
import { inTransaction } from './in-transaction.ts';
import type { RevisionDocuments } from './revision-documents.ts';

type Db = Pick<pg.ClientBase, 'query'>;

export interface CapStoreDeps {
  pool: pg.Pool;
  documents: RevisionDocuments;
  /** Absent: changes are not recorded. */
  record?: RecordChange;
}

export function createCapStore({ pool, documents, record = RECORD_NOTHING }: CapStoreDeps): CapStore {
  return {
    listRunning: (wanted) => listRunning(pool, wanted),
    readCounters: (accountId, caps) => readCounters(pool, accountId, caps),
    readClosedWindows: (accountId, caps) => readClosedWindows(pool, accountId, caps),
    changeCount: (request) => inTransaction(pool, (client) => changeCount(client, { documents, record }, request)),
  };
}

/** Along the primary keys of both tables; an account has up to some hundreds of flows. */
async function listRunning(
  db: Db,
  { accountId, flowId = null, capId = null }: { accountId: string; flowId?: string | null; capId?: string | null },
): Promise<RunningFlow[]> {
  const { rows } = await db.query<{ id: string; revision: number; cap_generations: Record<string, number> }>(
    `select f.id, r.revision, r.cap_generations
       from flows f
       join flow_revisions r on r.account_id = f.account_id and r.flow_id = f.id and r.revision = f.deployed_revision
      where f.account_id = $1 and f.deleted_at is null and ($2::text is null or f.id = $2)
        and exists (select from jsonb_object_keys(r.cap_generations) as caps (id)
                     where $3::text is null or lower(caps.id) = $3)
      order by f.created_at, f.id`,
    [accountId, flowId, capId],
  );
  return rows.map((row) => ({ flowId: row.id, revision: row.revision, capGenerations: row.cap_generations }));
}

interface CounterRow {
  count: number;
  held: number;
  failed_count: number;
  generation: number;
  own_maximum: number | null;
  updated_at: Date;
}

/** By primary key, one look-up a cap; a flow has at most some thousands. */
async function readCounters(db: Db, accountId: string, caps: readonly RunningCap[]): Promise<(CapCount | null)[]> {
  if (caps.length === 0) return [];
  const { rows } = await db.query<CounterRow & { ord: number }>(
    `select k.ord::int as ord, c.count::float8 as count, c.held::float8 as held, c.failed_count, c.generation,
            c.own_maximum::float8 as own_maximum, c.updated_at
       from unnest($2::text[], $3::timestamptz[]) with ordinality as k (cap_id, starts_at, ord)
       join cap_windows c on c.account_id = $1 and c.cap_id = k.cap_id and c.starts_at = k.starts_at`,
    [accountId, caps.map(({ cap }) => counterIdOfCap(cap)), caps.map(({ window }) => new Date(window.startsAt))],
  );
  const byPlace = new Map(rows.map((row) => [row.ord - 1, row]));
  return caps.map(({ generation }, index) => {
    const row = byPlace.get(index);
    return row && row.generation >= generation ? countOf(row) : null;
  });
}

interface ClosedRow {
  ord: number;
  starts_at: Date;
  ends_at: Date;
  used: number;
  refused: number;
  own_maximum: number | null;
}

/** Backwards along the primary key, a few rows a cap. Those of another generation counted other leads. */
async function readClosedWindows(db: Db, accountId: string, caps: readonly RunningCap[]): Promise<ClosedWindow[][]> {
  if (caps.length === 0) return [];
  const { rows } = await db.query<ClosedRow>(
    `select k.ord::int as ord, c.starts_at, c.ends_at, (c.count + c.held)::float8 as used, c.failed_count as refused,
            c.own_maximum::float8 as own_maximum
       from unnest($2::text[], $3::timestamptz[], $4::integer[]) with ordinality as k (cap_id, starts_at, generation, ord)
      cross join lateral (
        select c.starts_at, c.ends_at, c.count, c.held, c.failed_count, c.own_maximum from cap_windows c
         where c.account_id = $1 and c.cap_id = k.cap_id and c.starts_at < k.starts_at and c.ends_at <= k.starts_at
           and c.generation = k.generation
         order by c.starts_at desc limit $5) as c
      order by k.ord, c.starts_at desc`,
    [
      ...[accountId, caps.map(({ cap }) => counterIdOfCap(cap)), caps.map(({ window }) => new Date(window.startsAt))],
      ...[caps.map(({ generation }) => generation), CLOSED_WINDOWS_MAX],
    ],
  );
  const windows: ClosedWindow[][] = caps.map(() => []);
  for (const { ord, starts_at, ends_at, used, refused, own_maximum: ownMaximum } of rows) {
    windows[ord - 1]?.push({ startsAt: starts_at.getTime(), endsAt: ends_at.getTime(), used, refused, ownMaximum });
  }
  return windows;
}

function countOf(row: CounterRow): CapCount {
  const { count, held, failed_count: failedCount, own_maximum: ownMaximum } = row;
  return { count, held, failedCount, ownMaximum, updatedAt: row.updated_at.getTime() };
}

/** The account is locked first, as by a deploy: the count goes to the window and generation that run. */
async function changeCount(
  client: pg.ClientBase,
  { documents, record }: { documents: RevisionDocuments; record: RecordChange },
  request: CountChange,
): Promise<CountChanged> {
  const { accountId, now } = request;
  await lockAccount(client, accountId);
  const cap = await locateCap(client, documents, request);
  if (!cap) return { kind: 'missing' };
  const row = await lockCounter(client, { accountId, cap, now });
  const before = startCounter({ ...row, ownMaximum: row.own_maximum }, cap.generation);
  const { held, ownMaximum: maximumBefore = null } = before;
  const changed = request.change({ count: before.count, ownMaximum: maximumBefore }, cap.cap.type);
  if (changed === null) return { kind: 'refused' };
  const { count, ownMaximum } = changed;
  // A counter that starts again has refused no lead yet.
  const failedCount = row.generation >= cap.generation ? row.failed_count : 0;
  const { counterId, startsAt } = keyOf(cap);
  await client.query(
    `update cap_windows set count = $4, held = $5, failed_count = $6, generation = $7, own_maximum = $8, updated_at = $9
      where account_id = $1 and cap_id = $2 and starts_at = $3`,
    [...[accountId, counterId, startsAt], ...[count, held, failedCount, before.generation, ownMaximum, new Date(now)]],
  );
  const { flowId } = cap;
  const { id, type, name = null } = cap.cap;
  const at = { flow_id: flowId, started_at: startsAt.toISOString() };
  const show = (counter: Changeable) => ({
    ...{ ...at, count: showUnits(type, counter.count) },
    ...(counter.ownMaximum === null ? {} : { window_maximum: showUnits(type, counter.ownMaximum) }),
  });
  await record(client, accountId, {
    kind: 'cap',
    action: 'update',
    subject: { id, name },
    before: { document: show({ count: before.count, ownMaximum: maximumBefore }) },
    after: { document: show(changed) },
  });
  return { kind: 'done', cap, counter: { count, held, failedCount, ownMaximum, updatedAt: now } };
}

function keyOf({ cap, window }: RunningCap): { counterId: string; startsAt: Date } {
  return { counterId: counterIdOfCap(cap), startsAt: new Date(window.startsAt) };
}

async function locateCap(
  client: pg.ClientBase,
  documents: RevisionDocuments,
  { accountId, capId, locate }: CountChange,
): Promise<RunningCap | undefined> {
  const [flow] = await listRunning(client, { accountId, capId });
  if (!flow) return undefined;
  const { flowId, revision } = flow;
  const document = await documents.read(client, { accountId, flowId, revision });
  const { rows } = await client.query<{ time_zone: string }>('select time_zone from accounts where id = $1', [
    accountId,
  ]);
  assert(document !== null && rows[0], 'what a flow runs on is stored');
  return locate({ ...flow, document }, rows[0].time_zone);
}

/** The row of a window, made when there is none, locked until the transaction ends; by primary key. */
async function lockCounter(
  client: pg.ClientBase,
  { accountId, cap, now }: { accountId: string; cap: RunningCap; now: number },
): Promise<CounterRow> {
  const { counterId, startsAt } = keyOf(cap);
  await client.query(
    `insert into cap_windows (account_id, cap_id, starts_at, ends_at, flow_id, generation, updated_at)
     values ($1, $2, $3, $4, $5, $6, $7)
     on conflict do nothing`,
    [accountId, counterId, startsAt, new Date(cap.window.endsAt), cap.flowId, cap.generation, new Date(now)],
  );
  const { rows } = await client.query<CounterRow>(
    `select count::float8 as count, held::float8 as held, failed_count, generation, own_maximum::float8 as own_maximum,
            updated_at
       from cap_windows
      where account_id = $1 and cap_id = $2 and starts_at = $3
        for update`,
    [accountId, counterId, startsAt],
  );
  assert(rows[0], 'the window was opened before');
  return rows[0];
}
