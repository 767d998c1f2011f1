import { describe, expect, it } from 'vitest';
import { listModuleCases, type ModuleCase, type SentRequest } from '../../scripts/docs/module-cases.ts';
import type { Credentials } from '../../src/credentials/open-credential.ts';
import { builtinModules, systemTools } from '../../src/integrations/builtin-modules.ts';
import { WRAPPED_MODULES } from '../../src/integrations/builtin-packages.ts';
import type { Deliver } from '../../src/integrations/contract.ts';
import { createModuleRegistry } from '../../src/integrations/registry.ts';
import { runTestLead, TEST_NOW } from '../../src/pipeline/testing/run-test-lead.ts';
import { deliveryTo, FLOW_ID, SOURCE_ID, testFlow, testSource } from '../../src/pipeline/testing/test-flow.ts';

const clock = { now: () => TEST_NOW, monotonic: () => 0 };
/** Fresh ones for each case: the SOAP module keeps the WSDLs it has read. */
const surroundings = { publicUrl: null, env: { TRUSTEDFORM_DATA_SERVICE_TOKEN: 'operator-token' } };
const createModules = () => createModuleRegistry(builtinModules([], systemTools(clock), surroundings));
/** What a case may name. */
const BATCH = { id: '67c59a40eeeeeeeeeeeeeeee', name: 'Evening', isEnabled: true, columns: ['email', 'name'] };
const LEAD = { first_name: 'Ann', email: 'ann@example.com', phone_1: '5127891111', state: 'TX' };

/** What a module makes of a case, in the words of the case. */
async function runCase(moduleId: string, given: ModuleCase): Promise<Partial<ModuleCase>> {
  return given.request ? runInbound(moduleId, given.request) : runOutbound(moduleId, given);
}

async function runInbound(moduleId: string, request: NonNullable<ModuleCase['request']>): Promise<Partial<ModuleCase>> {
  const { query, ...sent } = request;
  const uri = `/flows/${FLOW_ID}/sources/${SOURCE_ID}/submit${query === '' ? '' : `?${query}`}`;
  const flow = testFlow({ sources: [testSource({ integration: { module_id: moduleId, mappings: [] } })] });
  const headers = { ...sent.headers, 'Content-Length': String(Buffer.byteLength(sent.body)) };
  const { run, end } = await runTestLead({ flow, modules: createModules(), request: { ...sent, headers, uri } });
  if (end.kind !== 'answered') throw new Error(`the run ended as ${end.kind}`);
  const { status, headers: answered, body } = end.answer;
  return { values: run.values, answer: { status, headers: answered, body } };
}

async function runOutbound(moduleId: string, given: ModuleCase): Promise<Partial<ModuleCase>> {
  const mappings = Object.entries(given.mappings ?? {}).map(([property, value]) => ({ property, value }));
  const { credential } = given;
  const step = deliveryTo('Buyer', {
    key: 'buyer',
    integration: { module_id: moduleId, mappings },
    ...(credential ? { credential_id: NAMED.id } : {}),
  });
  const sent: SentRequest[] = [];
  const answers = [...(given.answers ?? [])];
  const deliver: Deliver = async ({ method, url, headers, body = '' }) => {
    sent.push({ method, url, headers, body });
    const answer = answers.shift();
    const at = { sentAt: TEST_NOW, receivedAt: TEST_NOW };
    if (!answer) return { kind: 'unsent', reason: 'The case has no further answer', ...at };
    return { kind: 'answered', response: { version: '1.1', ...answer }, truncated: false, url, ...at };
  };
  const { run } = await runTestLead({
    flow: testFlow({ steps: [step] }),
    values: LEAD,
    modules: createModules(),
    credentials: [NAMED],
    batches: [BATCH],
    deps: { deliver, ...(credential ? { credentials: openAlways(credential) } : {}) },
  });
  return { sent, appended: run.appended['buyer'] as Record<string, unknown> }; // what a step appends is an object
}

const NAMED = { id: '67c599c00000000000000099', name: 'The credential', type: 'smtp' } as const;

function openAlways(vars: Record<string, unknown>): Credentials {
  const secrets = [vars['password']].filter((secret) => typeof secret === 'string');
  const credential = { ...NAMED, vars: { ...NAMED, ...vars }, secrets, authorization: null, accessToken: null };
  const opening = { kind: 'open' as const, credential };
  return { open: () => opening, renew: async () => opening, renewValue: async () => opening };
}

const plain = (value: unknown) => JSON.parse(JSON.stringify(value));

describe.each(
  createModules()
    .list()
    .map(({ id }) => id),
)('%s', (id) => {
  const cases = listModuleCases(WRAPPED_MODULES[id] ?? id);

  it('has an exemplary and a supplemental case', () => {
    expect(new Set(cases.map(({ kind }) => kind))).toEqual(new Set(['exemplary', 'supplemental']));
  });

  it.each(cases)('$what', async (given) => {
    const { kind, what, request, mappings, answers, credential, ...expected } = given;
    expect(plain(await runCase(id, given))).toEqual(expected);
  });
});
