import type { Principal } from '../../access/principal.ts';
import { type AccountStore, loadAccount } from '../../accounts/account-store.ts';
import type { CredentialStore } from '../../credentials/credential-store.ts';
import { describeCredential } from '../../credentials/describe-credential.ts';
import { readCredential } from '../../credentials/read-credential.ts';
import type { FieldStore } from '../../fields/field-store.ts';
import { findField } from '../../fields/find-field.ts';
import type { FlowSurroundings } from '../../flow-compiler/flow-compiler.ts';
import { deployFlow as deploy } from '../../flows/deploy-flow.ts';
import { type JsonObject, listFieldIds } from '../../flows/flow-json.ts';
import { FLOW_OBJECTS } from '../../flows/flow-schema.ts';
import { type FlowRecord, staleRevision } from '../../flows/flow-store.ts';
import { loadSurroundings, type SurroundingsDeps } from '../../flows/flow-surroundings.ts';
import type { FindWarnings } from '../../flows/flow-warnings.ts';
import { replaceAllFlows as saveFlows } from '../../flows/replace-all-flows.ts';
import {
  type SaveDeps,
  type SaveFailure,
  replaceFlow as saveFlow,
  createFlow as saveNewFlow,
  sentenceOfStale,
} from '../../flows/save-flow.ts';
import { takeOutSecret } from '../../flows/take-out-secret.ts';
import { unreachable } from '../../lib/assert.ts';
import { misspeltName } from '../../lib/misspelt-name.ts';
import { parseTimeFrame } from '../../statistics/time-frame.ts';
import { type ApiAnswer, type ApiResult, answer } from '../api.ts';
import { type ApiError, apiError } from '../errors.ts';
import { malformedQuery } from '../parameters.ts';
import { invalidDocument } from '../read-body.ts';
import type { ReadingStores } from '../reading-stores.ts';
import { selectionOf } from '../selection.ts';

export interface FlowDeps extends SurroundingsDeps, SaveDeps {
  accounts: Pick<AccountStore, 'find'>;
  fields: FieldStore;
  reading: Pick<ReadingStores, 'fieldUsage'>;
  findWarnings: FindWarnings;
}

interface FlowRequest {
  principal: Principal;
  params: { id: string };
}

/** `If-Match` (decision 50). */
interface Expecting {
  expected: readonly number[];
}

/** Which properties are picked. */
interface Picking {
  include: string[] | undefined;
  exclude: string[] | undefined;
}

/** `GET /flows`: all flows of the account, as saved. Their warnings only when `include` names them: a list is read often. */
export async function listFlows(
  deps: FlowDeps,
  { principal, query }: { principal: Principal; query: Picking },
): Promise<ApiResult> {
  const selection = selectionOf(query);
  if (!selection.ok) return selection.error;
  const flows = await deps.flows.list(principal.accountId);
  const unknown = unknownProperties(query, flows);
  if (unknown) return unknown;
  if (!query.include?.includes('warnings')) return answer(200, flows.map(flowAnswer).map(selection.value));
  const surroundings = await loadSurroundings(deps, principal.accountId);
  const answers = await Promise.all(flows.map((flow) => flowAnswerWithWarnings(deps, { flow, surroundings })));
  return answer(200, answers.map(selection.value));
}

/** `POST /flows`: saves a new flow; the caller may choose its id. */
export async function createFlow(
  deps: FlowDeps,
  { principal, body }: { principal: Principal; body: unknown },
): Promise<ApiResult> {
  if (Array.isArray(body)) return A_LIST;
  const surroundings = await loadSurroundings(deps, principal.accountId);
  const saved = await saveNewFlow(deps, { surroundings, body });
  return saved.ok ? answerWithTag(deps, { status: 201, flow: saved.value, surroundings }) : errorOfSave(saved.error);
}

const A_LIST = apiError('invalid_document', 'Send one flow here: PUT /flows saves a list of flows with their ids.', [
  { path: '', message: 'Must be a flow: an object.' },
]);

/** `PUT /flows`: saves many flows or none (decision 42). */
export async function replaceAllFlows(
  deps: FlowDeps,
  { principal, body }: { principal: Principal; body: unknown },
): Promise<ApiResult> {
  const surroundings = await loadSurroundings(deps, principal.accountId);
  const saved = await saveFlows(deps, { surroundings, body });
  if (saved.ok)
    return answer(
      200,
      await Promise.all(saved.value.map((flow) => flowAnswerWithWarnings(deps, { flow, surroundings }))),
    );
  const { kind, problems } = saved.error;
  if (kind === 'stale')
    return apiError('conflict', 'No flow was saved: one of them has changed since it was read.', problems);
  return apiError('invalid_document', 'No flow was saved; details says which are malformed and where.', problems);
}

