import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { PART_BYTES_MAX } from './export.ts';

const compress = promisify(gzip);
/** Half the processor time of the default, for a tenth more bytes. */
const LEVEL = 3;

/**
 * The bytes as a gzip member of its own, in parts of at most `PART_BYTES_MAX`. Members one after the other are one gzip
 * file, so a job that goes on at its checkpoint needs nothing of those before. Runs in a thread of Node's pool.
 */
export async function compressMember(content: Uint8Array): Promise<Uint8Array[]> {
  const member = await compress(content, { level: LEVEL });
  const parts: Uint8Array[] = [];
  for (let at = 0; at < member.length; at += PART_BYTES_MAX) parts.push(member.subarray(at, at + PART_BYTES_MAX));
  return parts;
}
