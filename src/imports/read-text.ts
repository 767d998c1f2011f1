import { Readable } from 'node:stream';
import { constants, createGunzip, gunzipSync } from 'node:zlib';
import { createTextReader, type TextReader } from '../csv/text-reader.ts';

/** What is wrong with a file, for the person who sent it. */
export class FileFault extends Error {
  override readonly name = 'FileFault';
}

const GZIP = [0x1f, 0x8b] as const;
/** Text comes in pieces of about so many bytes, so that no turn of the event loop is long. */
const PIECE_BYTES = 65_536;
/** What the head of a file may unpack to. */
const HEAD_TEXT_BYTES_MAX = 4 * 1024 * 1024;

/** The text of a file that may be compressed with gzip, piece by piece. Throws a FileFault for gzip that is damaged. */
export async function* readText(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const reader = createTextReader();
  for await (const bytes of unpack(chunks)) {
    for (let at = 0; at < bytes.length; at += PIECE_BYTES) yield reader.push(bytes.subarray(at, at + PIECE_BYTES));
  }
  yield reader.end();
}

/** The text of as much of a file as has come, and what read it. */
export function readHead(head: Uint8Array): { text: string; reader: TextReader; isGzip: boolean } {
  const reader = createTextReader();
  const isPacked = isGzip(head);
  return { text: reader.push(isPacked ? unpackHead(head) : head), reader, isGzip: isPacked };
}

function unpackHead(head: Uint8Array): Uint8Array {
  try {
    return gunzipSync(head, { finishFlush: constants.Z_SYNC_FLUSH, maxOutputLength: HEAD_TEXT_BYTES_MAX });
  } catch {
    throw new FileFault(DAMAGED);
  }
}

const DAMAGED = 'The file is compressed with gzip and cannot be unpacked: it is damaged or cut off.';

function isGzip(bytes: Uint8Array): boolean {
  return bytes[0] === GZIP[0] && bytes[1] === GZIP[1];
}

async function* unpack(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const iterator = chunks[Symbol.asyncIterator]();
  const first = await iterator.next();
  if (first.done) return;
  const all = prepend(first.value, iterator);
  if (!isGzip(first.value)) return yield* all;
  const gunzip = Readable.from(all).pipe(createGunzip({ chunkSize: PIECE_BYTES }));
  try {
    for await (const bytes of gunzip) yield bytes as Uint8Array; // of a stream of bytes
  } catch {
    throw new FileFault(DAMAGED);
  }
}

async function* prepend(first: Uint8Array, rest: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array> {
  yield first;
  yield* { [Symbol.asyncIterator]: () => rest };
}
