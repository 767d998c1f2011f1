import type pg from 'pg';
import type { ServerProcess } from '../../../bench/sluice-server.ts';
import type { Delivery } from '../books.ts';
import type { ChaosFlow } from '../flows.ts';

/** A limit under load: its flow, what its senders send, and what must be true of it in the end. */
export interface LimitPart {
  name: string;
  flow: ChaosFlow;
  /** The steps, or candidates of a step, whose deliveries are this part's. */
  stepIds: readonly string[];
  /** Sends what belongs to person number `person`; resolves when all of it is answered, or the server is gone. */
  send(person: number, ask: Ask): Promise<void>;
  /** Where it fills: the caps whose counters must reach their maximum, whatever was killed. */
  fills: readonly { capId: string; maximum: number }[];
  /** Judges the part when nothing is under way and everything unknown is resolved. */
  judge(witness: PartWitness): Promise<PartVerdict> | PartVerdict;
}

/** Makes the flow of a part over the API. */
export interface PartKind {
  name: string;
  deploy(server: ServerProcess, recipientUrl: string): Promise<LimitPart>;
}

export interface PartWitness {
  db: pg.Client;
  /** From the recipients' log, of this part's steps alone. */
  deliveries: readonly Delivery[];
  /** Answers to senders of this part, in the order they came. */
  answers: readonly PartAnswer[];
}

export interface PartVerdict {
  /** What was measured, for people. */
  figures: string;
  /** A sentence for each thing that is not as it must be. */
  faults: string[];
}

/** What a sender got. */
export interface PartAnswer {
  outcome: string;
  reason: string | null;
  leadId: string | null;
  price: number;
  pingId: string | null;
}

export interface AskOptions {
  path: string;
  values: Readonly<Record<string, string>>;
  /** Where this is not the first question of a person: another server than the last, so that two nodes meet. */
  server?: number;
}

/** Posts a form to one of the servers that live; null: it was refused or its server is gone. */
export type Ask = (options: AskOptions) => Promise<PartAnswer | null>;

/** What a cap counts and holds, over all its windows. */
export async function readWindow(db: pg.Client, capId: string): Promise<{ count: number; held: number }> {
  const { rows } = await db.query<{ count: number; held: number }>(
    'select coalesce(sum(count), 0)::float8 as count, coalesce(sum(held), 0)::float8 as held from cap_windows where cap_id = $1',
    [capId],
  );
  return rows[0] ?? { count: 0, held: 0 };
}
