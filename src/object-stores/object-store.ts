import { findObjectNameProblem } from '../lib/object-name.ts';

/** One object to write. */
export interface NewObject {
  /** Its whole name in the bucket, parts between slashes: `leads/65f0/65f1.json`. */
  name: string;
  body: Uint8Array;
  contentType: string;
}

/**
 * Why an object was not written, by who must act. All but `object` concern the store as a whole, so every other object
 * would fail, too, and the same one may be sent again later:
 *
 * - `unreachable`: nothing was sent (no connection, an unknown host, an address that is not allowed);
 * - `slow`: no answer in time;
 * - `broken`: the connection ended before the answer;
 * - `auth`: the credential was refused, or cannot be used;
 * - `missing`: there is no such bucket, or it is in another region;
 * - `full`: the store takes no more at this rate, or at all;
 * - `unavailable`: the store has a fault of its own (5xx);
 * - `object`: this object was refused for what it is (its name, its size).
 */
export const PUT_FAULT_KINDS = [
  'unreachable',
  'slow',
  'broken',
  'auth',
  'missing',
  'full',
  'unavailable',
  'object',
] as const;
export type PutFaultKind = (typeof PUT_FAULT_KINDS)[number];

export interface PutFault {
  kind: PutFaultKind;
  /** A sentence for people. It names hosts, buckets and codes of the store, and neither secrets nor names of objects. */
  reason: string;
}

/** `failed` says nothing about whether the object is there: writing the same name again is safe. */
export type PutResult = { kind: 'put' } | { kind: 'failed'; fault: PutFault };

/** A bucket of S3, a container of Azure. Never throws. */
export interface ObjectStore {
  /** Writes the object, over one of the same name. */
  putObject(object: NewObject): Promise<PutResult>;
  /** Asks for the bucket without writing. It needs a permission of its own, which a credential that writes may lack. */
  checkBucket(): Promise<PutResult>;
}

/** Of one object that is written in one request; larger ones are refused before anything is sent. */
export const OBJECT_BYTES_MAX = 256 * 1024 * 1024;
/** Connecting, sending a body of up to 1 MiB, and the answer. */
const PUT_MS_MAX = 30_000;
/** What a slow line carries at least: 256 KiB a second more. */
const BYTES_PER_MS_MIN = 256;

export const CHECK_MS_MAX = 15_000;

/** How long one request may take. */
export function computePutMs({ body }: NewObject): number {
  return PUT_MS_MAX + Math.ceil(body.byteLength / BYTES_PER_MS_MIN);
}

export function failPut(kind: PutFaultKind, reason: string): PutResult {
  return { kind: 'failed', fault: { kind, reason } };
}

/** What is wrong with an object before it is sent; undefined: nothing. */
export function findObjectFault({ name, body }: NewObject): PutResult | undefined {
  if (body.byteLength > OBJECT_BYTES_MAX) {
    return failPut('object', `The object has ${body.byteLength} bytes, and at most ${OBJECT_BYTES_MAX} are sent`);
  }
  const problem = findObjectNameProblem(name);
  if (problem !== undefined) return failPut('object', `The name of the object ${problem}`);
  return undefined;
}

/** The name as the path of a URL, escaped as both services escape it (RFC 3986, unreserved characters stay). */
export function escapePath(name: string): string {
  return name.split('/').map(escapePart).join('/');
}

function escapePart(part: string): string {
  // Half a character has no escape; it would throw.
  return encodeURIComponent(part.replace(/\p{Surrogate}/gu, '\uFFFD')).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
