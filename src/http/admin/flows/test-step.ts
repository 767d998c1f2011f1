import { IANAZone } from 'luxon';
import { isMaskedField } from '../../../field-types/is-masked-field.ts';
import type { CompiledFlow } from '../../../flow-compiler/compiled-flow.ts';
import { isJsonObject, type JsonObject } from '../../../flows/flow-json.ts';
import { surroundingsOf } from '../../../flows/flow-surroundings.ts';
import { parseFlowDocument } from '../../../flows/parse-flow-document.ts';
import type { OutboundModule } from '../../../integrations/contract.ts';
import { assert } from '../../../lib/assert.ts';
import { fail, ok, type Result } from '../../../lib/result.ts';
import type { FlowDocument } from '../../../model/flow.ts';
import type { Problem } from '../../../model/problem.ts';
import { runTestStep, type TestedData } from '../../../pipeline/test-step.ts';
import { type ApiDeps, answer, type Handler } from '../../api.ts';
import { type ApiError, apiError } from '../../errors.ts';
import { idParam } from '../../request-values.ts';
import { UNKNOWN_FLOW } from './flow-refusals.ts';

const UNKNOWN_SOURCE = apiError('not_found', 'The flow has no source with this id.');
const MALFORMED = 'The test of a step is not valid; details says where.';

/**
 * `POST /flows/{flow_id}/sources/{source_id}/test_step` (seed 003, decision 36): sends data to an integration and tells
 * what came of it. 404 without a body while the setting is off.
 */
export const testStep: Handler = async (deps, { principal, params, body }) => {
  if (!deps.testStep) return { kind: 'empty', status: 404 };
  const flowId = idParam(params, 'flow_id');
  if (!flowId.ok) return flowId.error;
  const sourceId = params['source_id'] ?? '';
  const record = await deps.flows.find({ accountId: principal.accountId, flowId: flowId.value });
  if (!record) return UNKNOWN_FLOW;
  if (!hasSource(record.document, sourceId)) return UNKNOWN_SOURCE;
  const test = testOf(body);
  if (!test.ok) return test.error;
  const { clock, ids, report } = deps;
  const data = await testedData(deps, { accountId: principal.accountId, test: test.value });
  return data.ok ? answer(200, await runTestStep(data.value, { clock, ids, report, ...deps.testStep })) : data.error;
};

function hasSource(document: JsonObject, sourceId: string): boolean {
  const parsed = parseFlowDocument(document);
  const sources = parsed.ok ? parsed.value.sound.sources : [];
  return sources.some(({ id, entity }) => id === sourceId || entity.id?.toLowerCase() === sourceId.toLowerCase());
}

async function testedData(
  deps: ApiDeps,
  { accountId, test }: { accountId: string; test: WantedTest },
): Promise<Result<TestedData, ApiError>> {
  const { moduleId, timeZone, submission } = test;
  const module = deps.modules.find(moduleId);
  if (module?.direction !== 'outbound') {
    const message = `There is no integration "${moduleId.slice(0, MODULE_ID_SHOWN_MAX)}" that delivers leads: GET /modules lists them.`;
    return fail(apiError('invalid_document', MALFORMED, [{ path: 'step_config.integration.module_id', message }]));
  }
  const surroundings = await surroundingsOf(deps, accountId);
  const document = flowOfOneStep(moduleId);
  const flow = await deps.compileFlow({ flowId: '', revision: 0, document, ...surroundings });
  const [step] = flow.steps;
  assert(step?.kind === 'recipient', 'a flow of one recipient step has one');
  const ctx = { now: deps.clock.now(), timeZone: timeZone ?? surroundings.account.timeZone, random: () => 0 };
  return ok({ step, module, submission, ctx, isSecret: secretNames(flow, module) });
}

/** Characters of an unknown id that an answer repeats. */
const MODULE_ID_SHOWN_MAX = 100;

/** What the module says is secret, and the values of masked fields wherever they are mapped: `json_property.ssn`. */
function secretNames(flow: CompiledFlow, module: OutboundModule): (name: string) => boolean {
  const declared = new Set(module.requestVariables.filter(isMaskedField).map(({ name }) => name));
  return (name) => {
    const names = name.split('.');
    return declared.has(name) || names.some((_, index) => flow.isSecretField(names.slice(index).join('.')));
  };
}

function flowOfOneStep(moduleId: string): FlowDocument {
  return {
    name: 'test_step',
    enabled: true,
    fields: [],
    sources: [],
    steps: [{ type: 'recipient', entity: { name: 'Test' }, integration: { module_id: moduleId, mappings: [] } }],
  };
}

interface WantedTest {
  moduleId: string;
  /** undefined: the account's. */
  timeZone: string | undefined;
  submission: Record<string, unknown>;
}

function testOf(body: unknown): Result<WantedTest, ApiError> {
  const problems: Problem[] = [];
  const at = (path: string, message: string) => problems.push({ path, message });
  const config = objectIn(body, { name: 'step_config', path: 'step_config', at });
  const submission = objectIn(body, { name: 'submission_data', path: 'submission_data', at });
  const integration = config && objectIn(config, { name: 'integration', path: 'step_config.integration', at });
  const moduleId = integration?.['module_id'];
  if (integration && (typeof moduleId !== 'string' || moduleId === '')) {
    at('step_config.integration.module_id', 'Must be the id of an integration module.');
  }
  // The data is mapped already, so mappings are not looked into.
  const mappings = integration?.['mappings'] ?? [];
  if (!Array.isArray(mappings)) at('step_config.integration.mappings', 'Must be a list.');
  if (!isJsonObject(config?.['acceptance_criteria'] ?? {})) at('step_config.acceptance_criteria', 'Must be an object.');
  const timeZone = timeZoneOf(config?.['entity'] ?? {}, at);
  if (problems.length > 0 || !submission || typeof moduleId !== 'string') {
    return fail(apiError('invalid_document', MALFORMED, problems));
  }
  return ok({ moduleId, timeZone, submission });
}

type TellProblem = (path: string, message: string) => void;

function timeZoneOf(entity: unknown, at: TellProblem): string | undefined {
  if (!isJsonObject(entity)) at('step_config.entity', 'Must be an object.');
  const zone = isJsonObject(entity) ? (entity['time_zone'] ?? undefined) : undefined;
  if (zone === undefined || (typeof zone === 'string' && IANAZone.isValidZone(zone))) return zone;
  at('step_config.entity.time_zone', 'Must be the name of a time zone, such as America/New_York.');
  return undefined;
}

function objectIn(value: unknown, of: { name: string; path: string; at: TellProblem }): JsonObject | undefined {
  const member = isJsonObject(value) ? value[of.name] : undefined;
  if (isJsonObject(member)) return member;
  of.at(of.path, 'Is required, and must be an object.');
  return undefined;
}
