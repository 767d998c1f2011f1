import { gzipSync } from 'node:zlib';
import type { Behaviour, Certificate } from './misbehaving-recipient.ts';

/** What a recipient may do wrong, and what becomes of the delivery. `docs/reference/faults.md` is made from this table. */
export interface Misbehaviour {
  /** Ends the sentence “a recipient that …”. */
  does: string;
  behave: Behaviour;
  /** Speaks TLS with this certificate. */
  certificate?: Certificate;
  /** The delivery’s module; `json` unless it says otherwise. `query` follows redirects. */
  module?: 'json' | 'xml' | 'query';
  /** Mappings beside the URL. */
  properties?: Record<string, string>;
  outcome: 'success' | 'failure' | 'error';
  /** On the event; null: none. HOST stands for the recipient’s host and port. */
  reason: string | null;
  /** The recipient may have the lead. */
  isUnknown: boolean;
  /** What is kept of the answer on the event. */
  answer: 'none' | 'whole' | 'cut';
  /** What a warning of the event says. */
  warning?: RegExp;
  /** What is booked; the step takes the price that is answered. */
  salePrice?: number;
}

const MIB = 1_048_576;
const SOLD = '{"outcome":"success"}';

function buildAnswer(body: string | Buffer, headers = 'Content-Type: application/json\r\n', status = '200 OK'): Buffer {
  const bytes = Buffer.from(body);
  return Buffer.concat([Buffer.from(`HTTP/1.1 ${status}\r\n${headers}Content-Length: ${bytes.length}\r\n\r\n`), bytes]);
}

/** Reads the request, then writes these bytes and leaves the connection open. */
function saying(bytes: string | Buffer): Behaviour {
  return async ({ socket, request }) => {
    await request;
    socket.write(bytes);
  };
}

/** The same, and ends the connection. */
function sayingLast(bytes: string | Buffer): Behaviour {
  return async ({ socket, request }) => {
    await request;
    socket.end(bytes);
  };
}

function redirectingTo(target: (path: string, own: string) => string): Behaviour {
  return async ({ socket, request, url }) => {
    const path = / (\S+)/.exec(await request)?.[1] ?? '';
    socket.end(buildAnswer('', `Location: ${target(path, url)}\r\nConnection: close\r\n`, '302 Found'));
  };
}

/** Writes the same bytes for ever, as fast as they are read. */
function pouring(head: string, bytes: Buffer, bytesInAll: number): Behaviour {
  return async ({ socket, request }) => {
    await request;
    socket.write(head);
    let left = bytesInAll;
    const pour = () => {
      while (left > 0 && socket.writable) {
        left -= bytes.length;
        if (!socket.write(bytes)) {
          socket.once('drain', pour);
          return;
        }
      }
    };
    pour();
  };
}

function trickling(text: string, everyMs: number): Behaviour {
  return async ({ socket, request }) => {
    await request;
    let at = 0;
    const timer = setInterval(() => socket.write(text[at++] ?? ' '), everyMs);
    socket.on('close', () => clearInterval(timer));
  };
}

const ENTITY_BOMB = `<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY a "lol">${Array.from(
  { length: 12 },
  (_, i) => `<!ENTITY ${String.fromCharCode(98 + i)} "${`&${String.fromCharCode(97 + i)};`.repeat(10)}">`,
).join('')}]><result><outcome>&m;</outcome></result>`;
const OUTSIDE_ENTITY =
  '<?xml version="1.0"?><!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]><result><outcome>&x;</outcome></result>';

const NO_ANSWER_IN_TIME = 'Unknown outcome: The request was sent and HOST did not answer within 1 s';
const ENDED =
  'Unknown outcome: The request was sent and HOST ended the connection before the whole answer (UND_ERR_SOCKET)';
const NO_HTTP = 'Unknown outcome: The request was sent and HOST answered something that is not HTTP (HTTPParserError)';
const WRONG_LENGTH =
  'Unknown outcome: The request was sent and HOST answered with a length that is not that of its answer (UND_ERR_RES_CONTENT_LENGTH_MISMATCH)';

const QUICKLY = { timeout_seconds: '1' };

