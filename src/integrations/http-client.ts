import type { Clock } from '../lib/clock.ts';
import type { Deliver, DeliveryResult, OutboundRequest } from './contract.ts';
import type { AllowedNetwork } from './forbidden-address.ts';
import { Exchange, type ExchangeResult } from './http-client/exchange.ts';
import { createGuardedConnector, type Resolve, resolveHost } from './http-client/guarded-connector.ts';
import { OriginPool } from './http-client/origin-pool.ts';
import { type PreparedRequest, prepareRequest, redirectedRequest } from './http-client/prepare-request.ts';
import { decodeBody, gunzipBounded, isGzip, titleCaseHeaders } from './http-client/read-answer.ts';

export interface HttpClientOptions {
  clock: Clock;
  /** Networks that may be reached although they are not public; none by default. */
  allowedNetworks?: readonly AllowedNetwork[];
  /** Host name to addresses; the system's resolver by default. */
  resolve?: Resolve;
  /** Longer answers are cut. */
  responseBytesMax?: number;
  /** Resolving, connecting and TLS together; never longer than what is left of the whole exchange. */
  connectTimeoutMs?: number;
  /** Recipients with open connections; the one unused the longest makes room. */
  originsMax?: number;
  connectionsPerOriginMax?: number;
  /** Requests that wait for a connection to one recipient; more are `unsent`. */
  waitingPerOriginMax?: number;
}

/** A request of a protocol of its own, such as that of an object store. */
export interface BytesRequest {
  /** http or https, without a user part. */
  url: URL;
  method: string;
  /** Name, value, name, value …; nothing is added but what the connection needs. */
  headers: string[];
  body: Uint8Array;
}

/** Sends one request as it is, and follows no redirect. The same bounds and the same rule on addresses. Never throws. */
export type SendBytes = (
  request: BytesRequest,
  limits: { timeoutMs: number; signal?: AbortSignal },
) => Promise<ExchangeResult>;

export interface HttpClient {
  deliver: Deliver;
  sendBytes: SendBytes;
  /** Lets running exchanges finish, refuses new ones and closes every connection. */
  close(): Promise<void>;
}

/** As many as the client modules were written for (spec modules a2). */
const REDIRECTS_MAX = 10;
const ORIGIN_IDLE_MS_MAX = 60_000;

const BOUNDS = {
  responseBytesMax: 1_048_576,
  connectTimeoutMs: 10_000,
  originsMax: 1_000,
  /** Twice what one recipient may have running, so that two recipients behind one host do not wait for each other. */
  connectionsPerOriginMax: 128,
  waitingPerOriginMax: 1_024,
};

