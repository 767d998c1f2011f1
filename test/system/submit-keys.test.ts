import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ComposedServer, startTestServer } from '../harness/server.ts';
import { flowOf, sourceNamed } from './flows.ts';

/** With a key in each role, limited or not, and a flow whose sources ask for one or name the one. */
let server: ComposedServer;
const keys = new Map<string, { id: string; key: string }>();
// biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape
let flow: any;

beforeAll(async () => {
  server = await startTestServer();
  const make = async (name: string, body: object) => {
    const made = await server.api('POST', '/api_keys', { name, ...body });
    expect(made.status).toBe(201);
    keys.set(name, made.body);
    return made.body.id;
  };
  const partner = await make('partner', { role: 'vendor' });
  const sources = [
    sourceNamed('Guarded', { authentication_required: true }),
    sourceNamed('Partner', { credential_id: partner }),
    sourceNamed('Open'),
  ];
  flow = await server.deploy(flowOf([], { sources }));
  const [first] = flow.sources;
  await make('analyst', { role: 'analyst' });
  await make('this source', { role: 'vendor', source_ids: [first.entity.id] });
  await make('another source', { role: 'vendor', source_ids: [flow.sources[2].entity.id] });
});
afterAll(() => server.stop());

const submit = async (source: number, key: string | null) => {
  const path = `/flows/${flow.id}/sources/${flow.sources[source].entity.id}/submit`;
  return (await server.api('POST', path, { email: 'jdoe@test.com' }, { key })).status;
};
const keyOf = (name: string) => keys.get(name)?.key ?? name;

describe('a source that asks for a key', () => {
  it.each([
    ['partner', 201],
    ['this source', 201],
    ['another source', 401],
    ['analyst', 401],
    ['no key at all', 401],
  ])('answers the key "%s" with %i', async (name, status) => {
    expect(await submit(0, keyOf(name))).toBe(status);
  });

  it('takes the owner’s key, and none of a stranger', async () => {
    expect(await submit(0, server.key)).toBe(201);
    expect(await submit(0, server.strangerKey)).toBe(401);
    expect(await submit(0, null)).toBe(401);
  });
});

describe('a source that names its key', () => {
  it('takes that key alone, not even the owner’s', async () => {
    expect(await submit(1, keyOf('partner'))).toBe(201);
    for (const key of [keyOf('this source'), server.key, null]) expect(await submit(1, key)).toBe(401);
  });

  it('goes on with it after a rotation, and takes nothing from the moment it is revoked', async () => {
    const { id, key } = keys.get('partner') ?? { id: '', key: '' };
    const rotated = (await server.api('POST', `/api_keys/${id}/rotate`, { grace_seconds: 0 })).body;
    expect([await submit(1, key), await submit(1, rotated.key)]).toEqual([401, 201]);
    await server.api('DELETE', `/api_keys/${id}`);
    expect(await submit(1, rotated.key)).toBe(401);
  });

  it('warns when it is saved and no key in force has that id', async () => {
    const { body } = await server.api('GET', `/flows/${flow.id}`);
    expect(body.warnings).toMatchObject([{ path: 'sources.1.credential_id', check: 'source-without-key' }]);
  });
});
