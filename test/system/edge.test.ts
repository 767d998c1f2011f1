import { connect, type Socket } from 'node:net';
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ask, type ComposedServer, type SubmitTarget, startTestServer } from '../harness/server.ts';
import { until } from '../harness/until.ts';
import { flowOf, sourceNamed } from './flows.ts';

let server: ComposedServer;
let flow: SubmitTarget;
const PAGE = 'https://pages.example.com';
beforeAll(async () => {
  server = await startTestServer({ bodyMemoryMib: 8 });
  const sources = [
    sourceNamed('Pages', {}),
    sourceNamed('Own pages', { allowed_origins: [PAGE] }),
    sourceNamed('Switched off', { enabled: false }),
    sourceNamed('Guarded', { authentication_required: true }),
    sourceNamed('Redirects', { redirect_hosts: ['Pages.example.com', '*.example.org'] }),
  ];
  flow = await server.deploy(flowOf([], { sources, fields: ['first_name', 'last_name'] }));
});
afterAll(() => server.stop());

const pathOf = (source = 0) => `/flows/${flow.id}/sources/${flow.sources[source]?.entity.id}/submit`;
const urlOf = (source = 0) => `${server.url}${pathOf(source)}`;
const FORM = 'application/x-www-form-urlencoded';
const JSON_TYPE = 'application/json';

interface Sent {
  headers?: Record<string, string>;
  body?: string | Uint8Array<ArrayBuffer>;
  method?: string;
  source?: number;
}

const post = ({ headers = {}, body = '{}', method = 'POST', source = 0 }: Sent = {}) =>
  ask(urlOf(source), {
    method,
    headers: { 'Content-Type': JSON_TYPE, ...headers },
    ...(method === 'POST' ? { body } : {}),
  });

async function countLeads(): Promise<number> {
  const [row] = await server.query('select count(*)::int as n from leads');
  return Number(row?.['n']);
}

async function readLead(id: string): Promise<Record<string, unknown>> {
  const [row] = await server.query(`select document->'vars'->'lead' as lead from lead_data where lead_id = $1`, [id]);
  return row?.['lead'] as Record<string, unknown>;
}

/** Bytes over a socket, and everything that comes back until the server ends the connection. */
async function exchange(...parts: (string | Buffer)[]): Promise<string> {
  const socket = openSocket();
  for (const part of parts) socket.write(part);
  return readAll(socket);
}

function openSocket(): Socket {
  const { hostname, port } = new URL(server.url);
  return connect(Number(port), hostname);
}

function readAll(socket: Socket): Promise<string> {
  let text = '';
  return new Promise((resolve, reject) => {
    socket.on('data', (chunk) => {
      text += chunk.toString();
    });
    socket.once('error', reject);
    socket.once('end', () => {
      socket.end();
      resolve(text);
    });
  });
}

