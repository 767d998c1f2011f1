import { EventEmitter, once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { type AddressInfo, createServer as createTcpServer, type Socket } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import { systemClock } from '../lib/clock.ts';
import type { DeliveryResult, OutboundRequest } from './contract.ts';
import { parseAllowedNetwork } from './forbidden-address.ts';
import { createHttpClient, type HttpClientOptions } from './http-client.ts';

const cleanups: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function listen(server: Server | ReturnType<typeof createTcpServer>): Promise<number> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => {}).on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  cleanups.push(() => {
    for (const socket of sockets) socket.destroy();
    return new Promise((resolve) => server.close(resolve));
  });
  return (server.address() as AddressInfo).port; // a TCP server always has one
}

/** A recipient that speaks HTTP. */
async function recipient(answer: RequestListener): Promise<number> {
  return listen(createServer(answer));
}

/** A recipient that gets the raw connection once the first bytes of a request are there. */
async function rawRecipient(onRequest: (socket: Socket, text: string) => void): Promise<number> {
  return listen(createTcpServer((socket) => socket.on('data', (bytes) => onRequest(socket, bytes.toString('latin1')))));
}

function client(options: Partial<HttpClientOptions> & { allow?: string[] } = {}) {
  const { allow = ['127.0.0.0/8'], ...rest } = options;
  const allowedNetworks = allow.map((text) => {
    const parsed = parseAllowedNetwork(text);
    if (!parsed.ok) throw new Error(parsed.error);
    return parsed.value;
  });
  const made = createHttpClient({ clock: systemClock, allowedNetworks, ...rest });
  cleanups.push(() => made.close());
  return made;
}

function post(port: number, more: Partial<OutboundRequest> = {}): OutboundRequest {
  return { url: `http://127.0.0.1:${port}/leads?key=s3cret`, method: 'POST', headers: {}, body: 'a=1', ...more };
}

function answered(result: DeliveryResult) {
  if (result.kind !== 'answered') throw new Error(`${result.kind}: ${result.reason}`);
  return result;
}

const WITHIN = { timeoutMs: 5_000 };

describe('what arrives at the recipient', () => {
  it('is the request with a computed length and without connection headers of the module', async () => {
    const seen: string[] = [];
    const port = await rawRecipient((socket, text) => {
      seen.push(text);
      socket.end('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n');
    });
    const headers = {
      'Content-Type': 'application/json',
      'content-length': '999',
      'Transfer-Encoding': 'chunked',
      Connection: 'close',
      Host: 'elsewhere.example.com',
      'X-Own': 'José',
    };
    await client().deliver(post(port, { headers, body: 'é' }), WITHIN);
    expect(seen.join('')).toBe(
      `POST /leads?key=s3cret HTTP/1.1\r\nhost: 127.0.0.1:${port}\r\nconnection: keep-alive\r\n` +
        'Content-Type: application/json\r\nX-Own: Jos\u00e9\r\ncontent-length: 2\r\n\r\n\u00c3\u00a9',
    );
  });

  it('has Basic authentication from the user part of the URL, unless the module authenticates', async () => {
    const port = await recipient((req, res) => res.end(req.headers.authorization));
    const { deliver } = client();
    const url = `http://ann:p%40ss@127.0.0.1:${port}/`;
    const result = answered(await deliver(post(port, { url }), WITHIN));
    expect(result.response.body).toBe(`Basic ${Buffer.from('ann:p@ss').toString('base64')}`);
    expect(result.url).toBe(`http://127.0.0.1:${port}/`);
    const own = answered(await deliver(post(port, { url, headers: { authorization: 'Bearer t' } }), WITHIN));
    expect(own.response.body).toBe('Bearer t');
  });
});

