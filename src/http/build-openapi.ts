import { buildEditorSchema } from '../flows/build-flow-schema.ts';
import { isJsonObject, type JsonObject } from '../flows/flow-json.ts';
import { linkDocs } from '../flows/link-docs.ts';
import { findErrorExample, isSharedExample, listSharedExamples } from './error-examples.ts';
import { ERRORS, type ErrorCode } from './errors.ts';
import { type DocumentedRoute, listErrors, type WireError, writeDocumentedPath } from './route.ts';

const COMPONENT = '#/components/schemas/';
const EXAMPLE = '#/components/examples/';
const SUCCESSES: Readonly<Record<string, string>> = {
  200: 'Done.',
  201: 'Made, or taken.',
  202: 'Accepted.',
  204: 'Done; there is no body.',
  303: 'Go on at `Location`.',
};

/** What differs between servers. */
export interface OpenApiFacts {
  /** Of this program. */
  version: string;
  /** The session's. */
  cookieName: string;
}

/** The API as OpenAPI 3.1, made of the rows: every route with its parameters, bodies, answers, errors and examples. */
export function buildOpenApi(routes: readonly DocumentedRoute[], facts: OpenApiFacts): JsonObject {
  const schemas: Record<string, unknown> = { ...flowSchemas(), Error: ERROR };
  const paths: Record<string, JsonObject> = {};
  for (const route of routes) {
    const path = writeDocumentedPath(route.path);
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: buildOperation(route, schemas) };
  }
  return linkDocs({
    openapi: '3.1.0',
    info: {
      title: 'Sluice',
      version: facts.version,
      description: 'Lead acquisition and distribution. JSON in and out; an API key is the password of HTTP Basic.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/' }],
    paths,
    components: {
      schemas,
      examples: Object.fromEntries(listSharedExamples().map(([code, value]) => [code, { value }])),
      securitySchemes: {
        apiKey: { type: 'http', scheme: 'basic', description: 'The password is the API key; any user name.' },
        session: { type: 'apiKey', in: 'cookie', name: facts.cookieName, description: SESSION },
      },
    },
  });
}

const SESSION =
  'The cookie of a person signed in: `POST /session` sets it. Requests that are no GET send `X-CSRF-Token` too. Its name is `__Host-sluice_session` where the server is reached by https, `sluice_session` where it is not.';

const ERROR: JsonObject = {
  type: 'object',
  required: ['error'],
  properties: {
    error: { type: 'string', description: 'A sentence for people. Sentences may change.' },
    code: { type: 'string', enum: Object.keys(ERRORS), description: 'For programs. Codes are stable.' },
    details: {
      type: 'array',
      items: {
        type: 'object',
        required: ['path', 'message'],
        properties: { path: { type: 'string' }, message: { type: 'string' } },
      },
    },
  },
};

function buildOperation(route: DocumentedRoute, schemas: Record<string, unknown>): JsonObject {
  const { name, doc, permission, path } = route;
  return {
    operationId: name,
    tags: [path.split('/')[1] ?? ''],
    summary: doc.summary,
    ...(doc.description === undefined ? {} : { description: doc.description }),
    security: SECURITY[permission] ?? [{ apiKey: [] }, { session: [] }],
    'x-permission': permission,
    parameters: buildParameters(route, schemas),
    ...(route.body === undefined ? {} : { requestBody: buildRequestBody(route, schemas) }),
    responses: { ...buildSuccesses(route, schemas), ...buildFailures(route, schemas) },
  };
}

const SECURITY: Readonly<Record<string, readonly JsonObject[]>> = { public: [], session: [{ session: [] }] };

function buildParameters(
  { params, query, hasRevisions }: DocumentedRoute,
  schemas: Record<string, unknown>,
): unknown[] {
  const parameter =
    (place: 'path' | 'query') =>
    ([name, { schema }]: [string, { schema: unknown }]) => ({
      name,
      in: place,
      required: place === 'path',
      schema: collectSchema(schema, schemas),
    });
  const ifMatch = { name: 'If-Match', in: 'header', required: false, schema: { type: 'string', examples: ['"7"'] } };
  return [
    ...Object.entries(params).map(parameter('path')),
    ...Object.entries(query).map(parameter('query')),
    ...(hasRevisions ? [ifMatch] : []),
  ];
}

function buildRequestBody(route: DocumentedRoute, schemas: Record<string, unknown>): JsonObject {
  const { body, bodyTypes = ['application/json'], doc } = route;
  const schema = collectSchema(body, schemas);
  const example = doc.example?.body === undefined ? {} : { example: doc.example.body };
  const types = bodyTypes.map((type) => [type, { schema, ...(type === 'application/json' ? example : {}) }]);
  return { required: !route.hasOptionalBody, content: Object.fromEntries(types) };
}

function buildSuccesses({ answers, answerTypes, doc }: DocumentedRoute, schemas: Record<string, unknown>): JsonObject {
  const successes = Object.entries(answers).filter(([status]) => Number(status) < 400);
  const example = doc.example?.answer === undefined ? {} : { example: doc.example.answer };
  return Object.fromEntries(
    successes.map(([status, schema]) => {
      const description = SUCCESSES[status] ?? 'Done.';
      if (status === '204' || status === '303') return [status, { description }];
      return [status, { description, content: contentOf(collectSchema(schema, schemas), { answerTypes, example }) }];
    }),
  );
}

