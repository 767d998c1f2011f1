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
  type Kind,
  measureRow,
  nameKind,
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
  const events = lead.events.filter(({ seq }) => seq <= to);
  const seen: Seen = {
    kinds: new Set(),
    measures: new Set(),
    sales: new Map(),
    purchasePrice: findPurchasePrice(lead.events),
  };
  if (from === 0) sumSubject(place, { ...lead, id: lead.leadId, subject: 'lead' });
  for (const event of events) {
    const isAdded = event.seq >= from;
    sumKind(place, { event, seen, isAdded });
    const counted = countedOf(event);
    if (counted && isCountedOutcome(event.outcome)) {
      sumMeasures(place, { event, of: counted, outcome: event.outcome, seen, isAdded });
    }
    if (isAdded && event.type === 'source') sumSource(place, { event, fields: lead.fields, seen });
    if (event.type === 'recipient' || event.type === 'retry') sumDelivery(place, { event, seen, isAdded });
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
  const place = placeOf(tallies, lead);
  const bucket = bucketOf(entry.id);
  const purchasePrice = findPurchasePrice(lead.events);
  const { recipientId } = entry;
  const sale = lead.events.find((event) => isSale(event) && event.recipientId === recipientId);
  const measure = entry.kind === 'cost' ? COST : REVENUE;
  const given = { recipientId: entry.kind === 'cost' ? null : recipientId, salePrice: sale ? salePriceOf(sale) : 0 };
  for (const at of listLevels({ ...given, purchasePrice })) {
    addAmount(measureRow(place, { ...at, bucket }), measure, entry.amount);
  }
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
  sumSubject(place, { ...ping, subject: 'ping' });
  const bucket = bucketOf(ping.id);
  const bids = countBids(ping.distributions);
  for (const at of listLevels({ recipientId: null, purchasePrice: ping.price, salePrice: 0 })) {
    const row = measureRow(place, { ...at, bucket });
    addAmount(row, PING_SUBMITTED, 1);
    if (ping.outcome === 'success') addAmount(row, PING_SUCCESS, 1);
    addAmount(row, BIDS_ASKED, bids.asked);
    addAmount(row, BIDS_MADE, bids.made);
  }
}

/** What came before the event that is added. */
interface Seen {
  kinds: Set<string>;
  /** Levels and measures by lead. */
  measures: Set<string>;
  /** The price of the first sale by recipient. */
  sales: Map<string, number>;
  purchasePrice: number;
}

function sumSubject(
  place: PlaceTallies,
  at: { subject: 'lead' | 'ping'; id: string; outcome: string; reason: string | null },
): void {
  const { subject, id, outcome } = at;
  const kind: Kind = {
    ...{ subject, type: '', outcome, stepId: '', recipientId: '' },
    reasonClass: classifyReason(at.reason),
  };
  addKind(place, { kind, name: nameKind(kind), bucket: bucketOf(id), events: 1, leads: 1, firstId: id, lastId: id });
}

function sumKind(
  place: PlaceTallies,
  { event, seen, isAdded }: { event: CountedEvent; seen: Seen; isAdded: boolean },
): void {
  const { id, type, outcome } = event;
  const kind: Kind = {
    ...{ subject: 'event', type, outcome, stepId: event.stepId ?? '', recipientId: event.recipientId ?? '' },
    reasonClass: classifyReason(event.reason),
  };
  const name = nameKind(kind);
  const leads = seen.kinds.has(name) ? 0 : 1;
  seen.kinds.add(name);
  if (isAdded) addKind(place, { kind, name, bucket: bucketOf(id), events: 1, leads, firstId: id, lastId: id });
}

