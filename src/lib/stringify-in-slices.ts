import type { Sliced } from './slices.ts';

/** Values and names that one piece has, a long text counting more: half a millisecond of `JSON.stringify`. */
const PIECE_WEIGHT = 2_000;
const CHARACTERS_OF_A_VALUE = 64;

/** Writes a JSON value as `JSON.stringify` does, in pieces between which it pauses. */
export function* stringifyInSlices(value: unknown): Sliced<string> {
  return (yield* write(value)) ?? 'null';
}

/** About half a millisecond of encoding. */
const CHARACTERS_OF_A_PIECE = 262_144;

/** A long text as UTF-8, encoded in pieces: a socket encodes what it is given in one, 16 MiB in 50 ms. */
export function* encodeInSlices(text: string): Sliced<Uint8Array[]> {
  const encoder = new TextEncoder();
  const pieces: Uint8Array[] = [];
  for (let from = 0; from < text.length; ) {
    const to = endOfPiece(text, from + CHARACTERS_OF_A_PIECE);
    pieces.push(encoder.encode(text.slice(from, to)));
    from = to;
    yield;
  }
  return pieces;
}

/** No piece ends between the halves of a surrogate pair. */
function endOfPiece(text: string, end: number): number {
  const code = text.charCodeAt(end - 1);
  return code >= FIRST_HIGH_SURROGATE && code <= LAST_HIGH_SURROGATE ? end + 1 : end;
}

const FIRST_HIGH_SURROGATE = 0xd800;
const LAST_HIGH_SURROGATE = 0xdbff;

/** undefined: what has no JSON, such as a property that is undefined. */
function* write(value: unknown): Sliced<string | undefined> {
  if (!isContainer(value) || weigh(value, PIECE_WEIGHT) < PIECE_WEIGHT) return JSON.stringify(value);
  yield;
  return Array.isArray(value) ? `[${(yield* writeMembers(value)).join(',')}]` : yield* writeObject(value);
}

/** Members that are small are written together. */
function* writeMembers(members: readonly unknown[]): Sliced<string[]> {
  const written: string[] = [];
  let waiting: unknown[] = [];
  let weight = 0;
  const flush = () => {
    if (waiting.length > 0) written.push(JSON.stringify(waiting).slice(1, -1));
    waiting = [];
    weight = 0;
  };
  for (const member of members) {
    const added = weigh(member, PIECE_WEIGHT);
    if (weight + added >= PIECE_WEIGHT) {
      flush();
      yield;
    }
    if (added >= PIECE_WEIGHT && isContainer(member)) written.push((yield* write(member)) ?? 'null');
    else {
      waiting.push(member);
      weight += added;
    }
  }
  flush();
  return written;
}

function* writeObject(owner: object): Sliced<string> {
  const written: string[] = [];
  let unpaused = 0;
  for (const [name, member] of Object.entries(owner)) {
    const text = yield* write(member);
    if (text !== undefined) written.push(`${JSON.stringify(name)}:${text}`);
    unpaused += weigh(member, PIECE_WEIGHT);
    if (unpaused < PIECE_WEIGHT) continue;
    unpaused = 0;
    yield;
  }
  return `{${written.join(',')}}`;
}

/** What writes itself, such as a date, is written in one piece. */
function isContainer(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !('toJSON' in value);
}

/** How much there is to write, counted up to `max`. */
function weigh(root: unknown, max: number): number {
  const open: unknown[] = [root];
  let weight = 0;
  while (open.length > 0 && weight < max) {
    const value = open.pop();
    weight += 1;
    if (typeof value === 'string') weight += value.length / CHARACTERS_OF_A_VALUE;
    else if (Array.isArray(value)) for (let at = 0; at < value.length && at < max; at += 1) open.push(value[at]);
    else if (typeof value === 'object' && value !== null) for (const member of Object.values(value)) open.push(member);
  }
  return weight;
}
