import { readUnits, showUnits, unitsOf } from '../caps/cap-units.ts';
import type { CompiledCap } from '../caps/compile-caps.ts';
import type { CompiledFlow, CompiledListCheck, CompiledStep } from '../flow-compiler/compiled-flow.ts';
import { listOfContents } from '../lists/looked-up-list.ts';
import { dollars, moneyFrom } from '../model/money.ts';
import { PHASES } from '../pipeline/phases.ts';
import type { CandidateVerdict, DistributionFacts, SourceFacts } from '../stored/event-facts.ts';
import type { CapRefusal } from '../stored/lead-document.ts';
import type { EventRecord, LeadRecord } from './event-store.ts';
import { type ExplainedRule, explainRules } from './explain-rules.ts';
import type { LeadPast } from './lead-past.ts';

/** A cap that had no place left, as it was configured and as it stood. */
export interface ExplainedCap {
  id: string;
  name: string | undefined;
  /** Of a revenue cap what would have been taken; then maximum, count and held are dollars as well. */
  amount?: number | undefined;
  maximum: number;
  count: number;
  /** Places taken by leads that had not ended. */
  held: number;
  duration: number | undefined;
  duration_units: string | undefined;
  /** The end of the window that was full, ISO; null: never, because the cap takes no leads at all, or not so much. */
  frees_at: string | null;
  /** The zone its windows are of. */
  time_zone: string;
}

export interface ExplainedPhase {
  phase: string;
  verdict: 'passed' | 'stopped' | 'not reached';
  [detail: string]: unknown;
}

type Details = Readonly<Record<string, unknown>>;

/** The phases that decide something, and what is known of each; in the order of PHASES. */
const DETAILS: ReadonlyMap<string, (past: LeadPast) => Details> = new Map([
  ['lead-object', ({ flow }) => ({ flow_enabled: flow.isEnabled })],
  ['list-checks', (past) => ({ lists: explainLists(past) })],
  ['pricing', explainPricing],
  ['caps', explainCaps],
  ['acceptance-criteria', explainCriteria],
  ['steps', () => ({})],
]);

/** What each phase decided about a lead and by which rules; what the steps did is on their own events. */
export function explainSource(past: LeadPast): { phases: ExplainedPhase[] } {
  const end = findEnd(past);
  return {
    phases: DECIDING.map(({ name, place }) => {
      if (place > end.place) return { phase: name, verdict: 'not reached' };
      const verdict = place === end.place && end.isStop ? 'stopped' : 'passed';
      return { phase: name, verdict, ...DETAILS.get(name)?.(past) };
    }),
  };
}

const DECIDING = PHASES.map(({ name }, place) => ({ name, place })).filter(({ name }) => DETAILS.has(name));

/** The phase in which the decision ended. */
function findEnd({ lead }: LeadPast): { place: number; isStop: boolean } {
  const { stopped_in: stoppedIn, interrupted } = lead.sourceFacts;
  // Interrupted before its first delivery, or refused by the database: what was decided is not known.
  if (lead.document !== null && !lead.document.vars) return { place: NOWHERE, isStop: true };
  // What is known of an interrupted lead was written before a delivery.
  if (interrupted) return { place: LAST_PLACE, isStop: true };
  if (stoppedIn !== undefined) return { place: placeOf(stoppedIn), isStop: true };
  return { place: LAST_PLACE, isStop: false };
}

function placeOf(phase: string): number {
  return PHASES.findIndex(({ name }) => name === phase);
}

const LAST_PLACE = placeOf('steps');
const NOWHERE = -1;

function explainLists({ lead, flow }: LeadPast): Details[] {
  return (lead.document?.lists ?? []).map((finding) => {
    const { check, place, list_id: listId, found, because, added_at: addedAt, held_by, is_retried } = finding;
    const compiled = findListCheck(flow, finding);
    return {
      check,
      // Its name: the value itself is personal.
      ...(place === undefined ? {} : { value: compiled?.valueName, position: place + 1 }),
      list_id: listOfContents(listId),
      list_name: compiled?.listName,
      found,
      because: because ?? null,
      added_at: typeof addedAt === 'number' ? new Date(addedAt).toISOString() : null,
      held_by,
      is_retried,
    };
  });
}

/** The check, or the one of its values, that a finding is of. */
export function findListCheck(
  flow: Pick<CompiledFlow, 'listChecks'>,
  { check, place }: { check: string; place?: number },
): CompiledListCheck | undefined {
  return flow.listChecks.find((each) => each.name === check && each.place === (place ?? null));
}

function explainPricing(past: LeadPast): Details {
  const price = past.lead.document?.price;
  return {
    offered_price: price?.offered,
    winner: price?.winner,
    also_matched: price?.also_matched,
    reason: price?.reason,
    rules: rulesBelow(past, 'pricing'),
  };
}

function explainCaps(past: LeadPast): Details {
  return { cap: capOfLead(past), rules: rulesBelow(past, 'caps') };
}

/** The cap of the flow or of the source that turned the lead away; null: none did. */
export function capOfLead(past: LeadPast): ExplainedCap | null {
  const { lead, flow } = past;
  const caps = [...flow.caps.caps, ...(flow.sources.get(lead.sourceId)?.caps.caps ?? [])];
  return explainCap(past, { refusal: lead.document?.cap, caps });
}

function explainCriteria(past: LeadPast): Details {
  const { lead, flow } = past;
  return {
    within_hours_of_operation: flow.hours.isOpenAt(lead.submittedAt),
    rules: rulesBelow(past, 'acceptance_criteria'),
  };
}

