import { errorCodes, type FastifyInstance, type FastifyReply, type FastifyRequest, type HTTPMethods } from 'fastify';
import type { RequestOrigin } from '../access/activity.ts';
import type { Permission } from '../access/permissions.ts';
import type { Principal } from '../access/principal.ts';
import { assert } from '../lib/assert.ts';
import { finishOrSlice, type RunSliced } from '../lib/slices.ts';
import { encodeInSlices, stringifyInSlices } from '../lib/stringify-in-slices.ts';
import type { ApiAnswer, ApiResult, Query } from './api.ts';
import { COMPRESSED_BYTES_MIN, type CompressAnswer, createCompressAnswer } from './compress-answer.ts';
import { type ApiError, apiError, sendError } from './errors.ts';
import { type Caller, findForeignOrigin, type IdentifyDeps, identifyCaller } from './identify-caller.ts';
import { MalformedBody, readJsonBody } from './json-body.ts';
import { prefersText } from './prefers-text.ts';
import type { ReadingTurns } from './reading-turns.ts';
import { readRequestOrigin } from './request-origin.ts';
import { type RawRequest, type Route, writeDocumentedPath } from './route.ts';
import { ROUTES, type RouteDeps } from './routes.ts';
import { readSenderAddress } from './sender-address.ts';

/** The stores whose changes the activity log has. */
export type RecordingStores = Pick<
  RouteDeps,
  | 'flows'
  | 'drafts'
  | 'testLeads'
  | 'fields'
  | 'destinations'
  | 'routers'
  | 'entities'
  | 'pricingServices'
  | 'batches'
  | 'credentials'
  | 'apiKeys'
  | 'users'
  | 'welcome'
  | 'sessions'
  | 'secondFactors'
  | 'accounts'
  | 'retries'
  | 'recipientHealth'
  | 'lists'
  | 'jobs'
  | 'exports'
  | 'reveals'
  | 'problems'
  | 'postingLinks'
>;

export interface ApiRoutesDeps {
  api: RouteDeps;
  /** The stores for a request that may change something: they record who did. */
  recordFor(origin: RequestOrigin): RecordingStores;
  callers: IdentifyDeps;
  readingTurns: ReadingTurns;
  /** Pages for people at URLs of the table, by the names of the rows; all else the row answers. */
  pages: Readonly<Record<string, ShowPage>>;
  /** Records each call when its answer has gone. */
  recordCall(call: ApiCall): void;
}

/** A page as it is sent. */
export interface ShownPage {
  status: number;
  text: string;
  headers: Readonly<Record<string, string>>;
}

/** null: the caller prefers what the row answers. */
export type ShowPage = (request: RawRequest) => Promise<ShownPage | null>;

/** One call of the API, without its values: what the log and the metrics have of it. */
export interface ApiCall {
  /** The name of the row, such as `readFlow`. */
  operation: string;
  /** As it was sent: `HEAD` of a route that is listed as `GET`. */
  method: string;
  /** As OpenAPI writes it: `/flows/{id}`. */
  path: string;
  /** Method and path of the row, such as `GET /flows/:id`. */
  route: string;
  status: number;
  ms: number;
  /** Of the answer's body as it was sent; null: not known. */
  bytes: number | null;
  /** The trace it belongs to: the caller's, or one that began with it. */
  traceId: string;
  /** Who asked; undefined: a stranger. */
  principal: Principal | undefined;
}

const METHODS: readonly HTTPMethods[] = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];

/** Adds the routes of the table, each behind its authentication, and a 405 for every other method of their paths. */
export function registerApi(app: FastifyInstance, deps: ApiRoutesDeps): void {
  acceptJsonOnly(app, deps.api.runSliced);
  acceptFiles(app);
  const callers = new WeakMap<FastifyRequest, Caller>();
  const compress = createCompressAnswer();
  for (const route of ROUTES) registerRoute(app, { route, deps, callers, compress });
  for (const path of new Set(ROUTES.map((route) => route.path))) refuseOtherMethods(app, path);
}

/** Deploys are posted without a body, some clients with the type of one: an empty body is none. */
function acceptJsonOnly(app: FastifyInstance, runSliced: RunSliced): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser<string>(
    'application/json',
    { parseAs: 'string' },
    async (_req: FastifyRequest, text: string) => {
      if (EMPTY.test(text)) return undefined;
      const parsed = await finishOrSlice(readJsonBody(text), runSliced);
      if (parsed.ok) return parsed.value;
      throw new MalformedBody(parsed.error);
    },
  );
}