describe('pages of other origins', () => {
  const preflight = (source: number, origin: string) =>
    post({
      method: 'OPTIONS',
      source,
      headers: {
        Origin: origin,
        'Access-Control-Request-Method': 'POST',
        'Access-Control-Request-Headers': 'content-type, x-page',
      },
    });

  it('a preflight allows what the page asks for, for an hour and without credentials', async () => {
    const { status, text, headers } = await preflight(0, PAGE);
    expect([status, text]).toEqual([204, '']);
    expect(Object.fromEntries(headers)).toMatchObject({
      'access-control-allow-origin': '*',
      'access-control-allow-methods': 'GET, HEAD, POST',
      'access-control-allow-headers': 'content-type, x-page',
      'access-control-max-age': '3600',
    });
    expect(headers.has('access-control-allow-credentials')).toBe(false);
  });

  it.each<[number, Sent]>([
    [201, {}],
    [400, { body: '[1]' }],
    [401, { source: 3 }],
    [403, { source: 2 }],
    [405, { method: 'PUT' }],
    [406, { headers: { Accept: 'text/html' } }],
    [413, { body: `"${'x'.repeat(1_048_577)}"` }],
    [415, { headers: { 'Content-Encoding': 'zstd' } }],
  ])('may read a %i', async (status, sent) => {
    const answer = await post({ ...sent, headers: { ...sent.headers, Origin: PAGE } });
    expect([answer.status, answer.headers.get('access-control-allow-origin')]).toEqual([status, '*']);
  });

  it.each(['/flows/0123456789abcdef01234567/sources/nope00/submit', '/flows/%zz/sources/x/submit', '/feedback'])(
    'may read why %s does not answer',
    async (path) => {
      const answer = await ask(`${server.url}${path}`, { method: 'POST', headers: { Origin: PAGE } });
      expect(answer.headers.get('access-control-allow-origin')).toBe('*');
      expect([400, 404, 415]).toContain(answer.status);
    },
  );

  it.each(['/flows', '/events', '/status', '/nothing'])('may not read %s', async (path) => {
    for (const method of ['GET', 'OPTIONS']) {
      const { headers } = await ask(`${server.url}${path}`, { method, headers: { Origin: PAGE } });
      expect(headers.has('access-control-allow-origin')).toBe(false);
    }
  });

  it('a source takes only the origins it lists, in any case, and leads without an origin', async () => {
    const allowed = await post({ source: 1, headers: { Origin: PAGE } });
    expect([allowed.status, allowed.headers.get('access-control-allow-origin'), allowed.headers.get('vary')]).toEqual([
      201,
      PAGE,
      'Origin',
    ]);
    expect(await preflight(1, PAGE)).toMatchObject({ status: 204 });
    expect(await post({ source: 1 })).toMatchObject({ status: 201 });
    const before = await countLeads();
    for (const refused of [
      await post({ source: 1, headers: { Origin: 'https://evil.example' } }),
      await preflight(1, 'null'),
    ]) {
      expect(refused).toMatchObject({ status: 403, body: { code: 'origin_not_allowed' } });
      expect(refused.headers.has('access-control-allow-origin')).toBe(false);
      expect(refused.headers.get('vary')).toBe('Origin');
    }
    expect(await countLeads()).toBe(before);
  });

  it.each([
    [['https://www.example.com/'], 'sources.0.allowed_origins.0'],
    [['www.example.com'], 'sources.0.allowed_origins.0'],
    [[PAGE, 'https://example.com:443'], 'sources.0.allowed_origins.1'],
    [['*'], 'sources.0.allowed_origins.0'],
    [[], 'sources.0.allowed_origins'],
  ])('what is no origin is an error at save: %j', async (origins, path) => {
    const saved = await server.api(
      'POST',
      '/flows',
      flowOf([], { sources: [sourceNamed('Pages', { allowed_origins: origins })] }),
    );
    expect(saved.body.errors).toHaveProperty([path]);
  });
});

describe('the hosts a source redirects to', () => {
  const redirect = (url: string, source = 4) =>
    ask(`${urlOf(source)}?first_name=Ada&redir_url=${encodeURIComponent(url)}`, { method: 'GET', redirect: 'manual' });

  it.each(['https://pages.example.com:8443/thanks?a=1', 'http://PAGES.example.com', 'https://a.b.example.org/'])(
    '%s is listed',
    async (url) => {
      const answer = await redirect(url);
      expect([answer.status, answer.headers.get('location')]).toEqual([303, url]);
    },
  );

  it.each([
    'https://example.org/',
    'https://evilexample.org/',
    'https://pages.example.com.evil.example/',
    'https://pages.example.com@evil.example/',
    'https://evil.example/?pages.example.com',
  ])('%s is not, and leaves no lead', async (url) => {
    const before = await countLeads();
    expect(await redirect(url)).toMatchObject({
      status: 400,
      text: 'Invalid redir_url: this source does not send visitors to its host',
    });
    expect(await countLeads()).toBe(before);
  });

  it('are all hosts when the source lists none', async () => {
    expect((await redirect('https://elsewhere.example/', 0)).status).toBe(303);
  });

  it.each([
    [['https://www.example.com'], 'sources.0.redirect_hosts.0'],
    [['a.example', 'www.example.com/thanks'], 'sources.0.redirect_hosts.1'],
    [['a.example:443'], 'sources.0.redirect_hosts.0'],
    [['*'], 'sources.0.redirect_hosts.0'],
    [['a.*.example'], 'sources.0.redirect_hosts.0'],
    [[], 'sources.0.redirect_hosts'],
  ])('what is no host is an error at save: %j', async (hosts, path) => {
    const document = flowOf([], { sources: [sourceNamed('Pages', { redirect_hosts: hosts })] });
    expect((await server.api('POST', '/flows', document)).body.errors).toHaveProperty([path]);
  });
});

