import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { type IncomingHttpHeaders, request } from 'node:http';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { brotliCompressSync, brotliDecompressSync, gunzipSync, gzipSync } from 'node:zlib';
import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../lib/clock.ts';
import type { RouteDeps } from '../routes.ts';
import { createHttpServer } from '../server.ts';
import { createSessionCookies } from '../session-cookie.ts';
import { NO_TURNS } from '../testing/no-turns.ts';
import { createConsoleFiles } from './console-files.ts';
import { registerConsole } from './register-console.ts';

/** No request of these tests reaches a handler of the API. */
const NO_STORES = {} as RouteDeps;
const SCRIPT = `console.log(${JSON.stringify('x'.repeat(2_000))})`;

let folder: string;
let app: FastifyInstance;
let url: string;
const lines: object[] = [];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-console-'));
  writeConsole(join(folder, 'app'));
  writeFileSync(join(folder, 'outside.js'), 'secret');
  ({ app, url } = await serve(join(folder, 'app')));
});
afterAll(async () => {
  await app.close();
  rmSync(folder, { recursive: true, force: true });
});

function writeConsole(at: string): void {
  const files: Record<string, string | Buffer> = {
    'index.html': '<meta name="csp-nonce" nonce="{{nonce}}"><script src="/app/assets/index-abc.js"></script>',
    'icon.svg': '<svg xmlns="http://www.w3.org/2000/svg"/>',
    'assets/index-abc.js': SCRIPT,
    'assets/index-abc.js.gz': gzipSync(SCRIPT),
    'assets/index-abc.js.br': brotliCompressSync(SCRIPT),
    '.vite/manifest.json': '{}',
    'notes.exe': 'of no type that is served',
  };
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(at, name)), { recursive: true });
    writeFileSync(join(at, name), content);
  }
}

/** The whole HTTP server with its rows, over a folder. */
async function serve(of: string): Promise<{ app: FastifyInstance; url: string }> {
  const log = { error: (fields: object) => void lines.push(fields), warn: ignore, info: ignore, debug: ignore };
  const server = await createHttpServer({
    trustedProxies: [],
    recordCall: ignore,
    recordFor: () => NO_STORES,
    api: NO_STORES,
    callers: {
      authenticate: () => Promise.reject(new Error('no request has a key')),
      cookies: createSessionCookies({ isSecure: false }),
      publicOrigin: null,
      sessions: NO_STORES.sessions,
      clock: systemClock,
    },
    readingTurns: NO_TURNS,
    pages: {},
    registerIngest: ignore,
    registerConsole: (scope) => registerConsole(scope, { findConsole: createConsoleFiles(of), randomBytes, log }),
    registerDocs: ignore,
    isUnavailable: () => false,
    log,
  });
  return { app: server, url: await server.listen({ host: '127.0.0.1', port: 0 }) };
}

function ignore(): void {}

interface Reply {
  status: number;
  headers: IncomingHttpHeaders;
  body: Buffer;
}

/** With the path as it is given: `fetch` would resolve `..`. */
async function ask(path: string, how: { method?: string; headers?: Record<string, string>; at?: string } = {}) {
  const { hostname, port } = new URL(how.at ?? url);
  return new Promise<Reply>((resolve, reject) => {
    const req = request({ hostname, port, path, method: how.method ?? 'GET', headers: how.headers ?? {} }, (res) => {
      const parts: Buffer[] = [];
      res.on('data', (part: Buffer) => parts.push(part));
      res.on('end', () => resolve({ status: res.statusCode ?? 0, headers: res.headers, body: Buffer.concat(parts) }));
    });
    req.on('error', reject);
    req.end();
  });
}

const HTML = { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' };

describe('a page of the console', () => {
  it.each([
    ...['/app', '/app/', '/app/leads/5fd4371e940df5a34a3888b2', '/app/sign-in?to=%2Fapp', '/app/lists/a.b'],
    '/app/integrations/leadconduit-custom.outbound.json',
  ])('%s is index.html with the guards of a page', async (path) => {
    const { status, headers, body } = await ask(path, { headers: HTML });
    const nonce = /nonce="([^"]+)"/.exec(body.toString())?.[1] ?? '';
    expect(nonce).toMatch(/^[\w+/]{22}==$/);
    expect(status).toBe(200);
    expect(headers).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'referrer-policy': 'no-referrer',
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
    });
    expect(headers['permissions-policy']).toContain('camera=()');
    expect(headers['content-security-policy']).toBe(
      `default-src 'none'; script-src 'self'; style-src 'self' 'nonce-${nonce}'; img-src 'self'; connect-src 'self'; font-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'`,
    );
  });

  it('has a nonce of its own each time', async () => {
    const policies = await Promise.all(
      [1, 2, 3].map(async () => (await ask('/app/')).headers['content-security-policy']),
    );
    expect(new Set(policies).size).toBe(3);
  });

  it('answers HEAD with the headers alone', async () => {
    const [got, head] = await Promise.all([ask('/app/'), ask('/app/', { method: 'HEAD' })]);
    expect(head.status).toBe(200);
    expect(head.body).toHaveLength(0);
    expect(head.headers['content-length']).toBe(got.headers['content-length']);
    expect(head.headers['cache-control']).toBe('no-store');
  });
});

