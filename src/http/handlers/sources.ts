import { IANAZone } from 'luxon';
import type { Principal } from '../../access/principal.ts';
import type { CredentialVault } from '../../credentials/credential-store.ts';
import { type OpenedCredential, openCredential } from '../../credentials/open-credential.ts';
import { findFieldType } from '../../field-types/field-types.ts';
import { isMaskedField } from '../../field-types/is-masked-field.ts';
import { findField } from '../../fields/find-field.ts';
import type { CompiledFlow } from '../../flow-compiler/compiled-flow.ts';
import type { FlowCompiler } from '../../flow-compiler/flow-compiler.ts';
import type { JsonObject } from '../../flows/flow-json.ts';
import type { FlowRecord, FlowStore } from '../../flows/flow-store.ts';
import { loadSurroundings, type SurroundingsDeps } from '../../flows/flow-surroundings.ts';
import { parseFlowDocument } from '../../flows/parse-flow-document.ts';
import type {
  Deliver,
  InboundModule,
  ModuleParam,
  ModuleRegistry,
  OutboundModule,
} from '../../integrations/contract.ts';
import { assert } from '../../lib/assert.ts';
import type { Clock } from '../../lib/clock.ts';
import { type Ids, isId } from '../../lib/ids.ts';
import { fail, ok, type Result } from '../../lib/result.ts';
import type { Account } from '../../model/entity.ts';
import type { Field } from '../../model/field.ts';
import type { FlowDocument, Source } from '../../model/flow.ts';
import type { PhaseDeps } from '../../pipeline/phase.ts';
import { runTestStep, type TestedData, type TestStepDeps } from '../../pipeline/test-step.ts';
import { type ApiResult, answer } from '../api.ts';
import { type ApiError, apiError } from '../errors.ts';
import { findInboundModule, findSource, readLiveDocument } from '../live-source.ts';
import { invalidDocument } from '../read-body.ts';
import { UNKNOWN_FLOW } from './flows.ts';

export interface SourceDeps extends SurroundingsDeps {
  flows: FlowStore;
  modules: ModuleRegistry;
  compileFlow: FlowCompiler['compile'];
  /** null: `test_step` is switched off (decision 36). */
  testStep: Pick<TestStepDeps, 'deliver' | 'timeoutMs' | 'startTimer'> | null;
  credentialTests: { vault: Pick<CredentialVault, 'find'> };
  /** Reports what should not happen while a step is tested. */
  report: PhaseDeps['report'];
  clock: Clock;
  ids: Ids;
}

interface SourceRequest {
  principal: Principal;
  params: { flow_id: string; source_id: string };
}

const UNKNOWN_SOURCE = apiError('not_found', 'The flow has no source with this id.');

/**
 * `GET /flows/{flow_id}/sources/{source_id}/meta`: what a sender must know (spec api 5). Any API key may ask, because
 * senders have accounts of their own; only the flow's account sees prices and criteria.
 */
export async function readSourceMeta(deps: SourceDeps, { principal, params }: SourceRequest): Promise<ApiResult> {
  const flow = await deps.flows.findOfAnyAccount(params.flow_id);
  if (!flow) return UNKNOWN_FLOW;
  const document = await readLiveDocument(deps, flow);
  const source = findSource(document, params.source_id);
  if (!source) return UNKNOWN_SOURCE;
  const { account, customFields } = await loadSurroundings(deps, flow.accountId);
  const isOwner = principal.accountId === flow.accountId;
  return answer(
    200,
    metaOf({ flow, document, source, account, customFields, isOwner, module: findInboundModule(deps, source) }),
  );
}

interface MetaFacts {
  flow: FlowRecord;
  document: FlowDocument;
  source: Source;
  account: Account;
  customFields: readonly Field[];
  module: InboundModule | null;
  isOwner: boolean;
}

function metaOf(facts: MetaFacts): object {
  const { flow, document, source, account, module, isOwner } = facts;
  return {
    enabled: document.enabled && source.enabled !== false,
    account: { id: account.id, name: account.name },
    flow: { id: flow.id, name: document.name },
    source: {
      id: source.entity.id ?? source.id,
      name: source.entity.name ?? '',
      authentication_required: source.authentication_required === true,
    },
    params: paramsOf(facts),
    pingable: module?.isPingable === true,
    ping_enabled: document.ping_enabled === true,
    updated_at: new Date(flow.updatedAt).toISOString(),
    authorized_account: isOwner,
    ...(isOwner ? confidentialOf(document, source) : {}),
  };
}

function confidentialOf(document: FlowDocument, source: Source): object {
  return {
    hours_of_operation: document.hours_of_operation ?? {},
    acceptance_criteria: source.acceptance_criteria ?? {},
    flow_acceptance_criteria: document.acceptance_criteria ?? {},
    flow_pricing: document.pricing ?? null,
    flow_pricing_service: document.pricing_service ?? null,
    source_pricing: source.pricing ?? null,
    source_pricing_service: source.pricing_service ?? null,
  };
}

