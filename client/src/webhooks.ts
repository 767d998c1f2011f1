/*
 * Checks what Sluice's signed webhooks send, by the Standard Webhooks specification (standardwebhooks.com): HMAC-SHA-256
 * of `id.timestamp.body`. WebCrypto, so it works in Node, browsers and workers of the edge alike.
 */

/** Why a document is not to be trusted. */
export type WebhookErrorCode =
  | 'missing_header'
  | 'malformed_header'
  | 'too_old'
  | 'too_new'
  | 'wrong_signature'
  | 'malformed_body';

export class WebhookError extends Error {
  override readonly name = 'WebhookError';
  readonly code: WebhookErrorCode;

  constructor(code: WebhookErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}

/** What a destination gets of every lead a flow has processed (`type` is `lead.processed`). */
export interface ProcessedLead {
  lead: { id: string } & Record<string, unknown>;
  flow: { id: string; name: string };
  source: { id: string; name: string };
  recipient: { id: string; name: string };
  submission: { timestamp: string };
  outcome: string;
  /** In dollars. */
  price: number;
  /** What each step appended, by its key. */
  appended: Record<string, unknown>;
}

export interface Webhook<Data = ProcessedLead> {
  /** Stays when the document is sent again: what was handled under this id need not be handled twice. */
  id: string;
  /** When it was sent. */
  sentAt: Date;
  type: string;
  /** When the lead was submitted; null: no lead was, as in a test of a step. */
  timestamp: string | null;
  data: Data;
}

export interface VerifyOptions {
  /** `whsec_…`, or several while a key is rotated. */
  secret: string | readonly string[];
  /** How far the clock of the sender may be off, and how long a document is good; 300 unless given. */
  toleranceSeconds?: number;
  /** Epoch ms. */
  now?: () => number;
}

/** As a request has them: `request.headers` of Node, or `Headers`. */
export type HeadersGiven = Headers | Readonly<Record<string, string | readonly string[] | undefined>>;

const TOLERANCE_SECONDS_DEFAULT = 300;

/**
 * Returns the document of a webhook that one of the secrets has signed. The body is taken as it came, before anything
 * parses it. Throws a WebhookError with a `code` for all else, and a TypeError for a secret that is none; neither repeats
 * what was given.
 */
export async function verify<Data = ProcessedLead>(
  { headers, body }: { headers: HeadersGiven; body: string | Uint8Array },
  options: VerifyOptions,
): Promise<Webhook<Data>> {
  const { secret, toleranceSeconds = TOLERANCE_SECONDS_DEFAULT, now = Date.now } = options;
  const keys = [secret].flat().map(parseSecret);
  if (keys.length === 0 || keys.length > SECRETS_MAX) throw new TypeError(`Give 1 to ${SECRETS_MAX} secrets.`);
  const [id, timestamp, signature] = ['webhook-id', 'webhook-timestamp', 'webhook-signature'].map((name) =>
    readHeader(headers, name),
  );
  if (id === undefined || timestamp === undefined || signature === undefined)
    throw new WebhookError('missing_header', 'webhook-id, webhook-timestamp and webhook-signature are needed.');
  if (!/^\d{1,12}$/.test(timestamp))
    throw new WebhookError('malformed_header', 'webhook-timestamp must be seconds since 1970.');
  const ageSeconds = now() / 1000 - Number(timestamp);
  if (ageSeconds > toleranceSeconds)
    throw new WebhookError('too_old', `The document is older than ${toleranceSeconds} s.`);
  if (ageSeconds < -toleranceSeconds)
    throw new WebhookError(
      'too_new',
      `The document is from the future, by more than ${toleranceSeconds} s: check the clocks.`,
    );
  const bytes = typeof body === 'string' ? new TextEncoder().encode(body) : body;
  const signed = concatenate(new TextEncoder().encode(`${id}.${timestamp}.`), bytes);
  if (!(await isSigned(signed, { keys, signature })))
    throw new WebhookError('wrong_signature', 'None of the signatures was made with this secret.');
  return { id, sentAt: new Date(Number(timestamp) * 1000), ...parseDocument<Data>(bytes) };
}

const SECRETS_MAX = 10;
const SIGNATURES_MAX = 10;
/** Bytes of a key: the specification's least and most. */
const KEY_BYTES_MIN = 24;
const KEY_BYTES_MAX = 64;

function parseSecret(secret: string): Uint8Array<ArrayBuffer> {
  const key = decodeBase64(secret.trim().replace(/^whsec_/, ''));
  if (key && key.length >= KEY_BYTES_MIN && key.length <= KEY_BYTES_MAX) return key;
  throw new TypeError(`A secret must be whsec_ and ${KEY_BYTES_MIN} to ${KEY_BYTES_MAX} bytes in base64.`);
}

function readHeader(headers: HeadersGiven, name: string): string | undefined {
  if (headers instanceof Headers) return headers.get(name) ?? undefined;
  const value = Object.entries(headers).find(([given]) => given.toLowerCase() === name)?.[1];
  return typeof value === 'string' ? value : value?.[0];
}

/** `v1,<base64>`, several with blanks between. All are computed and compared, so that the time says nothing. */
async function isSigned(
  signed: Uint8Array<ArrayBuffer>,
  { keys, signature }: { keys: readonly Uint8Array<ArrayBuffer>[]; signature: string },
): Promise<boolean> {
  const given = signature.split(' ', SIGNATURES_MAX).flatMap((each) => {
    const bytes = each.startsWith('v1,') ? decodeBase64(each.slice('v1,'.length)) : undefined;
    return bytes ? [bytes] : [];
  });
  const expected = await Promise.all(keys.map((key) => sign(key, signed)));
  return expected.flatMap((one) => given.map((other) => isEqual(one, other))).includes(true);
}

async function sign(key: Uint8Array<ArrayBuffer>, text: Uint8Array<ArrayBuffer>): Promise<Uint8Array> {
  const { subtle } = globalThis.crypto;
  const hmac = await subtle.importKey('raw', key, { name: 'HMAC', hash: 'SHA-256' }, false, ['sign']);
  return new Uint8Array(await subtle.sign('HMAC', hmac, text));
}

/** Takes as long for every pair of one length. */
function isEqual(one: Uint8Array, other: Uint8Array): boolean {
  if (one.length !== other.length) return false;
  let difference = 0;
  for (const [index, byte] of one.entries()) difference |= byte ^ (other[index] ?? 0);
  return difference === 0;
}

function parseDocument<Data>(bytes: Uint8Array): Pick<Webhook<Data>, 'type' | 'timestamp' | 'data'> {
  try {
    const { type, timestamp = null, data } = JSON.parse(new TextDecoder().decode(bytes));
    if (typeof type === 'string' && (timestamp === null || typeof timestamp === 'string'))
      return { type, timestamp, data };
  } catch {
    // No JSON: reported below like any other body that is no document.
  }
  throw new WebhookError('malformed_body', 'The body is signed, but it is not a document with a type.');
}

function concatenate(one: Uint8Array, other: Uint8Array): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(one.length + other.length);
  whole.set(one);
  whole.set(other, one.length);
  return whole;
}

/** undefined: it is no base64. */
function decodeBase64(text: string): Uint8Array<ArrayBuffer> | undefined {
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(text)) return undefined;
  try {
    return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  } catch {
    return undefined;
  }
}
