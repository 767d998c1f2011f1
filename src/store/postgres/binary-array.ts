/**
 * Arrays in PostgreSQL's binary format, as parameters of multi-row statements (`unnest($1::text[], …)`).
 * Why not the driver's own text format: it escapes every element, which costs several µs for a 2 KiB JSON text, and the
 * server parses it back. Format: src/backend/utils/adt/arrayfuncs.c, array_recv.
 */
const OID = { bool: 16, text: 25, bytea: 17, int2: 21, int4: 23, int8: 20, json: 114, timestamptz: 1184 } as const;

const HEADER_BYTES = 20;
const EPOCH_2000_MS = Date.UTC(2000, 0, 1);
const TWO_32 = 4_294_967_296;

export function textArray(values: readonly (string | null)[]): Buffer {
  return textLike(OID.text, values);
}

/** Each element is a JSON text. */
export function jsonArray(values: readonly (string | null)[]): Buffer {
  return textLike(OID.json, values);
}

export function byteaArray(values: readonly Buffer[]): Buffer {
  let size = HEADER_BYTES;
  for (const value of values) size += 4 + value.length;
  const buffer = header(OID.bytea, values.length, size);
  let at = HEADER_BYTES;
  for (const value of values) {
    at = buffer.writeInt32BE(value.length, at);
    at += value.copy(buffer, at);
  }
  return buffer;
}

export function booleanArray(values: readonly boolean[]): Buffer {
  const buffer = header(OID.bool, values.length, HEADER_BYTES + values.length * 5);
  let at = HEADER_BYTES;
  for (const value of values) {
    at = buffer.writeInt32BE(1, at);
    at = buffer.writeUInt8(Number(value), at);
  }
  return buffer;
}

export function int2Array(values: readonly number[]): Buffer {
  const buffer = header(OID.int2, values.length, HEADER_BYTES + values.length * 6);
  let at = HEADER_BYTES;
  for (const value of values) {
    at = buffer.writeInt32BE(2, at);
    at = buffer.writeInt16BE(value, at);
  }
  return buffer;
}

export function int4Array(values: readonly number[]): Buffer {
  const buffer = header(OID.int4, values.length, HEADER_BYTES + values.length * 8);
  let at = HEADER_BYTES;
  for (const value of values) {
    at = buffer.writeInt32BE(4, at);
    at = buffer.writeInt32BE(value, at);
  }
  return buffer;
}

/** Whole numbers within ±2^53. */
export function int8Array(values: readonly number[]): Buffer {
  return wide(OID.int8, values);
}

/** Instants in epoch milliseconds. */
export function timestampArray(epochMs: readonly (number | null)[]): Buffer {
  return wide(
    OID.timestamptz,
    epochMs.map((ms) => (ms === null ? null : Math.round((ms - EPOCH_2000_MS) * 1000))),
  );
}

function wide(oid: number, values: readonly (number | null)[]): Buffer {
  const nulls = values.reduce<number>((sum, value) => sum + (value === null ? 1 : 0), 0);
  const buffer = header(oid, values.length, HEADER_BYTES + values.length * 12 - nulls * 8);
  let at = HEADER_BYTES;
  for (const value of values) {
    if (value === null) {
      at = buffer.writeInt32BE(-1, at);
      continue;
    }
    at = buffer.writeInt32BE(8, at);
    // Two halves instead of a BigInt: floor keeps the sign in the upper one.
    const upper = Math.floor(value / TWO_32);
    at = buffer.writeInt32BE(upper, at);
    at = buffer.writeUInt32BE(value - upper * TWO_32, at);
  }
  return buffer;
}

function textLike(oid: number, values: readonly (string | null)[]): Buffer {
  return shortTexts(oid, values) ?? anyTexts(oid, values);
}

/**
 * Lengths and texts are put together as one string, whose characters are the bytes, and written at once: a call for each text costs four
 * times as much. null: a text is long, or not ASCII.
 */
function shortTexts(oid: number, values: readonly (string | null)[]): Buffer | null {
  let bytes = '';
  /** Of lengths and nulls, characters that UTF-8 writes as two bytes. */
  let wide = 0;
  for (const value of values) {
    const length = value === null ? NO_VALUE : LENGTHS[value.length];
    if (length === undefined) return null;
    bytes += length.bytes;
    wide += length.wide;
    if (value !== null) bytes += value;
  }
  if (Buffer.byteLength(bytes) !== bytes.length + wide) return null;
  const buffer = header(oid, values.length, HEADER_BYTES + bytes.length);
  if (bytes !== '') buffer.write(bytes, HEADER_BYTES, 'latin1');
  return buffer;
}

interface WrittenLength {
  /** A character a byte. */
  bytes: string;
  wide: number;
}

/** A longer text is copied once more in this way than in the other. */
const SHORT_CHARACTERS_MAX = 511;
const NO_VALUE = writtenLength(-1);
const LENGTHS: readonly WrittenLength[] = Array.from({ length: SHORT_CHARACTERS_MAX + 1 }, (_, length) =>
  writtenLength(length),
);

function writtenLength(length: number): WrittenLength {
  const buffer = Buffer.alloc(4);
  buffer.writeInt32BE(length);
  const bytes = buffer.toString('latin1');
  return { bytes, wide: Buffer.byteLength(bytes) - bytes.length };
}

function anyTexts(oid: number, values: readonly (string | null)[]): Buffer {
  let size = HEADER_BYTES;
  const lengths: number[] = [];
  for (const value of values) {
    const length = value === null ? 0 : Buffer.byteLength(value);
    lengths.push(length);
    size += 4 + length;
  }
  const buffer = header(oid, values.length, size);
  let at = HEADER_BYTES;
  values.forEach((value, index) => {
    if (value === null) {
      at = buffer.writeInt32BE(-1, at);
      return;
    }
    const length = lengths[index] ?? 0;
    at = buffer.writeInt32BE(length, at);
    // ASCII is copied as it is.
    at += length === value.length ? buffer.write(value, at, 'latin1') : buffer.write(value, at);
  });
  return buffer;
}

/** One dimension from 1, with a null bitmap flag that the server ignores beyond its presence. */
function header(oid: number, length: number, size: number): Buffer {
  // An empty array has no dimensions and nothing after the element type.
  if (length === 0) {
    const empty = Buffer.alloc(12);
    empty.writeInt32BE(oid, 8);
    return empty;
  }
  const buffer = Buffer.allocUnsafe(size);
  buffer.writeInt32BE(1, 0);
  buffer.writeInt32BE(1, 4);
  buffer.writeInt32BE(oid, 8);
  buffer.writeInt32BE(length, 12);
  buffer.writeInt32BE(1, 16);
  return buffer;
}
