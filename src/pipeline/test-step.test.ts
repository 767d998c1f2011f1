import { expect, it } from 'vitest';
import { builtinModules } from '../integrations/builtin-modules.ts';
import type { DeliveryResult, ExchangeModule, OutboundModule } from '../integrations/contract.ts';
import { createModuleRegistry } from '../integrations/registry.ts';
import { runTestStep, type TestStepDeps } from './test-step.ts';
import { BUYER_URL, compileTestFlow, deliveryTo, testFlow } from './testing/test-flow.ts';

const NOW = Date.UTC(2025, 2, 3, 12);
const ID = '67c59a40aaaaaaaaaaaaaaaa';
const LATE = 'The integration did not answer within the time limit';

const exchangeModule: ExchangeModule = {
  id: 'test.outbound',
  version: '1.0.0',
  name: 'Test',
  direction: 'outbound',
  style: 'request/response',
  requestVariables: [
    { name: 'age', type: 'number' },
    { name: 'born', type: 'date' },
  ],
  responseVariables: [],
  validate: () => undefined,
  request: (vars) => ({ url: BUYER_URL, method: 'POST', headers: {}, body: JSON.stringify(vars) }),
  response: () => ({ outcome: 'success' }),
};
const ANSWERED: DeliveryResult = {
  kind: 'answered',
  response: { status: 200, version: '1.1', headers: {}, body: 'taken 219-09-9999' },
  truncated: false,
  url: BUYER_URL,
  sentAt: NOW,
  receivedAt: NOW,
};

/** Runs a test of a module at a recipient that takes 20 s and answers `result`. */
async function test(
  parts: { module?: Partial<OutboundModule>; submission?: Record<string, unknown>; result?: DeliveryResult },
  timers: TestStepDeps['startTimer'] = () => () => undefined,
) {
  const { submission = {}, result = ANSWERED } = parts;
  // A test writes parts that make a module of one style.
  const module = { ...exchangeModule, ...parts.module } as OutboundModule;
  const modules = createModuleRegistry([...builtinModules([]), module]);
  const integration = { module_id: module.id, mappings: [] };
  const { flow } = compileTestFlow(testFlow({ steps: [deliveryTo('Test', { integration })] }), modules);
  const [step] = flow.steps;
  if (step?.kind !== 'recipient') throw new Error('the step is a recipient');
  let elapsedMs = 0;
  const timeouts: number[] = [];
  const faults: string[] = [];
  const tested = await runTestStep(
    {
      step,
      module,
      submission,
      ctx: { now: NOW, timeZone: 'Asia/Tokyo', random: () => 0 },
      isSecret: (name) => name.endsWith('ssn'),
    },
    {
      clock: { now: () => NOW, monotonic: () => elapsedMs },
      ids: { next: () => ID, event: () => ID, short: () => 'abcdef' },
      deliver: async (_request, { timeoutMs }) => {
        timeouts.push(timeoutMs);
        elapsedMs += 20_000;
        return result;
      },
      timeoutMs: 30_000,
      startTimer: timers,
      report: ({ where }) => faults.push(where),
    },
  );
  return { tested, timeouts, faults };
}

const fails = () => {
  throw new Error('of 219-09-9999');
};
const lost = { sentAt: NOW, receivedAt: NOW };

it.each([
  ['success', {}, { outcome: 'success', reason: null }],
  [
    'what the module says',
    { module: { response: () => ({ outcome: 'failure', reason: 'Too old' }) } },
    { outcome: 'failure', reason: 'Too old' },
  ],
  [
    'an outcome that is none',
    { module: { response: () => ({ outcome: 'well' }) } },
    { outcome: 'error', reason: null },
  ],
  [
    'a skip',
    { module: { validate: () => 'Age is required' } },
    { outcome: 'skip', reason: 'Age is required', transactions: [] },
  ],
  [
    'no connection',
    { result: { kind: 'unsent', reason: 'no such host', ...lost } },
    { outcome: 'error', reason: 'no such host' },
  ],
  ['no answer', { result: { kind: 'unknown', reason: 'timeout', ...lost } }, { outcome: 'error', reason: 'timeout' }],
] as const)('%s is reported', async (_, parts, expected) => {
  expect((await test(parts)).tested).toMatchObject(expected);
});

it.each(['validate', 'request', 'response'])(
  'a module that throws in %s is an error that quotes nothing',
  async (part) => {
    const { tested, faults } = await test({ module: { [part]: fails } });
    expect(tested).toMatchObject({ outcome: 'error', reason: 'The integration failed' });
    expect(faults).toEqual(['test_step of test.outbound']);
  },
);

it.each(['validate', 'request', 'response'])('a module that never answers in %s ends with the time', async (part) => {
  const { tested } = await test({ module: { [part]: () => new Promise(() => undefined) } }, (_ms, onEnd) => {
    setImmediate(onEnd);
    return () => undefined;
  });
  expect(tested).toMatchObject({ outcome: 'error', reason: LATE });
});

it('data is read as the types of the module, in the zone of the entity, with dotted names nested', async () => {
  const { tested } = await test({ submission: { age: '42 years', born: '2000-01-02', 'data.a': 1, event_id: 'mine' } });
  const sent = JSON.parse(tested.transactions[0]?.request.body ?? '');
  expect(sent).toMatchObject({ age: 42, data: { a: 1 }, event_id: 'mine', delivery_id: ID });
});

it('values that events mask are masked in requests and answers', async () => {
  const { tested } = await test({ submission: { 'json_property.ssn': '219-09-9999' } });
  expect(JSON.stringify(tested)).not.toContain('219-09-9999');
  expect(tested.transactions[0]?.response?.body).toBe('taken ***********');
});

it('all exchanges of a module share one time limit', async () => {
  const request = { url: BUYER_URL, method: 'POST', headers: {} };
  const { tested, timeouts } = await test({
    module: {
      style: 'handle',
      handle: async (_vars, { send }) => {
        await send(request);
        await send(request);
        const { kind } = await send(request);
        return { kind: 'answered', appended: { outcome: 'failure', reason: kind } };
      },
    },
  });
  expect(timeouts).toEqual([30_000, 10_000]);
  expect(tested).toMatchObject({ outcome: 'failure', reason: 'unsent' });
  expect(tested.transactions.map(({ error }) => error)).toEqual([
    undefined,
    undefined,
    'Not sent: the time limit is used up',
  ]);
});
