import type { CredentialName } from '../model/credential.ts';
import type { EventType } from '../model/event.ts';
import type { FeedbackType } from '../model/flow.ts';
import { dollars, type Money } from '../model/money.ts';
import type { StepOutcome } from '../model/outcome.ts';
import { assertKnownVersion } from './version.ts';

/*
 * The facts of an event that have no column of their own: JSON in `events.facts`, with the names of the wire and money
 * in dollars (spec behaviour 4). No personal data. What the flow's revision knows (rule sets, prices, caps as
 * configured) is not stored again. One type an event type, one builder a kind; the table of kinds is below.
 */

/** Written in `events.facts`. Version 0 has the same members without `version`. */
export const EVENT_FACTS_VERSION = 1;

/** When it happened. */
interface Times {
  /** Epoch ms. */
  start_timestamp: number;
  end_timestamp: number;
  /** Between the two. */
  ms: number;
  /** Spent waiting for recipients and pricing services. */
  wait_ms: number;
}

/** Of the lead as a whole. */
export interface SourceFacts extends Times {
  total_ms: number;
  overhead_ms?: number;
  /** The server process that ended the lead, and its version. */
  host: string;
  handler_version: string;
  module_id?: string;
  package_version?: string | null;
  step_count?: number;
  cost: number;
  purchase_price: number;
  offered_price?: number;
  /** The questions to pricing services, in order; absent: none was named. */
  asked_prices?: readonly AskedPriceFacts[] | undefined;
  recipient_revenue?: number;
  cap_reached?: boolean;
  /** Of each distribution that ended; absent: none did. */
  distributions?: readonly DistributionFacts[] | undefined;
  /** The phase that stopped the lead; absent: none did. */
  stopped_in?: string | undefined;
  warnings?: readonly string[] | undefined;
  /** The ping whose price the lead has. */
  ping_id?: string | undefined;
  /** The lead that this one is a resubmission of. */
  resubmitted_from?: string | undefined;
  /** The job that imported the lead from a file, and the row, from 1 (decision page 0096). */
  imported?: { job_id: string; row: number } | undefined;
  /** The delivery of another flow of this installation that the lead is. */
  outer_lead?: OuterLeadFacts | undefined;
  /** The router that chose the flow and the source, and its route. */
  router?: { id: string; route_id: string } | undefined;
  /** The server process was gone before the lead had ended. */
  interrupted?: true;
}

/** Of an inner lead: the lead and the delivery of it that it comes from (decision page 0089). */
export interface OuterLeadFacts {
  lead_id: string;
  /** Of the delivery, or of the attempt to deliver again. */
  event_id: string;
  /** The flows that the lead had passed before, the first one first. */
  flow_ids: readonly string[];
}

/** Of a delivery to another flow of this installation: its lead there. */
export interface InnerLeadFacts {
  lead_id: string;
  flow_id: string;
  source_id: string;
}

/** One question to a pricing service. */
export interface AskedPriceFacts {
  service_id: string;
  level: 'flow' | 'source';
  /** `fallback`: it gave no price. */
  by: 'service' | 'fallback';
  /** Dollars; null: it gave none. */
  price: number | null;
  ms: number;
  /** Why it gave none. */
  fault: string | null;
}

export type FilterFacts = Times;

/** What a delivery and an attempt of one have in common. */
interface DeliveryFacts extends Times {
  total_ms?: number;
  key?: string;
  module_id?: string;
  package_version?: string | null;
  sale_price?: number;
  revenue?: number;
  /** What it was sold for if it arrived, in dollars; only beside `unknown`, and absent in events of older programs. */
  expected_price?: number | undefined;
  caps_reached: boolean;
  /** It may have arrived. */
  unknown?: true | undefined;
  /** Which credential it was sent with; nothing of it is secret. */
  credential?: CredentialName | undefined;
  /** Something of it was renewed. */
  credential_updated?: true | undefined;
  /** The lead of another flow of this installation that the delivery made. */
  inner_lead?: InnerLeadFacts | undefined;
  warnings?: readonly string[] | undefined;
}

