import { parseFlowDocument } from '../../../flows/parse-flow-document.ts';
import { isId, isShortId } from '../../../lib/ids.ts';
import { fail, ok, type Result } from '../../../lib/result.ts';
import type { FlowDocument } from '../../../model/flow.ts';
import type { Problem } from '../../../model/problem.ts';
import { runTestStep } from '../../../pipeline/test-step.ts';
import { answer, type Handler } from '../../api.ts';
import { type ApiError, apiError } from '../../errors.ts';
import { idParam } from '../../request-values.ts';
import { surroundingsOf } from '../surroundings.ts';
import { UNKNOWN_FLOW } from './flow-refusals.ts';

const MALFORMED_SOURCE_ID = apiError(
  'malformed_id',
  'The source_id in the URL must have 24 hexadecimal characters, or the six of the source inside its flow.',
);
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
  if (!isId(sourceId) && !isShortId(sourceId)) return MALFORMED_SOURCE_ID;
  const record = await deps.flows.find({ accountId: principal.accountId, flowId: flowId.value });
  if (!record) return UNKNOWN_FLOW;
  const parsed = parseFlowDocument(record.document);
  const sources = parsed.ok ? parsed.value.sound.sources : [];
  if (!sources.some(({ id, entity }) => [id, entity.id?.toLowerCase()].includes(sourceId.toLowerCase())))
    return UNKNOWN_SOURCE;
  const test = testOf(body);
  if (!test.ok) return test.error;
  const { moduleId, submission } = test.value;
  const module = deps.modules.find(moduleId);
  if (module?.direction !== 'outbound') {
    const message = `There is no integration "${moduleId}" that delivers leads: GET /modules lists them.`;
    return apiError('invalid_document', MALFORMED, [{ path: 'step_config.integration.module_id', message }]);
  }
  const surroundings = await surroundingsOf(deps, principal.accountId);
  const { account } = surroundings;
  const [step] = deps.compileFlow({
    flowId: flowId.value,
    revision: 0,
    document: flowOfOneStep(moduleId),
    ...surroundings,
  }).steps;
  if (step?.kind !== 'recipient') throw new Error('invariant broken: a flow of one recipient step has one');
  const ctx = { now: deps.clock.now(), timeZone: account.timeZone, random: () => 0 };
  return answer(200, await runTestStep({ step, module, submission, ctx }, { clock: deps.clock, ...deps.testStep }));
};

function flowOfOneStep(moduleId: string): FlowDocument {
  return {
    name: 'test_step',
    enabled: true,
    fields: [],
    sources: [],
    steps: [{ type: 'recipient', entity: { name: 'Test' }, integration: { module_id: moduleId, mappings: [] } }],
  };
}

function testOf(body: unknown): Result<{ moduleId: string; submission: Record<string, unknown> }, ApiError> {
  const problems: Problem[] = [];
  const config = objectAt(body, 'step_config', problems);
  const submission = objectAt(body, 'submission_data', problems);
  const integration = objectAt(config, 'integration', config ? problems : []);
  const moduleId = integration?.['module_id'];
  if (integration && (typeof moduleId !== 'string' || moduleId === '')) {
    problems.push({ path: 'step_config.integration.module_id', message: 'Must be the id of an integration module.' });
  }
  if (problems.length > 0 || !submission || typeof moduleId !== 'string') {
    return fail(apiError('invalid_document', MALFORMED, problems));
  }
  return ok({ moduleId, submission });
}

function objectAt(value: unknown, name: string, problems: Problem[]): Record<string, unknown> | undefined {
  const member = isObject(value) ? value[name] : undefined;
  if (isObject(member)) return member;
  problems.push({ path: name, message: 'Is required, and must be an object.' });
  return undefined;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
