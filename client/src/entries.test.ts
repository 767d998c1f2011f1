import { createHmac } from 'node:crypto';
import { createContext, runInContext } from 'node:vm';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { packageRoot } from '../../src/package-root.ts';
import { openTestRecipient, type TestRecipient } from '../../test/harness/recipient.ts';

/*
 * Each entry as a page gets it: bundled and minified for browsers, and run where there is nothing but what a browser
 * has.
 */

/** The client has a line for each route of the API. */
const GZIP_BYTES_MAX = { submit: 3_000, webhooks: 3_000, client: 7_000 };
type Entry = keyof typeof GZIP_BYTES_MAX;

let server: TestRecipient;
beforeAll(async () => {
  server = await openTestRecipient();
});
afterAll(() => server.close());

async function bundle(entry: Entry): Promise<string> {
  const { outputFiles } = await build({
    absWorkingDir: packageRoot,
    entryPoints: [`client/src/${entry}.ts`],
    bundle: true,
    minify: true,
    platform: 'browser',
    format: 'iife',
    globalName: 'sluice',
    target: 'es2022',
    write: false,
  });
  return outputFiles[0]?.text ?? '';
}

/** What browsers and workers have of it. */
const PLATFORM = [
  ...['Headers', 'AbortSignal', 'TextEncoder', 'TextDecoder', 'URL', 'URLSearchParams', 'btoa', 'atob', 'crypto'],
  ...['setTimeout', 'clearTimeout', 'Uint8Array'],
];

/** A browser's fetch refuses to be called as a method of something else. */
function fetchOfBrowser(this: unknown, ...given: Parameters<typeof fetch>): ReturnType<typeof fetch> {
  if (this !== undefined) throw new TypeError('Illegal invocation');
  return fetch(...given);
}

async function runInPage(entry: Entry, script: string, given: object = {}): Promise<unknown> {
  const platform = Object.fromEntries(PLATFORM.map((name) => [name, Reflect.get(globalThis, name)]));
  const context = createContext({ ...platform, fetch: fetchOfBrowser, ...given });
  runInContext(await bundle(entry), context);
  return runInContext(`(async () => ${script})()`, context);
}

it.each(Object.entries(GZIP_BYTES_MAX))('the entry %s is smaller than %i bytes', async (entry, bytesMax) => {
  // Object.entries widens the keys.
  expect(gzipSync(await bundle(entry as Entry)).length).toBeLessThan(bytesMax);
});

it('submit works in a page', async () => {
  server.answerWith(() => ({ status: 201, body: { outcome: 'success', lead: { id: 'a' }, price: 0 } }));
  const answer = await runInPage('submit', `sluice.submit(url, { first_name: 'Ann' })`, { url: `${server.url}submit` });
  expect(answer).toMatchObject({ outcome: 'success' });
});

it('the client works in a page', async () => {
  server.answerWith(() => ({ body: [{ id: 'a' }] }));
  const leads = await runInPage('client', `sluice.createClient({ url, key: 'k' }).listLeads({ outcome: 'failure' })`, {
    url: server.url,
  });
  expect(leads).toEqual([{ id: 'a' }]);
});

it('verify works in a worker at the edge', async () => {
  const key = Buffer.alloc(32, 7);
  const timestamp = String(Math.floor(Date.now() / 1000));
  const body = JSON.stringify({ type: 'lead.processed', timestamp: '2025-03-03T12:00:00.000Z', data: {} });
  const signature = createHmac('sha256', key).update(`m.${timestamp}.${body}`).digest('base64');
  const headers = new Headers({
    'webhook-id': 'm',
    'webhook-timestamp': timestamp,
    'webhook-signature': `v1,${signature}`,
  });
  const secret = `whsec_${key.toString('base64')}`;
  const webhook = await runInPage('webhooks', 'sluice.verify({ headers, body }, { secret })', {
    headers,
    body,
    secret,
  });
  expect(webhook).toMatchObject({ id: 'm', type: 'lead.processed' });
});
