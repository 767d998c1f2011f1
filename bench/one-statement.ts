import pg from 'pg';
import {
  type CapRequest,
  type ClaimRequest,
  type ClaimResult,
  isPlaceUsed,
  type ListRequest,
  type ListVerdict,
  type LookRequest,
  type LookResult,
  type PlacesAsked,
  type RunKey,
  type SettleRequest,
  type SettleResult,
} from '../src/pipeline/run-store.ts';
import type { PostgresRunStore, RunStoreOptions } from '../src/store/postgres/run-store.ts';
import type { CapHold, Holds, ListHold } from '../src/stored/holds.ts';
import { writeHolds } from '../src/stored/holds.ts';

/**
 * The peer of group commit, kept for measuring only: the run store as one would write it first. 16 connections, one
 * transaction a claim or a settlement, a statement a row; the same tables, rows and indexes, the same durability. A place
 * that is gone at the claim ends the lead as unavailable: the leads of the benchmark do not compete for the last one.
 * Not here: refusals of a full cap, and what happens after a crash.
 */
export function createOneStatementStore({ connection, nodeId }: RunStoreOptions): PostgresRunStore {
  const pool = new pg.Pool({ ...connection, max: CONNECTIONS });
  let underWay = 0;

  /** One transaction; a failure ends it and its connection, not the pool. */
  async function within<T>(work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
    underWay += 1;
    const client = await pool.connect();
    try {
      await client.query('begin');
      const result = await work(client);
      await client.query('commit');
      client.release();
      return result;
    } catch (error) {
      client.release(true);
      throw error;
    } finally {
      underWay -= 1;
    }
  }

  async function look({ run, lists, caps }: LookRequest): Promise<LookResult> {
    const verdicts: ListVerdict[] = [];
    for (const list of lists) verdicts.push(await findValue(pool, run, list));
    const seen = [];
    for (const cap of caps) {
      const { rows } = await pool.query<{ taken: number }>(FIND_WINDOW, [
        run.accountId,
        cap.capId,
        new Date(cap.startsAt),
      ]);
      const taken = rows[0]?.taken ?? 0;
      const { capId, maximum, generation } = cap;
      seen.push({ refusal: taken < maximum ? null : { capId, count: taken, held: 0, maximum }, generation });
    }
    return { kind: 'seen', lists: verdicts, caps: seen };
  }

  async function claim(request: ClaimRequest): Promise<ClaimResult> {
    const { run, seq, state } = request;
    try {
      return await within(async (client) => {
        const took = await take(client, run, request);
        if (!request.hasRun) await client.query(WRITE_RUN, runValues(run, nodeId));
        await client.query(WRITE_INTENT, [run.accountId, run.runId, seq, state, writeHolds(took)]);
        return { kind: 'committed', took };
      });
    } catch (error) {
      if (error instanceof PlaceGone) return { kind: 'unavailable', reason: error.message };
      throw error;
    }
  }

  function settle(request: SettleRequest): Promise<SettleResult> {
    const { accountId, runId } = request.run;
    return within(async (client) => {
      if (request.hasRun) {
        await client.query(END_INTENTS, [accountId, runId]);
        await client.query(END_RUN, [accountId, runId]);
      }
      await insertRows(client, request, nodeId);
      const took = request.claims ? await take(client, request.run, request.claims) : { lists: [], caps: [] };
      for (const hold of [...request.held.lists, ...took.lists]) await settleValue(client, request, hold);
      for (const hold of [...request.held.caps, ...took.caps]) await settlePlace(client, request, hold);
      return { kind: 'settled' };
    });
  }

  return {
    look,
    claim,
    settle,
    wasNotSent: () => false,
    isAway: () => false,
    size: () => underWay,
    sizes: () => ({ look: 0, commit: underWay }),
    // The server stops when no lead is under way any more, and nothing outlives its lead here.
    drained: async () => {},
    close: () => pool.end(),
  };
}

class PlaceGone extends Error {}

async function take(client: pg.PoolClient, run: RunKey, { lists, caps }: PlacesAsked): Promise<Holds> {
  for (const list of lists.filter(({ hold }) => hold)) await takeValue(client, run, list);
  const held: CapHold[] = [];
  for (const cap of caps) held.push(await takePlace(client, run, cap));
  return { caps: held, lists: lists.filter(({ hold }) => hold) };
}

const CONNECTIONS = 16;

const TAKE_VALUE = {
  name: 'take_value',
  text: `
    insert into list_items (account_id, list_id, value, holder) values ($1, $2, $3, $4)
    on conflict (account_id, list_id, value) do update set holder = excluded.holder
    where list_items.holder is null and list_items.added_at < $5`,
};

const FIND_VALUE = {
  name: 'find_value',
  text: `
    select added_at, holder from list_items
    where account_id = $1 and list_id = $2 and value = $3 and (holder is not null or $4::timestamptz is null or added_at >= $4)`,
};

async function takeValue(client: pg.PoolClient, run: RunKey, list: ListRequest): Promise<void> {
  const cutoff = list.cutoff === null ? null : new Date(list.cutoff);
  const { rowCount } = await client.query(TAKE_VALUE, [run.accountId, list.listId, list.value, run.runId, cutoff]);
  if (rowCount !== 1) throw new PlaceGone('the value was taken meanwhile');
}

