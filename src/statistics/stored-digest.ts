import { DIGEST_VERSION } from '../stored/digest-version.ts';
import { assertKnownVersion } from '../stored/version.ts';
import type { Level } from './measures.ts';
import type { FieldTally, Kind, KindTally, LatencyTally, MeasureTally, Subject, Tallies } from './tallies.ts';
import { addAmounts, addField, addKind, addLatency, createTallies, measureRow, placeOf } from './tallies.ts';

/*
 * What a row of `digests` holds, as JSON text: written beside leads, read seconds later by the fold. Arrays, not objects: it
 * is written for every lead, and its names would be most of it.
 */

interface StoredTallies {
  version: number;
  places: StoredPlace[];
}

type StoredPlace = [
  flowId: string,
  sourceId: string,
  kinds: StoredKind[],
  measures: StoredMeasure[],
  latencies: StoredLatency[],
  fields: StoredField[],
];
type StoredKind = [
  subject: Subject,
  type: string,
  outcome: string,
  stepId: string,
  recipientId: string,
  reasonClass: string,
  bucket: number,
  events: number,
  leads: number,
  firstId: string,
  lastId: string,
];
/** The places of measures and their amounts take turns. */
type StoredMeasure = [level: Level, recipientId: string, price: number, bucket: number, amounts: number[]];
type StoredLatency = [level: Level, recipientId: string, bucket: number, slot: number, count: number];
type StoredField = [fieldId: string, bucket: number, leads: number];

/** JSON text. */
export function writeTallies({ places }: Tallies): string {
  const stored: StoredTallies = {
    version: DIGEST_VERSION,
    places: Array.from(places.values(), ({ flowId, sourceId, kinds, measures, latencies, fields }) => [
      flowId,
      sourceId,
      Array.from(kinds.values(), writeKind),
      Array.from(measures.values(), writeMeasure),
      Array.from(latencies.values(), writeLatency),
      Array.from(fields.values(), writeField),
    ]),
  };
  return JSON.stringify(stored);
}

function writeKind({ kind, bucket, events, leads, firstId, lastId }: KindTally): StoredKind {
  const { subject, type, outcome, stepId, recipientId, reasonClass } = kind;
  return [subject, type, outcome, stepId, recipientId, reasonClass, bucket, events, leads, firstId, lastId];
}

function writeMeasure({ level, recipientId, price, bucket, amounts }: MeasureTally): StoredMeasure {
  return [level, recipientId, price, bucket, amounts];
}

function writeLatency({ level, recipientId, bucket, slot, count }: LatencyTally): StoredLatency {
  return [level, recipientId, bucket, slot, count];
}

function writeField({ fieldId, bucket, leads }: FieldTally): StoredField {
  return [fieldId, bucket, leads];
}

/** Throws on a version that this program does not know. */
export function parseTallies(text: string): Tallies {
  const stored = JSON.parse(text) as StoredTallies; // written by writeTallies alone
  assertKnownVersion(stored, { what: 'A digest', newest: DIGEST_VERSION });
  const tallies = createTallies();
  for (const [flowId, sourceId, kinds, measures, latencies, fields] of stored.places) {
    const place = placeOf(tallies, { flowId, sourceId });
    for (const [subject, type, outcome, stepId, recipientId, reasonClass, bucket, ...counts] of kinds) {
      const kind: Kind = { subject, type, outcome, stepId, recipientId, reasonClass };
      const [events, leads, firstId, lastId] = counts;
      addKind(place, { kind, bucket, events, leads, firstId, lastId });
    }
    for (const [level, recipientId, price, bucket, amounts] of measures) {
      const row = measureRow(place, { level, recipientId, price, bucket });
      addAmounts(row, amounts);
    }
    for (const [level, recipientId, bucket, slot, count] of latencies) {
      addLatency(place, { level, recipientId, bucket, slot, count });
    }
    for (const [fieldId, bucket, leads] of fields) addField(place, { fieldId, bucket, leads });
  }
  return tallies;
}

/** What is to be counted by reading it: events of leads from one `seq` to another, corrections of money, pings. */
export interface Later {
  leads: LaterLead[];
  pingIds: string[];
}

export interface LaterLead {
  leadId: string;
  /** Events from `from` to `to`; none when `to` is below `from`. */
  from: number;
  to: number;
  /** Ids of money entries. */
  entryIds: readonly string[];
}

interface StoredLater {
  version: number;
  leads: [leadId: string, from: number, to: number, ...entryIds: string[]][];
  pings: string[];
}

/** JSON text. */
export function writeLater({ leads, pingIds }: Later): string {
  const stored: StoredLater = {
    version: DIGEST_VERSION,
    leads: leads.map(({ leadId, from, to, entryIds }) => [leadId, from, to, ...entryIds]),
    pings: pingIds,
  };
  return JSON.stringify(stored);
}

/** Throws on a version that this program does not know. */
export function parseLater(text: string): Later {
  const stored = JSON.parse(text) as StoredLater; // written by writeLater alone
  assertKnownVersion(stored, { what: 'A digest', newest: DIGEST_VERSION });
  return {
    leads: stored.leads.map(([leadId, from, to, ...entryIds]) => ({ leadId, from, to, entryIds })),
    pingIds: stored.pings,
  };
}

/** What a lead is found by, as src/search/lead-words.ts makes it. */
export type WordsOfLead = readonly [leadId: string, words: string];

interface StoredWords {
  version: number;
  leads: WordsOfLead[];
}

/** JSON text. */
export function writeWords(leads: readonly WordsOfLead[]): string {
  const stored: StoredWords = { version: DIGEST_VERSION, leads: [...leads] };
  return JSON.stringify(stored);
}

/** Of version 0, which had none, it is the list alone. Throws on a version that this program does not know. */
export function parseWords(text: string): readonly WordsOfLead[] {
  const stored = JSON.parse(text) as StoredWords | WordsOfLead[]; // written by writeWords alone
  assertKnownVersion(stored, { what: 'A digest', newest: DIGEST_VERSION });
  return Array.isArray(stored) ? stored : stored.leads;
}
