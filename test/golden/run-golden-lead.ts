import { createHmac } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import Fastify, { type FastifyInstance } from 'fastify';
import pg from 'pg';
import { createBodyBudget } from '../../src/http/ingest/body-budget.ts';
import { registerSubmit } from '../../src/http/ingest/submit.ts';
import { createAdmission } from '../../src/intake/admission.ts';
import { createIds } from '../../src/lib/ids.ts';
import { createSlots } from '../../src/lib/slots.ts';
import type { FlowDocument } from '../../src/model/flow.ts';
import type { LeadRun } from '../../src/pipeline/lead-run.ts';
import type { Fault, PhaseDeps } from '../../src/pipeline/phase.ts';
import {
  createScriptedDeliver,
  type RecipientScript,
  type ScriptedDeliver,
} from '../../src/pipeline/testing/scripted-ports.ts';
import { compileTestFlow, FLOW_ID } from '../../src/pipeline/testing/test-flow.ts';
import { createRunStore, type PostgresRunStore } from '../../src/store/postgres/run-store.ts';
import { createTurnStore, type TurnStore } from '../../src/store/postgres/turn-store.ts';
import type { TestDatabase } from '../harness/database.ts';

/** One case: the requests of senders to a flow, in order, and the answers of its recipients. */
export interface GoldenLead {
  /** Also the name of its file below `expected/`. */
  name: string;
  flow: FlowDocument;
  requests: readonly GoldenRequest[];
  /** Absent: every delivery is bought for 7.5 dollars. */
  recipient?: RecipientScript;
  /** Texts that may stand in no row. */
  secrets?: readonly string[];
}

export interface GoldenRequest {
  method?: 'POST' | 'GET';
  /** What follows the submit URL. */
  query?: string;
  headers?: Record<string, string>;
  body?: string;
}

/** What became of it: the answers, and every row that was written. */
export interface GoldenEnd {
  exchanges: { request: object; answer: object; deliveries: object[] }[];
  rows: Record<string, unknown[]>;
}

/** Monday, 3 March 2025, 12:00 UTC; each request comes a second after the one before it. */
const FIRST_AT = Date.UTC(2025, 2, 3, 12);
const SOURCE_ID = '5c5c5c5c5c5c5c5c5c5c5c5c';

/** Runs the leads through the submit URL and the real store, with a clock, ids and randomness that are always the same. */
export async function runGoldenLead(lead: GoldenLead, database: TestDatabase): Promise<GoldenEnd> {
  const clock = { now: FIRST_AT };
  const pool = new pg.Pool({ ...database.connection, max: 1 });
  const store = createRunStore({
    connection: database.connection,
    nodeId: 'dddddddddddddddddddddddd',
    pause: (ms) => pause(ms),
    monotonic: () => performance.now(),
  });
  const turns = createTurnStore({
    connection: database.connection,
    clock: { now: () => clock.now },
    pause: (ms) => pause(ms),
  });
  const recipient = createScriptedDeliver(lead.recipient ?? buys, () => clock.now);
  const faults: Fault[] = [];
  const app = await serverFor({ lead, store, turns, recipient, clock, faults });
  try {
    await pool.query(
      'truncate runs, leads, lead_data, events, digests, lead_search, list_items, cap_windows, distribution_turns',
    );
    const exchanges = [];
    for (const request of lead.requests) {
      exchanges.push(await exchange({ app, request, recipient }));
      clock.now += 1_000;
    }
    if (faults.length > 0) throw new Error(`${lead.name} ran into a fault`, { cause: faults[0]?.error });
    return { exchanges, rows: await readRows(pool) };
  } finally {
    await app.close();
    await turns.close();
    await store.close();
    await pool.end();
  }
}

const buys: RecipientScript = () => ({ body: { outcome: 'success', price: 7.5 } });

async function serverFor(parts: {
  lead: GoldenLead;
  store: PostgresRunStore;
  turns: TurnStore;
  recipient: ScriptedDeliver;
  clock: { now: number };
  faults: Fault[];
}): Promise<FastifyInstance> {
  const { lead, store, turns, recipient, clock, faults } = parts;
  const { flow, problems } = compileTestFlow(lead.flow);
  if (problems.length > 0) throw new Error(`the flow of ${lead.name} cannot run: ${JSON.stringify(problems)}`);
  const phases: PhaseDeps = {
    clock: { now: () => clock.now, monotonic: () => 0 },
    ids: createIds({ now: () => clock.now, random: () => 0 }),
    random: () => 0.41,
    findFlow: (id) => (id === FLOW_ID ? { kind: 'found', flow } : { kind: 'missing' }),
    maySubmit: async () => false,
    store,
    takeTurn: turns.takeTurn,
    deliver: recipient.deliver,
    isLeaseHeld: () => true,
    hashListValue: (value) => createHmac('sha256', 'golden').update(value).digest(),
    hashSearchValue: (value) => createHmac('sha256', 'golden').update(value).digest(),
    host: 'golden',
    version: '0.0.0',
    timeoutMs: 30_000,
    settleWaitMs: 10_000,
    startTimer: () => () => undefined,
    report: (fault) => faults.push(fault),
  };
  const app = Fastify();
  const deps = {
    phases,
    authenticate: async () => null,
    admission: createAdmission(1),
    bodies: createBodyBudget(8 * 1024 * 1024),
    running: createSlots<LeadRun>(),
    log: { info: () => undefined },
    metrics: { recordLead: () => undefined, recordPing: () => undefined, recordRefusal: () => undefined },
    tracing: null,
  };
  await registerSubmit(app, {
    ...deps,
    isStoreAway: store.isAway,
    clockProblem: () => undefined,
    findRouter: () => ({ kind: 'missing' }),
  });
  return app;
}

async function exchange({
  app,
  request,
  recipient,
}: {
  app: FastifyInstance;
  request: GoldenRequest;
  recipient: ScriptedDeliver;
}): Promise<GoldenEnd['exchanges'][number]> {
  const { method = 'POST', query = '', headers = {}, body } = request;
  const sentBefore = recipient.sent.length;
  const url = `/flows/${FLOW_ID}/sources/${SOURCE_ID}/submit${query}`;
  const res = await app.inject({ method, url, headers, ...(body === undefined ? {} : { payload: body }) });
  const { date: _date, connection: _connection, ...answered } = res.headers;
  return {
    request: { method, url, headers, body },
    answer: { status: res.statusCode, headers: answered, body: res.body },
    deliveries: recipient.sent.slice(sentBefore),
  };
}

/** The tables a lead may write, and the order of their rows. */
const TABLES = {
  leads: 'id',
  events: 'lead_id, seq',
  lead_data: 'lead_id, part',
  cap_windows: 'cap_id, starts_at',
  list_items: 'list_id, value',
  runs: 'lead_id',
} as const;

async function readRows(pool: pg.Pool): Promise<GoldenEnd['rows']> {
  const rows: GoldenEnd['rows'] = {};
  for (const [table, order] of Object.entries(TABLES)) {
    // updated_at is the database's own clock.
    const found = await pool.query<{ row: Record<string, unknown> }>(
      `select to_jsonb(t) - 'updated_at' as row from ${table} t order by ${order}`,
    );
    rows[table] = found.rows.map(({ row }) => row);
  }
  return rows;
}
