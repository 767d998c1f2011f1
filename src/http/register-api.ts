import type { FastifyInstance, FastifyReply, FastifyRequest, HTTPMethods } from 'fastify';
import type { Principal } from '../access/principal.ts';
import { assert } from '../lib/assert.ts';
import type { ApiDeps, ApiRequest, ApiResult, Query } from './api.ts';
import type { Authenticate } from './authenticate-api-key.ts';
import { checkRequest } from './check-request.ts';
import { type ApiError, apiError, sendError } from './errors.ts';
import { MalformedBody, parseJsonBody } from './json-body.ts';
import { prefersText } from './prefers-text.ts';
import { ROUTES, type Route } from './routes.ts';

export interface ApiRoutesDeps {
  api: ApiDeps;
  authenticate: Authenticate;
}

const METHODS: readonly HTTPMethods[] = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];

/** Adds the routes of the table, each behind its authentication, and a 405 for every other method of their paths. */
export function registerApi(app: FastifyInstance, deps: ApiRoutesDeps): void {
  acceptJsonOnly(app);
  const principals = new WeakMap<FastifyRequest, Principal>();
  for (const route of ROUTES) registerRoute(app, { route, deps, principals });
  for (const path of new Set(ROUTES.map((route) => route.path))) refuseOtherMethods(app, path);
}

/** Deploys are posted without a body, some clients with the type of one: an empty body is none. */
function acceptJsonOnly(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser<string>(
    'application/json',
    { parseAs: 'string' },
    async (_req: FastifyRequest, text: string) => {
      if (text.trim() === '') return undefined;
      const parsed = parseJsonBody(text);
      if (parsed.ok) return parsed.value;
      throw new MalformedBody(parsed.error);
    },
  );
}

interface Registration {
  route: Route;
  deps: ApiRoutesDeps;
  principals: WeakMap<FastifyRequest, Principal>;
}

function registerRoute(app: FastifyInstance, { route, deps, principals }: Registration): void {
  app.route({
    method: route.method,
    url: route.path,
    ...(route.bodyBytesMax === undefined ? {} : { bodyLimit: route.bodyBytesMax }),
    // Before the body is read, so that strangers cannot make the server read one.
    onRequest: async (req, reply) => {
      if (route.auth === 'public') return undefined;
      const principal = await deps.authenticate(req.headers.authorization);
      if (!principal) return sendError(reply, apiError('authentication_failed', 'authentication failed'));
      if (route.auth === 'superuser' && !principal.permissions.has('flows.replace_all'))
        return sendError(reply, SUPERUSER_REQUIRED);
      principals.set(req, principal);
      return undefined;
    },
    handler: async (req, reply) => {
      const parts = apiPartsOf(req);
      const fault = faultInUrl(parts);
      if (fault) return sendError(reply, fault);
      const expected = checkRequest(route, { ...parts, headers: req.headers });
      if (!expected.ok) return sendError(reply, expected.error);
      const request = { ...parts, expected: expected.value };
      if (route.auth === 'public') return send(req, { reply, result: await route.handler(deps.api, request) });
      const principal = principals.get(req);
      assert(principal !== undefined, 'a request reaches its handler after its authentication');
      return send(req, { reply, result: await route.handler(deps.api, { ...request, principal }) });
    },
  });
}

const SUPERUSER_REQUIRED = apiError('superuser_required', 'This takes an API key of a superuser.');

function apiPartsOf(req: FastifyRequest): Omit<ApiRequest, 'expected'> {
  // The router gives texts for parameters, the query parser texts and lists of texts.
  return { params: req.params as Record<string, string>, query: req.query as Query, body: req.body };
}

/** No id and no value has these characters, and the database refuses them. */
function faultInUrl({ params, query }: Pick<ApiRequest, 'params' | 'query'>): ApiError | undefined {
  const texts = [...Object.values(params), ...Object.entries(query).flat(2)];
  const isBad = texts.some((text) => text !== undefined && UNSTORABLE.test(text));
  return isBad ? apiError('malformed_url', 'The URL holds a NUL character or half a surrogate pair.') : undefined;
}

const UNSTORABLE = /[\0\p{Surrogate}]/u;

function send(req: FastifyRequest, { reply, result }: { reply: FastifyReply; result: ApiResult }): FastifyReply {
  if (result.kind === 'error') return sendError(reply, result);
  if (result.kind === 'empty') return reply.code(result.status).send();
  reply.code(result.status).headers(result.headers ?? {});
  if (result.text === undefined) return sendJson(reply, result.body);
  reply.header('Vary', 'Accept');
  if (!prefersText(req.headers.accept)) return sendJson(reply, result.body);
  return reply.header('Content-Type', 'text/plain; charset=utf-8').send(result.text);
}

function sendJson(reply: FastifyReply, body: unknown): FastifyReply {
  return reply.header('Content-Type', 'application/json; charset=utf-8').send(JSON.stringify(body));
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
