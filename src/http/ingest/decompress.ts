import { createBrotliDecompress, createGunzip, createInflate, createInflateRaw } from 'node:zlib';
import { fail, ok, type Result } from '../../lib/result.ts';

/** Content codings that are undone (RFC 9110, 8.4.1). */
export type Coding = 'gzip' | 'deflate' | 'br';

/** Codings on top of each other; senders use one, and each costs another pass. */
const CODINGS_MAX = 3;
/** Bodies that are decompressed at once in a process; each may hold its bound of output. */
const AT_ONCE_MAX = 8;

const CODINGS: ReadonlyMap<string, Coding | null> = new Map([
  ['gzip', 'gzip'],
  ['x-gzip', 'gzip'],
  ['deflate', 'deflate'],
  ['br', 'br'],
  ['identity', null],
  ['', null],
]);

/** The codings of a Content-Encoding header, in the order they were applied. undefined: one of them is not known. */
export function parseCodings(header: string | undefined): Coding[] | undefined {
  if (header === undefined) return [];
  const codings: Coding[] = [];
  for (const written of header.split(',', MEMBERS_MAX)) {
    const coding = CODINGS.get(written.trim().toLowerCase());
    if (coding === undefined) return undefined;
    if (coding !== null) codings.push(coding);
  }
  return codings.length > CODINGS_MAX ? undefined : codings;
}

const MEMBERS_MAX = 20;

export type DecompressFault = 'too_large' | 'corrupt';

/**
 * Undoes the codings, the last one first. No stage may give more than `bytesMax`: a bomb ends there, not in memory.
 * Cut off and damaged data is `corrupt`.
 */
export async function decompress(
  body: Buffer,
  { codings, bytesMax }: { codings: readonly Coding[]; bytesMax: number },
): Promise<Result<Buffer, DecompressFault>> {
  await enter();
  try {
    let bytes = body;
    for (const coding of [...codings].reverse()) {
      const undone = await undo(coding, { bytes, bytesMax });
      if (!undone.ok) return undone;
      bytes = undone.value;
    }
    return ok(bytes);
  } finally {
    leave();
  }
}

let inside = 0;
/** At most as many as bodies are read at once, which the body budget bounds. */
const waiting: (() => void)[] = [];

async function enter(): Promise<void> {
  if (inside < AT_ONCE_MAX) inside += 1;
  else await new Promise<void>((resolve) => waiting.push(resolve));
}

/** The place goes to the one that waits longest. */
function leave(): void {
  const next = waiting.shift();
  if (next) next();
  else inside -= 1;
}

function undo(coding: Coding, { bytes, bytesMax }: { bytes: Buffer; bytesMax: number }) {
  return new Promise<Result<Buffer, DecompressFault>>((resolve) => {
    const stream = openStream(coding, bytes);
    const chunks: Buffer[] = [];
    let size = 0;
    stream.on('data', (chunk: Buffer) => {
      size += chunk.length;
      chunks.push(chunk);
      if (size <= bytesMax) return;
      stream.destroy();
      resolve(fail('too_large'));
    });
    stream.once('error', () => resolve(fail('corrupt')));
    stream.once('end', () => resolve(ok(Buffer.concat(chunks, size))));
    stream.end(bytes);
  });
}

function openStream(coding: Coding, bytes: Buffer) {
  if (coding === 'gzip') return createGunzip();
  if (coding === 'br') return createBrotliDecompress();
  // Some senders leave out the zlib frame that the standard asks for; its first byte always ends in 8.
  return ((bytes[0] ?? 0) & 0x0f) === 8 ? createInflate() : createInflateRaw();
}
