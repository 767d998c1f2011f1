import { type Money, moneyFrom, NO_MONEY } from '../model/money.ts';
import type { DistributionFacts, RecipientFacts, SourceFacts, StoredFacts } from '../stored/event-facts.ts';
import { classifyReason } from './classify-reason.ts';
import { slotOf } from './latency-slots.ts';
import {
  BUCKET_SECONDS,
  COUNTED_OF,
  COUNTED_OUTCOMES,
  type CountedOf,
  type CountedOutcome,
  LATENCY_BUCKET_SECONDS,
  type Level,
  MEASURES,
  NO_PRICE,
} from './measures.ts';
import {
  addAmount,
  addField,
  addKind,
  addLatency,
  isSameKind,
  type Kind,
  type MeasureTally,
  measureRow,
  type PlaceTallies,
  placeOf,
  type Tallies,
} from './tallies.ts';

export interface CountedEvent {
  id: string;
  seq: number;
  type: string;
  outcome: string;
  reason: string | null;
  stepId: string | null;
  recipientId: string | null;
  /** Not read of filters. */
  facts: StoredFacts;
}

export interface CountedLead {
  leadId: string;
  flowId: string;
  sourceId: string;
  outcome: string;
  reason: string | null;
  /** From the first one on without a gap, in the order of `seq`. */
  events: readonly CountedEvent[];
  /** The ids of the fields that it has a value of. */
  fields: readonly string[];
}

/** Which events of a lead are added: from one `seq` to another. Those before say what is the first of its kind. */
export interface Window {
  from: number;
  to: number;
}

/**
 * Adds events of a lead to sums. With its first event come the lead itself and its fields. Windows that follow each other
 * add up to the whole: what an event adds depends on the events before it alone, and on the source event, which is written
 * with the first ones.
 */
export function sumLead(tallies: Tallies, lead: CountedLead, { from, to }: Window = WHOLE): void {
  const place = placeOf(tallies, lead);
  const levels = startLevels(place, findPurchasePrice(lead.events));
  const seen: Seen = { kinds: [], sales: null };
  if (from === 0) sumSubject(place, { subject: 'lead', id: lead.leadId, outcome: lead.outcome, reason: lead.reason });
  for (const event of lead.events) {
    if (event.seq > to) continue;
    const bucket = bucketOf(event.id);
    const isAdded = event.seq >= from;
    const added: Added = { event, bucket, seen, isAdded };
    sumKind(place, added);
    sumMeasures(levels, added);
    if (isAdded && event.type === 'source') sumSource(levels, { event, bucket, fields: lead.fields });
    if (isAdded && event.type === 'recipient') sumDelivery(place, event);
  }
}

const WHOLE: Window = { from: 0, to: Number.MAX_SAFE_INTEGER };

/** A correction of what a lead cost or earned, as it is stored. */
export interface CountedEntry {
  id: string;
  kind: 'cost' | 'revenue';
  amount: number;
  recipientId: string;
}

/** Adds a correction of a lead at the second of its id, with the prices of the lead and of its first sale to the recipient. */
export function sumEntry(tallies: Tallies, lead: CountedLead, entry: CountedEntry): void {
  const levels = startLevels(placeOf(tallies, lead), findPurchasePrice(lead.events));
  const bucket = bucketOf(entry.id);
  const { recipientId } = entry;
  const sale = lead.events.find((event) => isSale(event) && event.recipientId === recipientId);
  const measure = entry.kind === 'cost' ? COST : REVENUE;
  const given = { recipientId: entry.kind === 'cost' ? null : recipientId, salePrice: sale ? salePriceOf(sale) : 0 };
  for (const level of listLevels(levels, given)) addAmount(rowOf(levels, { level, bucket }), measure, entry.amount);
}

export interface CountedPing {
  id: string;
  flowId: string;
  sourceId: string;
  outcome: string;
  reason: string | null;
  price: number;
  /** Absent: it held no auction. */
  distributions?: readonly DistributionFacts[] | undefined;
}