async function findValue(pool: pg.Pool, run: LookRequest['run'], list: ListRequest): Promise<ListVerdict> {
  const cutoff = list.cutoff === null ? null : new Date(list.cutoff);
  const key = [run.accountId, list.listId, list.value];
  const { rows } = await pool.query<{ added_at: Date | null; holder: string | null }>(FIND_VALUE, [...key, cutoff]);
  const [row] = rows;
  if (row === undefined) return { found: false };
  if (row.holder === null) return { found: true, because: 'added', addedAt: row.added_at?.getTime() ?? null };
  return { found: true, because: 'held', addedAt: null, by: { leadId: row.holder, isRetried: false } };
}

const FIND_WINDOW =
  'select count + held as taken from cap_windows where account_id = $1 and cap_id = $2 and starts_at = $3';

const KEEP_VALUE = {
  name: 'keep_value',
  text: `
    update list_items set added_at = $5, holder = null
    where account_id = $1 and list_id = $2 and value = $3 and holder = $4`,
};

const RELEASE_VALUE = {
  name: 'release_value',
  text: 'delete from list_items where account_id = $1 and list_id = $2 and value = $3 and holder = $4 and added_at is null',
};

async function settleValue(client: pg.PoolClient, settle: SettleRequest, hold: ListHold): Promise<void> {
  const { accountId, runId, submittedAt } = settle.run;
  const key = [accountId, hold.listId, hold.value, runId];
  if (settle.used.lead) await client.query(KEEP_VALUE, [...key, new Date(submittedAt)]);
  else await client.query(RELEASE_VALUE, key);
}

const OPEN_WINDOW = `
  insert into cap_windows (account_id, cap_id, starts_at, ends_at, flow_id, generation)
  values ($1, $2, $3, $4, $5, $6) on conflict do nothing`;

const TAKE_PLACE = {
  name: 'take_place',
  text: `
    update cap_windows set held = held + 1, updated_at = now()
    where account_id = $1 and cap_id = $2 and starts_at = $3 and count + held < $4`,
};

async function takePlace(client: pg.PoolClient, run: RunKey, cap: CapRequest): Promise<CapHold> {
  const startsAt = new Date(cap.startsAt);
  const take = async (): Promise<boolean> => {
    const { rowCount } = await client.query(TAKE_PLACE, [run.accountId, cap.capId, startsAt, cap.maximum]);
    return rowCount === 1;
  };
  const { accountId, flowId } = run;
  if (!(await take())) {
    await client.query(OPEN_WINDOW, [accountId, cap.capId, startsAt, new Date(cap.endsAt), flowId, cap.generation]);
    if (!(await take())) throw new Error('the caps of the benchmark are never full');
  }
  return { capId: cap.capId, startsAt: cap.startsAt, generation: cap.generation, stepId: cap.stepId };
}

const SETTLE_PLACE = {
  name: 'settle_place',
  text: `
    update cap_windows set count = count + $4, held = held - 1, updated_at = now()
    where account_id = $1 and cap_id = $2 and starts_at = $3 and generation = $5`,
};

async function settlePlace(client: pg.PoolClient, { run, used }: SettleRequest, hold: CapHold): Promise<void> {
  const kept = isPlaceUsed(used, hold) ? 1 : 0;
  await client.query(SETTLE_PLACE, [run.accountId, hold.capId, new Date(hold.startsAt), kept, hold.generation]);
}

const WRITE_RUN = {
  name: 'write_run',
  text: `
    insert into runs (account_id, lead_id, node_id, flow_id, source_id, revision, submitted_at)
    values ($1, $2, $3, $4, $5, $6, $7)`,
};

const WRITE_INTENT = {
  name: 'write_intent',
  text: `
    insert into intents (account_id, lead_id, seq, state, holds) values ($1, $2, $3, $4, $5)`,
};

const END_INTENTS = { name: 'end_intents', text: 'delete from intents where account_id = $1 and lead_id = $2' };

const END_RUN = { name: 'end_run', text: 'delete from runs where account_id = $1 and lead_id = $2' };

const INSERT_LEAD = {
  name: 'insert_lead',
  text: `
    insert into leads (account_id, id, node_id, flow_id, source_id, revision, submitted_at, outcome, reason, price)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) on conflict do nothing`,
};

const INSERT_LEAD_DATA = {
  name: 'insert_lead_data',
  text: 'insert into lead_data (account_id, lead_id, part, document) values ($1, $2, 0, $3) on conflict do nothing',
};

const INSERT_EVENT = {
  name: 'insert_event',
  text: `
    insert into events (account_id, lead_id, seq, id, type, outcome, reason, flow_id, source_id, step_id, recipient_id, facts)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) on conflict do nothing`,
};

async function insertRows(client: pg.PoolClient, request: SettleRequest, nodeId: string): Promise<void> {
  const { run, outcome, reason, price, document } = request;
  const { accountId, runId, flowId, sourceId } = run;
  await client.query(INSERT_LEAD, [...runValues(run, nodeId), outcome, reason, price]);
  await client.query(INSERT_LEAD_DATA, [accountId, runId, document]);
  for (const event of request.events) {
    const { seq, id, type, stepId, recipientId, facts } = event;
    const end = [event.outcome, event.reason, flowId, sourceId, stepId, recipientId, facts];
    await client.query(INSERT_EVENT, [accountId, runId, seq, id, type, ...end]);
  }
}

/** The columns a run row and a lead row begin with. */
function runValues(run: RunKey, nodeId: string): unknown[] {
  const { accountId, runId, flowId, sourceId, revision, submittedAt } = run;
  return [accountId, runId, nodeId, flowId, sourceId, revision, new Date(submittedAt)];
}
