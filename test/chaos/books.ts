import { readFileSync } from 'node:fs';
import type pg from 'pg';
import type { ChaosFlow } from './flows.ts';
import type { Ledger } from './traffic.ts';

/** Everything the verdicts compare, read once while nothing is under way. */
export interface Books {
  flows: readonly ChaosFlow[];
  /** Lead id to the outcome that its sender got. */
  acknowledged: ReadonlyMap<string, string>;
  leads: Map<string, { outcome: string; flowId: string }>;
  /** Those of a lead in their order, without what somebody said about a delivery later. */
  events: StoredEvent[];
  /** From the recipients' own log, as often as they came. */
  deliveries: Delivery[];
  windows: { capId: string; count: number; held: number }[];
  runs: string[];
  /** Lists' values that a lead still holds, by its id. */
  listHolds: string[];
  retries: StoredRetry[];
  unknowns: StoredUnknown[];
}

export interface StoredEvent {
  id: string;
  leadId: string;
  type: string;
  outcome: string;
  stepId: string | null;
  /** A request was sent and its outcome is unknown. */
  isUnknown: boolean;
  /** Of a `retry` event: whose attempt it was, and which. */
  retryId: string | null;
  attempt: number | null;
}

export interface StoredRetry {
  id: string;
  /** Of the delivery that failed first. */
  eventId: string;
  status: string;
  attempts: number;
}

export interface StoredUnknown {
  eventId: string;
  leadId: string;
  stepId: string;
  /** null: it is unresolved. */
  resolution: string | null;
}

/** A request as a recipient noted it. */
export interface Delivery {
  leadId: string;
  stepId: string;
  phone: string;
  /** Did the recipient take the lead? It may have kept that to itself. */
  isBought: boolean;
  /** The idempotency key; null: it came without. */
  key: string | null;
}

export interface Witnesses {
  /** Connected to the database of the run. */
  db: pg.Client;
  ledger: Ledger;
  recipientLogPath: string;
  flows: readonly ChaosFlow[];
}

/**
 * Reads the database, the ledger and the recipients' log. Whole tables: a run has some ten thousand leads. One view of
 * all tables: what is tried again may begin at any moment.
 */
export async function readBooks({ db, ledger, recipientLogPath, flows }: Witnesses): Promise<Books> {
  await db.query('begin isolation level repeatable read, read only');
  const leads = await db.query<{ id: string; outcome: string; flow_id: string }>(
    'select id, outcome, flow_id from leads',
  );
  const events = await db.query<StoredEvent>(`
    select id, lead_id as "leadId", type, outcome, step_id as "stepId",
      coalesce(facts ->> 'unknown' = 'true', false) as "isUnknown",
      facts ->> 'retry_id' as "retryId", (facts ->> 'attempt')::int as attempt
    from events where facts -> 'resolution' is null order by lead_id, seq`);
  const windows = await db.query<Books['windows'][number]>(
    'select cap_id as "capId", count::int, held::int from cap_windows',
  );
  const runs = await db.query<{ lead_id: string }>('select lead_id from runs');
  const listHolds = await db.query<{ holder: string }>('select holder from list_items where holder is not null');
  const retries = await db.query<StoredRetry>('select id, event_id as "eventId", status, attempts from retries');
  const unknowns = await readUnknowns(db);
  await db.query('commit');
  return {
    flows,
    acknowledged: ledger.acknowledged,
    leads: new Map(leads.rows.map((row) => [row.id, { outcome: row.outcome, flowId: row.flow_id }])),
    events: events.rows,
    deliveries: readDeliveries(recipientLogPath),
    windows: windows.rows,
    runs: runs.rows.map((row) => row.lead_id),
    listHolds: listHolds.rows.map((row) => row.holder),
    retries: retries.rows,
    unknowns,
  };
}

export async function readUnknowns(db: pg.Client): Promise<StoredUnknown[]> {
  const { rows } = await db.query<StoredUnknown>(
    'select event_id as "eventId", lead_id as "leadId", step_id as "stepId", resolution from unknowns',
  );
  return rows;
}

/** A line is `lead id, step id, phone, epoch ms, what became of it, key`. */
export function readDeliveries(path: string): Delivery[] {
  return readFileSync(path, 'utf8')
    .split('\n')
    .flatMap((line) => {
      const [leadId, stepId, phone, , what, key = '-'] = line.split(' ');
      if (!leadId || !stepId || !phone) return [];
      return [{ leadId, stepId, phone, isBought: what === 'bought', key: key === '-' ? null : key }];
    });
}