export function sumPing(tallies: Tallies, ping: CountedPing): void {
  const place = placeOf(tallies, ping);
  sumSubject(place, { subject: 'ping', id: ping.id, outcome: ping.outcome, reason: ping.reason });
  const bucket = bucketOf(ping.id);
  const bids = countBids(ping.distributions);
  const levels = startLevels(place, ping.price);
  for (const level of levels.ofLead) {
    const row = rowOf(levels, { level, bucket });
    addAmount(row, PING_SUBMITTED, 1);
    if (ping.outcome === 'success') addAmount(row, PING_SUCCESS, 1);
    addAmount(row, BIDS_ASKED, bids.asked);
    addAmount(row, BIDS_MADE, bids.made);
  }
}

/** What came before the event that is added. */
interface Seen {
  /** Few, so they are looked for one by one. */
  kinds: Kind[];
  /** The price of the first sale by recipient; null: there was none. */
  sales: Map<string, number> | null;
}

interface Added {
  event: CountedEvent;
  bucket: number;
  seen: Seen;
  isAdded: boolean;
}

function sumSubject(
  place: PlaceTallies,
  at: { subject: 'lead' | 'ping'; id: string; outcome: string; reason: string | null },
): void {
  const { subject, id, outcome } = at;
  const kind: Kind = {
    subject,
    type: '',
    outcome,
    stepId: '',
    recipientId: '',
    reasonClass: classifyReason(at.reason),
  };
  const bucket = bucketOf(id);
  addKind(place, { kind, bucket, events: 1, leads: 1, firstId: id, lastId: id });
}

function sumKind(place: PlaceTallies, { event, bucket, seen, isAdded }: Added): void {
  const { id, type, outcome } = event;
  const stepId = event.stepId ?? '';
  const recipientId = event.recipientId ?? '';
  const reasonClass = classifyReason(event.reason);
  const kind: Kind = { subject: 'event', type, outcome, stepId, recipientId, reasonClass };
  const leads = hasSeen(seen, kind) ? 0 : 1;
  if (leads === 1) seen.kinds.push(kind);
  if (isAdded) addKind(place, { kind, bucket, events: 1, leads, firstId: id, lastId: id });
}

function hasSeen({ kinds }: Seen, kind: Kind): boolean {
  for (const seen of kinds) if (isSameKind(seen, kind)) return true;
  return false;
}

/** With what a delivery earned: it is in the same rows. */
function sumMeasures(levels: Levels, { event, bucket, seen, isAdded }: Added): void {
  const of = countedOf(event);
  const { outcome } = event;
  if (of === null || !isCountedOutcome(outcome)) return;
  const recipientId = of === 'source' ? null : event.recipientId;
  const earned = of === 'recipient' ? salePriceOf(event) : 0;
  const salePrice = of === 'recipient' ? earned : (seen.sales?.get(event.recipientId ?? '') ?? 0);
  for (const level of listLevels(levels, { recipientId, salePrice })) {
    const fresh = MARKS_OF[of][outcome] & ~level.marks;
    level.marks |= fresh;
    if (!isAdded) continue;
    const row = rowOf(levels, { level, bucket });
    addEvent(row, { of, outcome, fresh });
    addAmount(row, REVENUE, earned);
  }
  if (isSale(event)) rememberSale(seen, { recipientId: event.recipientId ?? '', price: earned });
}

function addEvent(
  row: MeasureTally,
  { of, outcome, fresh }: { of: CountedOf; outcome: CountedOutcome; fresh: number },
): void {
  const { submitted, leads, events } = MEASURES_OF[of];
  addAmount(row, events[outcome], 1);
  if ((fresh & MARK_OF_SUBMITTED[of]) !== 0) addAmount(row, submitted, 1);
  if ((fresh & ~MARK_OF_SUBMITTED[of]) !== 0) addAmount(row, leads[outcome], 1);
}

function rememberSale(seen: Seen, { recipientId, price }: { recipientId: string; price: number }): void {
  seen.sales ??= new Map();
  if (!seen.sales.has(recipientId)) seen.sales.set(recipientId, price);
}

function sumSource(
  levels: Levels,
  { event, bucket, fields }: { event: CountedEvent; bucket: number; fields: readonly string[] },
): void {
  const facts = sourceFactsOf(event);
  const bids = countBids(facts.distributions);
  const cost = moneyOf(facts.cost);
  for (const level of levels.ofLead) {
    const row = rowOf(levels, { level, bucket });
    addAmount(row, COST, cost);
    if (facts.ping_id !== undefined && event.outcome === 'success') addAmount(row, PING_WON, 1);
    addAmount(row, BIDS_ASKED, bids.asked);
    addAmount(row, BIDS_MADE, bids.made);
    addAmount(row, BIDS_WON, bids.won);
  }
  sumLatency(levels.place, { level: 'source', recipientId: '', event, ms: facts.total_ms });
  for (const fieldId of fields) addField(levels.place, { fieldId, bucket, leads: 1 });
}

