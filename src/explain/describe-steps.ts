import { laterEvents } from '../events/build-lead.ts';
import type { EventRecord, RecordOf } from '../events/event-store.ts';
import { type ExplainedBid, explainBid, explainOfferCap, explainStep, findOffer } from '../events/explain-lead.ts';
import type { LeadPast } from '../events/lead-past.ts';
import type { CompiledFilter, CompiledRecipient, CompiledStep } from '../flow-compiler/compiled-flow.ts';
import { capSentence } from './cap-sentence.ts';
import { decidingRules, type Findings } from './deciding-rules.ts';
import { whatWas, whyFailed } from './describe-rule.ts';
import { ATTEMPTS, BIDS, SENTENCES, WHERE } from './sentences.ts';
import { quoted, writeAmount } from './wording.ts';
import { writeMoment } from './write-moment.ts';

export interface DescribedStep {
  sentence: string;
  /** undefined: the step did not run. */
  event: EventRecord | undefined;
}

export interface StepsOfLead {
  events: readonly EventRecord[];
  findings: Findings;
}

/** What each step of the flow did, in order, and each of its destinations after them. */
export function describeSteps(past: LeadPast, lead: StepsOfLead): DescribedStep[] {
  const { steps, destinations } = past.flow;
  return [
    ...steps.map((step) =>
      describeStep(past, { ...lead, step, name: nameOfStep(step), path: `${step.path}.rule_set` }),
    ),
    // They have no rules, and so no place of them.
    ...destinations.map((step) => describeStep(past, { ...lead, step, name: nameOfDestination(step), path: '' })),
  ];
}

function describeStep(
  past: LeadPast,
  at: StepsOfLead & { step: CompiledStep; name: string; path: string },
): DescribedStep {
  const { step, name, path, findings } = at;
  const event = at.events.find((each) => each.stepId === step.id);
  if (!event) return { sentence: whyNotOffered(past, at) ?? withoutEvent(step, name), event };
  const ran = { name, findings, path };
  if (step.kind === 'filter') return { sentence: ofFilter(past, step, ran), event };
  if (event.type !== 'recipient') return { sentence: withoutEvent(step, name), event };
  const later = laterEvents(at.events, step.id);
  const sentences = [ofRecipient(past, step, { ...ran, event }), ...ofOffer(past, step), ...whatFollowed(past, later)];
  return { sentence: sentences.join(' '), event };
}

/** Why a recipient of a distribution was not offered the lead; undefined: it is none, or that is not on record. */
function whyNotOffered(
  past: LeadPast,
  { step, name, path, findings }: { step: CompiledStep; name: string; path: string; findings: Findings },
): string | undefined {
  const offer = findOffer(past, step);
  if (!offer || step.kind !== 'recipient' || step.candidacy === null) return undefined;
  const bid = explainBid(past, offer);
  switch (offer.verdict) {
    case 'no bid':
    case 'late':
    case 'minimum':
    case 'margin':
    case 'outbid':
      return bid && SENTENCES.didNotGet({ step: name, why: whyNotAt(bid, offer.verdict) });
    case 'criteria': {
      const { rules } = decidingRules(step.document.rule_set, { path, findings });
      return SENTENCES.notOffered({ step: name, why: whyFailed(past.flow, rules) ?? SENTENCES.criteriaFailed() });
    }
    case 'hours':
      return SENTENCES.notOffered({ step: name, why: SENTENCES.closed() });
    case 'cap': {
      const cap = explainOfferCap(past, { step, cap: offer.cap });
      return cap ? SENTENCES.notOffered({ step: name, why: capSentence(cap) }) : undefined;
    }
    case 'not reached':
      return SENTENCES.notNeeded({ step: name, sales: salesOf(past, step.candidacy.distribution.id) });
    default:
      return undefined;
  }
}

/** Why a bid did not get the lead, and by how much. */
export function whyNotAt(bid: ExplainedBid, verdict: 'no bid' | 'late' | 'minimum' | 'margin' | 'outbid'): string {
  const price = writeAmount(bid.price ?? 0);
  const by = writeAmount(bid.short_by ?? 0);
  switch (verdict) {
    case 'no bid':
      return BIDS.none({ fault: bid.fault ?? '', reason: bid.reason === null ? null : quoted(bid.reason) });
    case 'late':
      return BIDS.late({ ms: bid.ms });
    case 'minimum':
      return BIDS.belowMinimum({ price, by });
    case 'margin':
      return BIDS.belowMargin({ price, by });
    case 'outbid':
      return BIDS.lost({ price, to: writeAmount(bid.lost_to ?? 0) });
  }
}

function salesOf({ lead }: LeadPast, stepId: string): number {
  return lead.sourceFacts.distributions?.find((each) => each.step_id === stepId)?.sales ?? 0;
}

/** Which offer of a distribution it was, and whether it was its turn. */
function ofOffer(past: LeadPast, step: CompiledRecipient): string[] {
  const offer = findOffer(past, step);
  if (offer?.place === undefined) return [];
  const offered = SENTENCES.offered({ place: offer.place, isTurn: offer.by_turn === true });
  const { price = null, from } = explainBid(past, offer) ?? {};
  if (price === null) return [offered];
  const isFull = offer.verdict === 'skipped' && offer.cap !== undefined;
  const bid = { price: writeAmount(price), isOfPing: from === 'ping' };
  return [offered, isFull ? BIDS.wouldHaveWon(bid) : BIDS.offeredAt(bid)];
}