/** Which offer of a distribution a delivery was. */
export interface OfferFacts {
  /** Of the distribution. */
  step_id: string;
  /** Among its offers of this lead, from 1. */
  place: number;
  /** It was the turn of this recipient, by the shares of all leads. */
  by_turn: boolean;
  /** The bid that it is sold at, in dollars, and what the buyer called it; absent: it was no auction. */
  bid?: number;
  bid_id?: string;
}

/** Why a recipient of a distribution got the lead or did not. Those from `criteria` on were not offered it. */
export type CandidateVerdict =
  /** Of a ping: its bid is the best. */
  | 'best'
  | 'accepted'
  | 'unknown'
  | 'refused'
  | 'failed'
  | 'skipped'
  | 'criteria'
  | 'hours'
  | 'cap'
  | 'disabled'
  | 'no bid'
  | 'late'
  | 'minimum'
  | 'margin'
  | 'outbid'
  | 'not reached';

/** What a recipient was ready to pay. */
export interface BidFacts {
  from: 'asked' | 'standing' | 'ping';
  /** Dollars; null: it did not bid. */
  price: number | null;
  ms: number;
  /** Why it did not bid. */
  fault?: string | undefined;
  /** Of a ping alone: what it called its bid, for the post. */
  id?: string | undefined;
}

/** A cap without room for a recipient. With `amount` it is a revenue cap, and all four are dollars. */
interface RefusingCap {
  id: string;
  /** What the delivery would have taken; absent: the cap counts leads. */
  amount?: number | undefined;
  count: number;
  held: number;
  maximum: number;
}

/** What a distribution came to. */
export interface DistributionFacts {
  step_id: string;
  key: string;
  method: string;
  max_sales: number;
  sales: number;
  /** All of them, in the order of the document. */
  recipients: readonly {
    step_id: string;
    verdict: CandidateVerdict;
    /** Among the offers, from 1; absent: it was offered nothing. */
    place?: number | undefined;
    by_turn?: true | undefined;
    /** The cap that had no room. */
    cap?: RefusingCap | undefined;
    /** Absent: it was asked for none. */
    bid?: BidFacts | undefined;
    /** How much its bid is too low, in dollars. */
    short_by?: number | undefined;
  }[];
}

export interface RecipientFacts extends DeliveryFacts {
  /** Absent: it was no offer of a distribution. */
  distribution?: OfferFacts | undefined;
  cost?: number;
  purchase_price?: number;
  /** Why it is not tried again although its step asks for it. */
  not_retried?: string | undefined;
}

export interface RetryFacts extends DeliveryFacts {
  /** Of the retry that the attempt belongs to; absent on a resolution. */
  retry_id?: string;
  /** `completed`: the last event of its delivery. */
  retry_status: 'started' | 'completed';
  /** 1 is the first after the delivery. */
  attempt?: number;
  /** Of the delivery that failed first. */
  recipient_event_id: string;
  /** A person said what became of the delivery. */
  resolution?: 'delivered' | 'not_delivered';
}

/** What a recipient said of a lead later; its type and words are in the document beside. */
export interface FeedbackReceivedFacts extends Times {
  module_id: string;
  /** Its row in `feedback`. */
  feedback_id: string;
  /** The event that it was sent for. */
  recipient_event_id: string;
  feedback_type: FeedbackType;
  /** `rules`, `person`, `deadline` or `source`; absent: it is not decided. */
  decided_by?: string | undefined;
}

/** What was sent to the source of it. */
export interface FeedbackSentFacts extends Omit<FeedbackReceivedFacts, 'decided_by'> {
  package_version: string | null;
  /** 1 is the first. */
  attempt: number;
  /** `completed`: the source is not asked again. */
  retry_status: 'started' | 'completed';
}

interface FactsByType {
  source: SourceFacts;
  filter: FilterFacts;
  recipient: RecipientFacts;
  retry: RetryFacts;
  'feedback-received': FeedbackReceivedFacts;
  'feedback-sent': FeedbackSentFacts;
}

