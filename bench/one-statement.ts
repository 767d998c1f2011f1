import pg from 'pg';
import {
  type CapRequest,
  type IntendRequest,
  type IntendResult,
  isPlaceUsed,
  type ListRequest,
  type ListVerdict,
  type ReserveRequest,
  type ReserveResult,
  type RunKey,
  type SettleRequest,
  type SettleResult,
} from '../src/pipeline/run-store.ts';
import type { PostgresRunStore, RunStoreOptions } from '../src/store/postgres/run-store.ts';
import type { CapHold, ListHold } from '../src/stored/holds.ts';
import { writeHolds } from '../src/stored/holds.ts';

/**
 * The peer of group commit, kept for measuring only: the run store as one would write it first. 16 connections, one
 * transaction a lead, a statement a row; the same tables, rows and indexes, the same durability. A lead keeps its
 * transaction open from its reserve to its settlement, so that a place is held by the lock on its counter and needs no
 * run row; only an intent must be committed before a request leaves, so a delivered lead takes two transactions.
 * Not here: refusals of a full cap, and what happens after a crash.
 */
export function createOneStatementStore({ connection, nodeId }: RunStoreOptions): PostgresRunStore {
  const pool = new pg.Pool({ ...connection, max: CONNECTIONS });
  /** Transactions of leads between their reserve and what comes next. */
  const open = new Map<string, pg.PoolClient>();

  async function beginTransaction(run: RunKey): Promise<pg.PoolClient> {
    const begun = open.get(run.runId);
    open.delete(run.runId);
    if (begun !== undefined) return begun;
    const client = await pool.connect();
    await client.query('begin');
    return client;
  }

  async function end(client: pg.PoolClient): Promise<void> {
    await client.query('commit');
    client.release();
  }

  /** Runs statements of a lead's transaction; a failure ends the transaction and its connection, not the pool. */
  async function within<T>(run: RunKey, work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
    const client = await beginTransaction(run);
    try {
      return await work(client);
    } catch (error) {
      open.delete(run.runId);
      client.release(true);
      throw error;
    }
  }

  function reserve(request: ReserveRequest): Promise<ReserveResult> {
    return within(request.run, async (client) => {
      open.set(request.run.runId, client);
      const verdicts: ListVerdict[] = [];
      for (const list of request.lists) verdicts.push(await takeValue(client, request.run, list));
      const heldLists = request.lists.filter(({ hold }, i) => hold && verdicts[i]?.found === false);
      const heldCaps: CapHold[] = [];
      for (const cap of request.caps) heldCaps.push(await takePlace(client, request.run, cap));
      const held = { caps: [...request.held.caps, ...heldCaps], lists: [...request.held.lists, ...heldLists] };
      return { kind: 'reserved', lists: verdicts, capRefusal: null, held, hasRun: request.hasRun };
    });
  }

  function intend({ run, held, seq, state }: IntendRequest): Promise<IntendResult> {
    return within(run, async (client) => {
      await client.query(WRITE_RUN, [...runValues(run, nodeId), writeHolds(held)]);
      await client.query(WRITE_INTENT, [run.accountId, run.runId, seq, state]);
      await end(client);
      return { kind: 'committed' };
    });
  }

  function settle(request: SettleRequest): Promise<SettleResult> {
    const { accountId, runId } = request.run;
    return within(request.run, async (client) => {
      if (request.hasRun) {
        await client.query(END_INTENTS, [accountId, runId]);
        await client.query(END_RUN, [accountId, runId]);
      }
      await insertRows(client, request, nodeId);
      for (const hold of request.held.lists) await settleValue(client, request, hold);
      for (const hold of request.held.caps) await settlePlace(client, request, hold);
      await end(client);
      return { kind: 'settled' };
    });
  }

  return {
    reserve,
    intend,
    settle,
    isAway: () => false,
    size: () => open.size,
    sizes: () => ({ reserve: 0, commit: open.size }),
    // The server stops when no lead is under way any more, and nothing outlives its lead here.
    drained: async () => {},
    close: () => pool.end(),
  };
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

async function takeValue(client: pg.PoolClient, run: RunKey, list: ListRequest): Promise<ListVerdict> {
  const key = [run.accountId, list.listId, list.value];
  const cutoff = list.cutoff === null ? null : new Date(list.cutoff);
  if (list.hold) {
    const { rowCount } = await client.query(TAKE_VALUE, [...key, run.runId, cutoff]);
    if (rowCount === 1) return { found: false };
  }
  const { rows } = await client.query<{ added_at: Date | null; holder: string | null }>(FIND_VALUE, [...key, cutoff]);
  const [row] = rows;
  if (row === undefined) return { found: false };
  if (row.holder !== null) return { found: true, because: 'held', addedAt: null };
  return { found: true, because: 'added', addedAt: row.added_at?.getTime() ?? null };
}

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
    insert into runs (account_id, lead_id, node_id, flow_id, source_id, revision, submitted_at, holds)
    values ($1, $2, $3, $4, $5, $6, $7, $8)
    on conflict (account_id, lead_id) do update set holds = excluded.holds`,
};

const WRITE_INTENT = {
  name: 'write_intent',
  text: `
    insert into intents (account_id, lead_id, seq, state) values ($1, $2, $3, $4)
    on conflict (account_id, lead_id, seq) do update set state = excluded.state`,
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
