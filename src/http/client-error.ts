import type { Socket } from 'node:net';
import { type ApiError, apiError, ERRORS, errorText } from './errors.ts';
import { isSenderUrl } from './ingest/cross-origin.ts';

/** Bytes of request line and headers together: a URL of 64 KiB, and as much as is usual beside it. */
export const HEAD_BYTES_MAX = 80 * 1024;
/** After the answer the sender may finish what it writes: a connection closed meanwhile is reset, and the answer lost. */
const LINGER_MS = 2_000;

/** Answers what the parser of HTTP refuses, in the form of every other error. */
export function answerClientError(
  error: Error & { code?: string | undefined; rawPacket?: unknown },
  socket: Socket,
): void {
  if (error.code === 'ECONNRESET' || !socket.writable) return void socket.destroy();
  const refusal = CLIENT_ERRORS.get(error.code ?? '') ?? MALFORMED;
  const status = ERRORS[refusal.code];
  const body = errorText(refusal);
  const lines = [
    `HTTP/1.1 ${status} ${PHRASES[status] ?? 'Bad Request'}`,
    'Connection: close',
    'Content-Type: application/json; charset=utf-8',
    `Content-Length: ${Buffer.byteLength(body)}`,
    ...(isForSenders(error.rawPacket) ? ['Access-Control-Allow-Origin: *'] : []),
  ];
  // The parser would report each further byte; they are let pass instead.
  socket.removeAllListeners('data');
  socket.on('data', ignore).on('error', ignore);
  socket.end(`${lines.join('\r\n')}\r\n\r\n${body}`);
  setTimeout(() => socket.destroy(), LINGER_MS).unref();
}

const MALFORMED = apiError('malformed_request', 'The request is not valid HTTP/1.1.');

const CLIENT_ERRORS: ReadonlyMap<string, ApiError> = new Map([
  [
    'HPE_HEADER_OVERFLOW',
    apiError(
      'headers_too_large',
      `URL and headers together are longer than ${HEAD_BYTES_MAX} bytes: send the values in the body of a POST.`,
    ),
  ],
  ['ERR_HTTP_REQUEST_TIMEOUT', apiError('request_timeout', 'The request did not arrive in time.')],
]);

const PHRASES: Readonly<Record<number, string>> = { 408: 'Request Timeout', 431: 'Request Header Fields Too Large' };

/**
 * Is it a page's request to a source? Only the last packet is known. One that does not begin a request belongs to a
 * long head, which pages send to sources and to nothing else; the answer says nothing that a page may not know.
 */
function isForSenders(packet: unknown): boolean {
  const text = Buffer.isBuffer(packet) ? packet.toString('latin1', 0, PACKET_HEAD_BYTES) : '';
  const [method = '', url = ''] = text.split(' ', 2);
  return /^[A-Z]{3,7}$/.test(method) ? isSenderUrl(url) : true;
}

const PACKET_HEAD_BYTES = 2_048;

function ignore(): void {}