describe('an answer', () => {
  it('has Title-Case names, Set-Cookie as an array, other repeats joined, and times', async () => {
    const port = await rawRecipient((socket) => {
      socket.end(
        'HTTP/1.1 202 Accepted\r\nx-runtime: 0.1\r\nETAG: "a"\r\nset-cookie: a=1\r\nvia: 1\r\nVia: 2\r\n__proto__: x\r\n' +
          'content-length: 2\r\n\r\nok',
      );
    });
    const before = Date.now();
    const result = answered(await client().deliver(post(port), WITHIN));
    expect(result.response).toEqual({
      status: 202,
      version: '1.1',
      body: 'ok',
      headers: Object.fromEntries([
        ['X-Runtime', '0.1'],
        ['Etag', '"a"'],
        ['Set-Cookie', ['a=1']],
        ['Via', '1, 2'],
        ['__proto__', 'x'],
        ['Content-Length', '2'],
      ]),
    });
    expect(result.truncated).toBe(false);
    expect(result.sentAt).toBeGreaterThanOrEqual(before);
    expect(result.receivedAt).toBeGreaterThanOrEqual(result.sentAt);
  });

  it.each([
    ['no charset', 'text/plain', Buffer.from('é東'), 'é東'],
    ['a byte order mark', 'application/json', Buffer.from('\ufeff{}'), '{}'],
    ['latin1', 'text/plain; charset=ISO-8859-1', Buffer.from([0xe9]), 'é'],
    ['a quoted charset', 'text/html; charset="Shift_JIS"; x=y', Buffer.from([0x93, 0x8c]), '東'],
    ['an unknown charset', 'text/plain; charset=klingon', Buffer.from('é'), 'é'],
    ['broken UTF-8', 'text/plain', Buffer.from([0x61, 0xff, 0xc3, 0x62]), 'a\ufffd\ufffdb'],
  ])('with %s is decoded', async (_what, type, bytes, text) => {
    const port = await recipient((_req, res) => res.setHeader('Content-Type', type).end(bytes));
    expect(answered(await client().deliver(post(port), WITHIN)).response.body).toBe(text);
  });

  it('longer than the bound is cut and marked, and the recipient cannot keep us reading', async () => {
    const port = await recipient((_req, res) => {
      const more = () => res.write('x'.repeat(65_536), () => !res.destroyed && more());
      more();
    });
    const result = answered(await client({ responseBytesMax: 100_000 }).deliver(post(port), WITHIN));
    expect(result.response.body).toBe('x'.repeat(100_000));
    expect(result.truncated).toBe(true);
  });

  it('as long as the bound is whole', async () => {
    const port = await recipient((_req, res) => res.end('x'.repeat(1000)));
    const result = answered(await client({ responseBytesMax: 1000 }).deliver(post(port), WITHIN));
    expect([result.response.body.length, result.truncated]).toEqual([1000, false]);
  });

  it('is unpacked only when the request accepts gzip, and bounded', async () => {
    const port = await recipient((_req, res) => {
      res.setHeader('Content-Encoding', 'gzip').end(gzipSync('a'.repeat(1_000_000)));
    });
    const { deliver } = client({ responseBytesMax: 10_000 });
    const packed = answered(await deliver(post(port), WITHIN));
    expect(packed.response.body.charCodeAt(0)).toBe(0x1f);
    const unpacked = answered(await deliver(post(port, { headers: { 'accept-encoding': 'GZIP' } }), WITHIN));
    expect(unpacked.response.body).toBe('a'.repeat(10_000));
    expect(unpacked.truncated).toBe(true);
  });

  it.each([
    ['broken gzip', Buffer.from('\x1f\x8bnot gzip', 'latin1'), '', true],
    ['what only says that it is gzip', Buffer.from('plain'), 'plain', false],
  ])('of %s is no fault', async (_what, bytes, body, truncated) => {
    const port = await recipient((_req, res) => res.setHeader('Content-Encoding', 'gzip').end(bytes));
    const result = answered(await client().deliver(post(port, { headers: { 'Accept-Encoding': 'gzip' } }), WITHIN));
    expect([result.response.body, result.truncated]).toEqual([body, truncated]);
  });
});