/** `GET /flows/{id}`: the flow as saved last, with what keeps it from running and what it warns of. */
export async function readFlow(
  deps: FlowDeps,
  { principal, params, query }: FlowRequest & { query: Picking },
): Promise<ApiResult> {
  const selection = selectionOf(query);
  if (!selection.ok) return selection.error;
  const flow = await deps.flows.find({ accountId: principal.accountId, flowId: params.id });
  if (!flow) return UNKNOWN_FLOW;
  const unknown = unknownProperties(query, [flow]);
  if (unknown) return unknown;
  const surroundings = await loadSurroundings(deps, principal.accountId);
  return {
    ...answer(200, selection.value(await flowAnswerWithWarnings(deps, { flow, surroundings }))),
    headers: tagOf(flow),
  };
}

/** `PUT /flows/{id}`: saves the next revision; leads are not touched before a deploy. */
export async function replaceFlow(
  deps: FlowDeps,
  { principal, params, body, expected }: FlowRequest & Expecting & { body: unknown },
): Promise<ApiResult> {
  const surroundings = await loadSurroundings(deps, principal.accountId);
  const saved = await saveFlow(deps, { surroundings, flowId: params.id, body, expected });
  return saved.ok ? answerWithTag(deps, { status: 200, flow: saved.value, surroundings }) : errorOfSave(saved.error);
}

/** `DELETE /flows/{id}`: answers the flow as it was; leads for it get 404 from now on. */
export async function removeFlow(
  deps: FlowDeps,
  { principal, params, expected }: FlowRequest & Expecting,
): Promise<ApiResult> {
  const now = deps.clock.now();
  const flow = await deps.flows.remove({ accountId: principal.accountId, flowId: params.id, now, expected });
  if (!flow) return UNKNOWN_FLOW;
  if (!flow.ok) return errorOfSave(flow.error);
  const surroundings = await loadSurroundings(deps, principal.accountId);
  return answer(200, await flowAnswerWithWarnings(deps, { flow: flow.value, surroundings }));
}

/** Word for word as documented (seed 003). */
const DEPLOYED = { message: 'Your flow was deployed and the most recent changes are now live' };

/** `POST /flows/{id}/deploy`: leads run on what was saved last from now on. */
export async function deployFlow(
  deps: FlowDeps,
  { principal, params, expected }: FlowRequest & Expecting,
): Promise<ApiResult> {
  const surroundings = await loadSurroundings(deps, principal.accountId);
  const deployed = await deploy(deps, { surroundings, flowId: params.id, expected });
  if (!deployed) return UNKNOWN_FLOW;
  if (deployed.ok) return answer(200, DEPLOYED);
  if (deployed.error.kind === 'stale') return errorOfSave(deployed.error);
  return apiError('not_deployable', 'The saved flow cannot run; details says why.', deployed.error.problems);
}

/** Which mapping has a secret, and what its credential is called. */
interface SecretOfMapping {
  step_id: string;
  property: string;
  name: string;
  /** The revision the caller has read; absent: the saved one. */
  revision?: number | null;
}

/**
 * `POST /flows/{id}/credentials/from_mapping`: makes a credential of a text in a mapping, and saves the flow with a
 * reference to it in its place. The flow is saved over the revision that the text was read of; where that fails the
 * credential goes again.
 */
export async function moveSecretToCredential(
  deps: FlowDeps & CredentialMaking,
  { principal, params, body, expected }: FlowRequest & Expecting & { body: SecretOfMapping },
): Promise<ApiResult> {
  const { accountId, permissions } = principal;
  if (!permissions.has('flows.write')) return apiError('permission_required', WRITE_REQUIRED);
  const flow = await deps.flows.find({ accountId, flowId: params.id });
  if (!flow) return UNKNOWN_FLOW;
  const stale = staleRevision(flow, [...expected, ...(typeof body.revision === 'number' ? [body.revision] : [])]);
  if (stale) return errorOfSave(stale);
  const key = { accountId, credentialId: deps.ids.next() };
  const place = { stepId: body.step_id, property: body.property, credentialId: key.credentialId };
  const taken = takeOutSecret(flow.document, place);
  if (!taken.ok) return invalidDocument(taken.error, NOT_TAKEN);
  const given = { name: body.name, type: 'api_key', key: taken.value.secret, location: 'none' } as const;
  const definition = readCredential(given, { isChange: false, urlProblem: deps.urlProblem });
  if (!definition.ok) return invalidDocument([{ path: 'property', message: 'Its text is no key.' }], NOT_TAKEN);
  const credential = await deps.credentials.insert(key, { definition: definition.value, now: deps.clock.now() });
  const surroundings = await loadSurroundings(deps, accountId);
  const wanted = { flowId: flow.id, body: taken.value.document, expected: [flow.revision] };
  const saved = await saveFlow(deps, { surroundings, ...wanted });
  if (!saved.ok) {
    await deps.credentials.remove(key);
    return errorOfSave(saved.error);
  }
  const shown = await flowAnswerWithWarnings(deps, { flow: saved.value, surroundings });
  return { ...answer(201, { credential: describeCredential(credential), flow: shown }), headers: tagOf(saved.value) };
}

interface CredentialMaking {
  credentials: Pick<CredentialStore, 'insert' | 'remove'>;
  urlProblem(url: string): string | undefined;
}

const WRITE_REQUIRED = 'Your API key or user needs the permission flows.write.';
const NOT_TAKEN = 'Nothing was changed; details says why.';

