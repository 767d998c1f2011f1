import { connect as connectSocket, type Socket } from 'node:net';

/**
 * One keep-alive HTTP/1.1 connection with one request in flight, as cheap as Node lets it be: the load generator shares
 * two cores with what it measures, so every microsecond here is taken from the server. A full client (undici,
 * autocannon) costs 30 µs and more a request; this one about 10, most of it the two system calls.
 */
export interface HttpConnection {
  /** Writes one whole request; the buffer may be changed again once its answer has come. */
  send(request: Buffer): void;
  close(): void;
}

export interface HttpAnswerView {
  status: number;
  /** A view of the read buffer: valid only while the callback runs. */
  body: Buffer;
}

export interface ConnectionOptions {
  port: number;
  onAnswer(answer: HttpAnswerView): void;
  /** The connection is gone, by our `close` or not; no answer comes after it. */
  onClose(): void;
}

const READ_BYTES_MAX = 65_536;
const ANSWER_BYTES_MAX = 1_048_576;
const HEADERS_END = Buffer.from('\r\n\r\n');
const CONTENT_LENGTH = /\r\ncontent-length: *(\d+)/i;
const STATUS_OFFSET = 'HTTP/1.1 '.length;

/** Connects to 127.0.0.1; resolves when requests may be sent, rejects when no server listens. */
export function connect(options: ConnectionOptions): Promise<HttpConnection> {
  return new Promise((resolve, reject) => {
    let pending: Buffer | null = null;
    // A buffer of our own instead of a stream: no allocation and no stream machinery per answer.
    const socket: Socket = connectSocket({
      host: '127.0.0.1',
      port: options.port,
      noDelay: true,
      onread: {
        buffer: Buffer.allocUnsafe(READ_BYTES_MAX),
        callback(length, buffer) {
          const read = Buffer.from(buffer.buffer, buffer.byteOffset, length);
          const bytes: Buffer = pending === null ? read : Buffer.concat([pending, read]);
          const answer = parseAnswer(bytes);
          // The read buffer is written again by the next read, so an incomplete answer is copied out.
          pending = answer === null ? Buffer.from(bytes) : null;
          if (answer !== null) options.onAnswer(answer);
          else if (bytes.length > ANSWER_BYTES_MAX) socket.destroy();
          return true;
        },
      },
    });
    socket.once('error', reject);
    // After the connection stands, an error is always followed by `close`, which is what callers act on.
    socket.on('error', () => {});
    socket.once('close', () => options.onClose());
    socket.once('connect', () => resolve({ send: (request) => socket.write(request), close: () => socket.destroy() }));
  });
}

/** The answer in these bytes, or null while it is incomplete. An answer without a length is never complete. */
export function parseAnswer(bytes: Buffer): HttpAnswerView | null {
  const headersEnd = bytes.indexOf(HEADERS_END);
  if (headersEnd < 0) return null;
  const length = CONTENT_LENGTH.exec(bytes.toString('latin1', 0, headersEnd))?.[1];
  if (length === undefined) return null;
  const bodyStart = headersEnd + HEADERS_END.length;
  const bodyEnd = bodyStart + Number(length);
  if (bytes.length < bodyEnd) return null;
  const status = Number(bytes.toString('latin1', STATUS_OFFSET, STATUS_OFFSET + 3));
  return { status, body: bytes.subarray(bodyStart, bodyEnd) };
}