describe('nothing was sent', () => {
  it.each([
    ['', 'request missing URL'],
    ['nonsense', 'The URL of the request cannot be read'],
    ['ftp://example.com/', 'The URL of the request is not http or https'],
    ['http://127.0.0.1:1/?k=s3cret', '127.0.0.1:1 refused the connection'],
    ['http://[::1]:1/?k=s3cret', '[::1]:1 has no public address, and private ones are not allowed'],
    ['http://0x7f.1:1/', '127.0.0.1:1 refused the connection'],
    ['http://169.254.169.254/latest/', '169.254.169.254 has no public address, and private ones are not allowed'],
    ['http://nowhere.test/?k=s3cret', 'nowhere.test is not a known host name'],
    ['http://inside.test/?k=s3cret', 'inside.test has no public address, and private ones are not allowed'],
    ['http://user:s3cret@empty.test/', 'empty.test has no public address, and private ones are not allowed'],
  ])('to %s', async (url, reason) => {
    const addresses: Record<string, string[]> = { 'inside.test': ['10.0.0.1', '::ffff:10.0.0.1'], 'empty.test': [] };
    const { deliver } = client({
      resolve: async (hostname) => {
        const found = addresses[hostname];
        if (!found) throw Object.assign(new Error('no'), { code: 'ENOTFOUND' });
        return found.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));
      },
    });
    expect(await deliver({ url, method: 'POST', headers: {} }, WITHIN)).toMatchObject({ kind: 'unsent', reason });
  });

  it('to a forbidden address of a name that has a permitted one too', async () => {
    const port = await recipient((_req, res) => res.end('permitted'));
    const { deliver } = client({
      allow: ['127.0.0.1/32'],
      resolve: async () => ['10.1.1.1', '127.0.0.1', '169.254.169.254'].map((address) => ({ address, family: 4 })),
    });
    const result = answered(await deliver(post(port, { url: `http://both.test:${port}/` }), WITHIN));
    expect(result.response.body).toBe('permitted');
  });

  it('to another port than the allowed one', async () => {
    const open = await recipient((_req, res) => res.end('open'));
    const shut = await recipient((_req, res) => res.end('shut'));
    const { deliver } = client({ allow: [`127.0.0.1/32:${open}`] });
    expect(answered(await deliver(post(open), WITHIN)).response.body).toBe('open');
    expect(await deliver(post(shut), WITHIN)).toMatchObject({ kind: 'unsent' });
  });

  it.each([
    ['a header value with a line break', { headers: { 'X-A': 'a\r\nX-B: b' } }],
    ['a header name with a space', { headers: { 'X A': 'a' } }],
    ['a method that is none', { method: 'PO ST' }],
    ['a header value outside latin1', { headers: { 'X-A': '東' } }],
  ])('with %s', async (_what, more) => {
    const port = await recipient((_req, res) => res.end());
    expect(await client().deliver(post(port, more), WITHIN)).toMatchObject({ kind: 'unsent' });
  });

  it('over TLS to a server whose certificate is not trusted, or that does not speak TLS', async () => {
    let hits = 0;
    const untrusted = await listen(createTlsServer(SELF_SIGNED, () => (hits += 1)));
    const plain = await recipient(() => (hits += 1));
    const { deliver } = client();
    for (const port of [untrusted, plain]) {
      const result = await deliver(post(port, { url: `https://127.0.0.1:${port}/?k=s3cret` }), WITHIN);
      expect(result).toMatchObject({
        kind: 'unsent',
        reason: expect.stringMatching(/offered no trustworthy TLS \(\w+\)$/),
      });
    }
    expect(hits).toBe(0);
  });

  it('when the name is not resolved in time', async () => {
    const { deliver } = client({ resolve: () => new Promise(() => {}) });
    const result = await deliver({ url: 'http://slow.test/', method: 'POST', headers: {} }, { timeoutMs: 30 });
    expect(result).toMatchObject({ kind: 'unsent', reason: 'No connection to slow.test within 0 s' });
  });

  it('while waiting for a free connection, and the waiting request never starts', async () => {
    let hits = 0;
    const arrivals = new EventEmitter();
    const arrived = once(arrivals, 'request');
    const port = await recipient((_req, res) => {
      hits += 1;
      arrivals.emit('request', () => res.end());
    });
    const { deliver } = client({ connectionsPerOriginMax: 1, waitingPerOriginMax: 1 });
    const first = deliver(post(port), WITHIN);
    const [answerFirst] = await arrived;
    const waiting = deliver(post(port), { timeoutMs: 20 });
    expect(await deliver(post(port), WITHIN)).toMatchObject({
      kind: 'unsent',
      reason: `Too many requests to 127.0.0.1:${port} are waiting`,
    });
    expect(await waiting).toMatchObject({ kind: 'unsent' });
    answerFirst();
    expect((await first).kind).toBe('answered');
    expect(hits).toBe(1);
  });

  it('when the caller gave up before, and after close', async () => {
    const port = await recipient((_req, res) => res.end());
    const made = client();
    const result = await made.deliver(post(port), { ...WITHIN, signal: AbortSignal.abort() });
    expect(result).toMatchObject({ kind: 'unsent' });
    await made.close();
    expect(await made.deliver(post(port), WITHIN)).toMatchObject({ kind: 'unsent', reason: 'The server is stopping' });
  });
});

