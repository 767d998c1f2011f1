import type { CompiledCap } from '../caps/compile-caps.ts';
import type { CompiledFlow, CompiledSource } from '../flow-compiler/compiled-flow.ts';
import type { HttpAnswer, InboundRequest } from '../integrations/contract.ts';
import { assert } from '../lib/assert.ts';
import type { Ids } from '../lib/ids.ts';
import type { TraceContext } from '../lib/trace-context.ts';
import type { CredentialName } from '../model/credential.ts';
import type { Transaction } from '../model/event.ts';
import type { DistributionMethodName } from '../model/flow.ts';
import { type Money, NO_MONEY } from '../model/money.ts';
import type { FilterOutcome, LeadOutcome, StepOutcome } from '../model/outcome.ts';
import type { EvaluationContext, Vars } from '../model/vars.ts';
import type { PriceVerdict } from '../pricing/compile-pricing.ts';
import type { CandidateVerdict, InnerLeadFacts, OfferFacts } from '../stored/event-facts.ts';
import type { Holds } from '../stored/holds.ts';
import type { NamedLead, RetryPlan } from '../stored/intent-state.ts';
import type { CapRefusal, RuleFinding } from '../stored/lead-document.ts';
import type { InnerRun, OuterLead } from './inner-flows.ts';
import { NOTHING_KNOWN, type PlacesKnown } from './places-known.ts';
import type { CapRequest, ListRequest, ListVerdict, RunKey, SeenPing } from './run-store.ts';
import type { TurnTaken } from './turns.ts';

/** What arrived: the request with what the edge knows of it. */
export interface Submission {
  flowId: string;
  /** As written in the URL: the entity's id or the source's short id. */
  sourceRef: string;
  request: InboundRequest;
  /** The sender's address. */
  ip: string;
  /** The header, when there is one. */
  authorization: string | undefined;
  /** Monotonic ms of arrival; deadlines count from it. */
  arrivedAt: number;
  /** The trace the sender's request belongs to; absent: no request of a sender began it. Not stored. */
  trace?: TraceContext;
  /** It asks for a price and submits nothing; absent: it is a lead. */
  isPing?: true;
  /** Absent: it came from a sender. Else the failed lead that is sent again, and the id the new one gets. */
  resubmission?: { leadId: string; from: string };
  /** Absent: it is no row of a file. Else the id that the lead gets, the job that imports the file, and the row, from 1. */
  imported?: { leadId: string; jobId: string; row: number };
  /** The delivery of another flow of this installation that it is; absent: it came over HTTP. */
  outer?: OuterLead;
  /** The same while that delivery waits for it; absent: none does. */
  inner?: InnerRun;
  /** The router that chose the flow and the source, and its route; absent: the URL named them. */
  router?: { id: string; routeId: string };
}

/**
 * The one mutable record of a lead on its way through the phases. The comment of each field says which phase writes
 * it; phases read only what earlier ones wrote.
 */
export interface LeadRun {
  readonly submission: Submission;
  /** Set when one of its deliveries is tried again, long after the lead was answered; null: the lead itself runs. */
  readonly attempt: Attempt | null;

  /** receive */
  leadId: string;
  ctx: EvaluationContext;
  /** authenticate; read with routeOf. */
  route: Route | null;
  /** inbound-integration: any JSON value. */
  parsed: unknown;
  /** hygiene, inbound-mapping. */
  values: Record<string, unknown>;
  /** lead-object: what rules, templates and mappings see. Later phases and steps add to it. */
  vars: Vars;
  /** lead-object: texts that must not be stored. null: not known yet, so nothing of the submission may be. */
  secrets: string[] | null;
  /** steps: secrets of the credentials that were opened; like `secrets`, and opened anew by a retry. */
  opened: string[];
  /** Everything that looks or claims: what the lead was shown of lists and caps. It only grows, see places-known.ts. */
  known: PlacesKnown;
  /** list-checks: the values it asked for. */
  askedLists: readonly ListRequest[];
  /** list-checks */
  listFindings: ListFinding[];
  /** list-checks: the ping whose price the lead is to have; null: it names none. */
  namedPing: NamedPing | null;
  /** list-checks of a ping: the first ping limit that had no room. */
  limitRefusal: CapRefusal | null;
  /** pricing: the price the sender gets if the lead succeeds, and whose it is. */
  offered: PriceVerdict;
  /** pricing: the questions to pricing services and their ends, also when it decides again. */
  askedPrices: readonly AskedPrice[];
  /** list-checks or caps, whichever looked: the caps of flow and source that match this lead. null: not asked yet. */
  askedCaps: readonly CompiledCap[] | null;
  /** caps: the first of them that had no room. */
  capRefusal: CapRefusal | null;
  /** caps, steps: all caps that had no room, those of skipped steps included. */
  refusals: readonly CapRequest[];
  /** steps: what the store holds for this lead, as far as is known here. */
  held: Holds;
  /** steps: the lead has claimed its places. From then on nothing is decided again. */
  hasRun: boolean;
  /** steps: ids of events by their step. A lead that decides again has the same. */
  eventIds: Record<string, string>;
  /** Any phase: what of the submission had no effect, in sentences without values of the lead. */
  warnings: string[];
  /** Every phase that evaluates rules. */
  findings: RuleFinding[];
  /** steps */
  stepResults: StepResult[];
  /** steps: distributions that have ended. */
  distributions: DistributionResult[];
  /** steps: turns taken of distributions and not used yet, also when it decides again. */
  turns: readonly TurnTaken[];
  /** steps: everything steps appended, by key. */
  appended: Record<string, unknown>;
  waitMs: number;
  /** steps: steps met, disabled ones included. */
  stepCount: number;
  /** steps: a request may have been received by a recipient. */
  hasSent: boolean;
  /** steps: what the intents of this run say already. */
  intended: Intended;
  /** The phase that stops the run, else success. */
  outcome: LeadOutcome;
  reason: string | null;
  /** The loop: the phase that stopped the run; null: none did. */
  stoppedIn: string | null;
  /** revenue */
  price: Money;
  revenue: Money;
  /** inbound-response */
  answer: HttpAnswer | null;
  /** What is stored of the lead and no longer changes; see write-lead.ts. */
  storedBeginning: StoredBeginning | null;
  /** The loop: ms per phase, in the order of the table. */
  phaseMs: number[];
}

