import { buildAuthorization, parseUrl } from './authorization.ts';
import { buildQuery, fillPath, type Query } from './build-path.ts';
import type { CallOptions, FileBody } from './call-options.ts';
import { type Answer, exchange, JSON_TYPE } from './exchange.ts';
import { type Calls, ROUTES } from './generated.ts';
import { iteratePages } from './iterate-pages.ts';
import { retry, sleep } from './retry.ts';
import { SluiceError } from './sluice-error.ts';
import { withDeadline } from './with-deadline.ts';

export * from './generated.ts';
export type { Answer, CallOptions };
export { SluiceError };

export interface ClientOptions {
  /** Where the server is: `https://leads.example.com`, with the path a proxy puts before it. */
  url: string;
  /** The API key. Absent: only the public routes can be asked. */
  key?: string;
  /** Of a whole call with its retries; 30 000 unless given. */
  timeoutMs?: number;
  /** How often a call that changes nothing is sent at most; 4 unless given, 1 for never again. */
  attemptsMax?: number;
  /** Instead of those of the platform, for tests and unusual surroundings. */
  tools?: Partial<ClientTools>;
}

export interface ClientTools {
  fetch: typeof fetch;
  /** From 0 to 1, without 1. */
  random(): number;
  /** Epoch ms. */
  now(): number;
  /** Rejects with the reason of the signal when that aborts. */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
}

/** One request that no method has: status, headers and body of an answer as they are. */
export interface RawRequest extends CallOptions {
  query?: Query;
  body?: unknown;
  /** Instead of a body: sent as it is. */
  file?: FileBody;
}

/**
 * A method for every route of the API, by its name: the parameters of the path in order, then the body, then the query,
 * each where the route has one, then options. Methods of paged lists have `each`, which iterates over all pages.
 */
export type Client = Calls & {
  request(method: string, path: string, request?: RawRequest): Promise<Answer>;
};

/** The server looks at the bytes. */
const FILE_TYPE = 'application/octet-stream';
const TIMEOUT_MS_DEFAULT = 30_000;
const ATTEMPTS_DEFAULT = 4;

/** Throws a TypeError for a URL or a key that can be none, without repeating either. */
export function createClient(options: ClientOptions): Client {
  const { timeoutMs = TIMEOUT_MS_DEFAULT, attemptsMax = ATTEMPTS_DEFAULT } = options;
  const { origin, pathname } = parseUrl(options.url);
  const base = `${origin}${pathname.replace(/\/+$/, '')}`;
  const authorization = options.key === undefined ? {} : { Authorization: buildAuthorization(options.key) };
  const tools: ClientTools = { fetch: globalThis.fetch, random: Math.random, now: Date.now, sleep, ...options.tools };
  const calls = Object.entries(ROUTES).map(([name, route]) => [name, buildCall(route, request)]);
  // `generated.ts` writes the table and the types of its methods from the same rows.
  return Object.freeze({ ...(Object.fromEntries(calls) as Calls), request });

  async function request(method: string, path: string, asked: RawRequest = {}): Promise<Answer> {
    const { query = {}, body, file, signal, ifMatch, headers } = asked;
    const name = `${method} ${path}`;
    const limits = { signal, timeoutMs: asked.timeoutMs ?? timeoutMs, request: name, changes: method !== 'GET' };
    const deadline = tools.now() + limits.timeoutMs;
    const sent = {
      method,
      name,
      url: `${base}${path}${buildQuery(query)}`,
      headers: {
        Accept: JSON_TYPE,
        ...authorization,
        ...(body === undefined ? {} : { 'Content-Type': JSON_TYPE }),
        ...(file === undefined ? {} : { 'Content-Type': FILE_TYPE }),
        ...(ifMatch === undefined ? {} : { 'If-Match': `"${ifMatch}"` }),
        ...headers,
      },
      body: body === undefined ? file : JSON.stringify(body),
    };
    return withDeadline(limits, (signal) => {
      const once = () => exchange(sent, { tools, signal });
      // What changes something is never sent twice: its first request may have been carried out.
      return method === 'GET' ? retry({ attemptsMax, deadline, signal, tools }, once) : once();
    });
  }
}

/** What the table says of a route. */
interface RouteFacts {
  method: string;
  path: string;
  takesBody?: true;
  /** The body is a file. */
  takesFile?: true;
  takesQuery?: true;
  /** The property of an entry that its pages go on by. */
  pagesBy?: string;
}

type Ask = Client['request'];

/** The method of one route, with `each` where it is paged. */
function buildCall(route: RouteFacts, ask: Ask): unknown {
  const { method, path, takesBody, takesFile, takesQuery, pagesBy } = route;
  const paramCount = path.split(':').length - 1;
  const call = async (...given: unknown[]) => (await askWith(given)).body;
  if (pagesBy === undefined) return call;
  const each = (...given: unknown[]) => {
    const params = given.slice(0, paramCount);
    const [query = {}, options] = given.slice(paramCount) as [Query?, CallOptions?]; // as `Calls` types them
    const readPage = async (asked: Query) => {
      const { body, headers } = await askWith([...params, asked, options]);
      return { entries: entriesOf(body), truncatedAt: headers.get('x-scan-truncated-at') };
    };
    return iteratePages(pagesBy, { query, readPage });
  };
  return Object.assign(call, { each });

  async function askWith(given: readonly unknown[]): Promise<Answer> {
    const rest = given.slice(paramCount);
    const body = takesBody ? rest.shift() : undefined;
    const query = takesQuery ? rest.shift() : undefined;
    const options = rest.shift();
    if (rest.length > 0) throw new TypeError(`${method} ${path} takes fewer arguments.`);
    // The types of `Calls` say the same of each argument.
    return ask(method, fillPath(path, given), {
      ...(options as CallOptions | undefined),
      ...(query === undefined ? {} : { query: query as Query }),
      // As `Calls` types it.
      ...(takesFile ? { file: body as FileBody } : takesBody ? { body } : {}),
    });
  }
}

function entriesOf(body: unknown): readonly unknown[] {
  if (Array.isArray(body)) return body;
  throw new Error('A page of a list must be an array.');
}