/** As read: an event whose data the database refused has none. */
export type StoredFacts<Type extends EventType = EventType> = Readonly<Partial<FactsByType[Type]>>;

/** JSON text. No copy of the facts is made: several are written for each lead. */
export function writeEventFacts(facts: StoredFacts): string {
  const members = JSON.stringify(facts).slice(1);
  return members === '}' ? EMPTY_FACTS : `${FACTS_BEGINNING},${members}`;
}

const FACTS_BEGINNING = `{"version":${EVENT_FACTS_VERSION}`;
const EMPTY_FACTS = `${FACTS_BEGINNING}}`;

/** Of parsed JSON, without the version. Throws on an unknown one. */
export function parseEventFacts<Type extends EventType>(json: unknown): StoredFacts<Type> {
  assertKnownVersion(json, { what: 'The facts of an event', newest: EVENT_FACTS_VERSION });
  const { version: _, ...facts } = json as StoredFacts<Type> & { version?: number }; // written by writeEventFacts alone
  return facts as StoredFacts<Type>;
}

function buildTimes({
  startedAt,
  endedAt,
  waitMs = 0,
}: {
  startedAt: number;
  endedAt: number;
  waitMs?: number;
}): Times {
  return { start_timestamp: startedAt, end_timestamp: endedAt, ms: endedAt - startedAt, wait_ms: Math.round(waitMs) };
}

/** What a lead came to, for its source event. */
export interface LeadEnd {
  startedAt: number;
  endedAt: number;
  waitMs: number;
  host: string;
  version: string;
  moduleId: string;
  packageVersion: string | null;
  stepCount: number;
  price: Money;
  offered: Money;
  askedPrices: readonly AskedPriceEnd[];
  revenue: Money;
  isCapReached: boolean;
  distributions: readonly DistributionEnd[];
  stoppedIn: string | null;
  warnings: readonly string[];
  resubmittedFrom: string | undefined;
  imported: SourceFacts['imported'];
  outerLead: OuterLeadFacts | undefined;
  router: SourceFacts['router'];
  pingId: string | null;
}

interface BidEnd {
  from: BidFacts['from'];
  amount: Money | null;
  ms: number;
  fault: string | null;
  id: string | null;
}

interface DistributionEnd {
  stepId: string;
  key: string;
  method: string;
  maxSales: number;
  sales: number;
  candidates: readonly {
    stepId: string;
    verdict: CandidateVerdict;
    place: number | null;
    byTurn: boolean;
    cap: RefusingCap | null;
    bid: BidEnd | null;
    shortBy: Money | null;
  }[];
}

interface AskedPriceEnd {
  serviceId: string;
  level: 'flow' | 'source';
  /** null: it gave no price. */
  amount: Money | null;
  fault: string | null;
  ms: number;
}

export function buildSourceFacts(end: LeadEnd): SourceFacts {
  const price = dollars(end.price);
  const ms = end.endedAt - end.startedAt;
  const waitMs = Math.round(end.waitMs);
  return {
    start_timestamp: end.startedAt,
    end_timestamp: end.endedAt,
    ms,
    wait_ms: waitMs,
    overhead_ms: Math.max(0, ms - waitMs),
    total_ms: ms,
    host: end.host,
    handler_version: end.version,
    module_id: end.moduleId,
    package_version: end.packageVersion,
    step_count: end.stepCount,
    cost: price,
    purchase_price: price,
    offered_price: dollars(end.offered),
    asked_prices: end.askedPrices.length > 0 ? end.askedPrices.map(buildAskedPrice) : undefined,
    recipient_revenue: dollars(end.revenue),
    cap_reached: end.isCapReached,
    distributions: end.distributions.length > 0 ? end.distributions.map(buildDistribution) : undefined,
    stopped_in: end.stoppedIn ?? undefined,
    warnings: omitEmpty(end.warnings),
    ping_id: end.pingId ?? undefined,
    resubmitted_from: end.resubmittedFrom,
    imported: end.imported,
    outer_lead: end.outerLead,
    router: end.router,
  };
}