/** `GET /flows/{id}/fields`: the flow's fields in its order; ids that name no field are left out. */
export async function listFlowFields(deps: FlowDeps, { principal, params }: FlowRequest): Promise<ApiResult> {
  const { accountId } = principal;
  const flow = await deps.flows.find({ accountId, flowId: params.id });
  if (!flow) return UNKNOWN_FLOW;
  const customFields = await deps.fields.list(accountId);
  return answer(
    200,
    listFieldIds(flow.document).flatMap((fieldId) => findField(fieldId, customFields) ?? []),
  );
}

/** `GET /flows/{id}/fields/usage`: per field, how many leads of the time frame came with it (decision 43). */
export async function countFieldUsage(
  deps: FlowDeps,
  { principal, params, query }: FlowRequest & { query: { timeframe: string | undefined } },
): Promise<ApiResult> {
  const { accountId } = principal;
  const account = await loadAccount(deps, accountId);
  const context = { now: deps.clock.now(), timeZone: account.timeZone };
  const timeFrame = parseTimeFrame(query.timeframe ?? 'today', context);
  if (!timeFrame.ok) return malformedQuery([{ path: 'timeframe', message: timeFrame.error }]);
  const flow = await deps.flows.find({ accountId, flowId: params.id });
  if (!flow) return UNKNOWN_FLOW;
  const fieldIds = listFieldIds(flow.document);
  const leads = await deps.reading.fieldUsage.countLeadsByField({
    accountId,
    flowId: flow.id,
    fieldIds,
    now: context.now,
    ...timeFrame.value,
  });
  return answer(200, Object.fromEntries(fieldIds.map((fieldId) => [fieldId, leads.get(fieldId) ?? 0])));
}

/**
 * A flow as the API answers it (spec api 3.2): its document with the facts that live beside it. `revision` and
 * `deployed_revision` are ours: they show whether the saved revision is the one that runs.
 */
function flowAnswer(flow: FlowRecord): JsonObject {
  const { name, ...document } = flow.document;
  return {
    id: flow.id,
    name,
    errors: flow.errors ?? {},
    ...document,
    revision: flow.revision,
    deployed_revision: flow.deployedRevision,
    created_at: new Date(flow.createdAt).toISOString(),
    updated_at: new Date(flow.updatedAt).toISOString(),
  };
}

/** The same with its `warnings`, which stand in the way of nothing. */
async function flowAnswerWithWarnings(
  deps: Pick<FlowDeps, 'findWarnings'>,
  { flow, surroundings }: { flow: FlowRecord; surroundings: FlowSurroundings },
): Promise<JsonObject> {
  return {
    ...flowAnswer(flow),
    warnings: await deps.findWarnings(flow.document, { ...surroundings, flowId: flow.id }),
  };
}

/** The same with the revision as `ETag`, to be sent back as `If-Match` (decision 50). */
export async function answerWithTag(
  deps: Pick<FlowDeps, 'findWarnings'>,
  { status, ...saved }: { status: ApiAnswer['status']; flow: FlowRecord; surroundings: FlowSurroundings },
): Promise<ApiAnswer> {
  return { ...answer(status, await flowAnswerWithWarnings(deps, saved)), headers: tagOf(saved.flow) };
}

function tagOf({ revision }: FlowRecord): Readonly<Record<string, string>> {
  return { ETag: `"${revision}"` };
}

/** The 400 for an `include` or `exclude` that names what no flow has; names of the caller's own that a flow keeps are known. */
function unknownProperties(picked: Picking, flows: readonly FlowRecord[]): ApiError | undefined {
  const known = Object.keys(FLOW_OBJECTS.Flow.properties);
  const problems = (['include', 'exclude'] as const).flatMap((path) =>
    (picked[path] ?? [])
      .filter((name) => !known.includes(name) && !flows.some(({ document }) => Object.hasOwn(document, name)))
      .map((name) => {
        const near = misspeltName(name, known);
        const hint = near === undefined ? '' : ` Did you mean "${near}"?`;
        return {
          path,
          message: `Unknown property "${name.slice(0, NAME_CHARACTERS_MAX)}"; a flow has ${known.join(', ')}.${hint}`,
        };
      }),
  );
  return problems.length === 0 ? undefined : malformedQuery(problems);
}

const NAME_CHARACTERS_MAX = 64;

export const UNKNOWN_FLOW: ApiError = apiError('not_found', 'There is no flow with this id.');

/** Why a flow was not saved, as an error of the API. */
export function errorOfSave(failure: SaveFailure): ApiError {
  switch (failure.kind) {
    case 'malformed':
      return apiError('invalid_document', 'The flow is malformed; details says where.', failure.problems);
    case 'id-taken':
      return apiError(
        'id_taken',
        'A flow with this id already exists: save it with PUT /flows/{id}, or leave the id out to create a new flow.',
      );
    case 'stale':
      return apiError('conflict', sentenceOfStale(failure));
    case 'not-found':
      return UNKNOWN_FLOW;
    default:
      return unreachable(failure);
  }
}