export const MISBEHAVIOURS: readonly Misbehaviour[] = [
  {
    does: 'never answers',
    behave: () => {},
    properties: QUICKLY,
    outcome: 'error',
    reason: NO_ANSWER_IN_TIME,
    isUnknown: true,
    answer: 'none',
  },
  {
    does: 'answers a byte every 100 ms',
    behave: trickling(buildAnswer(SOLD).toString(), 100),
    properties: QUICKLY,
    outcome: 'error',
    reason: NO_ANSWER_IN_TIME,
    isUnknown: true,
    answer: 'none',
  },
  {
    does: 'stops in the middle of the body',
    behave: saying('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf'),
    properties: QUICKLY,
    outcome: 'error',
    reason: NO_ANSWER_IN_TIME,
    isUnknown: true,
    answer: 'none',
  },
  {
    does: 'closes as soon as it has accepted',
    behave: ({ socket }) => void socket.end(),
    outcome: 'error',
    reason: ENDED,
    isUnknown: true,
    answer: 'none',
  },
  {
    does: 'closes after reading the request',
    behave: sayingLast(''),
    outcome: 'error',
    reason: ENDED,
    isUnknown: true,
    answer: 'none',
  },
  {
    does: 'resets the connection after reading the request',
    behave: async ({ socket, request }) => {
      await request;
      socket.resetAndDestroy();
    },
    outcome: 'error',
    reason: 'Unknown outcome: The request was sent and HOST ended the connection before the whole answer (ECONNRESET)',
    isUnknown: true,
    answer: 'none',
  },
  {
    does: 'sends half the body and closes',
    behave: sayingLast('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf'),
    outcome: 'error',
    reason: ENDED,
    isUnknown: true,
    answer: 'none',
  },
  {
    does: 'sends half a chunk and closes',
    behave: sayingLast('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n50\r\n{"outcome":'),
    outcome: 'error',
    reason: ENDED,
    isUnknown: true,
    answer: 'none',
  },
  {
    does: 'sends 1 GB',
    behave: pouring(
      `HTTP/1.1 200 OK\r\nContent-Length: ${1_000 * MIB}\r\n\r\n`,
      Buffer.alloc(MIB, `${SOLD}\n`),
      1_000 * MIB,
    ),
    properties: { outcome_search_path: '' },
    outcome: 'success',
    reason: null,
    isUnknown: false,
    answer: 'cut',
  },
  {
    does: 'sends an endless body without a length',
    behave: pouring('HTTP/1.1 200 OK\r\n\r\n', Buffer.alloc(MIB, 'no '), Number.POSITIVE_INFINITY),
    properties: { outcome_search_path: '' },
    outcome: 'failure',
    reason: null,
    isUnknown: false,
    answer: 'cut',
  },
  {
    does: 'sends a gzip bomb (100 MB in 100 kB)',
    behave: saying(buildAnswer(gzipSync(Buffer.alloc(100 * MIB, ' ')), 'Content-Encoding: gzip\r\n')),
    properties: { 'header.Accept-Encoding': 'gzip' },
    outcome: 'failure',
    reason: null,
    isUnknown: false,
    answer: 'cut',
  },
  {
    does: 'sends half of a gzip body',
    behave: saying(buildAnswer(gzipSync(SOLD.padEnd(100_000)).subarray(0, 60), 'Content-Encoding: gzip\r\n')),
    properties: { 'header.Accept-Encoding': 'gzip' },
    outcome: 'success',
    reason: null,
    isUnknown: false,
    answer: 'cut',
  },
  {
    does: 'says gzip and sends none',
    behave: saying(buildAnswer(SOLD, 'Content-Type: application/json\r\nContent-Encoding: gzip\r\n')),
    properties: { 'header.Accept-Encoding': 'gzip' },
    outcome: 'success',
    reason: null,
    isUnknown: false,
    answer: 'whole',
  },
  {
    does: 'sends invalid UTF-8',
    behave: saying(buildAnswer(Buffer.from('{"outcome":"success","reason":"\xff\xfe"}', 'latin1'))),
    outcome: 'success',
    reason: '\ufffd\ufffd',
    isUnknown: false,
    answer: 'whole',
  },
  {
    does: 'sends NUL and half a surrogate pair',
    behave: saying(buildAnswer('{"outcome":"failure","reason":"a\\u0000b\\ud800c"}')),
    outcome: 'failure',
    reason: 'ab\ufffdc',
    isUnknown: false,
    answer: 'whole',
  },
  {
    does: 'sends JSON 100 000 levels deep',
    behave: saying(buildAnswer(`${'['.repeat(100_000)}${']'.repeat(100_000)}`)),
    outcome: 'failure',
    reason: null,
    isUnknown: false,
    answer: 'whole',
  },
  {
    does: 'sends HTML for JSON',
    behave: saying(buildAnswer('<html><body>Bad gateway, but success</body></html>', 'Content-Type: text/html\r\n')),
    outcome: 'failure',
    reason: null,
    isUnknown: false,
    answer: 'whole',
  },
  {
    does: 'says JSON and sends HTML with the word of success elsewhere',
    behave: saying(buildAnswer('<html><body>Bad gateway, but success</body></html>')),
    outcome: 'failure',
    reason: null,
    isUnknown: false,
    answer: 'whole',
    warning: /says it is JSON and could not be read/,
  },
  {
    does: 'sends JSON that was cut behind the word of success',
    behave: saying(buildAnswer('{"outcome":"success","pri')),
    outcome: 'failure',
    reason: null,
    isUnknown: false,
    answer: 'whole',
    warning: /says it is JSON and could not be read/,
  },
  {
    does: 'answers a price with a sign and separators',
    behave: saying(buildAnswer('{"outcome":"success","price":"$1,234.50"}')),
    properties: { price_path: 'price' },
    outcome: 'success',
    reason: null,
    isUnknown: false,
    answer: 'whole',
    salePrice: 1234.5,
  },
  {
    does: 'answers a price with a decimal comma',
    behave: saying(buildAnswer('{"outcome":"success","price":"12,50"}')),
    properties: { price_path: 'price' },
    outcome: 'success',
    reason: null,
    isUnknown: false,
    answer: 'whole',
    salePrice: 12.5,
  },
  {
    does: 'answers a price in another currency',
    behave: saying(buildAnswer('{"outcome":"success","price":"€ 12,50"}')),
    properties: { price_path: 'price' },
    outcome: 'success',
    reason: null,
    isUnknown: false,
    answer: 'whole',
    salePrice: 0,
    warning: /not an amount of US dollars/,
  },
  {
    does: 'sends an entity bomb as XML',
    behave: saying(buildAnswer(ENTITY_BOMB, 'Content-Type: text/xml\r\n')),
    module: 'xml',
    properties: { outcome_search_path: '/result/outcome', outcome_search_term: 'lol', reason_path: '/result/outcome' },
    outcome: 'failure',
    reason: null,
    isUnknown: false,
    answer: 'whole',
  },
  {
    does: 'sends XML with an entity from a file',
    behave: saying(buildAnswer(OUTSIDE_ENTITY, 'Content-Type: text/xml\r\n')),
    module: 'xml',
    properties: {
      outcome_search_path: '/result/outcome',
      outcome_search_term: 'root:',
      reason_path: '/result/outcome',
    },
    outcome: 'failure',
    reason: null,
    isUnknown: false,
    answer: 'whole',
  },
  {
    does: 'gives a length that is too long, and closes',
    behave: sayingLast(`HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n${SOLD}`),
    outcome: 'error',
    reason: ENDED,
    isUnknown: true,
    answer: 'none',
  },
  {
    does: 'gives a length that is too short',
    behave: saying(`HTTP/1.1 200 OK\r\nContent-Length: ${SOLD.length}\r\n\r\n${SOLD}and more`),
    outcome: 'success',
    reason: null,
    isUnknown: false,
    answer: 'whole',
  },
  {
    does: 'gives two lengths that differ',
    behave: saying(`HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n${SOLD}`),
    outcome: 'error',
    reason: WRONG_LENGTH,
    isUnknown: true,
    answer: 'none',
  },
  {
    does: 'gives a length and chunks',
    behave: saying(`HTTP/1.1 200 OK\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`),
    outcome: 'error',
    reason: WRONG_LENGTH,
    isUnknown: true,
    answer: 'none',
  },
  {
    does: 'sends a header of 1 MB',
    behave: saying(buildAnswer(SOLD, `X-Long: ${'x'.repeat(MIB)}\r\n`)),
    outcome: 'error',
    reason:
      'Unknown outcome: The request was sent and HOST answered with more headers than are read (UND_ERR_HEADERS_OVERFLOW)',
    isUnknown: true,
    answer: 'none',
  },
  {
    does: 'sends a header with a line break inside',
    behave: saying(`HTTP/1.1 200 OK\r\nX-A: a\rb\r\nContent-Length: 0\r\n\r\n`),
    outcome: 'error',
    reason: NO_HTTP,
    isUnknown: true,
    answer: 'none',
  },
  {
    does: 'speaks another protocol',
    behave: ({ socket }) => void socket.write('SSH-2.0-OpenSSH_9.6\r\n'),
    outcome: 'error',
    reason: NO_HTTP,
    isUnknown: true,
    answer: 'none',
  },
  {
    does: 'changes to another protocol (101)',
    behave: saying('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n'),
    outcome: 'error',
    reason: ENDED,
    isUnknown: true,
    answer: 'none',
  },
  {
    does: 'announces its answer (102 and 103)',
    behave: saying(
      Buffer.concat([
        Buffer.from('HTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n'),
        buildAnswer(SOLD),
      ]),
    ),
    outcome: 'success',
    reason: null,
    isUnknown: false,
    answer: 'whole',
  },
  {
    does: 'says 100 Continue without being asked',
    behave: saying(Buffer.concat([Buffer.from('HTTP/1.1 100 Continue\r\n\r\n'), buildAnswer(SOLD)])),
    outcome: 'success',
    reason: null,
    isUnknown: false,
    answer: 'whole',
  },
  {
    does: 'speaks HTTP/1.0',
    behave: sayingLast(`HTTP/1.0 200 OK\r\nContent-Type: application/json\r\n\r\n${SOLD}`),
    outcome: 'success',
    reason: null,
    isUnknown: false,
    answer: 'whole',
  },
  {
    does: 'answers before it has read the request',
    behave: ({ socket }) => void socket.write(buildAnswer(SOLD)),
    outcome: 'success',
    reason: null,
    isUnknown: false,
    answer: 'whole',
  },
  {
    does: 'answers twice',
    behave: saying(Buffer.concat([buildAnswer(SOLD), buildAnswer('{"outcome":"failure"}')])),
    outcome: 'success',
    reason: null,
    isUnknown: false,
    answer: 'whole',
  },
  {
    does: 'answers 204 and nothing',
    behave: saying('HTTP/1.1 204 No Content\r\n\r\n'),
    outcome: 'failure',
    reason: null,
    isUnknown: false,
    answer: 'whole',
  },
  {
    does: 'answers with an unknown status (999)',
    behave: saying(buildAnswer(SOLD, 'Content-Type: application/json\r\n', '999 Nope')),
    outcome: 'success',
    reason: null,
    isUnknown: false,
    answer: 'whole',
  },
  {
    does: 'redirects 100 times',
    behave: redirectingTo((path) => `/${Number(path.slice(1) || 0) + 1}`),
    module: 'query',
    outcome: 'error',
    reason: 'Unknown outcome: HOST redirected the request more than 10 times',
    isUnknown: true,
    answer: 'none',
  },
  {
    does: 'redirects to itself',
    behave: redirectingTo((path) => path),
    module: 'query',
    outcome: 'error',
    reason: 'Unknown outcome: HOST redirected the request more than 10 times',
    isUnknown: true,
    answer: 'none',
  },
  {
    does: 'redirects to a private address',
    behave: redirectingTo(() => 'http://169.254.169.254/latest/meta-data/'),
    module: 'query',
    outcome: 'error',
    reason: 'Unknown outcome: 169.254.169.254 has no public address, and private ones are not allowed',
    isUnknown: true,
    answer: 'none',
  },
  {
    does: 'redirects to a file',
    behave: redirectingTo(() => 'file:///etc/passwd'),
    module: 'query',
    outcome: 'error',
    reason: 'Unknown outcome: HOST redirected the request to a URL that is not http or https',
    isUnknown: true,
    answer: 'none',
  },
  {
    does: 'redirects from https to http',
    behave: redirectingTo((_path, own) => own.replace('https:', 'http:')),
    certificate: 'trusted',
    module: 'query',
    outcome: 'error',
    reason: 'Unknown outcome: HOST redirected the request from https to http',
    isUnknown: true,
    answer: 'none',
  },
  {
    does: 'redirects from http to https where no TLS is spoken',
    behave: (connection) => {
      // The first byte of a TLS handshake.
      connection.socket.on('data', (text: string) => text.startsWith('\x16') && connection.socket.end('no TLS'));
      return redirectingTo((_path, own) => own.replace('http:', 'https:'))(connection);
    },
    module: 'query',
    outcome: 'error',
    reason: 'Unknown outcome: HOST offered no trustworthy TLS (ERR_SSL_WRONG_VERSION_NUMBER)',
    isUnknown: true,
    answer: 'none',
  },
  {
    does: 'has a certificate that is good',
    behave: saying(buildAnswer(SOLD)),
    certificate: 'trusted',
    outcome: 'success',
    reason: null,
    isUnknown: false,
    answer: 'whole',
  },
  {
    does: 'has a certificate for another name',
    behave: saying(buildAnswer(SOLD)),
    certificate: 'other-name',
    outcome: 'error',
    reason: 'HOST offered no trustworthy TLS (ERR_TLS_CERT_ALTNAME_INVALID)',
    isUnknown: false,
    answer: 'none',
  },
  {
    does: 'has a certificate that has expired',
    behave: saying(buildAnswer(SOLD)),
    certificate: 'expired',
    outcome: 'error',
    reason: 'HOST offered no trustworthy TLS (CERT_HAS_EXPIRED)',
    isUnknown: false,
    answer: 'none',
  },
  {
    does: 'has a certificate that is not trusted',
    behave: saying(buildAnswer(SOLD)),
    certificate: 'self-signed',
    outcome: 'error',
    reason: 'HOST offered no trustworthy TLS (DEPTH_ZERO_SELF_SIGNED_CERT)',
    isUnknown: false,
    answer: 'none',
  },
];
