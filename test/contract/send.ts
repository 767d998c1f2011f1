import { type IncomingHttpHeaders, request } from 'node:http';
import type { DocumentedRoute } from '../../src/http/route.ts';
import { basic } from '../../src/http/testing/test-server.ts';
import type { Caller, Sent } from './recipe.ts';
import type { Stage } from './stage.ts';

export interface Received {
  status: number;
  headers: IncomingHttpHeaders;
  text: string;
  /** Parsed JSON; undefined: it is none. */
  json: unknown;
}

/** Sends what a recipe says to a real port. A `Content-Length` of its own promises a body that does not come. */
export function send(stage: Stage, { route, sent }: { route: DocumentedRoute; sent: Sent }): Promise<Received> {
  const text = sent.text ?? (sent.body === undefined ? undefined : JSON.stringify(sent.body));
  const headers = buildHeaders(stage, { route, sent, text });
  return new Promise((resolve, reject) => {
    const asked = request(urlOf(stage, { route, sent }), { method: sent.method ?? route.method, headers }, (res) => {
      const parts: Buffer[] = [];
      res.on('data', (part: Buffer) => parts.push(part));
      res.on('error', reject);
      res.on('end', () => {
        asked.destroy();
        const body = Buffer.concat(parts).toString();
        const isJson = (res.headers['content-type'] ?? '').startsWith('application/json') && body !== '';
        const json: unknown = isJson ? JSON.parse(body) : undefined;
        resolve({ status: res.statusCode ?? 0, headers: res.headers, text: body, json });
      });
    });
    // After the answer the server may end the connection while the body is still on its way.
    asked.on('error', reject);
    if (text === undefined && headers['Content-Length'] !== undefined) asked.flushHeaders();
    else asked.end(text);
  });
}

function urlOf(stage: Stage, { route, sent }: { route: DocumentedRoute; sent: Sent }): string {
  const { server = 'whole', params = {}, query } = sent;
  const { url } = { whole: stage.server, failing: stage.failing, away: stage.away.server }[server];
  const path = route.path.replace(/:(\w+)/g, (_, name: string) => params[name] ?? '');
  return `${url}${path}${query === undefined || query === '' ? '' : `?${query}`}`;
}

function buildHeaders(
  stage: Stage,
  { route, sent, text }: { route: DocumentedRoute; sent: Sent; text: string | undefined },
): Record<string, string> {
  const measured = { 'Content-Type': 'application/json', 'Content-Length': String(Buffer.byteLength(text ?? '')) };
  const headers = {
    ...credentialsOf(sent.as ?? defaultCaller(stage, route)),
    ...(text === undefined ? {} : measured),
    ...sent.headers,
  };
  // An empty header is left out: it says that the request has none.
  return Object.fromEntries(Object.entries(headers).filter(([, value]) => value !== ''));
}

function defaultCaller({ server, session }: Stage, { permission }: DocumentedRoute): Caller {
  if (permission === 'public') return 'nobody';
  return permission === 'session' ? session : { key: server.key };
}

function credentialsOf(as: Caller): Record<string, string> {
  if (as === 'nobody') return {};
  if ('key' in as) return { Authorization: basic(as.key) };
  return { Cookie: as.cookie, 'X-CSRF-Token': as.csrf ?? '' };
}