export interface StoredBeginning {
  /** The members of the document. */
  text: string;
  /** The values of the lead among them: masked, without secrets. */
  lead: Readonly<Record<string, unknown>>;
}

/** How much of a run its intents have made durable: each adds what came since. */
export interface Intended {
  /** Intents committed. */
  count: number;
  /** Of `stepResults` and of `findings`, from the first. */
  steps: number;
  findings: number;
}

/** The parts of a run that a function reads and does not change. */
export type RunPart<Key extends keyof LeadRun> = { readonly [Each in Key]: Unchanged<LeadRun[Each]> };

/** What the trace of a run is known by. */
export type TracedRun = RunPart<'submission' | 'attempt' | 'leadId'>;

/** A value that is not changed in place. */
export type Unchanged<Value> = unknown extends Value
  ? Value
  : Value extends readonly (infer Member)[]
    ? readonly Member[]
    : Value extends number | string
      ? Value
      : Readonly<Value>;

/** One more try of a delivery that failed (decision 25). */
export interface Attempt {
  retryId: string;
  /** Of its event; also the name it holds places under. */
  eventId: string;
  /** Of the delivery that failed first: the key by which a recipient recognises it. */
  firstEventId: string;
  /** Epoch ms: it counts in the cap windows of this instant, not of the lead's. */
  at: number;
  /** The place of a delivery that may have arrived is kept already. */
  hasPlaces: boolean;
}

export interface Route {
  flow: CompiledFlow;
  source: CompiledSource;
}

export interface ListFinding {
  check: string;
  /** Of the value among the `values` of the check, from 0; null: it has one `value`. */
  place: number | null;
  listId: string;
  verdict: ListVerdict;
}

/** A ping that a post names to get its price. */
export interface NamedPing {
  /** null: what stands there is not the id of a ping. */
  id: string | null;
  /** null: there is no such ping. */
  seen: SeenPing | null;
}

/** A question to a pricing service and what became of it. */
export interface AskedPrice {
  serviceId: string;
  level: 'flow' | 'source';
  /** What was asked, as JSON text: the same question is not asked twice. */
  question: string;
  /** null: it gave no price. */
  amount: Money | null;
  /** Why it gave none. */
  fault: string | null;
  /** What the service said of its price. */
  reason: string | null;
  ms: number;
}

export type { CandidateVerdict };

export type StepResult = FilterResult | RecipientResult;

interface StepResultBase {
  eventId: string;
  stepId: string;
  /** Epoch ms. */
  startedAt: number;
  endedAt: number;
  reason: string | null;
}

export interface FilterResult extends StepResultBase {
  kind: 'filter';
  outcome: FilterOutcome;
}

export interface RecipientResult extends StepResultBase {
  kind: 'recipient';
  outcome: StepOutcome;
  recipientId: string;
  key: string;
  moduleId: string;
  packageVersion: string | null;
  /** What the step added to the variables. */
  appended: Record<string, unknown> | null;
  /** Indexes of the step's mappings that applied. */
  appliedMappings: readonly number[];
  transactions: readonly Transaction[];
  /** The credential it was opened with; null: the step names none, or ended before. */
  credential: CredentialName | null;
  /** The module renewed something of it. */
  isCredentialUpdated: boolean;
  waitMs: number;
  capRefusal: CapRefusal | null;
  /** A request may have been received and no answer came (decision 24). */
  isUnknown: boolean;
  /** Where the lead went as a lead of another flow of this installation; null: it did not, or it was not taken. */
  innerLead: InnerLeadFacts | null;
  /** Of a delivery of unknown end: the lead of another flow that it may have made; null: it went over HTTP. */
  lostLead: NamedLead | null;
  /** What it was to be sold for, as far as that was known before. */
  expectedPrice: Money;
  salePrice: Money;
  /** What of the answer, or of a setting of the step, had no effect. */
  warnings: readonly string[];
  retry: RetryPlan;
  /** Which offer of a distribution it was; null: none. */
  offer: OfferFacts | null;
}

