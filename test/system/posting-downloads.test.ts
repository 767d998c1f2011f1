import { Validator } from '@seriousme/openapi-schema-validator';
import { Type } from 'typebox';
import { Value } from 'typebox/value';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ask, type ComposedServer, startTestServer } from '../harness/server.ts';
import { flowOf, sourceNamed, when } from './flows.ts';

const CLOSED = { additionalProperties: false };
const TEXT = Type.String();
const PAIR = Type.Object({ key: TEXT, value: TEXT, type: Type.Optional(TEXT) }, CLOSED);

/**
 * What a collection may have, as far as we write it, of the schema of Postman 2.1.0
 * (schema.getpostman.com/json/collection/v2.1.0/collection.json): its required names, and no name that it has not.
 */
const COLLECTION = Type.Object(
  {
    info: Type.Object(
      {
        name: Type.String({ minLength: 1 }),
        description: TEXT,
        schema: Type.Literal('https://schema.getpostman.com/json/collection/v2.1.0/collection.json'),
      },
      CLOSED,
    ),
    item: Type.Array(
      Type.Object(
        {
          name: TEXT,
          request: Type.Object(
            {
              method: Type.Enum(['GET', 'POST']),
              header: Type.Array(PAIR),
              url: Type.Object(
                {
                  raw: TEXT,
                  protocol: Type.Enum(['http', 'https']),
                  host: Type.Array(TEXT),
                  port: Type.Optional(TEXT),
                  path: Type.Array(TEXT),
                  query: Type.Optional(Type.Array(PAIR)),
                },
                CLOSED,
              ),
              auth: Type.Optional(Type.Object({ type: Type.Literal('basic'), basic: Type.Array(PAIR) }, CLOSED)),
              body: Type.Optional(
                Type.Union([
                  Type.Object({ mode: Type.Literal('urlencoded'), urlencoded: Type.Array(PAIR) }, CLOSED),
                  Type.Object(
                    {
                      mode: Type.Literal('raw'),
                      raw: TEXT,
                      options: Type.Object(
                        { raw: Type.Object({ language: Type.Enum(['json', 'xml']) }, CLOSED) },
                        CLOSED,
                      ),
                    },
                    CLOSED,
                  ),
                ]),
              ),
            },
            CLOSED,
          ),
          response: Type.Array(Type.Unknown(), { maxItems: 0 }),
        },
        CLOSED,
      ),
      { minItems: 1 },
    ),
  },
  CLOSED,
);

let server: ComposedServer;
let links: string[] = [];
beforeAll(async () => {
  server = await startTestServer();
  const flow = await server.deploy(
    flowOf([], {
      name: '*Solar* | <b>leads</b> `x`',
      ping_enabled: true,
      fields: ['email', 'phone_1', 'state'],
      acceptance_criteria: { rule_set: when('lead.state', 'is included in', 'TX, "Doe, John"') },
      sources: [
        sourceNamed('Open "Ads"'),
        sourceNamed('With a key', { authentication_required: true }),
        sourceNamed('Classic', { integration: { module_id: 'leadconduit-standard.inbound.classic', mappings: [] } }),
      ],
    }),
  );
  links = await Promise.all(
    flow.sources.map(async ({ entity }: { entity: { id: string } }) => {
      const path = `/flows/${flow.id}/sources/${entity.id}/posting_links`;
      return (await server.api('POST', path, { shows_caps: true })).body.url;
    }),
  );
});
afterAll(() => server.stop());

describe.each([
  ['a source without a key', 0],
  ['a source with a key', 1],
  ['a source of another module', 2],
])('the downloads of %s', (_, place) => {
  const download = async (path: string) => ask(`${links[place]}${path}`, {});

  it('OpenAPI is valid, and has this source alone', async () => {
    const { status, body } = await download('/openapi.json');
    expect(status).toBe(200);
    expect(await new Validator().validate(structuredClone(body))).toEqual({ valid: true });
    const page = (await download('.json')).body;
    const urls = [page.submit_url, ...(page.ping ? [page.ping.url] : [])];
    expect(Object.keys(body.paths)).toEqual(urls.map((url) => new URL(url).pathname));
    expect(body.components.schemas.Lead.required).toEqual(['state']);
  });

  it('a collection of Postman fits its schema', async () => {
    const { body } = await download('/postman.json');
    expect([...Value.Errors(COLLECTION, body)]).toEqual([]);
    const withKey = body.item.filter(({ request }: { request: { auth?: object } }) => request.auth);
    expect(withKey.length).toBe(place === 1 ? body.item.length : 0);
  });

  it('a table has the parameters and the sample', async () => {
    const { text, headers } = await download('/template.csv');
    expect(headers.get('content-disposition')).toBe('attachment; filename="leads.csv"');
    expect(text).toBe('email,phone_1,state\r\njane.doe@example.com,(512) 789-4321,TX\r\n');
  });

  it('Markdown takes names as text', async () => {
    const { text, headers } = await download('.md');
    expect(headers.get('content-type')).toBe('text/markdown; charset=utf-8');
    expect(text).toContain('\\*Solar\\* | \\<b\\>leads\\</b\\> \\`x\\`');
    expect(text).toContain('- state must be one of TX, "Doe, John".');
    expect(text).not.toContain('<b>leads</b>');
  });
});