function sumMeasures(
  place: PlaceTallies,
  at: { event: CountedEvent; of: CountedOf; outcome: CountedOutcome; seen: Seen; isAdded: boolean },
): void {
  const { event, of, outcome, seen, isAdded } = at;
  const { submitted, leads, events } = MEASURES_OF[of];
  const bucket = bucketOf(event.id);
  const salePrice = of === 'recipient' ? salePriceOf(event) : (seen.sales.get(event.recipientId ?? '') ?? 0);
  const recipientId = of === 'source' ? null : event.recipientId;
  for (const level of listLevels({ recipientId, purchasePrice: seen.purchasePrice, salePrice })) {
    const row = isAdded ? measureRow(place, { ...level, bucket }) : null;
    if (row) addAmount(row, events[outcome], 1);
    for (const measure of [submitted, leads[outcome]]) {
      const name = `${level.level} ${level.recipientId} ${level.price} ${measure}`;
      if (seen.measures.has(name)) continue;
      seen.measures.add(name);
      if (row) addAmount(row, measure, 1);
    }
  }
}

function sumSource(
  place: PlaceTallies,
  { event, fields, seen }: { event: CountedEvent; fields: readonly string[]; seen: Seen },
): void {
  const facts = sourceFactsOf(event);
  const bucket = bucketOf(event.id);
  const bids = countBids(facts.distributions);
  const cost = moneyOf(facts.cost);
  for (const level of listLevels({ recipientId: null, purchasePrice: seen.purchasePrice, salePrice: 0 })) {
    const row = measureRow(place, { ...level, bucket });
    addAmount(row, COST, cost);
    if (facts.ping_id !== undefined && event.outcome === 'success') addAmount(row, PING_WON, 1);
    addAmount(row, BIDS_ASKED, bids.asked);
    addAmount(row, BIDS_MADE, bids.made);
    addAmount(row, BIDS_WON, bids.won);
  }
  sumLatency(place, { level: 'source', recipientId: '', event, ms: facts.total_ms });
  for (const fieldId of fields) addField(place, { fieldId, bucket, leads: 1 });
}

/** What a delivery earned, and how long the recipient took for it. An attempt or a resolution has no latency. */
function sumDelivery(
  place: PlaceTallies,
  { event, seen, isAdded }: { event: CountedEvent; seen: Seen; isAdded: boolean },
): void {
  const { recipientId, type, outcome } = event;
  const { wait_ms: waitMs } = deliveryFactsOf(event);
  if (isAdded && type === 'recipient' && outcome !== 'skip') {
    sumLatency(place, { level: 'recipient', recipientId: recipientId ?? '', event, ms: waitMs });
  }
  if (!isSale(event)) return;
  const salePrice = salePriceOf(event);
  if (!seen.sales.has(recipientId ?? '')) seen.sales.set(recipientId ?? '', salePrice);
  if (!isAdded || salePrice === 0) return;
  const bucket = bucketOf(event.id);
  for (const level of listLevels({ recipientId, purchasePrice: seen.purchasePrice, salePrice })) {
    addAmount(measureRow(place, { ...level, bucket }), REVENUE, salePrice);
  }
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

/** The rows that something adds to; null: it is of no recipient. */
function listLevels(of: {
  recipientId: string | null;
  purchasePrice: number;
  salePrice: number;
}): { level: Level; recipientId: string; price: number }[] {
  const { recipientId, purchasePrice, salePrice } = of;
  const levels: { level: Level; recipientId: string; price: number }[] = [
    { level: 'source', recipientId: '', price: NO_PRICE },
    { level: 'purchase_price', recipientId: '', price: purchasePrice },
  ];
  if (recipientId === null) return levels;
  levels.push({ level: 'recipient', recipientId, price: NO_PRICE });
  levels.push({ level: 'sale_price', recipientId, price: salePrice });
  return levels;
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

function secondOf(id: string): number {
  return Number.parseInt(id.slice(0, 8), 16);
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

const PING_SUBMITTED = placeOfMeasure('ping_submitted');
const PING_SUCCESS = placeOfMeasure('ping_success');
const PING_WON = placeOfMeasure('ping_won');
const BIDS_ASKED = placeOfMeasure('bids_asked');
const BIDS_MADE = placeOfMeasure('bids_made');
const BIDS_WON = placeOfMeasure('bids_won');
const COST = placeOfMeasure('cost');
const REVENUE = placeOfMeasure('revenue');