/** Rules of a part of the flow, and of the same part of its sources. */
function rulesBelow(past: LeadPast, part: string): ExplainedRule[] {
  return explainRules(past, (path) => partOf(path) === part);
}

/** `caps` for `caps.0…` and for `sources.1.caps.0…`. */
function partOf(path: string): string | undefined {
  const names = path.split('.');
  return names[0] === 'sources' ? names[2] : names[0];
}

/** The rules of a recipient that a distribution passed over; the cap is in its `distribution`. */
export function explainPassedOver(past: LeadPast, step: CompiledStep): { rules?: ExplainedRule[] } {
  return findOffer(past, step)?.verdict === 'criteria' ? { rules: rulesOfStep(past, step) } : {};
}

/** Why a step did what it did: its rules, and the cap that had no place for it. */
export function explainStep(
  past: LeadPast,
  { step, event }: { step: CompiledStep; event: EventRecord },
): { rules: ExplainedRule[]; cap: ExplainedCap | null } {
  const refusal = past.lead.document?.steps?.[event.seq]?.cap;
  return {
    rules: rulesOfStep(past, step),
    cap: explainCap(past, { refusal, caps: step.kind === 'recipient' ? step.caps.caps : [] }),
  };
}

function rulesOfStep(past: LeadPast, step: CompiledStep): ExplainedRule[] {
  const beginning = `${step.path}.`;
  return explainRules(past, (path) => path.startsWith(beginning));
}

/** What is on record of the distributions of a lead, or of the auction of a ping, which has no document. */
export interface OffersPast {
  lead: Pick<LeadRecord, 'submittedAt' | 'document'> & { sourceFacts: Pick<SourceFacts, 'distributions'> };
  flow: CompiledFlow;
}

type RecipientOfDistribution = DistributionFacts['recipients'][number];
type OfferOnRecord = RecipientOfDistribution & { of: string };

/** What is on record of a recipient of a distribution, and of which one. undefined: it is none, or the step did not end. */
export function findOffer({ lead }: OffersPast, step: CompiledStep): OfferOnRecord | undefined {
  if (step.kind !== 'recipient' || step.candidacy === null) return undefined;
  const { id } = step.candidacy.distribution;
  const ended = lead.sourceFacts.distributions?.find((each) => each.step_id === id);
  const recipient = ended?.recipients.find((each) => each.step_id === step.id);
  return recipient && { ...recipient, of: id };
}

/** What a recipient of an auction bid, and what became of it; undefined: it was asked for none. */
export interface ExplainedBid {
  from: NonNullable<RecipientOfDistribution['bid']>['from'];
  price: number | null;
  ms: number;
  fault: string | null;
  /** What the recipient said itself. */
  reason: string | null;
  short_by: number | null;
  /** Of the best bid that the lead was sold at instead; null: it was not sold, or this one got it. */
  lost_to: number | null;
}

export function explainBid({ lead }: OffersPast, offer: OfferOnRecord & { step_id: string }): ExplainedBid | undefined {
  const { bid, short_by: shortBy, of, step_id: stepId } = offer;
  if (!bid) return undefined;
  const ended = lead.sourceFacts.distributions?.find((each) => each.step_id === of);
  const sold = (ended?.recipients ?? []).filter(({ verdict }) => WON.has(verdict));
  const best = Math.max(0, ...sold.map(({ bid: won }) => won?.price ?? 0));
  const said = lead.document?.distributions?.find(({ key }) => key === ended?.key)?.bid_reasons;
  const { from, price, ms, fault = null } = bid;
  return {
    ...{ from, price, ms, fault, reason: said?.[stepId] ?? null, short_by: shortBy ?? null },
    lost_to: best === 0 || sold.some(({ step_id: id }) => id === stepId) ? null : best,
  };
}

/** Verdicts on who got the lead, or would have got it when it was pinged. */
const WON: ReadonlySet<CandidateVerdict> = new Set(['accepted', 'unknown', 'best']);

/** The cap that kept a lead from being offered to a recipient; null: none did. */
export function explainOfferCap(
  past: OffersPast,
  { step, cap }: { step: CompiledStep; cap: RecipientOfDistribution['cap'] },
): ExplainedCap | null {
  if (!cap || step.kind !== 'recipient') return null;
  const { id: capId, amount: written, ...shown } = cap;
  const type = written === undefined ? 'volume' : 'revenue';
  const read = (units: number) => readUnits(type, units) ?? 0;
  const refusal = {
    capId,
    amount: moneyFrom(written),
    count: read(shown.count),
    held: read(shown.held),
    maximum: read(shown.maximum),
  };
  return explainCap(past, { refusal, caps: step.caps.caps });
}

export function explainCap(
  { lead, flow }: OffersPast,
  { refusal, caps }: { refusal: CapRefusal | null | undefined; caps: readonly CompiledCap[] },
): ExplainedCap | null {
  if (!refusal) return null;
  const { capId: id, amount, count, held, maximum } = refusal;
  const type = amount === undefined ? 'volume' : 'revenue';
  const compiled = caps.find((each) => each.id === id);
  const window = unitsOf(refusal) <= maximum ? compiled?.clock.windowAt(lead.submittedAt) : undefined;
  return {
    id,
    name: compiled?.cap.name,
    amount: amount && dollars(amount),
    maximum: showUnits(type, maximum),
    count: showUnits(type, count),
    held: showUnits(type, held),
    duration: compiled?.cap.duration,
    duration_units: compiled?.cap.duration_units,
    frees_at: window ? new Date(window.endsAt).toISOString() : null,
    time_zone: compiled?.cap.time_zone ?? flow.account.timeZone,
  };
}
