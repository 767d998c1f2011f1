import { maySeeValues, type Principal } from '../../access/principal.ts';
import { type NothingToRun, prepareToRun, type ToRunDeps } from '../../drafts/document-to-run.ts';
import { type RunTestLeadsDeps, readTestLead, runTestLeads as runAll } from '../../drafts/run-test-leads.ts';
import {
  type Expected,
  TEST_LEADS_MAX,
  type TestLead,
  type TestLeadContent,
  type TestLeadDefinition,
  type TestLeadStore,
} from '../../drafts/test-lead.ts';
import { hideReason } from '../../events/hide-values.ts';
import { isJsonObject, type JsonObject } from '../../flows/flow-json.ts';
import { loadSurroundings, type SurroundingsDeps } from '../../flows/flow-surroundings.ts';
import type { Clock } from '../../lib/clock.ts';
import type { Ids } from '../../lib/ids.ts';
import { fail, ok, type Result } from '../../lib/result.ts';
import { type ApiResult, answer } from '../api.ts';
import { type ApiError, apiError } from '../errors.ts';
import { isoTime } from '../iso-time.ts';
import { invalidDocument } from '../read-body.ts';
import { UNKNOWN_FLOW } from './flows.ts';

export interface TestLeadDeps extends ToRunDeps, RunTestLeadsDeps, SurroundingsDeps {
  testLeads: TestLeadStore;
  clock: Clock;
  ids: Ids;
}

interface TestLeadRequest {
  principal: Principal;
  params: { id: string };
}

interface OneTestLead {
  principal: Principal;
  params: { id: string; test_id: string };
}

/** A body that the schema let through. */
export interface GivenTestLead {
  name: string;
  source_id: string;
  values: Record<string, unknown>;
  now?: string | null;
  assume?: Record<string, unknown> | null;
  expected: Expected;
}

const UNKNOWN_TEST_LEAD = apiError('not_found', 'The flow has no test lead with this id.');
const TOO_MANY = apiError('conflict', `The flow has ${TEST_LEADS_MAX} test leads, and may have no more: delete one.`);
const MALFORMED = 'The test lead is malformed; details says where.';

/** `GET /flows/{id}/test_leads`: by name. */
export async function listTestLeads(deps: TestLeadDeps, { principal, params }: TestLeadRequest): Promise<ApiResult> {
  const place = { accountId: principal.accountId, flowId: params.id };
  if (!(await deps.flows.find(place))) return UNKNOWN_FLOW;
  const testLeads = await deps.testLeads.list(place);
  return answer(
    200,
    testLeads.map((testLead) => describeTestLead(testLead, principal)),
  );
}

/** `POST /flows/{id}/test_leads` */
export async function createTestLead(
  deps: TestLeadDeps,
  { principal, params, body }: TestLeadRequest & { body: GivenTestLead },
): Promise<ApiResult> {
  const read = readGiven(body);
  if (!read.ok) return read.error;
  const key = { accountId: principal.accountId, flowId: params.id, id: deps.ids.next() };
  const saving = { definition: read.value, by: principal.actor, now: deps.clock.now() };
  const made = await deps.testLeads.insert(key, saving);
  if (!made.ok) return made.error === 'too-many' ? TOO_MANY : UNKNOWN_FLOW;
  const headers = { Location: `/flows/${key.flowId}/test_leads/${made.value.id}` };
  return { ...answer(201, describeTestLead(made.value, principal)), headers };
}

/** `PUT /flows/{id}/test_leads/{test_id}` */
export async function replaceTestLead(
  deps: TestLeadDeps,
  { principal, params, body }: OneTestLead & { body: GivenTestLead },
): Promise<ApiResult> {
  const read = readGiven(body);
  if (!read.ok) return read.error;
  const key = { accountId: principal.accountId, flowId: params.id, id: params.test_id };
  const saving = { definition: read.value, by: principal.actor, now: deps.clock.now() };
  const replaced = await deps.testLeads.replace(key, saving);
  return replaced ? answer(200, describeTestLead(replaced, principal)) : UNKNOWN_TEST_LEAD;
}

/** `DELETE /flows/{id}/test_leads/{test_id}` */
export async function removeTestLead(deps: TestLeadDeps, { principal, params }: OneTestLead): Promise<ApiResult> {
  const key = { accountId: principal.accountId, flowId: params.id, id: params.test_id };
  const removed = await deps.testLeads.remove(key, { now: deps.clock.now() });
  return removed ? answer(200, describeTestLead(removed, principal)) : UNKNOWN_TEST_LEAD;
}

