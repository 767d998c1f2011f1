import pg from 'pg';
import { holdsToJson } from '../src/store/postgres/holds-json.ts';
import type {
  CapHold,
  CapRequest,
  IntendRequest,
  IntendResult,
  ReserveRequest,
  ReserveResult,
  RunKey,
  RunStore,
  SettleRequest,
  SettleResult,
} from '../src/store/store.ts';

/**
 * The peer of group commit, kept for measuring only: the run store as one would write it first. 16 connections, one
 * transaction a lead, a statement a row; the same tables, rows and indexes, the same durability. A lead keeps its
 * transaction open from its reserve to its settlement, so that a place is held by the lock on its counter and needs no
 * run row; only an intent must be committed before a request leaves, so a delivered lead takes two transactions.
 * Not here: lists, and what happens after a crash.
 */
export function createOneStatementStore(options: {
  connection: pg.ClientConfig;
  nodeId: string;
}): RunStore & { close(): Promise<void> } {
  const { nodeId } = options;
  const pool = new pg.Pool({ ...options.connection, max: CONNECTIONS });
  /** Transactions of leads between their reserve and what comes next. */
  const open = new Map<string, pg.PoolClient>();

  async function transactionOf(run: RunKey): Promise<pg.PoolClient> {
    const begun = open.get(run.leadId);
    open.delete(run.leadId);
    if (begun !== undefined) return begun;
    const client = await pool.connect();
    await client.query('begin');
    return client;
  }

  async function end(client: pg.PoolClient): Promise<void> {
    await client.query('commit');
    client.release();
  }

  async function reserve(request: ReserveRequest): Promise<ReserveResult> {
    if (request.lists.length > 0) throw new Error('the flows of the benchmark check no lists');
    const client = await transactionOf(request.run);
    const taken: CapHold[] = [];
    for (const cap of request.caps) {
      const place = await takePlace(client, request.run, cap);
      if (place !== null) taken.push(place);
    }
    if (taken.length < request.caps.length) throw new Error('the caps of the benchmark are never full');
    open.set(request.run.leadId, client);
    const held = { caps: [...request.held.caps, ...taken], lists: request.held.lists };
    return { kind: 'reserved', lists: [], capRefusal: null, held, hasRun: request.hasRun };
  }

  async function intend({ run, held, state }: IntendRequest): Promise<IntendResult> {
    const client = await transactionOf(run);
    await client.query(WRITE_INTENT, [...runValues(run, nodeId), holdsToJson(held), state]);
    await end(client);
    return { kind: 'committed' };
  }

  async function settle(request: SettleRequest): Promise<SettleResult> {
    const client = await transactionOf(request.run);
    await client.query(END_RUN, [request.run.accountId, request.run.leadId]);
    await insertRows(client, request, nodeId);
    for (const hold of request.held.caps) await settlePlace(client, request, hold);
    await end(client);
    return { kind: 'settled' };
  }

  return { reserve, intend, settle, close: () => pool.end() };
}

const CONNECTIONS = 16;

const OPEN_WINDOW = `
  insert into cap_windows (account_id, cap_id, starts_at, ends_at, flow_id, generation)
  values ($1, $2, $3, $4, $5, $6) on conflict do nothing`;

const TAKE_PLACE = {
  name: 'take_place',
  text: `
    update cap_windows set held = held + 1, updated_at = now()
    where account_id = $1 and cap_id = $2 and starts_at = $3 and count + held < $4`,
};

async function takePlace(client: pg.PoolClient, run: RunKey, cap: CapRequest): Promise<CapHold | null> {
  const startsAt = new Date(cap.startsAt);
  const take = async (): Promise<boolean> => {
    const { rowCount } = await client.query(TAKE_PLACE, [run.accountId, cap.capId, startsAt, cap.maximum]);
    return rowCount === 1;
  };
  const hold = { capId: cap.capId, startsAt: cap.startsAt, generation: cap.generation, stepId: cap.stepId };
  if (await take()) return hold;
  const { accountId, flowId } = run;
  await client.query(OPEN_WINDOW, [accountId, cap.capId, startsAt, new Date(cap.endsAt), flowId, cap.generation]);
  return (await take()) ? hold : null;
}

const SETTLE_PLACE = {
  name: 'settle_place',
  text: `
    update cap_windows set count = count + $4, held = held - 1, updated_at = now()
    where account_id = $1 and cap_id = $2 and starts_at = $3 and generation = $5`,
};

async function settlePlace(client: pg.PoolClient, { run, keepsCap }: SettleRequest, hold: CapHold): Promise<void> {
  const kept = keepsCap(hold) ? 1 : 0;
  await client.query(SETTLE_PLACE, [run.accountId, hold.capId, new Date(hold.startsAt), kept, hold.generation]);
}

const WRITE_INTENT = {
  name: 'write_intent',
  text: `
    insert into runs (account_id, lead_id, node_id, flow_id, source_id, revision, submitted_at, holds, state)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
    on conflict (account_id, lead_id) do update set holds = excluded.holds, state = excluded.state`,
};

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
  const { accountId, leadId, flowId, sourceId } = run;
  await client.query(INSERT_LEAD, [...runValues(run, nodeId), outcome, reason, price]);
  await client.query(INSERT_LEAD_DATA, [accountId, leadId, document]);
  for (const event of request.events) {
    const { seq, id, type, stepId, recipientId, facts } = event;
    const end = [event.outcome, event.reason, flowId, sourceId, stepId, recipientId, facts];
    await client.query(INSERT_EVENT, [accountId, leadId, seq, id, type, ...end]);
  }
}

/** The columns a run row and a lead row begin with. */
function runValues(run: RunKey, nodeId: string): unknown[] {
  const { accountId, leadId, flowId, sourceId, revision, submittedAt } = run;
  return [accountId, leadId, nodeId, flowId, sourceId, revision, new Date(submittedAt)];
}