/** Other media types say the same in their own way: a text, or the names and values as XML. */
function contentOf(
  schema: unknown,
  { answerTypes = ['application/json'], example }: { answerTypes: readonly string[] | undefined; example: JsonObject },
): JsonObject {
  const ofType = (type: string) => {
    if (type.startsWith('text/')) return { schema: { type: 'string' } };
    return type === 'application/json' ? { schema, ...example } : { schema };
  };
  return Object.fromEntries(answerTypes.map((type) => [type, ofType(type)]));
}

/** One answer per status, with an example of each error it may have. */
function buildFailures(route: DocumentedRoute, schemas: Record<string, unknown>): JsonObject {
  const { wireErrors = [] } = route;
  const codes = listErrors(route);
  const statuses = new Set([...codes.map((code) => ERRORS[code]), ...wireErrors.map(({ status }) => status)]);
  return Object.fromEntries(
    [...statuses].map((status) => {
      const own = codes.filter((code) => ERRORS[code] === status);
      const wire = wireErrors.filter((error) => error.status === status);
      const description = [...own, ...wire.map(({ name }) => name)].join(', ');
      const off = route.mayBeOff && status === 404 ? '; without a body while the route is off' : '';
      const content = buildErrorContent(route, { own, wire });
      if (status !== 404 || route.absence === undefined)
        return [status, { description: `${description}${off}`, content }];
      const absence = collectSchema(route.absence, schemas);
      return [status, { description: `not there, or ${description}`, content: withAbsence(content, absence) }];
    }),
  );
}

interface ErrorsOfStatus {
  own: readonly ErrorCode[];
  wire: readonly WireError[];
}

function buildErrorContent(route: DocumentedRoute, { own, wire }: ErrorsOfStatus): JsonObject {
  const texts = wire.flatMap(({ name, body }) => (typeof body === 'string' ? [[name, { value: body }]] : []));
  const objects = [
    ...own.map((code) => [code, exampleOf(route, code)]),
    ...wire.flatMap(({ name, body }) => (typeof body === 'string' ? [] : [[name, { value: body }]])),
  ];
  return {
    ...(objects.length > 0
      ? { 'application/json': { schema: schemaOfErrors(wire), examples: Object.fromEntries(objects) } }
      : {}),
    ...(texts.length > 0 ? { 'text/plain': { schema: { type: 'string' }, examples: Object.fromEntries(texts) } } : {}),
  };
}

/** A 404 is an answer to the question, or an error. */
function withAbsence(content: JsonObject, absence: unknown): JsonObject {
  const { 'application/json': json } = content;
  return { ...content, 'application/json': { ...(json as JsonObject), schema: { anyOf: [absence, ERROR_REF] } } };
}

/** What senders know has no `error` in one case. */
function schemaOfErrors(wire: readonly WireError[]): JsonObject {
  const others = wire.flatMap(({ body }) =>
    typeof body === 'string' || body['error'] !== undefined ? [] : [{ type: 'object', required: Object.keys(body) }],
  );
  return others.length > 0 ? { anyOf: [ERROR_REF, ...others] } : ERROR_REF;
}

const ERROR_REF = { $ref: `${COMPONENT}Error` };

function exampleOf({ name }: DocumentedRoute, code: ErrorCode): JsonObject {
  if (isSharedExample(name, code)) return { $ref: `${EXAMPLE}${code}` };
  return { value: findErrorExample(name, code) ?? { error: 'What is wrong and what to do about it.', code } };
}

/** A schema of the rows without our own keywords; one with an `$id` becomes a component. */
function collectSchema(schema: unknown, schemas: Record<string, unknown>): unknown {
  if (Array.isArray(schema)) return schema.map((each: unknown) => collectSchema(each, schemas));
  if (!isJsonObject(schema)) return schema;
  const { $id, says: _, ...rest } = schema;
  const own = () =>
    Object.fromEntries(Object.entries(rest).map(([key, value]) => [key, collectSchema(value, schemas)]));
  if (typeof $id !== 'string') return own();
  if (!Object.hasOwn(schemas, $id)) schemas[$id] = own();
  return { $ref: `${COMPONENT}${$id}` };
}

/** The schema of Flow documents, its parts as components of their own: `Flow.Source`. */
function flowSchemas(): Record<string, unknown> {
  const { $defs } = buildEditorSchema();
  const parts = isJsonObject($defs) ? $defs : {};
  return Object.fromEntries(Object.entries(parts).map(([name, part]) => [partName(name), withRefs(part)]));
}

function partName(name: string): string {
  return name === 'Flow' ? 'Flow' : `Flow.${name}`;
}

const DEF = '#/$defs/';

function withRefs(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(withRefs);
  if (!isJsonObject(schema)) return schema;
  return Object.fromEntries(
    Object.entries(schema).map(([key, value]) =>
      key === '$ref' && typeof value === 'string' && value.startsWith(DEF)
        ? [key, `${COMPONENT}${partName(value.slice(DEF.length))}`]
        : [key, withRefs(value)],
    ),
  );
}