describe('the request may have been received', () => {
  const SILENT = () => {};
  const CLOSING = (socket: Socket) => socket.destroy();
  const ENDING = (socket: Socket) => socket.end();
  const HALF = (socket: Socket) => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf');
  const HALF_CHUNKED = (socket: Socket) => socket.end('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhal');
  const HALF_HEAD = (socket: Socket) => socket.end('HTTP/1.1 200 OK\r\nContent-Le');
  const STALLED = (socket: Socket) => socket.write('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf');
  const NO_HTTP = (socket: Socket) => socket.end('SSH-2.0-OpenSSH\r\n');
  const TWO_LENGTHS = (socket: Socket) =>
    socket.end('HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab');

  it.each([
    ['never answers', SILENT, /sent and 127.0.0.1:\d+ did not answer within 0.5 s$/, 500],
    ['stalls in the middle', STALLED, /did not answer within 0.5 s$/, 500],
    ['resets the connection', CLOSING, /ended the connection before the whole answer/, 5_000],
    ['closes without an answer', ENDING, /ended the connection before the whole answer/, 5_000],
    ['answers half a body', HALF, /ended the connection before the whole answer/, 5_000],
    ['answers half a chunk', HALF_CHUNKED, /ended the connection before the whole answer/, 5_000],
    ['answers half a head', HALF_HEAD, /ended the connection before the whole answer/, 5_000],
    ['speaks another protocol', NO_HTTP, /answered something that is not HTTP/, 5_000],
    [
      'contradicts itself about the length',
      TWO_LENGTHS,
      /answered with a length that is not that of its answer/,
      5_000,
    ],
  ])('by a recipient that %s', async (_what, behave, reason, timeoutMs) => {
    const port = await rawRecipient(behave);
    const result = await client().deliver(post(port), { timeoutMs });
    expect(result).toMatchObject({ kind: 'unknown', reason: expect.stringMatching(reason) });
    expect(JSON.stringify(result)).not.toContain('s3cret');
  });

  it('when the caller gives up while waiting', async () => {
    const stop = new AbortController();
    const port = await rawRecipient(() => stop.abort());
    const result = await client().deliver(post(port), { ...WITHIN, signal: stop.signal });
    expect(result).toMatchObject({ kind: 'unknown', reason: expect.stringContaining('cancelled before the answer') });
  });

  it('and is never sent a second time, whatever the method', async () => {
    let hits = 0;
    const port = await rawRecipient((socket) => {
      hits += 1;
      socket.destroy();
    });
    const { deliver } = client();
    for (const method of ['GET', 'POST', 'PUT']) {
      expect((await deliver({ url: `http://127.0.0.1:${port}/`, method, headers: {} }, WITHIN)).kind).toBe('unknown');
    }
    expect(hits).toBe(3);
  });
});

