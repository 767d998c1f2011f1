import { readFileSync } from 'node:fs';
import type pg from 'pg';
import type { ChaosFlow } from './flows.ts';
import type { Ledger } from './traffic.ts';

/** Everything the verdicts compare, read once while nothing is under way. */
export interface Books {
  flows: readonly ChaosFlow[];
  /** Lead id to the outcome its sender was told. */
  acknowledged: ReadonlyMap<string, string>;
  leads: Map<string, { outcome: string; flowId: string }>;
  events: StoredEvent[];
  /** From the recipients' own log, as often as they came. */
  deliveries: Delivery[];
  windows: { capId: string; count: number; held: number }[];
  runs: string[];
  /** Lists' values that a lead still holds, by its id. */
  listHolds: string[];
}

export interface StoredEvent {
  leadId: string;
  type: string;
  outcome: string;
  stepId: string | null;
  /** A request was sent and nobody knows what became of it. */
  isUnknown: boolean;
}

export interface Delivery {
  leadId: string;
  stepId: string;
  phone: string;
}

export interface Witnesses {
  /** Connected to the database of the run. */
  db: pg.Client;
  ledger: Ledger;
  recipientLogPath: string;
  flows: readonly ChaosFlow[];
}

/** Reads the database, the ledger and the recipients' log. Whole tables: a run has some ten thousand leads. */
export async function readBooks({ db, ledger, recipientLogPath, flows }: Witnesses): Promise<Books> {
  const leads = await db.query<{ id: string; outcome: string; flow_id: string }>(
    'select id, outcome, flow_id from leads',
  );
  const events = await db.query<StoredEvent>(`
    select lead_id as "leadId", type, outcome, step_id as "stepId",
      coalesce(facts ->> 'unknown' = 'true', false) as "isUnknown"
    from events`);
  const windows = await db.query<Books['windows'][number]>('select cap_id as "capId", count, held from cap_windows');
  const runs = await db.query<{ lead_id: string }>('select lead_id from runs');
  const listHolds = await db.query<{ holder: string }>('select holder from list_items where holder is not null');
  return {
    flows,
    acknowledged: ledger.acknowledged,
    leads: new Map(leads.rows.map((row) => [row.id, { outcome: row.outcome, flowId: row.flow_id }])),
    events: events.rows,
    deliveries: readDeliveries(recipientLogPath),
    windows: windows.rows,
    runs: runs.rows.map((row) => row.lead_id),
    listHolds: listHolds.rows.map((row) => row.holder),
  };
}

/** A line is `lead id, step id, phone, epoch ms`. */
function readDeliveries(path: string): Delivery[] {
  return readFileSync(path, 'utf8')
    .split('\n')
    .flatMap((line) => {
      const [leadId, stepId, phone] = line.split(' ');
      return leadId && stepId && phone ? [{ leadId, stepId, phone }] : [];
    });
}
