import { afterAll, beforeAll, beforeEach, expect, it, vi } from 'vitest';
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
