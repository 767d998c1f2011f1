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
  first: FirstTallies;
}

/**
 * The first rows of a place, which are those of nearly all leads of a group: comparing with them takes a fraction of putting the name of
 * a row together and looking it up.
 */
interface FirstTallies {
  kinds: KindTally[];
  measures: MeasureTally[];
  latencies: LatencyTally[];
  /** By id, the first of each field. */
  fields: Map<string, FieldTally>;
}

const FIRST_MAX = 12;

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
    const first: FirstTallies = { kinds: [], measures: [], latencies: [], fields: new Map() };
    place = { flowId, sourceId, kinds: new Map(), measures: new Map(), latencies: new Map(), fields: new Map(), first };
    tallies.places.set(name, place);
  }
  return place;
}

function nameKind({ subject, type, outcome, stepId, recipientId, reasonClass }: Kind): string {
  return `${subject}\t${type}\t${outcome}\t${stepId}\t${recipientId}\t${reasonClass}`;
}

export function isSameKind(one: Kind, other: Kind): boolean {
  return (
    one.type === other.type &&
    one.outcome === other.outcome &&
    one.reasonClass === other.reasonClass &&
    one.stepId === other.stepId &&
    one.recipientId === other.recipientId &&
    one.subject === other.subject
  );
}

export function addKind(place: PlaceTallies, added: KindTally): void {
  const { events, leads, firstId, lastId } = added;
  const row = kindRow(place, added);
  row.events += events;
  row.leads += leads;
  if (firstId < row.firstId) row.firstId = firstId;
  if (lastId > row.lastId) row.lastId = lastId;
}

/** The row of a kind and bucket, to be added to. */
function kindRow({ kinds, first }: PlaceTallies, { kind, bucket, firstId, lastId }: KindTally): KindTally {
  for (const row of first.kinds) if (row.bucket === bucket && isSameKind(row.kind, kind)) return row;
  const key = `${nameKind(kind)}\t${bucket}`;
  let row = kinds.get(key);
  if (!row) {
    row = { kind, bucket, events: 0, leads: 0, firstId, lastId };
    kinds.set(key, row);
    if (first.kinds.length < FIRST_MAX) first.kinds.push(row);
  }
  return row;
}

/** Takes all rows of kinds out of a place. */
export function takeKinds({ kinds, first }: PlaceTallies): KindTally[] {
  const all = [...kinds.values()];
  kinds.clear();
  first.kinds = [];
  return all;
}

/** The row of a level, bucket, recipient and price, to be added to. */
export function measureRow({ measures, first }: PlaceTallies, at: Omit<MeasureTally, 'amounts'>): MeasureTally {
  const { level, recipientId, price, bucket } = at;
  for (const row of first.measures) {
    if (row.price === price && row.bucket === bucket && row.level === level && row.recipientId === recipientId)
      return row;
  }
  const key = `${level} ${recipientId} ${price} ${bucket}`;
  let row = measures.get(key);
  if (!row) {
    row = { level, recipientId, price, bucket, amounts: [] };
    measures.set(key, row);
    if (first.measures.length < FIRST_MAX) first.measures.push(row);
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

export function addLatency({ latencies, first }: PlaceTallies, added: LatencyTally): void {
  const { level, recipientId, bucket, slot, count } = added;
  for (const row of first.latencies) {
    if (row.slot !== slot || row.bucket !== bucket || row.level !== level || row.recipientId !== recipientId) continue;
    row.count += count;
    return;
  }
  const key = `${level} ${recipientId} ${bucket} ${slot}`;
  const known = latencies.get(key);
  if (known) {
    known.count += count;
    return;
  }
  const row = { level, recipientId, bucket, slot, count };
  latencies.set(key, row);
  if (first.latencies.length < FIRST_MAX) first.latencies.push(row);
}

export function addField({ fields, first }: PlaceTallies, { fieldId, bucket, leads }: FieldTally): void {
  const before = first.fields.get(fieldId);
  if (before?.bucket === bucket) {
    before.leads += leads;
    return;
  }
  const key = `${bucket} ${fieldId}`;
  const known = fields.get(key);
  if (known) {
    known.leads += leads;
    return;
  }
  const row = { fieldId, bucket, leads };
  fields.set(key, row);
  if (!before) first.fields.set(fieldId, row);
}

/** Adds all of one to another. */
export function addTallies(into: Tallies, added: Tallies): void {
  for (const from of added.places.values()) {
    const place = placeOf(into, from);
    for (const { kind, bucket, events, leads, firstId, lastId } of from.kinds.values()) {
      addKind(place, { kind, bucket, events, leads, firstId, lastId });
    }
    for (const measured of from.measures.values()) {
      const row = measureRow(place, measured);
      addAmounts(row, measured.amounts);
    }
    for (const latency of from.latencies.values()) addLatency(place, latency);
    for (const field of from.fields.values()) addField(place, field);
  }
}