/** How long the recipient took for a delivery. An attempt or a resolution has no latency. */
function sumDelivery(place: PlaceTallies, event: CountedEvent): void {
  if (event.outcome === 'skip') return;
  const { wait_ms: ms } = deliveryFactsOf(event);
  sumLatency(place, { level: 'recipient', recipientId: event.recipientId ?? '', event, ms });
}

function sumLatency(
  place: PlaceTallies,
  at: { level: Level; recipientId: string; event: CountedEvent; ms: number | undefined },
): void {
  const { level, recipientId, event, ms } = at;
  if (ms === undefined) return;
  const bucket = Math.floor(secondOf(event.id) / LATENCY_BUCKET_SECONDS);
  addLatency(place, { level, recipientId, bucket, slot: slotOf(ms), count: 1 });
}

/** Bids of the lead itself: what was asked during its ping counts with the ping. */
function countBids(distributions: readonly DistributionFacts[] = []): { asked: number; made: number; won: number } {
  const count = { asked: 0, made: 0, won: 0 };
  for (const { recipients } of distributions) {
    for (const { bid, verdict } of recipients) {
      if (!bid) continue;
      if (verdict === 'accepted') count.won += 1;
      if (bid.from === 'ping') continue;
      count.asked += 1;
      if (bid.price !== null) count.made += 1;
    }
  }
  return count;
}

/** Where something of one lead, or of one ping, is added. */
interface Levels {
  place: PlaceTallies;
  /** Of the source and of the purchase price: everything is added there. */
  ofLead: readonly [LevelOfLead, LevelOfLead];
  /** Of recipients and of sale prices, in the order in which they were needed. Few, so they are looked for one by one. */
  ofRecipients: LevelOfLead[];
}

interface LevelOfLead {
  level: Level;
  recipientId: string;
  price: number;
  /** Of the measures by lead that the lead is counted in. */
  marks: number;
  /** The last row that was added to: nearly always the next one, too. */
  row: MeasureTally | null;
}

function startLevels(place: PlaceTallies, purchasePrice: number): Levels {
  return {
    place,
    ofLead: [
      { level: 'source', recipientId: '', price: NO_PRICE, marks: 0, row: null },
      { level: 'purchase_price', recipientId: '', price: purchasePrice, marks: 0, row: null },
    ],
    ofRecipients: [],
  };
}

/** The levels that something adds to; null: it is of no recipient. */
function listLevels(
  levels: Levels,
  { recipientId, salePrice }: { recipientId: string | null; salePrice: number },
): readonly LevelOfLead[] {
  if (recipientId === null) return levels.ofLead;
  const [ofSource, ofPurchasePrice] = levels.ofLead;
  const ofRecipient = levelOf(levels, { level: 'recipient', recipientId, price: NO_PRICE });
  return [
    ofSource,
    ofPurchasePrice,
    ofRecipient,
    levelOf(levels, { level: 'sale_price', recipientId, price: salePrice }),
  ];
}

function levelOf({ ofRecipients }: Levels, at: Pick<LevelOfLead, 'level' | 'recipientId' | 'price'>): LevelOfLead {
  const { level, recipientId, price } = at;
  for (const known of ofRecipients) {
    if (known.price === price && known.level === level && known.recipientId === recipientId) return known;
  }
  const added: LevelOfLead = { level, recipientId, price, marks: 0, row: null };
  ofRecipients.push(added);
  return added;
}

function rowOf({ place }: Levels, { level: of, bucket }: { level: LevelOfLead; bucket: number }): MeasureTally {
  if (of.row?.bucket === bucket) return of.row;
  const { level, recipientId, price } = of;
  of.row = measureRow(place, { level, recipientId, price, bucket });
  return of.row;
}