/** Of the attempts the last one, and each time that somebody said what became of the delivery. */
function whatFollowed(past: LeadPast, later: readonly RecordOf<'retry'>[]): string[] {
  const zone = past.flow.account.timeZone;
  const attempts = later.filter(({ facts }) => facts.resolution === undefined);
  const last = attempts.at(-1);
  return later.flatMap((event) => {
    const { facts } = event;
    const time = writeMoment(Number(facts.end_timestamp), zone);
    if (facts.resolution !== undefined) {
      return [
        SENTENCES.resolved({ time, isDelivered: event.outcome === 'success', amount: salePrice(facts.sale_price) }),
        ...nameInnerLead(facts),
      ];
    }
    if (event !== last) return [];
    const ended = endOfAttempt(event);
    return [SENTENCES.triedAgain({ count: attempts.length, time, ended }), ...nameInnerLead(facts)];
  });
}

function endOfAttempt({ outcome, reason, facts }: RecordOf<'retry'>): string {
  const why = quoted(reason ?? '');
  if (facts.unknown) return ATTEMPTS.doubtful({ why });
  if (outcome === 'success') return ATTEMPTS.sold({ amount: salePrice(facts.sale_price) });
  if (outcome === 'failure') return ATTEMPTS.refused({ why });
  return outcome === 'skip' ? ATTEMPTS.skipped({ why }) : ATTEMPTS.failed({ why });
}

/** Is it the filter that ended the flow? */
export function isStopping(event: EventRecord | undefined): boolean {
  return event?.type === 'filter' && event.outcome === 'stop';
}

/** `Step 2, the filter "Pass back"`, `Step 1, the recipient "My CRM"`. */
export function nameOfStep(step: CompiledStep): string {
  const name = step.kind === 'recipient' ? step.entityName : step.document.description;
  const place = Number(step.path.split('.')[1]) + 1;
  return WHERE.stepName({ place, kind: step.kind, name: name ? quoted(name) : null });
}

/** `The destination "Warehouse" (action add)`. */
function nameOfDestination(step: CompiledRecipient): string {
  const action = step.id.slice(step.entityId.length + 1);
  return WHERE.destination({ name: quoted(step.entityName), action });
}

function withoutEvent({ isEnabled }: CompiledStep, step: string): string {
  return isEnabled ? SENTENCES.stepNotReached({ step }) : SENTENCES.stepOff({ step });
}

interface StepThatRan {
  /** As it is called. */
  name: string;
  findings: Findings;
  /** Of its rule set. */
  path: string;
}

interface DeliveryThatRan extends StepThatRan {
  event: RecordOf<'recipient'>;
}

function ofFilter(past: LeadPast, filter: CompiledFilter, at: StepThatRan): string {
  const { rules } = decidingRules(filter.document.rule_set, at);
  return SENTENCES.filterPassed({ step: at.name, clauses: whatWas(past.flow, { rules, meaning: 'sought' }) ?? null });
}

/** With what of the answer could not be read, or had no effect, behind it. */
function ofRecipient(past: LeadPast, step: CompiledRecipient, at: DeliveryThatRan): string {
  return [whatBecame(past, step, at), ...nameInnerLead(at.event.facts), ...warningsIn(at.event.facts)].join(' ');
}

/** Of a delivery to another flow of this installation: its lead there. */
function nameInnerLead({ inner_lead: inner }: RecordOf<'recipient' | 'retry'>['facts']): string[] {
  return inner ? [SENTENCES.isThere({ flow: inner.flow_id, lead: inner.lead_id })] : [];
}

/** The warnings of an event by its facts. */
export function warningsIn({ warnings = [] }: { warnings?: readonly string[] | undefined }): readonly string[] {
  return warnings;
}

function whatBecame(past: LeadPast, step: CompiledRecipient, at: DeliveryThatRan): string {
  const { outcome, facts } = at.event;
  const reason = quoted(at.event.reason ?? '');
  const isInner = facts.inner_lead !== undefined;
  const isSentAgain = !isInner && step.document.retry_enabled === true && step.document.idempotent === true;
  if (facts.unknown) return SENTENCES.doubtful({ step: at.name, reason, isSentAgain });
  switch (outcome) {
    case 'success':
      return SENTENCES.sold({ step: at.name, amount: salePrice(facts.sale_price) });
    case 'failure':
      return SENTENCES.refused({ step: at.name, reason });
    case 'skip':
      return SENTENCES.skipped({ step: at.name, why: whySkipped(past, step, at) });
    default:
      return SENTENCES.failed({ step: at.name, reason });
  }
}

function salePrice(price = 0): string | null {
  return price > 0 ? writeAmount(price) : null;
}

/** Its cap, else its criteria, else what the integration had against the lead. */
function whySkipped(past: LeadPast, step: CompiledRecipient, at: DeliveryThatRan): string {
  const { cap } = explainStep(past, { step, event: at.event });
  if (cap) return capSentence(cap);
  const { passed, rules } = decidingRules(step.document.rule_set, at);
  const why = passed ? undefined : whyFailed(past.flow, rules);
  return why ?? SENTENCES.only({ reason: quoted(at.event.reason ?? '') });
}