describe('connections', () => {
  it('are kept and used again', async () => {
    const ports = new Set<number | undefined>();
    const port = await recipient((req, res) => res.end(String(ports.add(req.socket.remotePort).size)));
    const { deliver } = client();
    for (let i = 0; i < 10; i += 1) await deliver(post(port), WITHIN);
    // undici lets a connection rest for one turn of the event loop, so two take turns.
    expect(ports.size).toBeLessThanOrEqual(2);
  });

  it('that the recipient closes between two requests cost no unknown delivery', async () => {
    // Promises to keep the connection, then closes it behind the answer.
    const port = await rawRecipient((socket) => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok'));
    const { deliver } = client();
    const kinds: string[] = [];
    for (let i = 0; i < 50; i += 1) kinds.push((await deliver(post(port), WITHIN)).kind);
    expect(new Set(kinds)).toEqual(new Set(['answered']));
  });

  it('stay within the bound and everybody is served in turn', async () => {
    let open = 0;
    let most = 0;
    const port = await recipient((_req, res) => {
      open += 1;
      most = Math.max(most, open);
      setImmediate(() => {
        open -= 1;
        res.end();
      });
    });
    const { deliver } = client({ connectionsPerOriginMax: 3 });
    const results = await Promise.all(Array.from({ length: 50 }, () => deliver(post(port), WITHIN)));
    expect(results.every(({ kind }) => kind === 'answered')).toBe(true);
    expect(most).toBeLessThanOrEqual(3);
  });

  it('to more origins than the bound make room for each other', async () => {
    const ports = await Promise.all([1, 2, 3].map(() => recipient((_req, res) => res.end())));
    const { deliver } = client({ originsMax: 2 });
    for (const port of [...ports, ...ports]) expect((await deliver(post(port), WITHIN)).kind).toBe('answered');
  });

  it('to one origin too many are refused while all others are busy', async () => {
    const stop = new AbortController();
    const busy = await rawRecipient(() => {});
    const other = await recipient((_req, res) => res.end());
    const { deliver } = client({ originsMax: 1 });
    const running = deliver(post(busy), { ...WITHIN, signal: stop.signal });
    expect(await deliver(post(other), WITHIN)).toMatchObject({ kind: 'unsent', reason: 'Too many recipients at once' });
    stop.abort();
    await running;
  });
});

describe('redirects', () => {
  /** Answers /go?status=S with a redirect to /end, which echoes what it got. */
  async function redirecting(): Promise<number> {
    return recipient((req, res) => {
      const url = new URL(req.url ?? '/', 'http://x');
      if (url.pathname === '/loop') return res.writeHead(302, { Location: '/loop' }).end();
      if (url.pathname === '/to') return res.writeHead(302, { Location: url.searchParams.get('at') ?? '' }).end();
      if (url.pathname === '/go')
        return res.writeHead(Number(url.searchParams.get('status')), { Location: '/end' }).end();
      let body = '';
      req.on('data', (bytes) => (body += bytes));
      req.on('end', () => {
        const { 'content-type': type = '-', authorization = '-' } = req.headers;
        res.end(`${req.method} ${req.url} ${type} ${authorization} ${body}`);
      });
    });
  }

  const HEADERS = { 'Content-Type': 'text/x', Authorization: 'Basic a' };

  it.each([
    ['POST', undefined, 302, 302, ''],
    ['POST', false, 307, 307, ''],
    ['GET', false, 302, 302, ''],
    ['GET', undefined, 302, 200, 'GET /end text/x Basic a '],
    ['POST', true, 301, 200, 'GET /end - Basic a '],
    ['POST', true, 302, 200, 'GET /end - Basic a '],
    ['POST', true, 303, 200, 'GET /end - Basic a '],
    ['POST', true, 307, 200, 'POST /end text/x Basic a a=1'],
    ['PUT', true, 308, 200, 'PUT /end text/x Basic a a=1'],
    ['PUT', true, 302, 200, 'PUT /end text/x Basic a a=1'],
    ['POST', true, 304, 304, ''],
  ] as const)('%s with followAllRedirects %s and %i: %i %s', async (method, follow, status, finalStatus, body) => {
    const port = await redirecting();
    const url = `http://127.0.0.1:${port}/go?status=${status}`;
    const request: OutboundRequest = { url, method, headers: HEADERS };
    if (method !== 'GET') request.body = 'a=1';
    if (follow !== undefined) request.followAllRedirects = follow;
    const { response } = answered(await client().deliver(request, WITHIN));
    expect([response.status, response.body]).toEqual([finalStatus, body]);
  });

  it('to another origin take no credentials along', async () => {
    const port = await redirecting();
    const url = `http://127.0.0.1:${port}/to?at=${encodeURIComponent(`http://127.0.0.2:${port}/end`)}`;
    const other = await listenAt127002(port);
    const result = answered(await client().deliver({ url, method: 'GET', headers: HEADERS }, WITHIN));
    expect([result.response.body, result.url]).toEqual(['-', `http://127.0.0.2:${port}/end`]);
    expect(other.listening).toBe(true);
  });

  it.each([
    ['/loop', /^127.0.0.1:\d+ redirected the request more than 10 times$/],
    ['/to?at=http%3A%2F%2F169.254.169.254%2F', /^169.254.169.254 has no public address/],
    ['/to?at=http%3A%2F%2F%5B%3A%3Affff%3A10.0.0.1%5D%2F', /^\[::ffff:a00:1\] has no public address/],
    ['/to?at=file%3A%2F%2F%2Fetc%2Fpasswd', /redirected the request to a URL that is not http or https$/],
    ['/to?at=http%3A%2F%2F%5Bx', /redirected the request to a URL that cannot be read$/],
  ])('that cannot be followed leave the delivery unknown: %s', async (path, reason) => {
    const port = await redirecting();
    const request = { url: `http://127.0.0.1:${port}${path}`, method: 'GET', headers: {} };
    expect(await client().deliver(request, WITHIN)).toMatchObject({
      kind: 'unknown',
      reason: expect.stringMatching(reason),
    });
  });
});

async function listenAt127002(port: number): Promise<Server> {
  const server = createServer((req, res) => res.end(req.headers.authorization ?? '-'));
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.2', resolve));
  cleanups.push(() => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  });
  return server;
}

