import { instantOfWallTime } from './wall-time.ts';
import { isZone } from './zones.ts';

/** A part of a sentence: text as it is, or a moment, epoch ms. */
export type SentencePart = { kind: 'text'; text: string } | { kind: 'moment'; at: number };

/** `2026-11-28T09:51:14.739Z`, and `2026-11-28 09:51 America/Chicago`, as sentences of the API have times. */
const MOMENT = /\b(\d{4}-\d\d-\d\d)(?:T(\d\d:\d\d:\d\d(?:\.\d{1,3})?)Z| (\d\d:\d\d) ([A-Z]\w*(?:\/[\w+-]+)*))(?!\w)/g;

/** The parts of a sentence of the API. What only looks like a time stays text. */
export function splitMoments(sentence: string): SentencePart[] {
  const parts: SentencePart[] = [];
  let end = 0;
  for (const found of sentence.matchAll(MOMENT)) {
    const at = instantOf(found);
    if (at === null) continue;
    if (found.index > end) parts.push({ kind: 'text', text: sentence.slice(end, found.index) });
    parts.push({ kind: 'moment', at });
    end = found.index + found[0].length;
  }
  if (end < sentence.length) parts.push({ kind: 'text', text: sentence.slice(end) });
  return parts;
}

function instantOf([, day, utc, wall, zone]: RegExpExecArray): number | null {
  if (utc !== undefined) return orNull(Date.parse(`${day}T${utc}Z`));
  if (!isZone(zone)) return null;
  return instantOfWallTime(`${day}T${wall}`, zone);
}

function orNull(instant: number): number | null {
  return Number.isNaN(instant) ? null : instant;
}