/** Hands a file to the handler of a route that takes one, unread; other routes do not take its media type. */
function acceptFiles(app: FastifyInstance): void {
  const types = [...new Set(ROUTES.flatMap(({ fileTypes = [] }) => fileTypes))];
  app.addContentTypeParser(types, async (req: FastifyRequest, payload: unknown) => {
    // As `registerRoute` sets it.
    const { fileTypes = [], fileBytesMax = 0 } = req.routeOptions.config as {
      fileTypes?: string[];
      fileBytesMax?: number;
    };
    const type = req.headers['content-type'] ?? '';
    if (!fileTypes.some((each) => type.toLowerCase().startsWith(each)))
      throw new errorCodes.FST_ERR_CTP_INVALID_MEDIA_TYPE(type);
    if (Number(req.headers['content-length'] ?? 0) > fileBytesMax) throw new errorCodes.FST_ERR_CTP_BODY_TOO_LARGE();
    return payload;
  });
}

/** Asked of the first sign that is none, so that a long body is not copied. */
const EMPTY = /^\s*$/;

interface Registration {
  route: Route<RouteDeps>;
  deps: ApiRoutesDeps;
  callers: WeakMap<FastifyRequest, Caller>;
  compress: CompressAnswer;
}

function registerRoute(app: FastifyInstance, { route, deps, callers, compress }: Registration): void {
  const documentedPath = writeDocumentedPath(route.path);
  app.route({
    method: route.method,
    url: route.path,
    // A file is never held whole, so the bound of JSON stays as it is.
    ...(route.bodyBytesMax === undefined || route.fileTypes ? {} : { bodyLimit: route.bodyBytesMax }),
    ...(route.fileTypes ? { config: { fileTypes: route.fileTypes, fileBytesMax: route.bodyBytesMax ?? 0 } } : {}),
    // Before the body is read, so that strangers cannot make the server read one.
    onRequest: async (req, reply) => {
      const { caller, refusal } = await admit(route, { req, deps });
      if (caller) callers.set(req, caller);
      return refusal && sendError(reply, refusal);
    },
    onResponse: async (req, reply) => {
      const { name, method, path } = route;
      deps.recordCall({
        ...{ operation: name, method: req.method, path: documentedPath, route: `${method} ${path}` },
        ...{ status: reply.statusCode, ms: reply.elapsedTime, bytes: countBytes(reply), traceId: req.id },
        principal: callers.get(req)?.principal,
      });
    },
    handler: async (req, reply) => {
      const request = requestOf(req, { caller: callers.get(req), callers: deps.callers });
      assert(request.principal !== undefined || route.permission === 'public', 'a handler runs after authentication');
      assert(request.live !== undefined || route.permission !== 'session', 'a handler of people runs in a session');
      const fault = faultInUrl(request);
      if (fault) return sendError(reply, fault);
      const compressAnswer = hasSecrets(route) ? undefined : compress;
      const answer = async () => {
        const page = await deps.pages[route.name]?.(request);
        if (page) return sendPage(req, { reply, page, runSliced: deps.api.runSliced, compressAnswer: compress });
        const result = await route.run(depsFor(deps, { req, principal: request.principal }), request);
        return send(req, { reply, result, runSliced: deps.api.runSliced, compressAnswer });
      };
      return route.takesTurns ? deps.readingTurns.take(answer) : answer();
    },
  });
}

/** Answers of sessions hold tokens. Compressed beside what a caller sent, their length would tell of them. */
function hasSecrets({ permission, method }: Route<RouteDeps>): boolean {
  return permission === 'session' || (permission === 'public' && method !== 'GET');
}

/** The one place that says who a change is recorded of, for every route that may make one. A public one names the user. */
function depsFor(
  { api, recordFor }: ApiRoutesDeps,
  { req, principal }: { req: FastifyRequest; principal: Principal | undefined },
): RouteDeps {
  if (req.method === 'GET') return api;
  return { ...api, ...recordFor({ actor: principal?.actor ?? null, ip: readSenderAddress(req) }) };
}

/** Who asks, and why they may not go on to the handler; without a caller or a refusal: anybody may. */
interface Admission {
  caller?: Caller;
  refusal?: ApiError;
}

async function admit(
  { permission }: Route<RouteDeps>,
  { req, deps }: { req: FastifyRequest; deps: ApiRoutesDeps },
): Promise<Admission> {
  if (permission === 'public') {
    const foreign = findForeignOrigin(req, deps.callers.publicOrigin);
    return foreign ? { refusal: foreign } : {};
  }
  const found = await identifyCaller(deps.callers, req);
  if (!found.ok) return { refusal: found.error };
  const caller = found.value;
  if (permission === 'session') return caller.live ? { caller } : { caller, refusal: SESSION_REQUIRED };
  const isPermitted = caller.principal.permissions.has(permission);
  return isPermitted ? { caller } : { caller, refusal: permissionRequired(permission) };
}

/** Every answer of the table is written whole, so that its length is in its head; HEAD has the length of its GET. */
function countBytes(reply: FastifyReply): number | null {
  const length = reply.getHeader('content-length');
  return length === undefined ? null : Number(length);
}

const SESSION_REQUIRED = apiError(
  'session_required',
  'This request concerns the signed-in user, and an API key has none: sign in with POST /session.',
);

function permissionRequired(permission: Permission): ApiError {
  return apiError('permission_required', `Your API key or user needs the permission ${permission}.`);
}

