import { describe, expect, it } from 'vitest';
import type { Credentials, Opening } from '../../../credentials/open-credential.ts';
import { builtinModules } from '../../../integrations/builtin-modules.ts';
import type { ExchangeModule, HandleModule, IntegrationModule } from '../../../integrations/contract.ts';
import { createModuleRegistry } from '../../../integrations/registry.ts';
import { ok } from '../../../lib/result.ts';
import type { CredentialName } from '../../../model/credential.ts';
import { runTestLead, type TestLead } from '../../testing/run-test-lead.ts';
import {
  BUYER_URL,
  compileTestFlow,
  dailyCap,
  deliveryTo,
  testFlow,
  testSource,
  when,
} from '../../testing/test-flow.ts';
import { STAGES } from './stages.ts';
import type { StepRun } from './step-run.ts';

/** What each stage did with the step's run and with the lead's, in all leads of this file. */
const createRecord = () => ({ reads: new Set<string>(), writes: new Set<string>() });
const seen = new Map(STAGES.map(({ name }) => [name as string, { step: createRecord(), lead: createRecord() }]));
for (const stage of STAGES) {
  const { run: original } = stage;
  // The loop walks this very table.
  Object.assign(stage, { run: (stepRun: StepRun) => original(recordStep(stepRun, stage.name)) });
}

function recordStep(stepRun: StepRun, stage: string): StepRun {
  const record = seen.get(stage);
  if (!record) throw new Error(`no stage ${stage}`);
  const run = recordAccess(stepRun.run, record.lead);
  const step = recordAccess(stepRun, record.step);
  return new Proxy(step, { get: (target, key) => (key === 'run' ? run : Reflect.get(target, key)) });
}

function recordAccess<Run extends object>(run: Run, { reads, writes }: ReturnType<typeof createRecord>): Run {
  return new Proxy(run, {
    get: (target, key) => {
      reads.add(String(key));
      return Reflect.get(target, key);
    },
    set: (target, key, value) => {
      writes.add(String(key));
      return Reflect.set(target, key, value);
    },
  });
}

const exchanging: ExchangeModule = {
  id: 'test.exchange',
  version: '1.0.0',
  name: 'Exchange',
  direction: 'outbound',
  style: 'request/response',
  requestVariables: [{ name: 'age', type: 'number' }],
  responseVariables: [{ name: 'price', type: 'number' }],
  validate: () => undefined,
  request: () => ({ url: BUYER_URL, method: 'POST', headers: {} }),
  response: () => ({ outcome: 'success', reason: 'ok', price: 'much' }),
};
const handling: HandleModule = {
  ...exchanging,
  id: 'test.handle',
  style: 'handle',
  handle: async (_, exchanges) => {
    await exchanges.send({ url: BUYER_URL, method: 'POST', headers: {} });
    return { kind: 'answered', appended: { outcome: 'success' } };
  },
};
const registry = (module: IntegrationModule) => createModuleRegistry([...builtinModules([]), module]);
const fails = () => {
  throw new Error('broken');
};

const cap = dailyCap({ id: 'c2c2c2c2c2c2c2c2c2c2c2c2' });
const RULES = when('lead.email', 'is not blank');
const step = (moduleId: string) =>
  deliveryTo('CRM', {
    caps: [cap],
    rule_set: RULES,
    idempotent: true,
    retry_enabled: true,
    integration: { module_id: moduleId, mappings: [{ property: 'age', value: '{{lead.ssn}} 41' }] },
  });
const flow = (moduleId: string) =>
  testFlow({
    fields: ['email', 'ssn'],
    sources: [testSource({ deadline_seconds: 10 })],
    steps: [step(moduleId), deliveryTo('Second', { caps: [cap] })],
  });
const values = { email: 'ann@example.com', ssn: '219-09-9999' };
const exchange = { flow: flow('test.exchange'), values, modules: registry(exchanging) };

/** Destinations do not see masked values. */
const delivering = compileTestFlow(
  testFlow({ steps: [deliveryTo('CRM')], destinations: [{ instance_id: 'd1' }], fields: ['email', 'ssn'] }),
  undefined,
  [{ instanceId: 'd1', name: 'D', actions: [{ name: 'A', action_id: 'a', webhook_url: BUYER_URL }], secret: null }],
);