function buildBid({ from, amount, ms, fault }: BidEnd): BidFacts {
  return { from, price: amount === null ? null : dollars(amount), ms, fault: fault ?? undefined };
}

/** The auction of a ping, with what its post needs of the bids. `scrub`: takes secrets out of names that buyers gave. */
export function buildPingDistribution(end: DistributionEnd, scrub: (text: string) => string): DistributionFacts {
  const { recipients, ...facts } = buildDistribution(end);
  const ids = new Map(end.candidates.map(({ stepId, bid }) => [stepId, bid?.id ?? null]));
  return {
    ...facts,
    recipients: recipients.map((recipient) => {
      const id = ids.get(recipient.step_id) ?? null;
      return recipient.bid && id !== null ? { ...recipient, bid: { ...recipient.bid, id: scrub(id) } } : recipient;
    }),
  };
}

function buildDistribution(end: DistributionEnd): DistributionFacts {
  return {
    step_id: end.stepId,
    key: end.key,
    method: end.method,
    max_sales: end.maxSales,
    sales: end.sales,
    recipients: end.candidates.map(({ stepId, verdict, place, byTurn, cap, bid, shortBy }) => ({
      step_id: stepId,
      verdict,
      place: place ?? undefined,
      by_turn: byTurn ? true : undefined,
      cap: cap ?? undefined,
      bid: bid === null ? undefined : buildBid(bid),
      short_by: shortBy === null ? undefined : dollars(shortBy),
    })),
  };
}

/** A question as it is recorded; of a ping too. */
export function buildAskedPrice({ serviceId, level, amount, fault, ms }: AskedPriceEnd): AskedPriceFacts {
  const by = amount === null ? 'fallback' : 'service';
  return { service_id: serviceId, level, by, price: amount === null ? null : dollars(amount), ms, fault };
}

/** A recovery ended the lead; clocks of two servers may differ, so nothing lasts less than nothing. */
export function buildInterruptedSourceFacts(end: {
  startedAt: number;
  endedAt: number;
  host: string;
  version: string;
  outerLead: OuterLeadFacts | undefined;
}): SourceFacts {
  const ms = Math.max(0, end.endedAt - end.startedAt);
  return {
    ...buildTimes(end),
    ms,
    total_ms: ms,
    host: end.host,
    handler_version: end.version,
    outer_lead: end.outerLead,
    interrupted: true,
    cost: 0,
    purchase_price: 0,
  };
}

export function buildFilterFacts(step: { startedAt: number; endedAt: number }): FilterFacts {
  return buildTimes(step);
}

/** How a step or an attempt ended. */
export interface DeliveryEnd {
  startedAt: number;
  endedAt: number;
  waitMs: number;
  key: string;
  moduleId: string;
  packageVersion: string | null;
  outcome: StepOutcome;
  expectedPrice: Money;
  salePrice: Money;
  capRefusal: object | null;
  isUnknown: boolean;
  credential: CredentialName | null;
  isCredentialUpdated: boolean;
  innerLead: InnerLeadFacts | null;
  warnings: readonly string[];
}

/** `leadStartedAt`: epoch ms; `offered`: what the lead would cost. */
export function buildRecipientFacts(
  end: DeliveryEnd & { retry: 'none' | 'queued' | 'masked'; offer: OfferFacts | null },
  lead: { startedAt: number; offered: Money },
): RecipientFacts {
  const cost = dollars(lead.offered);
  const facts: RecipientFacts = buildDeliveryFacts(end, lead);
  facts.cost = cost;
  facts.purchase_price = cost;
  facts.not_retried = end.retry === 'masked' ? NOT_RETRIED : undefined;
  facts.distribution = end.offer ?? undefined;
  return facts;
}

const NOT_RETRIED = 'The request carries masked values, which are not kept';

