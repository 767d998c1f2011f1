import { fail, ok, type Result } from './result.ts';
import type { Sliced } from './slices.ts';

/** A piece takes `JSON.parse` less than a millisecond. */
export const PIECE_CHARACTERS = 32_768;

export interface JsonBounds {
  /** How many lists and objects may lie in each other. */
  levelsMax: number;
  /** Absent: `PIECE_CHARACTERS`. A list or object that is longer is read member by member. */
  pieceCharacters?: number;
}

export type JsonRefusal = 'malformed' | 'too-deep';

/**
 * Reads JSON as `JSON.parse` does, in pieces between which it pauses: the parser itself cannot be interrupted, and takes
 * 40 ms for 4 MiB. Only brackets, commas and texts are looked for here; every piece between them goes to `JSON.parse`.
 */
export function* parseJsonInSlices(text: string, bounds: JsonBounds): Sliced<Result<unknown, JsonRefusal>> {
  const { levelsMax, pieceCharacters = PIECE_CHARACTERS } = bounds;
  const open: Open[] = [];
  let pauseAt = pieceCharacters;
  try {
    for (let at = 0; at < text.length; at += 1) {
      if (at >= pauseAt) {
        yield;
        pauseAt = at + pieceCharacters;
      }
      const sign = text.charCodeAt(at);
      if (sign === QUOTE) at = endOfText(text, at);
      else if (sign === OPEN_LIST || sign === OPEN_OBJECT) {
        if (open.length === levelsMax) return fail('too-deep');
        open.push(openAt(at, sign === OPEN_LIST));
      } else if (sign === COMMA) {
        endMember(text, { around: open.at(-1), at, pieceCharacters });
      } else if (sign === CLOSE_LIST || sign === CLOSE_OBJECT) {
        const closed = open.pop();
        if (!closed) return fail('malformed');
        const around = open.at(-1);
        close(text, {
          closed,
          at,
          isList: sign === CLOSE_LIST,
          isLong: !around || at - closed.startsAt > pieceCharacters,
        });
        if (!around) return endOfJson(text, { root: closed, at });
        if (closed.value !== null) addMember(text, { around, member: closed, at });
      }
    }
    return open.length > 0 ? fail('malformed') : ok(JSON.parse(text));
  } catch (error) {
    if (error instanceof SyntaxError) return fail('malformed');
    throw error;
  }
}

/** A list or an object whose end was not met yet. */
interface Open {
  isList: boolean;
  /** Of its bracket. */
  startsAt: number;
  /** Where the member begins that is looked at. */
  memberAt: number;
  /** Where the members begin that were not read yet. */
  unreadAt: number;
  /** The member before `unreadAt` was read by itself: what follows it must be a comma or the end. */
  isBehindMember: boolean;
  /** What was read of it; null: nothing, and it is read in one piece with what is around it. */
  value: unknown[] | Record<string, unknown> | null;
}

function openAt(at: number, isList: boolean): Open {
  return { isList, startsAt: at, memberAt: at + 1, unreadAt: at + 1, isBehindMember: false, value: null };
}

/** At a comma. Members that were not read yet are read when they are a piece. */
function endMember(text: string, place: { around: Open | undefined; at: number; pieceCharacters: number }): void {
  const { around, at, pieceCharacters } = place;
  if (!around) throw new SyntaxError();
  if (around.isBehindMember) expectBlank(text, around.unreadAt, at);
  else if (at - around.unreadAt > pieceCharacters) readMembers(text, around, at);
  else {
    around.memberAt = at + 1;
    return;
  }
  around.isBehindMember = false;
  around.memberAt = at + 1;
  around.unreadAt = at + 1;
}

/** At a closing bracket. What is short and was not begun yet is left to what is around it. */
function close(text: string, end: { closed: Open; at: number; isList: boolean; isLong: boolean }): void {
  const { closed, at, isList, isLong } = end;
  if (closed.value === null) {
    // An edge: what JSON.parse makes of brackets is a list or an object.
    if (isLong) closed.value = JSON.parse(text.slice(closed.startsAt, at + 1)) as Open['value'];
    return;
  }
  if (closed.isList !== isList) throw new SyntaxError();
  if (closed.isBehindMember) expectBlank(text, closed.unreadAt, at);
  else readMembers(text, closed, at);
}

function endOfJson(text: string, { root, at }: { root: Open; at: number }): Result<unknown, JsonRefusal> {
  expectBlank(text, 0, root.startsAt);
  expectBlank(text, at + 1, text.length);
  return ok(root.value);
}

/** A member that was read by itself, with its name where it has one; the members before it are read now. */
function addMember(text: string, { around, member, at }: { around: Open; member: Open; at: number }): void {
  if (around.memberAt > around.unreadAt) readMembers(text, around, around.memberAt - 1);
  around.value ??= around.isList ? [] : {};
  const { value } = around;
  if (Array.isArray(value)) {
    expectBlank(text, around.memberAt, member.startsAt);
    value.push(member.value);
  } else {
    const named = Object.keys(JSON.parse(`{${text.slice(around.memberAt, member.startsAt)}0}`));
    if (named.length !== 1) throw new SyntaxError();
    define(value, named[0] ?? '', member.value);
  }
  around.unreadAt = at + 1;
  around.isBehindMember = true;
}

/** Those from `unreadAt` to the comma or bracket at `end`: there is one at least. */
function readMembers(text: string, around: Open, end: number): void {
  const members = text.slice(around.unreadAt, end);
  if (BLANK.test(members)) throw new SyntaxError();
  around.value ??= around.isList ? [] : {};
  const { value } = around;
  if (Array.isArray(value)) for (const member of JSON.parse(`[${members}]`)) value.push(member);
  else for (const [name, member] of Object.entries(JSON.parse(`{${members}}`))) define(value, name, member);
}

/** As JSON.parse does, for which `__proto__` is a name like others. */
function define(owner: Record<string, unknown>, name: string, value: unknown): void {
  if (name !== '__proto__') owner[name] = value;
  else Object.defineProperty(owner, name, { value, configurable: true, enumerable: true, writable: true });
}

function expectBlank(text: string, from: number, to: number): void {
  if (!BLANK.test(text.slice(from, to))) throw new SyntaxError();
}

const BLANK = /^[ \t\n\r]*$/;

/** The place of the closing quote; the end of the text: there is none. */
export function endOfText(json: string, start: number): number {
  for (let end = json.indexOf('"', start + 1); end !== -1; end = json.indexOf('"', end + 1)) {
    let escapes = 0;
    while (json.charCodeAt(end - 1 - escapes) === BACKSLASH) escapes += 1;
    if (escapes % 2 === 0) return end;
  }
  return json.length;
}

const COMMA = 0x2c;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN_LIST = 0x5b;
const CLOSE_LIST = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;