function requestOf(
  req: FastifyRequest,
  { caller, callers }: { caller: Caller | undefined; callers: Pick<IdentifyDeps, 'cookies' | 'publicOrigin'> },
): RawRequest {
  const { body, headers } = req;
  return {
    principal: caller?.principal,
    live: caller?.live ?? undefined,
    browser: {
      ip: readSenderAddress(req),
      userAgent: headers['user-agent'] ?? '',
      origin: readRequestOrigin(req, callers.publicOrigin),
      sessionToken: callers.cookies.read(headers.cookie),
    },
    // The router gives texts for parameters, the query parser texts and lists of texts.
    params: req.params as Record<string, string>,
    query: req.query as Query,
    body,
    headers,
  };
}

/** No id and no value has these characters, and the database refuses them. */
function faultInUrl({ params, query }: Pick<RawRequest, 'params' | 'query'>): ApiError | undefined {
  const texts = [...Object.values(params), ...Object.entries(query).flat(2)];
  const isBad = texts.some((text) => text !== undefined && UNSTORABLE.test(text));
  return isBad ? apiError('malformed_url', 'The URL contains a NUL character or half a surrogate pair.') : undefined;
}

const UNSTORABLE = /[\0\p{Surrogate}]/u;

/** What the socket encodes in some milliseconds. */
const LONG_ANSWER_CHARACTERS = 1024 * 1024;

interface Sending {
  reply: FastifyReply;
  result: ApiResult;
  runSliced: RunSliced;
  /** undefined: the answer goes as it is. */
  compressAnswer: CompressAnswer | undefined;
}

async function send(req: FastifyRequest, sending: Sending): Promise<FastifyReply> {
  const { reply, result, runSliced } = sending;
  if (result.kind === 'error') return sendError(reply, result);
  if (result.kind === 'empty') return reply.code(result.status).send();
  reply.code(result.status).headers(result.headers ?? {});
  if (result.text !== undefined || result.csv !== undefined) reply.header('Vary', 'Accept');
  const { type, text } = await writeAnswer(req, { result, runSliced });
  reply.header('Content-Type', type);
  return sendText(req, { ...sending, text });
}

async function writeAnswer(
  req: FastifyRequest,
  { result, runSliced }: { result: ApiAnswer; runSliced: RunSliced },
): Promise<{ type: string; text: string }> {
  if (result.plain) return result.plain;
  if (result.csv !== undefined && prefersText(req.headers.accept, 'text/csv')) {
    return { type: 'text/csv; charset=utf-8', text: result.csv };
  }
  if (result.text !== undefined && prefersText(req.headers.accept)) {
    return { type: 'text/plain; charset=utf-8', text: result.text };
  }
  const text = await finishOrSlice(stringifyInSlices(result.body), runSliced);
  return { type: 'application/json; charset=utf-8', text };
}

async function sendPage(
  req: FastifyRequest,
  { reply, page, ...sending }: Pick<Sending, 'reply' | 'runSliced' | 'compressAnswer'> & { page: ShownPage },
): Promise<FastifyReply> {
  reply.code(page.status).headers({ ...page.headers, Vary: 'Accept' });
  return sendText(req, { reply, ...sending, text: page.text });
}

/** Short answers go as they are; of others the caller may have the compressed form (decision page 0093). */
async function sendText(
  req: FastifyRequest,
  { reply, runSliced, compressAnswer, text }: Omit<Sending, 'result'> & { text: string },
): Promise<FastifyReply> {
  const isShort = text.length < COMPRESSED_BYTES_MIN;
  if (isShort || (!compressAnswer && text.length < LONG_ANSWER_CHARACTERS)) return reply.send(text);
  const bytes =
    text.length < LONG_ANSWER_CHARACTERS ? Buffer.from(text) : Buffer.concat(await runSliced(encodeInSlices(text)));
  if (!compressAnswer) return reply.send(bytes);
  const vary = reply.getHeader('Vary');
  reply.header('Vary', vary === undefined ? 'Accept-Encoding' : `${String(vary)}, Accept-Encoding`);
  const compressed = await compressAnswer(bytes, String(req.headers['accept-encoding'] ?? ''));
  return compressed ? reply.header('Content-Encoding', 'gzip').send(compressed) : reply.send(bytes);
}

function refuseOtherMethods(app: FastifyInstance, path: string): void {
  const allowed: string[] = ROUTES.filter((route) => route.path === path).map((route) => route.method);
  const message = `This URL takes ${allowed.join(', ')}.`;
  const refusal = { ...apiError('method_not_allowed', message), headers: { Allow: allowed.join(', ') } };
  app.route({
    // HEAD comes with GET.
    method: METHODS.filter((method) => !allowed.includes(method === 'HEAD' ? 'GET' : method)),
    url: path,
    onRequest: async (_req, reply) => sendError(reply, refusal),
    handler: async (_req, reply) => sendError(reply, refusal),
  });
}