function buildDeliveryFacts(end: DeliveryEnd, lead: { startedAt: number }): DeliveryFacts {
  const sale = end.outcome === 'success' ? dollars(end.salePrice) : 0;
  return {
    start_timestamp: end.startedAt,
    end_timestamp: end.endedAt,
    ms: end.endedAt - end.startedAt,
    wait_ms: Math.round(end.waitMs),
    total_ms: end.endedAt - lead.startedAt,
    key: end.key,
    module_id: end.moduleId,
    package_version: end.packageVersion,
    sale_price: sale,
    revenue: sale,
    caps_reached: end.capRefusal !== null,
    unknown: end.isUnknown ? true : undefined,
    expected_price: end.isUnknown ? dollars(end.expectedPrice) : undefined,
    credential: end.credential ?? undefined,
    credential_updated: end.isCredentialUpdated ? true : undefined,
    inner_lead: end.innerLead ?? undefined,
    warnings: omitEmpty(end.warnings),
  };
}

function omitEmpty(warnings: readonly string[]): readonly string[] | undefined {
  return warnings.length > 0 ? warnings : undefined;
}

/** A delivery whose server process was gone after its intent. */
export function buildInterruptedRecipientFacts({
  offer,
  ...end
}: InterruptedDelivery & { offer: OfferFacts | undefined }): RecipientFacts {
  return { ...buildInterruptedDelivery(end), distribution: offer };
}

interface InterruptedDelivery {
  startedAt: number;
  endedAt: number;
  key: string;
  moduleId: string;
  /** Dollars; undefined: its intent does not say. */
  expectedPrice: number | undefined;
  /** Absent means yes. */
  isUnknown?: boolean;
}

function buildInterruptedDelivery(end: InterruptedDelivery): DeliveryFacts {
  const waitMs = end.endedAt - end.startedAt;
  return {
    ...buildTimes({ ...end, waitMs }),
    key: end.key,
    module_id: end.moduleId,
    caps_reached: false,
    ...((end.isUnknown ?? true) && { unknown: true, expected_price: end.expectedPrice }),
  };
}

/** Which attempt of which delivery. */
export interface AttemptOf {
  retryId: string;
  /** Is it the last of its delivery's events? */
  isLast: boolean;
  /** 1 is the first after the delivery. */
  attempt: number;
  /** The event of the delivery that failed first. */
  firstEventId: string;
}

function buildAttempt(of: AttemptOf): Pick<RetryFacts, 'retry_id' | 'retry_status' | 'attempt' | 'recipient_event_id'> {
  return {
    retry_id: of.retryId,
    retry_status: of.isLast ? 'completed' : 'started',
    attempt: of.attempt,
    recipient_event_id: of.firstEventId,
  };
}

export function buildAttemptFacts(
  end: DeliveryEnd,
  { leadStartedAt, of }: { leadStartedAt: number; of: AttemptOf },
): RetryFacts {
  return { ...buildDeliveryFacts(end, { startedAt: leadStartedAt }), ...buildAttempt(of) };
}

/** An attempt that sent nothing, at one instant. */
export function buildUnsentAttemptFacts(of: AttemptOf, now: number): RetryFacts {
  return { ...buildTimes({ startedAt: now, endedAt: now }), ...buildAttempt(of), caps_reached: false };
}

export function buildInterruptedAttemptFacts(end: InterruptedDelivery, of: AttemptOf): RetryFacts {
  return { ...buildInterruptedDelivery(end), ...buildAttempt(of) };
}

/** A person, or the lead of the other flow, said what became of a delivery; `sale` is what it was sold for. */
export function buildResolutionFacts(said: {
  resolution: 'delivered' | 'not_delivered';
  sale: Money;
  /** It is delivered again. */
  isRetried: boolean;
  eventId: string;
  /** The lead of another flow that was found. */
  innerLead?: InnerLeadFacts | undefined;
  now: number;
}): RetryFacts {
  const sale = dollars(said.sale);
  return {
    ...buildTimes({ startedAt: said.now, endedAt: said.now }),
    retry_status: said.isRetried ? 'started' : 'completed',
    recipient_event_id: said.eventId,
    resolution: said.resolution,
    sale_price: sale,
    revenue: sale,
    caps_reached: false,
    inner_lead: said.innerLead,
  };
}

