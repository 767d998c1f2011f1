import type { GuardedSource } from '../access/may-submit.ts';
import type { AskPrice } from '../credentials/ask-price.ts';
import type { Credentials } from '../credentials/open-credential.ts';
import type { CompiledFlow } from '../flow-compiler/compiled-flow.ts';
import type { Deliver } from '../integrations/contract.ts';
import type { Clock } from '../lib/clock.ts';
import type { Ids, Random } from '../lib/ids.ts';
import type { InnerFlows } from './inner-flows.ts';
import type { LeadRun, TracedRun } from './lead-run.ts';
import type { PhaseName } from './phase-access.ts';
import type { RunStore } from './run-store.ts';
import type { TakeTurns } from './turns.ts';
import type { Verdict } from './verdict.ts';

/** One row of the table in phases.ts. */
export interface Phase {
  /** Also the name of its file. */
  name: PhaseName;
  run(run: LeadRun, deps: PhaseDeps): Verdict | Promise<Verdict>;
  /** What of the run it reads and writes, see phase-access.ts. */
  reads: readonly (keyof LeadRun)[];
  writes: readonly (keyof LeadRun)[];
  /** `answer`: silently, with an HTTP answer and no event; `stop`: with an outcome and an event. */
  mayStop: 'no' | 'answer' | 'stop';
  spec: string;
  /** What it does, in one sentence for the reader of the table. */
  what: string;
  /** Why it stands here, where the order is not obvious. */
  why?: string;
  ping: PingPart;
  /** When the lead goes back to the phase that decisions start with (`AGAIN_GOES_ON_WITH`). */
  decidesAgain?: string;
  /** What it does of another phase, and when. */
  alsoDoes?: readonly { phase: PhaseName; when: string }[];
}

/** What a ping does with a phase: the same as a lead, or something else in its place. */
export type PingPart =
  | 'runs'
  | {
      instead: Phase['run'];
      /** For the reader of the table, in one sentence. */
      what: string;
    };

/** How a flow is found by the id in the URL. */
export type FlowLookup =
  | { kind: 'found'; flow: CompiledFlow }
  /** Unknown, deleted or never deployed. */
  | { kind: 'missing' }
  /** This node could not confirm for too long that it knows the latest configuration. */
  | { kind: 'stale' };

/** What the phases may do beside deciding; handed in by compose.ts. */
export interface PhaseDeps {
  clock: Clock;
  ids: Ids;
  random: Random;
  findFlow(flowId: string): FlowLookup;
  /** May the sender of this `Authorization` header submit to a source that asks for a key? */
  maySubmit(authorization: string | undefined, source: GuardedSource): Promise<boolean>;
  store: RunStore;
  /** Chooses whose turn it is in a distribution; absent: no turns are kept, and each lead is the first one. */
  takeTurn?: TakeTurns | undefined;
  deliver: Deliver;
  /** Runs the flows of this installation that steps deliver to; absent: every delivery leaves. */
  innerFlows?: InnerFlows | undefined;
  /** Asks a pricing service; absent: none is asked, and fallback prices stand. */
  askPrice?: AskPrice | undefined;
  /** Opens the credentials that steps name; absent: their secrets are asterisks, and nothing is sent. */
  credentials?: Credentials | undefined;
  /** May this node still act for its runs? */
  isLeaseHeld(): boolean;
  /** The keyed hash of a normalised list value, or of another text that begins with a NUL. */
  hashListValue(value: string): Buffer;
  /** The keyed hash by which the search finds a value. */
  hashSearchValue(value: string): Uint8Array;
  /** Recorded on events. */
  host: string;
  version: string;
  /** Default time limit of a recipient, ms. */
  timeoutMs: number;
  /** How long a sender waits for a database that is away, ms. */
  settleWaitMs: number;
  /** Calls back once after some ms; answers how to call it off. */
  startTimer(ms: number, onEnd: () => void): () => void;
  /**
   * The `traceparent` of a delivery's request, by its place among the requests of that delivery. Absent: recipients get
   * no header that no mapping asks for.
   */
  traceRequest?(run: TracedRun, request: { eventId: string; index: number }): string;
  /** Reports what should not happen, without personal values. */
  report(fault: Fault): void;
}

export interface Fault {
  leadId: string;
  where: string;
  error: unknown;
}
