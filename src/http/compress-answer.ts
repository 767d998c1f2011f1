import { promisify } from 'node:util';
import { constants, gzip } from 'node:zlib';

/** Below, a packet carries the answer as it is. */
export const COMPRESSED_BYTES_MIN = 1_024;
/** Compressed at once; the threads that do it also look up names for deliveries. Further answers go as they are. */
const COMPRESSING_MAX = 2;
/** What one visit of a thread makes, so that others get their turn. */
const CHUNK_BYTES = 64 * 1024;

const compress = promisify(gzip);

/** The bytes compressed, in threads beside the one that answers; null: better sent as they are. */
export type CompressAnswer = (bytes: Buffer, acceptEncoding: string | undefined) => Promise<Buffer | null>;

export function createCompressAnswer(): CompressAnswer {
  let compressing = 0;
  return async (bytes, acceptEncoding) => {
    if (compressing >= COMPRESSING_MAX || !acceptsGzip(acceptEncoding)) return null;
    compressing += 1;
    try {
      // JSON is a fifth to a tenth already at the level that takes least.
      return await compress(bytes, { level: constants.Z_BEST_SPEED, chunkSize: CHUNK_BYTES });
    } finally {
      compressing -= 1;
    }
  };
}

/** Does the caller read gzip? */
export function acceptsGzip(header: string | undefined): boolean {
  return acceptsCoding(header, ['gzip', 'x-gzip']);
}

/** Does the caller read a coding, by any of its names (RFC 9110, 12.5.3)? What names it goes before what names all. */
export function acceptsCoding(header: string | undefined, names: readonly string[]): boolean {
  const weights = new Map(
    (header ?? '').split(',').map((part) => {
      const [name = '', ...parameters] = part.split(';').map((text) => text.trim().toLowerCase());
      const weight = parameters.find((text) => text.startsWith('q='));
      return [name, weight === undefined ? 1 : Number(weight.slice(2))];
    }),
  );
  const named = [...names, '*'].find((name) => weights.has(name));
  return named !== undefined && (weights.get(named) ?? 0) > 0;
}