/** With a token that the recipient refuses once, and a module that renews something. */
const CREDENTIAL: CredentialName = { id: 'cccccccccccccccccccccccc', name: 'CRM', type: 'oauth2' };
const withCredential = (moduleId: string, module: IntegrationModule) =>
  compileTestFlow(
    testFlow({
      sources: [testSource({ deadline_seconds: 10 })],
      steps: [{ ...step(moduleId), credential_id: CREDENTIAL.id }],
    }),
    registry(module),
    [],
    [],
    [CREDENTIAL],
  );
const authorized = withCredential('test.exchange', { ...exchanging, takesAuthorization: true });
const renewing = withCredential('test.handle', {
  ...handling,
  handle: async (_, exchanges) => {
    await exchanges.renewCredential?.({ name: 'accessToken', refused: '', obtain: async () => ok('new token') });
    return { kind: 'answered', appended: { outcome: 'success' } };
  },
});
const opened = (accessToken: string): Opening => ({
  kind: 'open',
  credential: {
    ...CREDENTIAL,
    vars: {},
    secrets: [accessToken],
    accessToken,
    authorization: { kind: 'header', name: 'Authorization', value: `Bearer ${accessToken}` },
  },
});
const credentials: Credentials = {
  open: () => opened('first token'),
  renew: async () => opened('second token'),
  renewValue: async (_, { obtain }) => {
    const fetched = await obtain();
    return opened(fetched.ok ? fetched.value : '');
  },
};

const LEADS: TestLead[] = [
  {
    values,
    deps: { findFlow: () => ({ kind: 'found', flow: authorized.flow }), credentials },
    recipient: ({ headers }) => ({ status: headers['Authorization'] === 'Bearer first token' ? 401 : 200, body: '' }),
  },
  { values, deps: { findFlow: () => ({ kind: 'found', flow: renewing.flow }), credentials } },
  { values, deps: { findFlow: () => ({ kind: 'found', flow: delivering.flow }) } },
  { flow: testFlow({ steps: [deliveryTo('CRM'), deliveryTo('Second', { caps: [cap] })] }), values },
  exchange,
  { ...exchange, flow: flow('test.gone') },
  { ...exchange, store: { fullCaps: [cap.id ?? ''] } },
  { ...exchange, store: { changed: [{ fullCaps: [cap.id ?? ''] }] } },
  { ...exchange, store: { changed: [null, { fullCaps: [cap.id ?? ''] }] } },
  { ...exchange, store: { lookGoneFrom: 1 } },
  { ...exchange, store: { claimGoneFrom: 1 } },
  { ...exchange, recipient: () => ({ unknown: 'no answer' }) },
  { ...exchange, modules: registry({ ...exchanging, validate: fails }) },
  { ...exchange, modules: registry({ ...exchanging, validate: async () => undefined }) },
  { ...exchange, modules: registry({ ...exchanging, response: fails }) },
  { ...exchange, modules: registry({ ...exchanging, response: async () => ({ outcome: 'success' }) }) },
  { ...exchange, deps: { traceRequest: () => '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01' } },
  { flow: flow('test.handle'), values, modules: registry(handling) },
];

describe('the columns of the table of stages', () => {
  it('hold what a stage reads and writes, and nothing that it does not', async () => {
    for (const lead of LEADS) await runTestLead(lead);
    const wrong = STAGES.flatMap(({ name, reads, writes, ofLead }) => {
      const did = seen.get(name) ?? { step: createRecord(), lead: createRecord() };
      return [
        ...compareAccess(`${name}, step`, { declared: { reads, writes }, met: did.step }),
        ...compareAccess(`${name}, lead`, { declared: ofLead, met: did.lead }),
      ];
    });
    expect(wrong).toEqual([]);
  });
});

function compareAccess(
  place: string,
  { declared, met }: { declared: (typeof STAGES)[number]['ofLead']; met: ReturnType<typeof createRecord> },
): string[] {
  const all = ['run', ...declared.reads, ...declared.writes];
  return [
    ...[...met.reads].filter((key) => !all.includes(key)).map((key) => `${place}: reads ${key}`),
    ...[...met.writes].filter((key) => !declared.writes.includes(key)).map((key) => `${place}: writes ${key}`),
    ...declared.reads.filter((key) => !met.reads.has(key)).map((key) => `${place}: does not read ${key}`),
  ];
}
