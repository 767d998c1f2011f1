import type { Level } from './measures.ts';

/*
 * What leads add to the tables of counts, summed up: the process that ends leads writes it beside them as JSON, and the fold
 * adds several of them together. Sums are by flow and source first, because all of a lead has the same.
 */

export interface Tallies {
  places: Map<string, PlaceTallies>;
}

export interface PlaceTallies {
  flowId: string;
  sourceId: string;
  kinds: Map<string, KindTally>;
  measures: Map<string, MeasureTally>;
  latencies: Map<string, LatencyTally>;
  fields: Map<string, FieldTally>;
}

/** Is it an event, a lead or a ping that is counted? */
export type Subject = 'event' | 'lead' | 'ping';

/** What happened, without when; '' where there is none. */
export interface Kind {
  subject: Subject;
  type: string;
  outcome: string;
  stepId: string;
  recipientId: string;
  reasonClass: string;
}

export interface KindTally {
  kind: Kind;
  /** Quarter of an hour. */
  bucket: number;
  events: number;
  /** Leads whose first event of the kind it is. */
  leads: number;
  firstId: string;
  lastId: string;
}

export interface MeasureTally {
  level: Level;
  recipientId: string;
  price: number;
  bucket: number;
  /** Places among MEASURES and their amounts take turns, as they are stored: few are used, and each lead adds to several rows. */
  amounts: number[];
}

export interface LatencyTally {
  level: Level;
  recipientId: string;
  /** Hour. */
  bucket: number;
  slot: number;
  count: number;
}

export interface FieldTally {
  fieldId: string;
  bucket: number;
  leads: number;
}

export function createTallies(): Tallies {
  return { places: new Map() };
}

export function placeOf(tallies: Tallies, { flowId, sourceId }: { flowId: string; sourceId: string }): PlaceTallies {
  const name = `${flowId} ${sourceId}`;
  let place = tallies.places.get(name);
  if (!place) {
    place = { flowId, sourceId, kinds: new Map(), measures: new Map(), latencies: new Map(), fields: new Map() };
    tallies.places.set(name, place);
  }
  return place;
}

export function nameKind({ subject, type, outcome, stepId, recipientId, reasonClass }: Kind): string {
  return `${subject}\t${type}\t${outcome}\t${stepId}\t${recipientId}\t${reasonClass}`;
}

/** `name` is the one of `nameKind`. */
export function addKind(place: PlaceTallies, added: KindTally & { name: string }): void {
  const { kind, bucket, events, leads, firstId, lastId, name } = added;
  const key = `${name}\t${bucket}`;
  const known = place.kinds.get(key);
  if (!known) {
    place.kinds.set(key, { kind, bucket, events, leads, firstId, lastId });
    return;
  }
  known.events += events;
  known.leads += leads;
  if (firstId < known.firstId) known.firstId = firstId;
  if (lastId > known.lastId) known.lastId = lastId;
}

/** The row of a level, bucket, recipient and price, to be added to. */
export function measureRow(place: PlaceTallies, at: Omit<MeasureTally, 'amounts'>): MeasureTally {
  const { level, recipientId, price, bucket } = at;
  const key = `${level} ${recipientId} ${price} ${bucket}`;
  let row = place.measures.get(key);
  if (!row) {
    row = { level, recipientId, price, bucket, amounts: [] };
    place.measures.set(key, row);
  }
  return row;
}

/** Nothing is added of nothing, so that a measure which nothing happened of stays empty. */
export function addAmount({ amounts }: MeasureTally, measure: number, amount: number): void {
  if (amount === 0) return;
  for (let at = 0; at < amounts.length; at += 2) {
    if (amounts[at] !== measure) continue;
    amounts[at + 1] = (amounts[at + 1] ?? 0) + amount;
    return;
  }
  amounts.push(measure, amount);
}

/** Adds amounts that take turns with the places of their measures. */
export function addAmounts(row: MeasureTally, amounts: readonly number[]): void {
  for (let at = 0; at < amounts.length; at += 2) addAmount(row, amounts[at] ?? 0, amounts[at + 1] ?? 0);
}

/** What was added by the place of the measure among MEASURES. */
export function listAmounts({ amounts }: Pick<MeasureTally, 'amounts'>): Map<number, number> {
  const byMeasure = new Map<number, number>();
  for (let at = 0; at < amounts.length; at += 2) byMeasure.set(amounts[at] ?? 0, amounts[at + 1] ?? 0);
  return byMeasure;
}

export function addLatency(place: PlaceTallies, added: LatencyTally): void {
  const { level, recipientId, bucket, slot, count } = added;
  const key = `${level} ${recipientId} ${bucket} ${slot}`;
  const known = place.latencies.get(key);
  if (known) known.count += count;
  else place.latencies.set(key, { level, recipientId, bucket, slot, count });
}

export function addField(place: PlaceTallies, { fieldId, bucket, leads }: FieldTally): void {
  const key = `${bucket} ${fieldId}`;
  const known = place.fields.get(key);
  if (known) known.leads += leads;
  else place.fields.set(key, { fieldId, bucket, leads });
}

/** Adds all of one to another. */
export function addTallies(into: Tallies, added: Tallies): void {
  for (const from of added.places.values()) {
    const place = placeOf(into, from);
    for (const { kind, bucket, events, leads, firstId, lastId } of from.kinds.values()) {
      addKind(place, { kind, name: nameKind(kind), bucket, events, leads, firstId, lastId });
    }
    for (const measured of from.measures.values()) {
      const row = measureRow(place, measured);
      addAmounts(row, measured.amounts);
    }
    for (const latency of from.latencies.values()) addLatency(place, latency);
    for (const field of from.fields.values()) addField(place, field);
  }
}
