import type { Static, TSchema, TUndefined } from 'typebox';
import type { Permission } from '../access/permissions.ts';
import type { Principal } from '../access/principal.ts';
import type { LiveSession } from '../access/users/sessions.ts';
import { fail, ok, type Result } from '../lib/result.ts';
import type { ApiResult, Query } from './api.ts';
import { checkRequest } from './check-request.ts';
import { type ApiError, apiError, ERRORS, type ErrorCode } from './errors.ts';
import { givenByQuery, type ParametersOf, type ParameterTable, parseParameters } from './parameters.ts';
import { createBodyReader } from './read-body.ts';
import { type PathParametersOf, type PathParameterTable, readPathParameters } from './read-path-parameters.ts';

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** Codes with one status. */
type CodeOf<Status extends number> = {
  [Code in ErrorCode]: (typeof ERRORS)[Code] extends Status ? Code : never;
}[ErrorCode];

type ErrorStatus = (typeof ERRORS)[ErrorCode];
type SuccessStatus = 200 | 201 | 202 | 204 | 303;

/**
 * Every answer a handler gives: the schema of the body where it succeeds, the codes where it does not. What `route`
 * adds by itself (see `listErrors`) need not be named.
 */
export type Answers = { readonly [Status in SuccessStatus]?: TSchema } & {
  readonly [Status in ErrorStatus]?: CodeOf<Status> | readonly CodeOf<Status>[];
};

/** What the reference and OpenAPI say of a route. Examples are checked against the schemas. */
export interface RouteDoc {
  /** One line, Markdown. */
  summary: string;
  description?: string;
  example?: { body?: unknown; answer?: unknown };
}

/** Who may ask: who has a permission; anybody; who is signed in, whatever the role. */
export type Access = Permission | 'public' | 'session';

/** Where a request comes from. */
export interface RequestBrowser {
  ip: string;
  userAgent: string;
  /** Scheme, host and port by which it came, as in `https://leads.example.com`: the public URL, where one is set. */
  origin: string;
  /** Of the session's cookie, as it came: it may have ended. */
  sessionToken: string | undefined;
}

/** What a handler is given. `principal` is the caller; public routes have none. */
export interface Asked<Who, Params, Asking, Body> {
  principal: Who extends 'public' ? undefined : Principal;
  /** The session that asks; on other routes the caller may have none. */
  live: Who extends 'session' ? LiveSession : undefined;
  browser: RequestBrowser;
  params: Params;
  query: Asking;
  body: Body;
  /** The revision of `If-Match`, on routes that have revisions; empty: none was named (decision 50). */
  expected: readonly number[];
}

/** A request as it came, before the row has read it. */
export interface RawRequest {
  principal: Principal | undefined;
  /** undefined: the caller has an API key, or the route is public. */
  live: LiveSession | undefined;
  browser: RequestBrowser;
  params: Readonly<Record<string, string>>;
  query: Query;
  /** Parsed JSON; undefined: none was sent. */
  body: unknown;
  headers: Readonly<Record<string, string | string[] | undefined>>;
}

/** What is known of a route without knowing the types of what it reads. */
export interface RouteFacts {
  /** A verb phrase: the client's method and the operation of OpenAPI, such as `listFlows`. */
  name: string;
  method: Method;
  /** `:name` stands for one segment. */
  path: string;
  permission: Access;
  /** Larger or smaller than the default, where documents are. */
  bodyBytesMax?: number;
  /** It is posted without a body. GET never has one. */
  takesNoBody?: true;
  /** It may be posted without a body, which is read as `{}`. */
  hasOptionalBody?: true;
  /** A DELETE that names what to delete in a body; others have none. */
  deletesByBody?: true;
  /** The body is a file of one of these media types; the handler reads it as it comes, up to `bodyBytesMax`. */
  fileTypes?: readonly string[];
  /** `If-Match` names the revision the caller means (decision 50). */
  hasRevisions?: true;
  /** It may read many rows: while leads come in, it waits for its turn. */
  takesTurns?: true;
  /** The media types of a success, the first one unless `Accept` asks for another; absent: JSON alone. */
  answerTypes?: readonly string[];
  answers: Answers;
  /** The body of a 404 that is no error: what was asked for is not there. */
  absence?: TSchema;
  doc: RouteDoc;
}

/** An error with a body of its own, where the documents that senders build by have one. */
export interface WireError {
  status: number;
  /** What it is called in the reference and in OpenAPI. */
  name: string;
  /** A text is `text/plain`, an object is JSON and may have more properties. */
  body: string | Readonly<Record<string, string>>;
}

/** What the reference, OpenAPI and tests see of a route. */
export interface DocumentedRoute extends RouteFacts {
  params: PathParameterTable;
  query: ParameterTable;
  /** undefined: it takes no body. */
  body: TSchema | undefined;
  /** The body has other media types than JSON. */
  bodyTypes?: readonly string[];
  /** Leads: the answers are those of `ingest/`, which reads and answers by itself. */
  isIngest?: true;
  /** Errors whose bodies are not in the form of every error. */
  wireErrors?: readonly WireError[];
  /** A setting may switch the route off: 404 without a body. */
  mayBeOff?: true;
}

/** One row of the table of routes. */
export interface Route<in Deps> extends DocumentedRoute {
  /** Reads the request by the row, then asks the handler. */
  run: (deps: Deps, request: RawRequest) => Promise<ApiResult>;
}

interface RouteRow<
  Deps,
  Who extends Access,
  Params extends PathParameterTable,
  Asking extends ParameterTable,
  Body extends TSchema,