interface FeedbackOf {
  id: string;
  deliveryEventId: string;
  type: FeedbackType;
}

function buildFeedbackFacts({ id, deliveryEventId, type }: FeedbackOf) {
  return { feedback_id: id, recipient_event_id: deliveryEventId, feedback_type: type };
}

/** A feedback whose outcome is final. */
export function buildFeedbackReceivedFacts(
  feedback: FeedbackOf & { decidedBy: string | null },
  at: { startedAt: number; endedAt: number; moduleId: string },
): FeedbackReceivedFacts {
  return {
    ...buildTimes(at),
    module_id: at.moduleId,
    ...buildFeedbackFacts(feedback),
    decided_by: feedback.decidedBy ?? undefined,
  };
}

/** A feedback that the source was asked about. */
export function buildFeedbackSentFacts(
  feedback: FeedbackOf,
  end: {
    startedAt: number;
    endedAt: number;
    moduleId: string;
    packageVersion: string | null;
    attempt: number;
    isLast: boolean;
  },
): FeedbackSentFacts {
  return {
    ...buildTimes({ ...end, waitMs: end.endedAt - end.startedAt }),
    module_id: end.moduleId,
    package_version: end.packageVersion,
    ...buildFeedbackFacts(feedback),
    attempt: end.attempt,
    retry_status: end.isLast ? 'completed' : 'started',
  };
}

/** One row of the table below. */
export interface EventKind {
  name: string;
  /** Of the event that it is. */
  type: EventType;
  /** Makes its facts; null: it has none. */
  build: ((...made: never[]) => object) | null;
  what: string;
}

/** Every kind of event that is stored. */
export const EVENT_KINDS: readonly EventKind[] = [
  { name: 'source', type: 'source', build: buildSourceFacts, what: 'A lead has ended and its sender gets the answer.' },
  {
    name: 'interrupted source',
    type: 'source',
    build: buildInterruptedSourceFacts,
    what: 'A recovery ended a lead whose server process was gone.',
  },
  { name: 'filter', type: 'filter', build: buildFilterFacts, what: 'A filter step let the lead pass or stopped it.' },
  {
    name: 'recipient',
    type: 'recipient',
    build: buildRecipientFacts,
    what: 'A recipient step or a destination delivered the lead, or did not.',
  },
  {
    name: 'interrupted recipient',
    type: 'recipient',
    build: buildInterruptedRecipientFacts,
    what: 'A delivery may have arrived: the server process was gone before its answer came.',
  },
  { name: 'attempt', type: 'retry', build: buildAttemptFacts, what: 'A failed delivery was tried again.' },
  {
    name: 'unsent attempt',
    type: 'retry',
    build: buildUnsentAttemptFacts,
    what: 'An attempt sent nothing, because something was in its way.',
  },
  {
    name: 'interrupted attempt',
    type: 'retry',
    build: buildInterruptedAttemptFacts,
    what: 'An attempt may have arrived: the server process was gone before its answer came.',
  },
  {
    name: 'resolution',
    type: 'retry',
    build: buildResolutionFacts,
    what: 'A person, or the lead of the other flow, said what became of a delivery that may have arrived.',
  },
  {
    name: 'feedback received',
    type: 'feedback-received',
    build: buildFeedbackReceivedFacts,
    what: 'A recipient returned the lead or said that it converted, and the outcome is final.',
  },
  {
    name: 'feedback sent',
    type: 'feedback-sent',
    build: buildFeedbackSentFacts,
    what: 'The source was asked about feedback of a recipient.',
  },
  {
    name: 'refused',
    type: 'source',
    build: null,
    what: 'The database refused the data of a lead: its events of every type keep their outcome alone.',
  },
];
