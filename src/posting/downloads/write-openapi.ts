import type { PostingField, PostingPage, PostingResponse } from '../posting-page.ts';

/** This source alone as OpenAPI 3.1. */
export function writePostingOpenApi(page: PostingPage): object {
  const { origin, pathname } = new URL(page.submit_url);
  const needsKey = page.authentication.kind === 'basic';
  const paths = {
    [pathname]: pathOf(page, { isPing: false }),
    ...(page.ping ? { [new URL(page.ping.url).pathname]: pathOf(page, { isPing: true }) } : {}),
  };
  return {
    openapi: '3.1.0',
    info: {
      title: `${page.source.name} · ${page.flow.name}`,
      version: page.updated_at,
      description: [page.state.sentence, page.names.sentence, page.other_parameters].join(' '),
    },
    servers: [{ url: origin }],
    paths,
    ...(needsKey ? { security: [{ key: [] }] } : {}),
    components: {
      schemas: { Lead: schemaOfLead(page) },
      ...(needsKey
        ? { securitySchemes: { key: { type: 'http', scheme: 'basic', description: page.authentication.sentence } } }
        : {}),
    },
  };
}

function pathOf(page: PostingPage, { isPing }: { isPing: boolean }): object {
  const responses = responsesOf(page, isPing);
  const content = Object.fromEntries(
    page.request_formats.flatMap(({ name, media_type: type }) =>
      type === null ? [] : [[type, { schema: { $ref: '#/components/schemas/Lead' }, ...exampleOf(page, name) }]],
    ),
  );
  const what = isPing ? 'ping' : 'lead';
  return {
    post: {
      operationId: isPing ? 'sendPing' : 'sendLead',
      summary: isPing ? 'Asks for the price of a lead.' : 'Sends a lead.',
      requestBody: { required: true, content },
      responses,
    },
    get: {
      operationId: isPing ? 'sendPingByQuery' : 'sendLeadByQuery',
      summary: `Sends a ${what} in the query. Prefer POST: URLs are written into logs.`,
      parameters: page.fields.map((field) => ({
        name: field.name,
        in: 'query',
        required: field.required === 'yes',
        description: describeField(field),
        schema: schemaOfField(field),
      })),
      responses,
    },
  };
}

/** Forms and JSON by their values; XML as it is written. */
function exampleOf({ sample }: PostingPage, format: string): object {
  if (format === 'xml') return { example: sample.bodies.xml };
  return { example: Object.fromEntries(sample.values.map(({ name, value }) => [name, value])) };
}

function schemaOfLead({ fields }: PostingPage): object {
  const required = fields.filter(({ required: need }) => need === 'yes').map(({ name }) => name);
  return {
    type: 'object',
    properties: Object.fromEntries(
      fields.map((field) => [field.name, { ...schemaOfField(field), description: describeField(field) }]),
    ),
    ...(required.length === 0 ? {} : { required }),
    additionalProperties: true,
  };
}

function schemaOfField({ allowed_values: allowed, allowed_count: count, examples }: PostingField): object {
  return {
    type: 'string',
    // An incomplete list would refuse what is allowed.
    ...(allowed && allowed.length === count ? { enum: allowed } : {}),
    examples,
  };
}

function describeField({ label, type, format, required_when: when, hint }: PostingField): string {
  return [`${label}: ${type}.`, format, when, hint].filter((text) => text !== null).join(' ');
}

const OF_PINGS: ReadonlySet<PostingResponse['kind']> = new Set(['ping_success', 'ping_failure']);
const OF_LEADS: ReadonlySet<PostingResponse['kind']> = new Set([
  'success',
  'failure',
  'duplicate',
  'error',
  'redirect',
]);

/** By status; of several with one status each is an example. */
function responsesOf({ responses }: PostingPage, isPing: boolean): object {
  const own = responses.filter(({ kind }) => !(isPing ? OF_LEADS : OF_PINGS).has(kind));
  const statuses = [...new Set(own.map(({ status }) => status))].toSorted((one, other) => one - other);
  return Object.fromEntries(
    statuses.map((status) => {
      const rows = own.filter((each) => each.status === status);
      const description = rows.map(({ title, sentence }) => `${title}: ${sentence}`).join(' ');
      return [String(status), { description, content: contentOf(rows) }];
    }),
  );
}

function contentOf(rows: readonly PostingResponse[]): object {
  const bodies = rows.flatMap(({ kind, bodies: all }) => all.map((body) => ({ kind, ...body })));
  const types = [...new Set(bodies.map(({ media_type: type }) => type))];
  return Object.fromEntries(
    types.map((type) => {
      const examples = bodies
        .filter((body) => body.media_type === type)
        .map(({ kind, format, body }) => [kind, { value: format === 'json' ? readJson(body) : body }]);
      return [type, { examples: Object.fromEntries(examples) }];
    }),
  );
}

/** The text where a module of a package calls something JSON that is none. */
function readJson(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return body;
  }
}
