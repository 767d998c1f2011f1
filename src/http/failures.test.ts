import { describe, expect, it } from 'vitest';
import { systemClock } from '../lib/clock.ts';
import { isUnavailable } from '../store/postgres/is-unavailable.ts';
import type { RouteDeps } from './routes.ts';
import { createHttpServer } from './server.ts';
import { createSessionCookies } from './session-cookie.ts';
import { NO_TURNS } from './testing/no-turns.ts';

/** No handler is reached: authentication, which comes first, fails as given. */
const NO_STORES = {} as RouteDeps;

async function askFailing(error: unknown) {
  const lines: { level: string; fields: Record<string, unknown> }[] = [];
  const log = (level: string) => (fields: Record<string, unknown>) => void lines.push({ level, fields });
  const app = await createHttpServer({
    trustedProxies: [],
    recordCall: () => undefined,
    recordFor: () => NO_STORES,
    api: NO_STORES,
    callers: {
      authenticate: () => Promise.reject(error),
      cookies: createSessionCookies({ isSecure: false }),
      publicOrigin: null,
      sessions: NO_STORES.sessions,
      clock: systemClock,
    },
    readingTurns: NO_TURNS,
    pages: {},
    registerIngest: () => undefined,
    registerConsole: () => undefined,
    registerDocs: () => undefined,
    isUnavailable,
    log: { error: log('error'), warn: log('warn'), info: log('info'), debug: log('debug') },
  });
  const res = await app.inject({ url: '/flows/5fd4371e940df5a34a3888b2', headers: { authorization: 'Basic YTpi' } });
  await app.close();
  return { res, lines };
}

describe('failures behind the API', () => {
  it.each([
    ['a refused connection', Object.assign(new Error('connect'), { code: 'ECONNREFUSED' })],
    ['a server that shuts down', Object.assign(new Error('terminating'), { code: '57P01' })],
    ['a connection that broke', new Error('Connection terminated unexpectedly')],
    ['a full pool', new Error('timeout exceeded when trying to connect')],
  ])('%s is 503 with Retry-After', async (_name, error) => {
    const { res, lines } = await askFailing(error);
    expect(res.statusCode).toBe(503);
    expect(res.headers['retry-after']).toBe('1');
    expect(res.json()).toMatchObject({ code: 'unavailable' });
    expect(lines).toMatchObject([{ level: 'warn', fields: { route: 'GET /flows/:id' } }]);
  });

  it.each([
    ['a broken invariant', new Error('value jane@example.com')],
    [
      'a statement that fails',
      Object.assign(new Error('jane@example.com'), { code: '23505', detail: 'jane@example.com' }),
    ],
    ['a thrown text', 'jane@example.com'],
  ])('%s is 500, and neither answer nor log quotes it', async (_name, error) => {
    const { res, lines } = await askFailing(error);
    expect(res.statusCode).toBe(500);
    expect(res.json()).toEqual({ error: 'The server failed; its log says where.', code: 'internal_error' });
    const traceId = res.headers['x-trace-id'];
    expect(traceId).toMatch(/^[0-9a-f]{32}$/);
    expect(lines).toMatchObject([{ level: 'error', fields: { route: 'GET /flows/:id', trace_id: traceId } }]);
    expect(JSON.stringify(lines)).not.toContain('jane');
  });
});