/** Made for this test; it guards nothing. */
const SELF_SIGNED = {
  key: `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg+6VOUMPBCxlOdmtU
6OhPPzwVBbs04czJLeTS1eJUut6hRANCAARcvBu+ZAytxVE+VxuCY98V2MWFNAob
t9bmjEvaWRFXxzrqoZu3zN6qHZI7Yz9k7zMZ9HlFCixfQ3V7dFBFMlDX
-----END PRIVATE KEY-----`,
  cert: `-----BEGIN CERTIFICATE-----
MIIBuTCCAV+gAwIBAgIUfV/waCJEGG8+urXD4JWT1ewzvC4wCgYIKoZIzj0EAwIw
IDEeMBwGA1UEAwwVcmVjaXBpZW50LmV4YW1wbGUuY29tMCAXDTI2MTEyMDIzMDUx
NloYDzIxMjYxMDI3MjMwNTE2WjAgMR4wHAYDVQQDDBVyZWNpcGllbnQuZXhhbXBs
ZS5jb20wWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAARcvBu+ZAytxVE+VxuCY98V
2MWFNAobt9bmjEvaWRFXxzrqoZu3zN6qHZI7Yz9k7zMZ9HlFCixfQ3V7dFBFMlDX
o3UwczAdBgNVHQ4EFgQUbNSwAjg0FnVqrcxuXIL+8r4an3AwHwYDVR0jBBgwFoAU
bNSwAjg0FnVqrcxuXIL+8r4an3AwDwYDVR0TAQH/BAUwAwEB/zAgBgNVHREEGTAX
ghVyZWNpcGllbnQuZXhhbXBsZS5jb20wCgYIKoZIzj0EAwIDSAAwRQIgGrjoV8/x
5h1RjkMKHDxLFyo07lxqDukBRg+6D6J96ekCIQD5/EZSKCw8xSZgyzTV4N0l6Az9
guHp+UNIfnvRAw1YzA==
-----END CERTIFICATE-----`,
};
