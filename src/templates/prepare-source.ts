import { fail, ok, type Result } from '../lib/result.ts';
import { type PathSegment, parsePath } from '../variables/property-path.ts';
import { type TemplateError, templateErrorAt } from './template-error.ts';

/** Longer templates are refused; a text without tags may have any length. */
export const TEMPLATE_CHARACTERS_MAX = 65_536;
/** Tags, and parentheses inside one tag: together they bound the recursion of the parser. */
const TAGS_MAX = 1_000;
const PARENTHESES_MAX = 1_000;

export interface PreparedSource {
  /** What the Handlebars parser reads: the source with placeholders, at the same places and of the same length. */
  text: string;
  /** The segments each placeholder stands for. */
  segments: ReadonlyMap<string, readonly PathSegment[]>;
}

/**
 * Makes our paths readable for the Handlebars parser, which knows neither `items[0]`, `data{123}`, `a['b c']` nor a
 * number at the end of a path. Such a part becomes a name of private-use characters of the same length, so that the
 * parser's lines and columns stay true for the author's text. Literal text, strings and comments are not touched.
 */
export function prepareSource(source: string): Result<PreparedSource, TemplateError> {
  if (source.length > TEMPLATE_CHARACTERS_MAX) {
    return fail(templateErrorAt(source, 0, `A template has at most ${TEMPLATE_CHARACTERS_MAX} characters.`));
  }
  const scan: Scan = { source, at: 0, pieces: [], copiedTo: 0, segments: new Map(), fault: undefined };
  for (let tags = 0; scan.fault === undefined && findTag(scan); tags += 1) {
    if (tags >= TAGS_MAX) scan.fault = faultAt(scan, `A template has at most ${TAGS_MAX} tags.`);
    else scanTag(scan);
  }
  if (scan.fault) return fail(templateErrorAt(source, scan.fault.offset, scan.fault.message));
  scan.pieces.push(source.slice(scan.copiedTo));
  return ok({ text: scan.pieces.join(''), segments: scan.segments });
}

interface Scan {
  source: string;
  at: number;
  pieces: string[];
  copiedTo: number;
  segments: Map<string, readonly PathSegment[]>;
  fault: { offset: number; message: string } | undefined;
}

function faultAt(scan: Scan, message: string): { offset: number; message: string } {
  return { offset: scan.at, message };
}

/** Moves behind the `{{` of the next tag; `\{{` is text, `\\{{` a backslash and a tag. */
function findTag(scan: Scan): boolean {
  for (;;) {
    const start = scan.source.indexOf('{{', scan.at);
    if (start === -1) return false;
    scan.at = start;
    const isEscaped = scan.source[start - 1] === '\\' && scan.source[start - 2] !== '\\';
    if (!isEscaped) return true;
    scan.at = start + 2;
  }
}

/** Fixed patterns without nested repetition: each reads its text once. */
const COMMENT = /\{\{~?!(?:--[\s\S]*?--~?\}\}|(?!--)[\s\S]*?\}\})/y;
const OPENING = /\{\{\{?~?[#/^&>*!]*~?\s*/y;
const STRING = /"(?:\\"|[^"])*"|'(?:\\'|[^'])*'/y;
/** `{{1.3}}` alone in its tag: Handlebars would read a decimal, and fields of forms are numbered so. */
const NUMBERED_PATH = /\d+\.\d+(?=\s*~?\}\})/y;
const NUMBER = /-?\d+(?:\.\d+)?(?=[=~}\s)|])/y;
/** A name as Handlebars lexes one, and the groups it does not know. */
const NAME = /[^\s!"#%-,./;->@[-^`{-~]+/y;
const GROUPS = /(?:\[(?:"[^"]*"|'[^']*'|[^\]"']*)\]|\{[^{}]+\})+/y;
/** Handlebars reads `[first name]` where a name may stand. */
const KNOWN_GROUP = /^\[[^\]"']*\]$/;
const DIGITS = /^\d+$/;
const PRIVATE_USE = /[\ue000-\uf8ff]/;

function scanTag(scan: Scan): void {
  const start = scan.at;
  if (scan.source.startsWith('{{{{', start)) {
    scan.fault = faultAt(scan, 'Raw blocks in four braces are not part of the language: write two or three.');
    return;
  }
  if (read(scan, COMMENT) !== '') return;
  read(scan, OPENING);
  const head = scan.at;
  if (read(scan, NUMBERED_PATH) !== '') replaceSegment(scan, head);
  let parentheses = 0;
  while (scan.at < scan.source.length && scan.fault === undefined) {
    if (scan.source.startsWith('}}', scan.at)) {
      scan.at += 2;
      return;
    }
    if (scan.source[scan.at] === '(') parentheses += 1;
    if (parentheses > PARENTHESES_MAX) scan.fault = faultAt(scan, `A tag has at most ${PARENTHESES_MAX} parentheses.`);
    else scanToken(scan);
  }
  scan.fault ??= { offset: start, message: 'This tag is never closed: "}}" is missing.' };
}

/** One string, number, name with its groups, or any other character. */
function scanToken(scan: Scan): void {
  const start = scan.at;
  const previous = scan.source[start - 1] ?? '';
  const isInPath = previous === '.' || previous === '/';
  const quoted = read(scan, STRING);
  if (quoted !== '') {
    if (isInPath) replaceSegment(scan, start);
    return;
  }
  if (!isInPath && read(scan, NUMBER) !== '') return;
  const name = read(scan, NAME);
  const groups = read(scan, GROUPS);
  if (PRIVATE_USE.test(name)) {
    scan.fault = { offset: start, message: 'A name cannot contain private-use characters: write it in quotes.' };
  } else if (groups === '' && name === '') {
    scan.at += 1;
  } else if (isForeign({ name, groups, isInPath })) {
    replaceSegment(scan, start);
    if (read(scan, NAME) !== '') scan.fault = { offset: start, message: 'Write a dot behind the bracket or brace.' };
  }
}

/** Is this a part of a path the parser cannot read? */
function isForeign({ name, groups, isInPath }: { name: string; groups: string; isInPath: boolean }): boolean {
  if (groups === '') return isInPath && DIGITS.test(name);
  return name !== '' || !KNOWN_GROUP.test(groups);
}

function read(scan: Scan, pattern: RegExp): string {
  pattern.lastIndex = scan.at;
  const text = pattern.exec(scan.source)?.[0] ?? '';
  scan.at += text.length;
  return text;
}

/** The first private-use character numbers the placeholder, the second fills it up. */
const PLACEHOLDER_FIRST = 0xe001;
const FILLER = '\ue000';
const PLACEHOLDERS_MAX = 0xf8ff - PLACEHOLDER_FIRST;

function replaceSegment(scan: Scan, start: number): void {
  const written = scan.source.slice(start, scan.at);
  const segments = parsePath(written);
  if (!segments.ok || scan.segments.size >= PLACEHOLDERS_MAX) {
    scan.fault = { offset: start, message: segments.ok ? 'The template has too many paths.' : segments.error };
    return;
  }
  const placeholder = String.fromCharCode(PLACEHOLDER_FIRST + scan.segments.size) + FILLER.repeat(written.length - 1);
  scan.segments.set(placeholder, segments.value);
  scan.pieces.push(scan.source.slice(scan.copiedTo, start), placeholder);
  scan.copiedTo = scan.at;
}