describe('a file of the console', () => {
  it.each([
    ['br, gzip', 'br', brotliDecompressSync],
    ['gzip', 'gzip', gunzipSync],
    ['gzip, br;q=0', 'gzip', gunzipSync],
    ['identity', undefined, (bytes: Buffer) => bytes],
  ])('for Accept-Encoding: %s goes as %s, for good', async (accepted, coding, decode) => {
    const { status, headers, body } = await ask('/app/assets/index-abc.js', {
      headers: { 'accept-encoding': accepted },
    });
    expect(status).toBe(200);
    expect(decode(body).toString()).toBe(SCRIPT);
    expect(headers['content-encoding']).toBe(coding);
    expect(headers).toMatchObject({
      'content-type': 'text/javascript; charset=utf-8',
      'cache-control': 'public, max-age=31536000, immutable',
      vary: 'Accept-Encoding',
      'x-content-type-options': 'nosniff',
      'content-length': String(body.length),
    });
  });

  it('without a hash in its name is asked for again, and not sent again', async () => {
    const first = await ask('/app/icon.svg');
    expect(first.headers).toMatchObject({ 'content-type': 'image/svg+xml', 'cache-control': 'no-cache' });
    expect(first.headers['content-security-policy']).toBe("default-src 'none'; frame-ancestors 'none'");
    const tag = first.headers.etag ?? '';
    const second = await ask('/app/icon.svg', { headers: { 'if-none-match': `"other", W/${tag}` } });
    expect([second.status, second.body.length]).toEqual([304, 0]);
    expect((await ask('/app/icon.svg', { headers: { 'if-none-match': '"other"' } })).status).toBe(200);
  });

  it('has a tag for each coding', async () => {
    const tags = await Promise.all(
      ['br', 'gzip', ''].map(async (accepted) => {
        const { headers } = await ask('/app/assets/index-abc.js', { headers: { 'accept-encoding': accepted } });
        return headers.etag;
      }),
    );
    expect(new Set(tags).size).toBe(3);
  });

  it('answers HEAD with its headers', async () => {
    const { status, headers, body } = await ask('/app/assets/index-abc.js', { method: 'HEAD' });
    expect([status, body.length, headers['content-length']]).toEqual([200, 0, String(SCRIPT.length)]);
  });

  it.each([
    ['/app/assets/index-old.js', 'an asset of another build'],
    ['/app/assets/nothing', 'below the assets'],
    ['/app/favicon.ico', 'with the ending of a file'],
    ['/app/index.html', 'the page by its file name'],
    ['/app/.vite/manifest.json', 'of the build'],
    ['/app/.env', 'hidden'],
    ['/app/..%2foutside.js', 'outside'],
    ['/app/../outside.js', 'outside, unencoded'],
    ['/app/%2e%2e/outside.js', 'outside, with encoded dots'],
    ['/app/assets/..%2f..%2foutside.js', 'outside, from the assets'],
    ['/app/..%5coutside.js', 'outside, with a backslash'],
    ['/app/leads%00.js', 'with a NUL'],
    ['/app/../flows', 'a route of the API'],
  ])('%s is 404: %s', async (path) => {
    const { status, headers, body } = await ask(path, { headers: HTML });
    expect([status, body.toString()]).toEqual([404, 'The console has no such file.\n']);
    expect(headers).toMatchObject({ 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' });
  });

  it('of a type that is not served is a page, not the file', async () => {
    expect((await ask('/app/notes.exe')).body.toString()).toContain('csp-nonce');
  });
});

describe('beside the API', () => {
  it.each(['POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])('%s below /app is 405', async (method) => {
    for (const path of ['/app', '/app/leads']) {
      const { status, headers } = await ask(path, { method, headers: { 'content-type': 'application/json' } });
      expect([status, headers.allow]).toEqual([405, 'GET, HEAD']);
    }
  });

  it('the root leads browsers to the console, and programs nowhere', async () => {
    const browser = await ask('/', { headers: HTML });
    expect([browser.status, browser.headers.location, browser.headers.vary]).toEqual([302, '/app/', 'Accept']);
    for (const headers of [{ accept: 'application/json' }, { accept: '*/*' }, {}] as Record<string, string>[]) {
      const { status, body } = await ask('/', { headers });
      expect([status, JSON.parse(body.toString()).code]).toEqual([404, 'not_found']);
    }
    expect((await ask('/', { method: 'POST', headers: HTML })).status).toBe(404);
  });

  it.each(['/apps', '/application', '/nowhere'])('%s is of the API', async (path) => {
    const { status, body } = await ask(path, { headers: HTML });
    expect([status, JSON.parse(body.toString()).code]).toEqual([404, 'not_found']);
  });
});

describe('a console that is', () => {
  it('not built is told of, and served once it is built', async () => {
    const place = join(folder, 'later');
    const late = await serve(place);
    const missing = await ask('/app/', { headers: HTML, at: late.url });
    expect(missing.status).toBe(503);
    expect(missing.body.toString()).toContain('run "npm run build"');
    writeConsole(place);
    expect((await ask('/app/', { at: late.url })).status).toBe(200);
    await late.app.close();
  });

  it('built anew while it is served stays as it was', async () => {
    const place = join(folder, 'former');
    writeConsole(place);
    const other = await serve(place);
    expect((await ask('/app/', { at: other.url })).status).toBe(200);
    renameSync(place, `${place}-gone`);
    expect((await ask('/app/assets/index-abc.js', { at: other.url })).status).toBe(200);
    await other.app.close();
  });

  it('unreadable is a fault in the log, in no form of the API', async () => {
    const place = join(folder, 'broken');
    writeFileSync(place, 'a file where a folder should be');
    const broken = await serve(place);
    const { status, headers } = await ask('/app/', { at: broken.url });
    expect([status, headers['content-type']]).toEqual([500, 'text/plain; charset=utf-8']);
    expect(lines).toContainEqual(expect.objectContaining({ route: 'GET /app', cause: 'ENOTDIR' }));
    await broken.app.close();
  });
});
