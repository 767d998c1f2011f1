import type { Inline } from './block.ts';

/** Marks within marks; what is deeper stays as it is written. */
const DEPTH_MAX = 4;
const ESCAPABLE = /^[!-/:-@[-`{-~]$/;

/**
 * The marks of a line of text: code, strong, emphasis, links, escapes (CommonMark 0.31, chapter 6, as far as our pages
 * use it). A mark that is not closed is text.
 */
export function parseInline(text: string, depth = 0): Inline[] {
  if (depth > DEPTH_MAX) return [{ kind: 'text', text }];
  const found: Inline[] = [];
  let plain = '';
  let place = 0;
  while (place < text.length) {
    const mark = readMark(text, { place, depth });
    if (mark === null) {
      plain += text[place] ?? '';
      place += 1;
    } else if (typeof mark.inline === 'string') {
      plain += mark.inline;
      place = mark.end;
    } else {
      if (plain !== '') found.push({ kind: 'text', text: plain });
      plain = '';
      found.push(mark.inline);
      place = mark.end;
    }
  }
  if (plain !== '') found.push({ kind: 'text', text: plain });
  return found;
}

interface Mark {
  /** A text: it is no mark, and read at once. */
  inline: Inline | string;
  end: number;
}

/** null: no mark begins here. */
function readMark(text: string, { place, depth }: { place: number; depth: number }): Mark | null {
  switch (text[place]) {
    case '\\':
      return ESCAPABLE.test(text[place + 1] ?? '') ? { inline: text[place + 1] ?? '', end: place + 2 } : null;
    case '`':
      return readCode(text, place);
    case '[':
      return readLink(text, { place, depth });
    case '*':
      return readStars(text, { place, depth });
    default:
      return null;
  }
}

/** As many backquotes close it as opened it; more or fewer are in it. */
function readCode(text: string, place: number): Mark {
  const ticks = runAt(text, place);
  const end = findCodeEnd(text, { from: place + ticks, ticks });
  // All of them are text: none opens a shorter code.
  if (end === -1) return { inline: '`'.repeat(ticks), end: place + ticks };
  const code = text.slice(place + ticks, end).replaceAll('\n', ' ');
  const isPadded = code.startsWith(' ') && code.endsWith(' ') && code.trim() !== '';
  return { inline: { kind: 'code', text: isPadded ? code.slice(1, -1) : code }, end: end + ticks };
}

function findCodeEnd(text: string, { from, ticks }: { from: number; ticks: number }): number {
  for (let at = text.indexOf('`', from); at !== -1; ) {
    const run = runAt(text, at);
    if (run === ticks) return at;
    at = text.indexOf('`', at + run);
  }
  return -1;
}

function runAt(text: string, place: number): number {
  let end = place;
  while (text[end] === text[place]) end += 1;
  return end - place;
}

const TARGET = /^\(([^()\s]*)\)/;

function readLink(text: string, { place, depth }: { place: number; depth: number }): Mark | null {
  const end = findEnd(text, { from: place + 1, isEnd: (at) => text[at] === ']' });
  if (end === -1) return null;
  const target = TARGET.exec(text.slice(end + 1));
  if (!target) return null;
  const children = parseInline(text.slice(place + 1, end), depth + 1);
  return { inline: { kind: 'link', target: target[1] ?? '', children }, end: end + 1 + target[0].length };
}

/** One star is emphasis, two are strong; neither begins before a space nor ends behind one. */
function readStars(text: string, { place, depth }: { place: number; depth: number }): Mark | null {
  const stars = Math.min(runAt(text, place), 2);
  if (/^\s?$/.test(text[place + stars] ?? '')) return { inline: '*'.repeat(stars), end: place + stars };
  const isEnd = (at: number) => text[at] === '*' && runAt(text, at) >= stars && !/\s/.test(text[at - 1] ?? ' ');
  const end = findEnd(text, { from: place + stars, isEnd, stars });
  if (end === -1) return { inline: '*'.repeat(stars), end: place + stars };
  const children = parseInline(text.slice(place + stars, end), depth + 1);
  return { inline: { kind: stars === 2 ? 'strong' : 'emphasis', children }, end: end + stars };
}

/** The first end that is in no code, no link's text and not escaped; -1: there is none. */
function findEnd(
  text: string,
  { from, isEnd, stars = 0 }: { from: number; isEnd(at: number): boolean; stars?: number },
): number {
  let at = from;
  while (at < text.length) {
    if (isEnd(at) && !(stars === 1 && runAt(text, at) === 2)) return at;
    if (text[at] === '\\') at += 2;
    else if (text[at] === '`') at = readCode(text, at).end;
    else if (text[at] === '*') at += runAt(text, at);
    else at += 1;
  }
  return -1;
}
