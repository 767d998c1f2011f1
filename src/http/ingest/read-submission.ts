import type { IncomingMessage } from 'node:http';
import type { InboundRequest } from '../../integrations/contract.ts';
import { fail, ok, type Result } from '../../lib/result.ts';
import { type ApiError, apiError } from '../errors.ts';
import type { BodyShare } from './body-budget.ts';
import { decodeText } from './decode-text.ts';
import { type Coding, type DecompressFault, decompress, parseCodings } from './decompress.ts';
import { inboundRequestOf } from './inbound-request.ts';
import { type ReadFault, readBytes } from './read-bytes.ts';

/** Bytes a sender may post, before and after its codings are undone; one more is 413. */
export const SUBMIT_BODY_BYTES_MAX = 1_048_576;
/** Characters of a URL; one more is 414. Forms sent by GET fit. */
export const SUBMIT_URL_CHARACTERS_MAX = 65_536;

export interface ReadSubmission {
  share: BodyShare;
  startTimer(ms: number, onEnd: () => void): () => void;
  /** Epoch ms. */
  timestamp: number;
}

/**
 * The request as the source's module sees it: the body decompressed and as text. The error is what the sender did that
 * keeps the body from being read; nothing that was not read goes on as an empty lead (decision 45).
 */
export async function readSubmission(
  raw: IncomingMessage,
  { share, startTimer, timestamp }: ReadSubmission,
): Promise<Result<InboundRequest, ApiError>> {
  if ((raw.url ?? '').length > SUBMIT_URL_CHARACTERS_MAX) return fail(URL_TOO_LONG);
  const hasBody = hasContent(raw);
  if (hasBody && isUnknownTransfer(raw.headers['transfer-encoding'])) return fail(TRANSFER_UNKNOWN);
  // By the standard it means nothing (RFC 9110, 9.3.1); the lead in it would be lost.
  if (hasBody && raw.method === 'GET') return fail(GET_WITH_BODY);
  // The module refuses every other method.
  if (!hasBody || raw.method !== 'POST') return ok(inboundRequestOf(raw, { body: '', timestamp }));
  const codings = parseCodings(raw.headers['content-encoding']);
  if (codings === undefined) return fail(CODING_UNKNOWN);
  const read = await readBytes(raw, { bytesMax: SUBMIT_BODY_BYTES_MAX, share, startTimer });
  if (!read.ok) return fail(READ_FAULTS[read.error]);
  const plain = await plainBytes(read.value, { codings, share });
  if (!plain.ok) return plain;
  const text = decodeText(plain.value, raw.headers['content-type']);
  if (!text.ok) return fail(CHARSET_UNKNOWN);
  const request = inboundRequestOf(raw, { body: text.value, timestamp });
  // What is kept of the request is the plain text, so it must not say that it is coded.
  if (request.headers['Content-Encoding'] !== undefined) delete request.headers['Content-Encoding'];
  return ok(request);
}

/** Has the sender a body to send (RFC 9112, 6.3)? */
function hasContent({ headers }: IncomingMessage): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
}

function isUnknownTransfer(header: string | undefined): boolean {
  return header !== undefined && header.trim().toLowerCase() !== 'chunked';
}

async function plainBytes(
  bytes: Buffer,
  { codings, share }: { codings: readonly Coding[]; share: BodyShare },
): Promise<Result<Buffer, ApiError>> {
  if (codings.length === 0 || bytes.length === 0) return ok(bytes);
  const plain = await decompress(bytes, { codings, bytesMax: SUBMIT_BODY_BYTES_MAX });
  if (!plain.ok) return fail(DECOMPRESS_FAULTS[plain.error]);
  const more = plain.value.length - bytes.length;
  return more <= 0 || share.grow(more) ? plain : fail(READ_FAULTS.crowded);
}

/** A body over the bound. */
export const TOO_LARGE = apiError('body_too_large', `The body is longer than ${SUBMIT_BODY_BYTES_MAX} bytes.`);

const CROWDED = apiError(
  'unavailable',
  'The server is reading too many bodies right now. Please send it again in a few seconds.',
);

const READ_FAULTS: Readonly<Record<ReadFault, ApiError>> = {
  too_large: TOO_LARGE,
  crowded: CROWDED,
  slow: apiError('request_timeout', 'The body did not arrive in time.'),
  cut_off: apiError('malformed_body', 'The request body could not be read: it is incomplete.'),
};

const DECOMPRESS_FAULTS: Readonly<Record<DecompressFault, ApiError>> = {
  too_large: apiError('body_too_large', `The decompressed body is longer than ${SUBMIT_BODY_BYTES_MAX} bytes.`),
  corrupt: apiError('malformed_body', 'The body is not what its Content-Encoding says, or it is cut off.'),
};

const URL_TOO_LONG = apiError(
  'url_too_long',
  `The URL is longer than ${SUBMIT_URL_CHARACTERS_MAX} characters: send the values in the body of a POST.`,
);

const TRANSFER_UNKNOWN = apiError('unsupported_media_type', 'Transfer-Encoding may only be chunked.');

const GET_WITH_BODY = apiError(
  'malformed_body',
  'A GET carries its values in the URL; its body is not read. Send it as a POST.',
);

const CODING_UNKNOWN = apiError(
  'unsupported_media_type',
  'The Content-Encoding is not supported. Use gzip, deflate or br, at most three of them, or none.',
);

const CHARSET_UNKNOWN = apiError(
  'unsupported_media_type',
  'The charset that the body declares is not known. Use UTF-8.',
);