describe('what is no lead', () => {
  it('HEAD is 200 without a lead, OPTIONS 204', async () => {
    const before = await countLeads();
    expect(await post({ method: 'HEAD' })).toMatchObject({ status: 200, text: '' });
    expect(await post({ method: 'OPTIONS' })).toMatchObject({ status: 204 });
    expect(await countLeads()).toBe(before);
  });

  it('a GET with a body is refused: its values would be lost', async () => {
    const answer = await exchange(
      `GET ${pathOf()} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: ${JSON_TYPE}\r\nContent-Length: 18\r\n\r\n{"first_name":"A"}`,
    );
    expect(answer).toMatch(/^HTTP\/1.1 400 [\s\S]*A GET carries its values in the URL/);
  });

  it('a transfer coding that is not read is 415', async () => {
    const answer = await exchange(
      `POST ${pathOf()} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: ${FORM}\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n`,
    );
    expect(answer).toMatch(/^HTTP\/1.1 415 /);
  });
});

describe('bodies in a coding', () => {
  const lead = Buffer.from('first_name=Ana');
  it.each([
    ['gzip', gzipSync(lead)],
    ['X-GZIP', gzipSync(lead)],
    ['deflate', deflateSync(lead)],
    ['deflate', deflateRawSync(lead)],
    ['br', brotliCompressSync(lead)],
    ['gzip, br', brotliCompressSync(gzipSync(lead))],
    ['identity', lead],
  ])('%s is read: %#', async (coding, body) => {
    const answer = await post({
      headers: { 'Content-Type': FORM, 'Content-Encoding': coding },
      body: Uint8Array.from(body),
    });
    expect(answer.status).toBe(201);
    expect(await readLead(answer.body.lead.id)).toMatchObject({ first_name: 'Ana' });
  });

  const bomb = Buffer.alloc(20 * 1024 * 1024, 'a');
  const bomb2 = gzipSync(gzipSync(bomb));
  it.each<[string, string, Buffer, number]>([
    ['a bomb of gzip', 'gzip', gzipSync(bomb), 413],
    ['a bomb of brotli', 'br', brotliCompressSync(bomb), 413],
    ['a bomb in a bomb', 'gzip, gzip', bomb2, 413],
    ['damaged gzip', 'gzip', Buffer.from('first_name=Ana'), 400],
    ['gzip that is cut off', 'gzip', gzipSync(lead).subarray(0, 15), 400],
    ['brotli that is cut off', 'br', brotliCompressSync(Buffer.from('first_name=Ana Maria')).subarray(0, 8), 400],
    ['deflate that is none', 'deflate', Buffer.from('zzzzzz'), 400],
    ['a coding that is not known', 'compress', lead, 415],
    ['one among known ones', 'gzip, zstd', gzipSync(lead), 415],
    ['four codings', 'gzip,gzip,gzip,gzip', gzipSync(lead), 415],
  ])('%s is refused', async (_name, coding, body, status) => {
    const before = await countLeads();
    const answer = await post({
      headers: { 'Content-Type': FORM, 'Content-Encoding': coding },
      body: Uint8Array.from(body),
    });
    expect(answer.status).toBe(status);
    expect(await countLeads()).toBe(before);
  });
});

