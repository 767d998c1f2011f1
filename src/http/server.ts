import Fastify, { type FastifyInstance, type FastifyReply } from 'fastify';
import { parseTraceparent } from '../lib/trace-context.ts';
import type { Log } from '../observe/log.ts';
import { createTraceId } from '../observe/trace-ids.ts';
import { answerClientError, HEAD_BYTES_MAX } from './client-error.ts';
import { createDrain } from './drain.ts';
import { apiError, sendError } from './errors.ts';
import { isSenderUrl } from './ingest/cross-origin.ts';
import { refusalOf } from './refusals.ts';
import { type ApiRoutesDeps, registerApi } from './register-api.ts';

export interface HttpServerDeps extends ApiRoutesDeps {
  /** Adds the routes that take leads; they have formats and errors of their own. */
  registerIngest: (app: FastifyInstance) => void | Promise<void>;
  /** Adds the console below `/app`. */
  registerConsole: (app: FastifyInstance) => void;
  /** Adds the documentation below `/docs`. */
  registerDocs: (app: FastifyInstance) => void;
  /** Does an error say that the database cannot be reached now? */
  isUnavailable: (error: unknown) => boolean;
  log: Log;
  /** CIDR networks whose `X-Forwarded-For` is believed (decision 54). */
  trustedProxies: readonly string[];
}

const BODY_BYTES_MAX = 1024 * 1024;
/** A request that is not whole by then is given up, so that slow senders cannot hold every connection. */
const REQUEST_MS_MAX = 60_000;
/** How often slow requests are looked for. */
const TIMEOUTS_EVERY_MS = 5_000;
/** Longer than the idle time of common load balancers, so that they close first and never write into a closing one. */
const KEEP_ALIVE_MS = 75_000;
/** A value of a list has up to 1 000 characters, each of which may be encoded with nine. */
const PARAM_CHARACTERS_MAX = 9_000;

/** The HTTP server, ready to listen or to be asked by a test. */
export async function createHttpServer(deps: HttpServerDeps): Promise<FastifyInstance> {
  const app = Fastify({
    bodyLimit: BODY_BYTES_MAX,
    trustProxy: deps.trustedProxies.length === 0 ? false : [...deps.trustedProxies],
    requestTimeout: REQUEST_MS_MAX,
    keepAliveTimeout: KEEP_ALIVE_MS,
    http: { maxHeaderSize: HEAD_BYTES_MAX, connectionsCheckingInterval: TIMEOUTS_EVERY_MS },
    clientErrorHandler: answerClientError,
    // Names the request in every line of the log: the trace it belongs to.
    genReqId: (req) => parseTraceparent(req.headers['traceparent'])?.traceId ?? createTraceId(),
    // What arrives while the server stops is answered like everything else.
    return503OnClosing: false,
    routerOptions: { ignoreTrailingSlash: true, maxParamLength: PARAM_CHARACTERS_MAX },
    frameworkErrors: (error, _req, reply) => sendFailure(reply, error, deps),
  });
  const drain = createDrain(app.server);
  let isClosing = false;
  app.addHook('preClose', async () => {
    isClosing = true;
  });
  app.addHook('onSend', async (_req, reply) => void (isClosing && reply.header('Connection', 'close')));
  app.setErrorHandler((error, _req, reply) => sendFailure(reply, error, deps));
  app.setNotFoundHandler((_req, reply) => sendNotFound(reply));
  // Before the body is read: what is sent to nowhere needs no particular form.
  app.addHook('onRequest', (req, reply, next) => {
    if (req.is404) sendNotFound(reply);
    else next();
  });
  await app.register(async (api) => registerApi(api, deps));
  await app.register(async (ingest) => deps.registerIngest(ingest));
  await app.register(async (pages) => deps.registerConsole(pages));
  await app.register(async (pages) => deps.registerDocs(pages));
  // The last of the hooks: by now every part knows that its answers end their connections.
  await app.register(async (last) => void last.addHook('preClose', drain.start));
  return app;
}

function sendNotFound(reply: FastifyReply): FastifyReply {
  allowPages(reply);
  return sendError(reply, apiError('not_found', 'There is nothing at this URL.'));
}

/** A page is to see why its lead was not taken, although no route of sources was found. */
function allowPages(reply: FastifyReply): void {
  if (isSenderUrl(reply.request.raw.url ?? '')) reply.header('Access-Control-Allow-Origin', '*');
}

/** What was thrown instead of answered: the caller's malformed request, a database that is away, or a fault of ours. */
function sendFailure(reply: FastifyReply, error: unknown, deps: HttpServerDeps): FastifyReply {
  allowPages(reply);
  const refusal = refusalOf(error);
  if (refusal) return sendError(reply, refusal);
  const { id: traceId, method, routeOptions } = reply.request;
  const route = `${method} ${routeOptions.url ?? 'unknown'}`;
  reply.header(TRACE_HEADER, traceId);
  if (deps.isUnavailable(error)) {
    deps.log.warn({ route, trace_id: traceId, cause: codeOf(error) }, 'the database was unreachable during a request');
    return sendError(reply, apiError('unavailable', 'The database cannot be reached now; try again in a moment.'));
  }
  // Messages of the database may quote values, so only the place in our code is logged.
  deps.log.error({ route, trace_id: traceId, cause: codeOf(error), stack: stackOf(error) }, 'a request failed');
  return sendError(reply, apiError('internal_error', 'The server failed; its log says where.'));
}

/** Of failures, whose lines in the log have it. */
const TRACE_HEADER = 'X-Trace-Id';

function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return typeof error;
  return 'code' in error && typeof error.code === 'string' ? error.code : error.name;
}

function stackOf(error: unknown): string[] {
  const lines = error instanceof Error ? (error.stack ?? '').split('\n') : [];
  return lines.map((line) => line.trim()).filter((line) => line.startsWith('at '));
}
