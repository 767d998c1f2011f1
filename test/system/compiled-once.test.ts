import { afterAll, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import { verify } from '../../client/src/webhooks.ts';
import { assert } from '../../src/lib/assert.ts';
import type { FlowDocument } from '../../src/model/flow.ts';
import { type ComposedServer, startTestServer } from '../harness/server.ts';
import { until } from '../harness/until.ts';
import { flowOf, NO_DUPLICATES, when } from './flows.ts';

/** By the name of the flow: how often a document was held against the schema of flows, and how often one was compiled. */
const counts = vi.hoisted(() => ({ checks: [] as string[], compiles: [] as string[] }));

vi.mock('typebox/compile', async (importOriginal) => {
  const actual = await importOriginal<typeof import('typebox/compile')>();
  // The harness holds answers against their rows, which are documents with a revision.
  const isFlow = (value: unknown): value is FlowDocument =>
    typeof value === 'object' && value !== null && 'steps' in value && 'name' in value && !('revision' in value);
  return {
    ...actual,
    Compile: (schema: Parameters<typeof actual.Compile>[0]) => {
      const checker = actual.Compile(schema);
      // A route takes any body here: the flow is read by its handler.
      const isShape = Reflect.get(schema, '~kind') !== 'Unknown';
      return {
        Check: (value: unknown) => {
          if (isShape && isFlow(value)) counts.checks.push(value.name);
          return checker.Check(value);
        },
        Errors: (value: unknown) => checker.Errors(value),
      };
    },
  };
});

vi.mock('../../src/flow-compiler/compile-flow.ts', async (importOriginal) => {
  const actual = await importOriginal<typeof import('../../src/flow-compiler/compile-flow.ts')>();
  return {
    ...actual,
    compileFlowInSlices: (...of: Parameters<typeof actual.compileFlowInSlices>) => {
      counts.compiles.push(of[0].name);
      return actual.compileFlowInSlices(...of);
    },
  };
});

let server: ComposedServer;
beforeAll(async () => {
  server = await startTestServer();
});
beforeEach(() => {
  counts.checks.length = 0;
  counts.compiles.length = 0;
});
afterAll(() => server.stop());

const filter = (name: string) => ({
  type: 'filter' as const,
  outcome: 'failure',
  reason: name,
  rule_set: when('lead.email', 'is blank'),
});

it('from the save to the first lead a flow is parsed once and compiled once', async () => {
  const flow = await server.deploy(flowOf([filter('one')], { ...NO_DUPLICATES, name: 'Once' }));
  expect(await server.submit(flow, { email: 'ann@example.com' })).toMatchObject({ status: 201 });
  expect(await server.submit(flow, { email: 'ann@example.com' })).toMatchObject({ body: { reason: 'duplicate' } });
  expect(counts).toMatchObject({ checks: ['Once'], compiles: ['Once'] });
});

it('so is its next revision, whose list is the one that it names', async () => {
  const flow = await server.deploy(flowOf([filter('one')], { ...NO_DUPLICATES, name: 'First' }));
  const second = flowOf([filter('two')], { ...NO_DUPLICATES, name: 'Second' });
  expect((await server.api('PUT', `/flows/${flow.id}`, second)).status).toBe(200);
  expect((await server.api('POST', `/flows/${flow.id}/deploy`)).status).toBe(200);
  expect(await server.submit(flow, { email: 'bob@example.com' })).toMatchObject({ status: 201 });
  expect(await server.submit(flow, { email: 'bob@example.com' })).toMatchObject({ body: { reason: 'duplicate' } });
  expect(counts).toMatchObject({ checks: ['First', 'Second'], compiles: ['First', 'Second'] });
});

async function makeDestination(): Promise<{ destination: { instance_id: string }; secret: string }> {
  const actions = [{ name: 'Add lead', action_id: 'add', webhook_url: `${server.recipient.url}hooks` }];
  const { body } = await server.api('POST', '/destinations', { name: 'CRM', actions });
  return { destination: { instance_id: body.instance_id }, secret: body.secret };
}

it('so is a flow with a destination, whose documents are signed with its key', async () => {
  const { destination, secret } = await makeDestination();
  const flow = await server.deploy(flowOf([filter('one')], { name: 'Delivering', destinations: [destination] }));
  expect(await server.submit(flow, { email: 'cat@example.com' })).toMatchObject({ status: 201 });
  expect(counts).toMatchObject({ checks: ['Delivering'], compiles: ['Delivering'] });
  const [delivery] = server.recipient.deliveries.splice(0);
  assert(delivery !== undefined, 'the destination got the lead');
  await verify(delivery, { secret });
});

it('so is a flow of an account with a deleted custom field, which a flow that runs goes on with', async () => {
  await server.api('POST', '/fields', { id: 'roof', name: 'Roof', type: 'number' });
  const before = await server.deploy(flowOf([filter('one')], { name: 'Before', fields: ['email', 'roof'] }));
  expect((await server.api('DELETE', '/fields/roof')).status).toBe(202);
  const flow = await server.deploy(flowOf([filter('two')], { name: 'After' }));
  expect(await server.submit(flow, { email: 'dan@example.com' })).toMatchObject({ status: 201 });
  expect(counts.compiles.filter((name) => name === 'After')).toEqual(['After']);
  expect(counts.checks.filter((name) => name === 'After')).toEqual(['After']);
  const { lead } = (await server.submit(before, { email: 'eli@example.com', roof: '12' })).body;
  expect((await server.api('GET', `/leads/${lead.id}`)).body).toMatchObject({
    vars: { lead: { roof: { normal: 12 } } },
  });
  const again = await server.api('POST', `/flows/${before.id}/deploy`);
  expect(again).toMatchObject({ status: 422, body: { details: [{ path: 'fields.1' }] } });
});

it('a simulated document of a destination is not signed with its key', async () => {
  const { destination, secret } = await makeDestination();
  const flow = await server.deploy(flowOf([], { name: 'Simulated', destinations: [destination] }));
  const made = await server.api('POST', `/flows/${flow.id}/evaluate`, {
    source: flow.sources[0].entity.id,
    submission: { body: JSON.stringify({ email: 'fay@example.com' }), headers: { 'Content-Type': 'application/json' } },
  });
  const request = made.body.lead.events[0].transactions[0].request;
  const sent = { headers: lowerNames(request.headers), body: request.body };
  expect(sent.headers).toHaveProperty('webhook-signature');
  const now = () => Number(sent.headers['webhook-timestamp']) * 1_000;
  await expect(verify(sent, { secret, now })).rejects.toMatchObject({ code: 'wrong_signature' });
});

function lowerNames(headers: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}

it('another server parses and compiles it once, and of many flows only the one that was deployed', async () => {
  for (const name of ['A', 'B', 'C']) await server.deploy(flowOf([filter(name)], { name }));
  const changes: object[] = [];
  const ignore = () => undefined;
  const info = (fields: object, message: string) => {
    if (message === 'the configuration of an account has changed') changes.push(fields);
  };
  const other = await server.startBeside({ log: { error: ignore, warn: ignore, debug: ignore, info } });
  await until('the other server runs the flows', () => Promise.resolve(changes.length > 0));
  counts.checks.length = 0;
  counts.compiles.length = 0;
  await server.deploy(flowOf([filter('D')], { name: 'D' }));
  await until('both servers have compiled it', () => Promise.resolve(counts.compiles.length === 2));
  expect(counts).toMatchObject({ checks: ['D', 'D'], compiles: ['D', 'D'] });
  await other.stop();
});

it('a field that was made since is seen by the deploy', async () => {
  const saved = await server.api('POST', '/flows', flowOf([], { name: 'Late', fields: ['email', 'made_later'] }));
  expect(saved.body.errors).toHaveProperty(['fields.1']);
  await server.api('POST', '/fields', { id: 'made_later', name: 'Made later', type: 'string' });
  expect((await server.api('POST', `/flows/${saved.body.id}/deploy`)).status).toBe(200);
  const answer = await server.submit(saved.body, { email: 'eve@example.com', made_later: 'x' });
  expect(answer).toMatchObject({ status: 201 });
});