/** What a distribution step came to. */
export interface DistributionResult {
  stepId: string;
  key: string;
  method: DistributionMethodName;
  maxSales: number;
  sales: number;
  /** What is below `distribution.<key>` from then on. */
  vars: DistributionVars;
  /** The place among the lead's events that is the next one's. */
  seq: number;
  /** In the order of the document. */
  candidates: readonly CandidateResult[];
}

/** What later rules, templates and mappings read of a distribution, below `distribution.<key>`. */
export interface DistributionVars {
  /** At least one recipient has accepted the lead, or may have. */
  sold: boolean;
  sales: number;
  /** The recipient that accepted first; null: none did. */
  winner: string | null;
  winner_id: string | null;
  /** Dollars, of all sales. */
  revenue: number;
  /** Of an auction: the bid that won, in dollars, and what the buyer called it. */
  bid?: number;
  bid_id?: string | null;
}

/** What a recipient was ready to pay for the lead. */
export interface Bid {
  /** `standing`: its price rules; `ping`: it was asked during the ping that the lead names. */
  from: 'asked' | 'standing' | 'ping';
  /** null: it did not bid. */
  amount: Money | null;
  /** What it called its bid; null: nothing. */
  id: string | null;
  /** Why there is none, without values of the lead; null: there is one. */
  fault: string | null;
  /** What it said itself. */
  reason: string | null;
  isLate: boolean;
  ms: number;
}

export interface CandidateResult {
  /** The candidate's. */
  stepId: string;
  verdict: CandidateVerdict;
  /** Its place among those that were offered the lead, from 1; null: it was not. */
  place: number | null;
  /** It was its turn. */
  byTurn: boolean;
  /** The cap that had no room. */
  cap: CapRefusal | null;
  /** null: it was asked for none. */
  bid: Bid | null;
  /** How much its bid is too low; null: it is not. */
  shortBy: Money | null;
}

export function startRun(submission: Submission, attempt: Attempt | null = null): LeadRun {
  return {
    submission,
    attempt,
    leadId: '',
    ctx: { now: 0, timeZone: 'UTC', random: () => 0 },
    route: null,
    parsed: undefined,
    values: {},
    vars: {},
    secrets: null,
    opened: [],
    known: NOTHING_KNOWN,
    askedLists: [],
    listFindings: [],
    namedPing: null,
    limitRefusal: null,
    offered: { amount: NO_MONEY, winner: null, alsoMatched: [] },
    askedPrices: [],
    askedCaps: null,
    capRefusal: null,
    refusals: [],
    held: { caps: [], lists: [] },
    hasRun: false,
    eventIds: {},
    warnings: [],
    findings: [],
    stepResults: [],
    distributions: [],
    turns: [],
    appended: {},
    waitMs: 0,
    stepCount: 0,
    hasSent: false,
    intended: { count: 0, steps: 0, findings: 0 },
    outcome: 'success',
    reason: null,
    stoppedIn: null,
    price: NO_MONEY,
    revenue: NO_MONEY,
    answer: null,
    storedBeginning: null,
    phaseMs: [],
  };
}

/** The flow and source of a run that has passed `authenticate`. */
export function routeOf(run: RunPart<'route'>): Route {
  assert(run.route, 'authenticate ran before');
  return run.route;
}

export function runKeyOf(run: RunPart<'route' | 'attempt' | 'leadId' | 'ctx'>): RunKey {
  const { flow, source } = routeOf(run);
  return {
    accountId: flow.account.id,
    runId: run.attempt?.eventId ?? run.leadId,
    retryId: run.attempt?.retryId ?? null,
    flowId: flow.id,
    sourceId: source.entityId,
    revision: flow.revision,
    submittedAt: run.ctx.now,
  };
}

/** The run that must be ours when an inner lead begins in the store; one that has a row is fenced by that. */
export function guardOf({ submission, hasRun }: RunPart<'submission' | 'hasRun'>): RunKey | undefined {
  return hasRun ? undefined : submission.inner?.guard;
}

/**
 * The id of a step's event: the same each time it is asked, so that a reader who saw it of a lead that decides again
 * recognises it.
 */
export function eventIdOf(run: Pick<LeadRun, 'eventIds'>, stepId: string, ids: Ids): string {
  const known = run.eventIds[stepId];
  if (known !== undefined) return known;
  const id = ids.event();
  run.eventIds[stepId] = id;
  return id;
}

/** Did a delivery end without anybody knowing whether it arrived? */
export function hasUnknownDelivery(run: RunPart<'stepResults'>): boolean {
  return run.stepResults.some((result) => result.kind === 'recipient' && result.isUnknown);
}