interface RunBody {
  document?: unknown;
  revision?: 'draft' | 'saved' | 'deployed' | number;
  ids?: string[];
}

/** `POST /flows/{id}/test_leads/run`: what would become of each. Writes and sends nothing. */
export async function runTestLeads(
  deps: TestLeadDeps,
  { principal, params, body }: TestLeadRequest & { body: RunBody },
): Promise<ApiResult> {
  const wanted = readWanted(body);
  if (!wanted.ok) return wanted.error;
  const place = { accountId: principal.accountId, flowId: params.id };
  const surroundings = await loadSurroundings(deps, principal.accountId);
  const now = deps.clock.now();
  const flow = await prepareToRun(deps, { ...place, wanted: wanted.value, surroundings, now });
  if (!flow.ok) return errorOfNothing(flow.error);
  const all = await deps.testLeads.list(place);
  const unknown = (body.ids ?? []).filter((id) => !all.some((each) => each.id === id.toLowerCase()));
  if (unknown.length > 0)
    return invalidDocument(unknown.map((id) => ({ path: 'ids', message: `The flow has no test lead ${id}.` })));
  const testLeads = body.ids ? all.filter(({ id }) => body.ids?.some((each) => each.toLowerCase() === id)) : all;
  const results = await runAll(deps, { flow: flow.value, testLeads, now });
  const isOpen = maySeeValues(principal);
  return answer(200, {
    passed: results.filter(({ passed }) => passed).length,
    failed: results.filter(({ passed }) => !passed).length,
    results: results.map(({ got, expected, explanation, ...result }) => ({
      ...result,
      expected: expected && describeExpected(expected, isOpen),
      got: got && { ...got, reason: isOpen ? got.reason : hideReason(got.reason) },
      explanation: isOpen ? explanation : null,
    })),
  });
}

/** Of the routes that run a document or a revision. */
export function readWanted({
  document,
  revision,
}: Pick<RunBody, 'document' | 'revision'>): Result<
  { document?: JsonObject | undefined; revision?: RunBody['revision'] },
  ApiError
> {
  if (document === undefined) return ok({ revision });
  if (revision !== undefined)
    return fail(invalidDocument([{ path: 'revision', message: 'Give a revision or a document, not both.' }]));
  if (isJsonObject(document)) return ok({ document });
  return fail(invalidDocument([{ path: 'document', message: 'Must be a flow: an object.' }]));
}

const MISSING = {
  flow: UNKNOWN_FLOW,
  draft: apiError('not_found', 'The flow has no draft.'),
  deployed: apiError('not_found', 'The flow has not been deployed.'),
  revision: apiError('not_found', 'The flow has no revision with this number.'),
} as const;

export function errorOfNothing(nothing: NothingToRun): ApiError {
  if (nothing.kind === 'missing') return MISSING[nothing.what];
  return apiError('not_deployable', 'The flow cannot run; details says why.', nothing.problems);
}

function readGiven(given: GivenTestLead): Result<TestLeadDefinition, ApiError> {
  const { name, source_id: sourceId, values, now = null, assume = null, expected } = given;
  const content: TestLeadContent = { values, now, assume: assume ?? {}, expected };
  const read = readTestLead(sourceId, content);
  if (!read.ok) return fail(invalidDocument(read.error, MALFORMED));
  return ok({ name: name.trim(), sourceId, content });
}

/** Without `personal_data.read` values are hidden, and reasons are those of their class. */
function describeTestLead({ id, name, sourceId, content, by, updatedAt }: TestLead, principal: Principal) {
  const isOpen = maySeeValues(principal);
  return {
    ...{ id, name, source_id: sourceId },
    values: isOpen && content ? content.values : null,
    now: content?.now ?? null,
    assume: isOpen && content ? content.assume : null,
    expected: content && describeExpected(content.expected, isOpen),
    updated_at: isoTime(updatedAt),
    user: by,
  };
}

function describeExpected({ outcome, reason, price }: Expected, isOpen: boolean) {
  const shown = reason === undefined || isOpen ? reason : hideReason(reason);
  return { outcome, ...(shown == null ? {} : { reason: shown }), ...(price === undefined ? {} : { price }) };
}