/** The flow's fields in its order, then what the source's module takes besides. */
function paramsOf({ document, customFields, module }: MetaFacts): object[] {
  const fields = document.fields.flatMap((fieldId) => findField(fieldId, customFields) ?? []);
  return [...fields.map(paramOfField), ...(module?.params ?? []).map(paramOfModule)];
}

function paramOfField(field: Field): object {
  return {
    name: field.id,
    label: field.name,
    description: field.description ?? field.name,
    type: field.type,
    required: 'no',
    variable: field.id,
    examples: findFieldType(field.type)?.examples ?? [],
  };
}

function paramOfModule(param: ModuleParam): object {
  return { ...param, required: param.required ? 'yes' : 'no' };
}

const MALFORMED = 'The test of a step is not valid; details says where.';

/**
 * `POST /flows/{flow_id}/sources/{source_id}/test_step` (seed 003, decision 36): sends data to an integration and returns
 * what came of it. 404 without a body while the setting is off.
 */
export async function testStep(
  deps: SourceDeps,
  { principal, params, body }: SourceRequest & { body: TestStepBody },
): Promise<ApiResult> {
  assert(deps.testStep, 'the row asks whether it is switched on');
  const record = await deps.flows.find({ accountId: principal.accountId, flowId: params.flow_id });
  if (!record) return UNKNOWN_FLOW;
  if (!hasSource(record.document, params.source_id)) return UNKNOWN_SOURCE;
  const test = testOf(body);
  if (!test.ok) return test.error;
  const { clock, ids, report } = deps;
  const { accountId } = principal;
  const data = await testedData(deps, { accountId, test: test.value });
  if (!data.ok) return data.error;
  const { deliver, ...tools } = deps.testStep;
  // Modules may ask for what belongs to the account, such as its lists.
  const deliverFor: Deliver = (request, bounds) => deliver(request, { ...bounds, accountId });
  return answer(200, await runTestStep(data.value, { clock, ids, report, ...tools, deliver: deliverFor }));
}

function hasSource(document: JsonObject, sourceId: string): boolean {
  const parsed = parseFlowDocument(document);
  const sources = parsed.ok ? parsed.value.sound.sources : [];
  return sources.some(({ id, entity }) => id === sourceId || entity.id?.toLowerCase() === sourceId.toLowerCase());
}

async function testedData(
  deps: SourceDeps,
  { accountId, test }: { accountId: string; test: WantedTest },
): Promise<Result<TestedData, ApiError>> {
  const { moduleId, timeZone, submission } = test;
  const module = deps.modules.find(moduleId);
  if (module?.direction !== 'outbound') {
    const message = `There is no integration "${moduleId.slice(0, MODULE_ID_SHOWN_MAX)}" that delivers leads: GET /modules lists them.`;
    return fail(apiError('invalid_document', MALFORMED, [{ path: 'step_config.integration.module_id', message }]));
  }
  const surroundings = await loadSurroundings(deps, accountId);
  const document = flowOfOneStep(moduleId);
  const flow = await deps.compileFlow({ flowId: '', revision: 0, document, surroundings });
  const [step] = flow.steps;
  assert(step?.kind === 'recipient', 'a flow of one recipient step has one');
  const ctx = { now: deps.clock.now(), timeZone: timeZone ?? surroundings.account.timeZone, random: () => 0 };
  const credential = await openMailServer(deps, { accountId, credentialId: submission['credential_id'] });
  const opened = credential ? { credential } : {};
  return ok({ step, module, submission, ...opened, ctx, isSecret: secretNames(flow, module) });
}

/**
 * The mail server that the data names. Of credentials that are sent with a request none is opened: the URL of a test is the
 * caller’s, and sending them anywhere takes `credentials.manage`.
 */
async function openMailServer(
  { credentialTests }: SourceDeps,
  { accountId, credentialId }: { accountId: string; credentialId: unknown },
): Promise<OpenedCredential | null> {
  if (typeof credentialId !== 'string' || !isId(credentialId)) return null;
  const live = await credentialTests.vault.find({ accountId, credentialId });
  return live?.type === 'smtp' ? openCredential(live, null) : null;
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

/** What the schema of the row has let through. */
export interface TestStepBody {
  step_config: {
    integration: { module_id: string };
    entity?: { time_zone?: string };
  };
  submission_data: Record<string, unknown>;
}

function testOf({ step_config: config, submission_data: submission }: TestStepBody): Result<WantedTest, ApiError> {
  const timeZone = config.entity?.time_zone;
  if (timeZone !== undefined && !IANAZone.isValidZone(timeZone)) {
    const message = 'Must be the name of a time zone, such as America/New_York.';
    return fail(invalidDocument([{ path: 'step_config.entity.time_zone', message }], MALFORMED));
  }
  return ok({ moduleId: config.integration.module_id, timeZone, submission });
}
