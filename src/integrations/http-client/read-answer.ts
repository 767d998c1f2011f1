import type { IncomingHttpHeaders } from 'node:http';
import { TextDecoder } from 'node:util';
import { createGunzip, constants as zlib } from 'node:zlib';
import type { OutboundResponse } from '../contract.ts';

/** Header names as modules see them: `x-runtime` is `X-Runtime`; only `Set-Cookie` is an array (spec modules a2). */
export function titleCaseHeaders(headers: IncomingHttpHeaders): OutboundResponse['headers'] {
  const titled: [string, string | string[]][] = [];
  for (const [name, value] of Object.entries(headers)) {
    if (value === undefined) continue;
    const values = typeof value === 'string' ? [value] : value;
    titled.push([titleCase(name), name === 'set-cookie' ? values : values.join(', ')]);
  }
  // fromEntries defines own properties, so a header named __proto__ is just a header.
  return Object.fromEntries(titled);
}

const PART_START = /(^|-)[a-z]/g;
/** Names repeat from answer to answer; what recipients make up beyond this many is worked out each time. */
const TITLED_MAX = 1_000;
const titledNames = new Map<string, string>();

function titleCase(name: string): string {
  const known = titledNames.get(name);
  if (known !== undefined) return known;
  const titled = name.replace(PART_START, (start) => start.toUpperCase());
  if (titledNames.size < TITLED_MAX) titledNames.set(name, titled);
  return titled;
}

const CHARSET = /;\s*charset\s*=\s*"?([^\s;"]+)/i;

/**
 * The body as text, in the charset its Content-Type declares; UTF-8 when it declares none or an unknown one. Bytes
 * that are no text become U+FFFD, a byte order mark is dropped.
 */
export function decodeBody(body: Buffer, contentType: string | undefined): string {
  const charset = contentType === undefined ? undefined : CHARSET.exec(contentType)?.[1]?.toLowerCase();
  const decoder = charset === undefined || charset === 'utf-8' ? utf8 : decoderFor(charset);
  return decoder.decode(body);
}

const utf8 = new TextDecoder('utf-8');

function decoderFor(charset: string): TextDecoder {
  try {
    return new TextDecoder(charset);
  } catch {
    // RangeError: a charset that does not exist.
    return utf8;
  }
}

/** Does it begin as gzip does (RFC 1952, 2.3.1)? */
export function isGzip(body: Buffer): boolean {
  return body[0] === 0x1f && body[1] === 0x8b;
}

/**
 * Unpacks a gzip body up to a bound, so that a small answer cannot fill the memory. What was packed wrongly or cut on
 * the way is kept as far as it could be read and marked truncated.
 */
export async function gunzipBounded(packed: Buffer, bytesMax: number): Promise<{ body: Buffer; isTruncated: boolean }> {
  const gunzip = createGunzip({ finishFlush: zlib.Z_SYNC_FLUSH });
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    gunzip.end(packed);
    for await (const chunk of gunzip) {
      chunks.push(chunk);
      bytes += chunk.length;
      if (bytes > bytesMax) return { body: Buffer.concat(chunks, bytesMax), isTruncated: true };
    }
    return { body: Buffer.concat(chunks), isTruncated: !endsWithSize(packed, bytes) };
  } catch {
    return { body: Buffer.concat(chunks), isTruncated: true };
  }
}

/** Nothing else shows that the end is missing: gzip closes with the size of what it holds (RFC 1952, 2.3.1). */
function endsWithSize(packed: Buffer, bytes: number): boolean {
  return packed.length >= GZIP_BYTES_MIN && packed.readUInt32LE(packed.length - 4) === bytes % 2 ** 32;
}

/** Header, an empty block, trailer. */
const GZIP_BYTES_MIN = 20;
