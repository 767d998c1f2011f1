import type { JsonObject } from '../flows/flow-json.ts';
import type { ListCheckName } from '../model/flow.ts';
import type { Money } from '../model/money.ts';
import type { RecipientAnswer } from './recipient-answer.ts';

/** The request of one evaluation of a flow. */
export interface Simulation {
  flow: WantedFlow;
  /** The entity's id or the source's own. */
  source: string;
  submission: SimulatedSubmission;
  /** Of the sender; undefined: one that nobody has. */
  ip?: string | undefined;
  /** Epoch ms; undefined: the current time. */
  now: number | undefined;
  /** 1 to 100. */
  random: number;
  /** The list checks that find the lead's value. */
  lists: readonly ListCheckName[];
  /** Places used, or dollars of a revenue cap, by the cap's id. */
  caps: ReadonlyMap<string, number>;
  /** By the step's id or key. */
  answers: ReadonlyMap<string, RecipientAnswer>;
  /** What pricing services answer, by their id; of the others the fallback price stands. */
  prices: ReadonlyMap<string, Money>;
}

/** Which flow is evaluated: a stored revision, or the document in the body. */
export type WantedFlow =
  | { kind: 'revision'; revision: 'saved' | 'deployed' | number }
  | { kind: 'document'; document: JsonObject };

/** A request as a sender makes it. */
export interface SimulatedSubmission {
  method: string;
  /** Without the question mark. */
  query: string;
  /** Title-Case names. */
  headers: Record<string, string>;
  body: string;
}
