import { HIDDEN } from '../model/hidden.ts';
import { textOf } from '../variables/rich-value.ts';
import { CLAUSES } from './sentences.ts';

/** A value beyond this length is cut: it is shown to recognise it. */
const SHOWN_CHARACTERS_MAX = 120;
/** What needs no quotes to stand out of the sentence around it. */
const PLAIN = /^[\p{L}\p{N}@.,:/*+_-]+$/u;

/** A value of a lead or a flow inside a sentence: on one line, cut, in quotes unless it is one word. */
export function shown(value: unknown): string {
  const text = oneLine(textOf(value));
  if (text === '') return CLAUSES.empty();
  if (text === HIDDEN) return HIDDEN;
  return PLAIN.test(text) && !/[.,:]$/.test(text) ? text : quoted(text);
}

/** In quotes always: names and reasons. */
export function quoted(value: unknown): string {
  return `"${oneLine(textOf(value)).replaceAll('"', "'")}"`;
}

/** A lead's values may hold line ends and controls, with which a sender could write sentences of their own. */
function oneLine(text: string): string {
  const head = text.slice(0, 4 * SHOWN_CHARACTERS_MAX);
  const flat = head.replace(/[\p{C}\p{Z}\s]+/gu, ' ').trim();
  if (flat.length <= SHOWN_CHARACTERS_MAX) return flat;
  // Never between the two halves of a character.
  return `${flat.slice(0, SHOWN_CHARACTERS_MAX - 1).replace(/[\ud800-\udbff]$/, '')}…`;
}

/** `5.00 dollars`, with four decimals where there are that many. */
export function writeAmount(dollars: number): string {
  return `${writeMoney(dollars)} dollars`;
}

/** `5.00`. */
export function writeMoney(dollars: number): string {
  return dollars.toFixed(4).replace(/00$/, '');
}