> extends RouteFacts {
  permission: Who;
  /** Of every `:name` in the path. */
  params?: Params;
  query?: Asking;
  /** Absent: it takes no body. */
  body?: Body;
  /** false: a setting switches the route off, and it answers 404 without a body. */
  isOn?: (deps: Deps) => boolean;
  handler: (
    deps: Deps,
    request: Asked<Who, PathParametersOf<Params>, ParametersOf<Asking>, Static<Body>>,
  ) => Promise<ApiResult>;
}

/** Makes a row of the table: what it says is read from the request, and the handler gets it with its types. */
export function route<
  Deps,
  Who extends Access,
  Params extends PathParameterTable = Record<never, never>,
  Asking extends ParameterTable = Record<never, never>,
  Body extends TSchema = TUndefined,
>(row: RouteRow<Deps, Who, Params, Asking, Body>): Route<Deps> {
  const { handler, isOn, ...facts } = row;
  const params = row.params ?? ({} as Params); // absent: the type is the empty default
  const query = row.query ?? ({} as Asking); // likewise
  const readBody = row.fileTypes ? readFile : row.body && createBodyReader(row.body);
  return {
    ...facts,
    params,
    query,
    body: row.body,
    ...(row.fileTypes ? { bodyTypes: row.fileTypes } : {}),
    ...(isOn ? { mayBeOff: true as const } : {}),
    run: async (deps, request) => {
      if (isOn && !isOn(deps)) return { kind: 'empty', status: 404 };
      const read = readAll(request);
      return read.ok ? handler(deps, read.value) : read.error;
    },
  };

  function readAll(
    request: RawRequest,
  ): Result<Asked<Who, PathParametersOf<Params>, ParametersOf<Asking>, Static<Body>>, ApiError> {
    const asking = parseParameters(query, givenByQuery(request.query));
    if (!asking.ok) return asking;
    const expected = checkRequest(row, request);
    if (!expected.ok) return expected;
    const named = readPathParameters(params, request.params);
    if (!named.ok) return named;
    const body: Result<unknown, ApiError> = readBody
      ? readBody(row.hasOptionalBody ? (request.body ?? {}) : request.body)
      : ok(undefined);
    if (!body.ok) return body;
    return ok({
      // `registerApi` has authenticated the caller of a row that is not public; the reader checks the body by the row's schema.
      principal: request.principal as Asked<Who, Params, Asking, Body>['principal'],
      live: request.live as Asked<Who, Params, Asking, Body>['live'],
      browser: request.browser,
      params: named.value,
      query: asking.value,
      body: body.value as Static<Body>,
      expected: expected.value,
    });
  }
}

/** What the content type parser of files handed on; JSON was parsed by another one. */
function readFile(body: unknown): Result<unknown, ApiError> {
  const isFile = typeof body === 'object' && body !== null && Symbol.asyncIterator in body;
  return isFile ? ok(body) : fail(NO_FILE);
}

const NO_FILE = apiError('unsupported_media_type', 'The body must be a file, such as text/csv.');

/** `/flows/:id` as OpenAPI writes it: `/flows/{id}`. */
export function writeDocumentedPath(path: string): string {
  return path.replace(/:(\w+)/g, '{$1}');
}

/** The codes a row names itself. */
function listOwnErrors(answers: Answers): ErrorCode[] {
  return Object.entries(answers).flatMap(([status, said]) =>
    // From 400 on the table holds codes.
    Number(status) < 400 ? [] : ([said].flat() as ErrorCode[]),
  );
}

/** Does a request of this route have a body that is read? */
export function takesBody(route: Pick<RouteFacts, 'method' | 'takesNoBody' | 'deletesByBody'>): boolean {
  if (route.method === 'DELETE') return route.deletesByBody === true;
  return route.method !== 'GET' && route.takesNoBody !== true;
}

function errorsOfAccess({ permission, method }: RouteFacts): ErrorCode[] {
  if (permission === 'public') return method === 'GET' ? [] : ['origin_not_allowed'];
  const lacking: ErrorCode = permission === 'session' ? 'session_required' : 'permission_required';
  // A session that changes something must come from a page of ours.
  const forgery: ErrorCode[] = method === 'GET' ? [] : ['csrf_token_required', 'origin_not_allowed'];
  return ['authentication_failed', lacking, ...forgery];
}

/** Every code a route may answer: its own and those that come from how it is asked, in the order of `ERRORS`. */
export function listErrors(route: DocumentedRoute): ErrorCode[] {
  const codes = new Set(route.isIngest ? listOwnErrors(route.answers) : listRouterErrors(route));
  return Object.keys(ERRORS).filter((code): code is ErrorCode => codes.has(code as ErrorCode)); // keys are its codes
}

function listRouterErrors(route: DocumentedRoute): ErrorCode[] {
  const hasIds = Object.values(route.params).some(({ form }) => form !== null);
  return [
    ...listOwnErrors(route.answers),
    ...(['malformed_url', 'malformed_query', 'method_not_allowed'] as const),
    // What anybody may read asks no store, so that nothing of it can be away.
    ...(route.permission === 'public' && route.method === 'GET' ? [] : (['internal_error', 'unavailable'] as const)),
    ...errorsOfAccess(route),
    ...(hasIds ? (['not_found'] as const) : []),
    // A body where none is read, or one that breaks the schema.
    'invalid_document',
    // Of a GET the body is not even parsed, and If-Match is not looked at.
    ...(route.method === 'GET'
      ? []
      : (['malformed_header', 'malformed_body', 'body_too_large', 'unsupported_media_type'] as const)),
  ];
}

/** What a table of rows needs, all together. */
export type DepsOf<Rows extends readonly Route<never>[]> = [Rows[number]] extends [Route<infer Deps>] ? Deps : never;