/** The one place that opens connections to the outside; everything a recipient can do to us is bounded here. */
export function createHttpClient(options: HttpClientOptions): HttpClient {
  const { clock, allowedNetworks = [], resolve = resolveHost } = options;
  const bounds = { ...BOUNDS, ...options };
  /** Least recently used first: every use moves an origin to the end. */
  const origins = new Map<string, { pool: OriginPool; usedAt: number }>();
  /** The last of them. It is where it belongs, and each move takes a new table of the map now and then. */
  let latest: OriginPool | undefined;
  let isClosed = false;

  function poolFor(url: URL): OriginPool | undefined {
    const known = origins.get(url.origin);
    if (known && known.pool === latest) {
      known.usedAt = clock.monotonic();
      return latest;
    }
    if (!known) makeRoom();
    if (!known && origins.size >= bounds.originsMax) return undefined;
    const pool = known?.pool ?? openPool(url);
    latest = pool;
    origins.delete(url.origin);
    origins.set(url.origin, { pool, usedAt: clock.monotonic() });
    return pool;
  }

  function openPool(url: URL): OriginPool {
    const port = Number(url.port) || (url.protocol === 'https:' ? 443 : 80);
    const connect = createGuardedConnector({
      port,
      allowedNetworks,
      resolve,
      connectTimeoutMs: bounds.connectTimeoutMs,
    });
    return new OriginPool(url.origin, {
      connect,
      connectionsMax: bounds.connectionsPerOriginMax,
      waitingMax: bounds.waitingPerOriginMax,
    });
  }

  /** Closes origins unused for long, and when all places are taken the idle one unused the longest. */
  function makeRoom(): void {
    const staleSince = clock.monotonic() - ORIGIN_IDLE_MS_MAX;
    for (const [origin, { pool, usedAt }] of origins) {
      if (usedAt > staleSince && origins.size < bounds.originsMax) return;
      if (!pool.isIdle) continue;
      origins.delete(origin);
      void pool.close();
    }
  }

  function exchange(request: PreparedRequest, limits: { timeoutMs: number; signal?: AbortSignal | undefined }) {
    const one = new Exchange(request, { ...limits, responseBytesMax: bounds.responseBytesMax });
    const pool = isClosed ? undefined : poolFor(request.url);
    if (pool) pool.submit(one);
    else one.refuse(isClosed ? 'The server is stopping' : 'Too many recipients at once');
    return one.result;
  }

  /** Follows redirects within one time limit. After an answered hop a fault is `unknown`: that hop was received. */
  async function follow(first: PreparedRequest, limits: Parameters<Deliver>[1]) {
    const deadline = clock.monotonic() + limits.timeoutMs;
    let request = first;
    for (let redirects = 0; redirects <= REDIRECTS_MAX; redirects += 1) {
      const timeoutMs = Math.max(1, deadline - clock.monotonic());
      const result = await exchange(request, { timeoutMs, signal: limits.signal });
      if (result.kind !== 'answered') {
        return { request, result: redirects === 0 ? result : { ...result, kind: 'unknown' as const } };
      }
      const next = redirectedRequest(request, { status: result.status, location: result.headers.location });
      if (next === undefined) return { request, result };
      if (!next.ok) return { request, result: lostOnTheWay(request, next.error) };
      request = next.value;
    }
    return { request, result: lostOnTheWay(request, `more than ${REDIRECTS_MAX} times`) };
  }

  async function deliver(request: OutboundRequest, limits: Parameters<Deliver>[1]): Promise<DeliveryResult> {
    const sentAt = clock.now();
    try {
      return await send(request, limits, sentAt);
    } catch (error) {
      // A fault of ours; the request may be out already, and a delivery must not be forgotten or repeated for it.
      const name = error instanceof Error ? error.name : typeof error;
      const reason = `The HTTP client failed (${name})`;
      return { kind: 'unknown', reason, blame: 'us', sentAt, receivedAt: clock.now() };
    }
  }

  async function send(request: OutboundRequest, limits: Parameters<Deliver>[1], sentAt: number) {
    const prepared = prepareRequest(request);
    if (!prepared.ok)
      return { kind: 'unsent' as const, reason: prepared.error, blame: 'us' as const, sentAt, receivedAt: clock.now() };
    const { request: last, result } = await follow(prepared.value, limits);
    if (result.kind !== 'answered') return { ...result, sentAt, receivedAt: clock.now() };
    const { body, isTruncated } = await unpack(result, last, bounds.responseBytesMax);
    const headers = titleCaseHeaders(result.headers);
    const text = decodeBody(body, result.headers['content-type']);
    return {
      kind: 'answered' as const,
      response: { status: result.status, version: '1.1', headers, body: text },
      truncated: isTruncated,
      url: withoutUser(last.url),
      sentAt,
      receivedAt: clock.now(),
    };
  }

  async function sendBytes(request: BytesRequest, limits: Parameters<SendBytes>[1]): Promise<ExchangeResult> {
    const { protocol } = request.url;
    if (protocol !== 'https:' && protocol !== 'http:') {
      return { kind: 'unsent', reason: 'The URL of the request is not http or https', blame: 'us' };
    }
    const asGiven = { isGzipAccepted: false, isRedirectFollowed: false, secretHeaders: new Set<string>() };
    try {
      return await exchange({ ...request, ...asGiven }, limits);
    } catch (error) {
      const name = error instanceof Error ? error.name : typeof error;
      return { kind: 'unknown', reason: `The HTTP client failed (${name})`, blame: 'us' };
    }
  }

  async function close(): Promise<void> {
    isClosed = true;
    await Promise.all([...origins.values()].map(({ pool }) => pool.close()));
    origins.clear();
  }

  return { deliver, sendBytes, close };
}

type Answered = Extract<ExchangeResult, { kind: 'answered' }>;

function lostOnTheWay(request: PreparedRequest, how: string): ExchangeResult {
  return { kind: 'unknown', reason: `${request.url.host} redirected the request ${how}`, blame: 'recipient' };
}

async function unpack(answer: Answered, request: PreparedRequest, bytesMax: number) {
  const isCalledGzip = answer.headers['content-encoding']?.trim().toLowerCase() === 'gzip';
  // Some say gzip and send plain text: a sale that it reports should not be lost.
  if (!isCalledGzip || !request.isGzipAccepted || !isGzip(answer.body)) return answer;
  const { body, isTruncated } = await gunzipBounded(answer.body, bytesMax);
  return { body, isTruncated: isTruncated || answer.isTruncated };
}

function withoutUser(url: URL): string {
  if (url.username === '' && url.password === '') return url.href;
  const bare = new URL(url);
  bare.username = '';
  bare.password = '';
  return bare.href;
}