describe('charsets', () => {
  const latin = (text: string) => Uint8Array.from(Buffer.from(text, 'latin1'));
  const utf16 = (text: string) => Uint8Array.from(Buffer.from(`\ufeff${text}`, 'utf16le'));
  const xml = (encoding: string) =>
    `<?xml version="1.0" encoding="${encoding}"?><lead><last_name>Muñoz</last_name></lead>`;
  it.each<[string, string, Uint8Array<ArrayBuffer>, string]>([
    ['a form, percent bytes', `${FORM}; charset=ISO-8859-1`, latin('last_name=Mu%F1oz'), 'Muñoz'],
    ['a form, bytes', `${FORM};charset="latin1"`, latin('last_name=Muñoz'), 'Muñoz'],
    ['a form that names its own', FORM, latin('_charset_=iso-8859-1&last_name=Muñoz'), 'Muñoz'],
    [
      'windows-1252 has a euro',
      `${FORM}; charset=windows-1252`,
      Uint8Array.from([...Buffer.from('last_name='), 0x80]),
      '€',
    ],
    ['JSON', `${JSON_TYPE}; charset=ISO-8859-1`, latin('{"last_name":"Muñoz"}'), 'Muñoz'],
    ['an XML declaration', 'text/xml', latin(xml('ISO-8859-1')), 'Muñoz'],
    [
      'a header over an XML declaration',
      'text/xml; charset=utf-8',
      Uint8Array.from(Buffer.from(xml('ISO-8859-1'))),
      'Muñoz',
    ],
    ['an XML declaration of UTF-16 in UTF-8', 'text/xml', Uint8Array.from(Buffer.from(xml('utf-16'))), 'Muñoz'],
    ['a mark of UTF-16', JSON_TYPE, utf16('{"last_name":"Muñoz"}'), 'Muñoz'],
    ['XML in UTF-16 without a mark', 'text/xml', Uint8Array.from(Buffer.from(xml('utf-16'), 'utf16le')), 'Muñoz'],
    ['undeclared broken UTF-8', FORM, latin('last_name=Muñoz%F1'), 'Mu\ufffdoz\ufffd'],
  ])('%s', async (_name, type, body, lastName) => {
    const answer = await post({ headers: { 'Content-Type': type }, body });
    expect(answer.status).toBe(201);
    expect(await readLead(answer.body.lead.id)).toMatchObject({ last_name: lastName });
  });

  it('one that does not exist is 415', async () => {
    const answer = await post({ headers: { 'Content-Type': `${JSON_TYPE}; charset=nonsense` } });
    expect(answer).toMatchObject({ status: 415, body: { code: 'unsupported_media_type' } });
  });
});

describe('long URLs', () => {
  it('64 KiB are taken', async () => {
    const answer = await ask(`${urlOf()}?first_name=${'x'.repeat(64_000)}`, {});
    expect(answer.status).toBe(201);
  });

  it.each([
    [66_000, 414, 'url_too_long'],
    [100_000, 431, 'headers_too_large'],
    [2_000_000, 431, 'headers_too_large'],
  ])('%i characters are refused in our form, and never with a reset', async (length, status, code) => {
    const answer = await exchange(
      `GET ${pathOf()}?a=${'x'.repeat(length)} HTTP/1.1\r\nHost: x\r\nOrigin: ${PAGE}\r\nConnection: close\r\n\r\n`,
    );
    expect(answer).toContain(`HTTP/1.1 ${status} `);
    expect(answer).toContain('Access-Control-Allow-Origin: *');
    expect(answer).toContain(`"code":"${code}"`);
  });

  it('what is not HTTP gets an answer that says so', async () => {
    expect(await exchange('hello\r\n\r\n')).toMatch(/^HTTP\/1.1 400 [\s\S]*"code":"malformed_request"/);
  });
});

describe('bodies that do not come', () => {
  it('many stalled bodies take the room there is, get 503 beyond, and ordinary leads are served', async () => {
    const head = `POST ${pathOf()} HTTP/1.1\r\nHost: x\r\nContent-Type: ${FORM}\r\nContent-Length: 1000000\r\n\r\n`;
    const answers: string[] = [];
    const sockets = Array.from({ length: 60 }, () => {
      const socket = openSocket();
      socket.on('error', () => undefined);
      socket.on('data', (chunk) => answers.push(chunk.toString()));
      socket.write(head);
      socket.write(Buffer.alloc(500_000, 'x'));
      return socket;
    });
    // Six MiB for what is beyond the first 16 KiB of each hold twelve of these.
    await until('the others are refused', async () => answers.length >= 60 - 13, 20_000);
    expect(answers.every((answer) => answer.startsWith('HTTP/1.1 503 ') && answer.includes('Retry-After: 1'))).toBe(
      true,
    );
    expect(answers.length).toBeLessThan(60);
    expect(await post({ body: '{"first_name":"Ana"}' })).toMatchObject({ status: 201 });
    for (const socket of sockets) socket.destroy();
    const large = JSON.stringify({ first_name: 'x'.repeat(900_000) });
    await until('the room is given back', async () => (await post({ body: large })).status === 201);
  });
});