/** Of what the event is counted; null: it is counted by its kind alone. */
function countedOf({ type, facts }: CountedEvent): CountedOf | null {
  if (type === 'source') return 'source';
  if (type === 'recipient' || type === 'retry') return 'recipient';
  if (type !== 'feedback-received' && type !== 'feedback-sent') return null;
  const { feedback_type: said } = facts as StoredFacts<'feedback-received'>; // the facts of its type
  if (said === undefined) return null;
  return type === 'feedback-received' ? `${said}-received` : `${said}-sent`;
}

function isCountedOutcome(outcome: string): outcome is CountedOutcome {
  return outcome === 'success' || outcome === 'failure' || outcome === 'error';
}

function isSale({ type, outcome }: CountedEvent): boolean {
  return (type === 'recipient' || type === 'retry') && outcome === 'success';
}

function salePriceOf(event: CountedEvent): number {
  return event.outcome === 'success' ? moneyOf(deliveryFactsOf(event).revenue) : 0;
}

function findPurchasePrice(events: readonly CountedEvent[]): number {
  const source = events.find(({ type }) => type === 'source');
  return source ? moneyOf(sourceFactsOf(source).purchase_price) : 0;
}

function sourceFactsOf({ facts }: CountedEvent): Partial<SourceFacts> {
  return facts as StoredFacts<'source'>; // the facts of its type
}

function deliveryFactsOf({ facts }: CountedEvent): Partial<RecipientFacts> {
  return facts as StoredFacts<'recipient'>; // the facts of its type
}

/** Facts have dollars. */
function moneyOf(dollars: number | undefined): number {
  if (dollars === undefined || dollars === 0) return 0;
  const money: Money | undefined = moneyFrom(dollars);
  return money ?? NO_MONEY;
}

/** The last one: ids that follow each other are mostly of the same second. */
let known = { prefix: '00000000', second: 0 };

function secondOf(id: string): number {
  const prefix = id.slice(0, 8);
  if (prefix !== known.prefix) known = { prefix, second: Number.parseInt(prefix, 16) };
  return known.second;
}

function bucketOf(id: string): number {
  return Math.floor(secondOf(id) / BUCKET_SECONDS);
}

const PLACES = new Map(MEASURES.map(({ name }, place) => [name, place]));

function placeOfMeasure(name: string): number {
  const place = PLACES.get(name);
  if (place === undefined) throw new Error(`invariant broken: ${name} is a measure`);
  return place;
}

interface MeasuresOf {
  submitted: number;
  leads: Record<CountedOutcome, number>;
  events: Record<CountedOutcome, number>;
}

const MEASURES_OF = Object.fromEntries(COUNTED_OF.map((of) => [of, placesOf(of)])) as Record<CountedOf, MeasuresOf>; // one for each

function placesOf(of: CountedOf): MeasuresOf {
  const prefix = of.replace('-', '_');
  const each = (what: string) =>
    Object.fromEntries(
      COUNTED_OUTCOMES.map((outcome) => [outcome, placeOfMeasure(`${prefix}_${what}_${outcome}`)]),
    ) as Record<CountedOutcome, number>; // one for each
  return { submitted: placeOfMeasure(`${prefix}_leads_submitted`), leads: each('leads'), events: each('events') };
}

/** A bit for the lead with such an event, and one for each outcome: 24 of 31. */
const MARK_BITS = 1 + COUNTED_OUTCOMES.length;

/** Whether the lead is counted as one that has such an event at all. */
const MARK_OF_SUBMITTED = Object.fromEntries(COUNTED_OF.map((of, index) => [of, 1 << (index * MARK_BITS)])) as Record<
  CountedOf,
  number
>; // one for each

/** The same, and as one that has it with the outcome. */
const MARKS_OF = Object.fromEntries(
  COUNTED_OF.map((of) => [
    of,
    Object.fromEntries(COUNTED_OUTCOMES.map((outcome, index) => [outcome, MARK_OF_SUBMITTED[of] * (1 + (2 << index))])),
  ]),
) as Record<CountedOf, Record<CountedOutcome, number>>; // one for each

const PING_SUBMITTED = placeOfMeasure('ping_submitted');
const PING_SUCCESS = placeOfMeasure('ping_success');
const PING_WON = placeOfMeasure('ping_won');
const BIDS_ASKED = placeOfMeasure('bids_asked');
const BIDS_MADE = placeOfMeasure('bids_made');
const BIDS_WON = placeOfMeasure('bids_won');
const COST = placeOfMeasure('cost');
const REVENUE = placeOfMeasure('revenue');
