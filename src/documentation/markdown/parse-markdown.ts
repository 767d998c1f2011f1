import { finish, type Sliced } from '../../lib/slices.ts';
import type { Block, Inline, ListBlock, TableBlock } from './block.ts';
import { parseInline } from './parse-inline.ts';

/** Lists within lists; what is deeper is a paragraph. */
const DEPTH_MAX = 6;
const HEADING = /^(#{1,6}) +(.*?) *#*$/;
const FENCE = /^(`{3,})([^`]*)$/;
const COMMENT = /^<!--.*-->$/;
const BULLET = /^(-) +(?=\S)/;
const NUMBER = /^(\d{1,9})\. +(?=\S)/;
const DELIMITERS = /^\|(?: *:?-+:? *\|)+ *$/;

interface Read {
  block: Block | null;
  /** The line behind it. */
  next: number;
}

/**
 * The blocks of a page: headings, paragraphs, code, lists and tables as our pages write them (CommonMark 0.31 and the
 * tables of GFM). Comments are left out. Anything else is a paragraph, so nothing of a page is lost.
 */
export function parseMarkdown(text: string): Sliced<Block[]> {
  return parseLines(text.split(/\r?\n/), 0);
}

function* parseLines(lines: readonly string[], depth: number): Sliced<Block[]> {
  const blocks: Block[] = [];
  let at = 0;
  while (at < lines.length) {
    const { block, next } = readBlock(lines, { at, depth });
    if (block) blocks.push(block);
    at = next;
    yield;
  }
  return blocks;
}

function readBlock(lines: readonly string[], { at, depth }: { at: number; depth: number }): Read {
  const line = lines[at] ?? '';
  if (line.trim() === '' || COMMENT.test(line.trim())) return { block: null, next: at + 1 };
  const heading = HEADING.exec(line);
  if (heading) {
    const [, marks = '', title = ''] = heading;
    return { block: { kind: 'heading', level: marks.length, children: parseInline(title) }, next: at + 1 };
  }
  if (FENCE.test(line)) return readFence(lines, at);
  if (isTable(lines, at)) return readTable(lines, at);
  if (markerOf(line) !== null && depth < DEPTH_MAX) return readList(lines, { at, depth });
  return readParagraph(lines, at);
}

function readFence(lines: readonly string[], at: number): Read {
  const [, ticks = '', language = ''] = FENCE.exec(lines[at] ?? '') ?? [];
  const close = lines.findIndex((line, place) => place > at && line.startsWith(ticks) && /^`+ *$/.test(line));
  const end = close === -1 ? lines.length : close;
  const text = lines.slice(at + 1, end).join('\n');
  return { block: { kind: 'code', language: language.trim(), text }, next: end + 1 };
}

function isTable(lines: readonly string[], at: number): boolean {
  return (lines[at] ?? '').startsWith('|') && DELIMITERS.test(lines[at + 1] ?? '');
}

function readTable(lines: readonly string[], at: number): Read {
  const columns = readCells(lines[at] ?? '');
  let next = at + 2;
  const rows: TableBlock['rows'][number][] = [];
  for (; (lines[next] ?? '').startsWith('|'); next += 1) {
    const cells = readCells(lines[next] ?? '');
    // As many as there are columns (GFM 4.10).
    rows.push(columns.map((_, place) => cells[place] ?? []));
  }
  return { block: { kind: 'table', columns, rows }, next };
}

/** A `\|` is a bar of the cell, in code too (GFM 4.10). */
function readCells(line: string): Inline[][] {
  const inner = line
    .trim()
    .replace(/^\|/, '')
    .replace(/(?<!\\)\|$/, '');
  return inner.split(/(?<!\\)\|/).map((cell) => parseInline(cell.trim().replaceAll('\\|', '|')));
}

interface Marker {
  number: number | null;
  /** Where the text of the item begins: its further lines are indented as far. */
  width: number;
}

function markerOf(line: string): Marker | null {
  const bullet = BULLET.exec(line);
  if (bullet) return { number: null, width: bullet[0].length };
  const number = NUMBER.exec(line);
  return number && { number: Number(number[1]), width: number[0].length };
}

function readList(lines: readonly string[], { at, depth }: { at: number; depth: number }): Read {
  const first = markerOf(lines[at] ?? '');
  const isOrdered = first?.number != null;
  const items: ListBlock['items'][number][] = [];
  let next = at;
  for (let marker = first; marker && (marker.number !== null) === isOrdered; marker = markerOf(lines[next] ?? '')) {
    const { own, end } = readItem(lines, { at: next, width: marker.width });
    items.push(finish(parseLines(own, depth + 1)));
    next = end;
  }
  return { block: { kind: 'list', start: first?.number ?? null, items }, next };
}

/** The lines of an item without their indentation. Empty ones belong to it when it goes on behind them. */
function readItem(lines: readonly string[], { at, width }: { at: number; width: number }) {
  const own = [(lines[at] ?? '').slice(width)];
  let end = at + 1;
  for (let next = end; next < lines.length; next += 1) {
    const line = lines[next] ?? '';
    if (line.trim() === '') continue;
    const isIndented = line.startsWith(' '.repeat(width));
    // A paragraph may go on without indentation, right behind its line (CommonMark 5.2, laziness).
    const isLazy = next === end && markerOf(line) === null && !beginsBlock(lines, next);
    if (!isIndented && !isLazy) break;
    own.push(...lines.slice(end, next), isIndented ? line.slice(width) : line);
    end = next + 1;
  }
  const rest = lines.slice(end).findIndex((line) => line.trim() !== '');
  // Items may have empty lines between them.
  return { own, end: rest > 0 && markerOf(lines[end + rest] ?? '') ? end + rest : end };
}

function readParagraph(lines: readonly string[], at: number): Read {
  let next = at + 1;
  while (next < lines.length && (lines[next] ?? '').trim() !== '' && !interrupts(lines, next)) next += 1;
  const text = lines
    .slice(at, next)
    .map((line) => line.trim())
    .join('\n');
  return { block: { kind: 'paragraph', children: parseInline(text) }, next };
}

function interrupts(lines: readonly string[], at: number): boolean {
  const marker = markerOf(lines[at] ?? '');
  // A number at the begin of a line is rather a part of a sentence, unless it is 1 (CommonMark 5.3).
  return beginsBlock(lines, at) || (marker !== null && (marker.number === null || marker.number === 1));
}

function beginsBlock(lines: readonly string[], at: number): boolean {
  const line = lines[at] ?? '';
  return HEADING.test(line) || FENCE.test(line) || COMMENT.test(line.trim()) || isTable(lines, at);
}
