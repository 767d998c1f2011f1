import type { Principal } from '../../access/principal.ts';
import { completeField, findFieldIdFault, type GivenField } from '../../fields/complete-field.ts';
import type { FieldStore } from '../../fields/field-store.ts';
import { findField } from '../../fields/find-field.ts';
import { STANDARD_FIELDS } from '../../fields/standard-fields.ts';
import type { FindProblems } from '../../flow-compiler/flow-compiler.ts';
import { listFieldIds } from '../../flows/flow-json.ts';
import type { FlowStore } from '../../flows/flow-store.ts';
import { loadSurroundings, type SurroundingsDeps } from '../../flows/flow-surroundings.ts';
import { recheckFlows } from '../../flows/recheck-flows.ts';
import type { Clock } from '../../lib/clock.ts';
import type { RunSliced } from '../../lib/slices.ts';
import { type ApiResult, answer } from '../api.ts';
import { type ApiError, apiError } from '../errors.ts';
import { invalidDocument } from '../read-body.ts';
import { UNKNOWN_FLOW } from './flows.ts';

export interface FieldDeps extends SurroundingsDeps {
  fields: FieldStore;
  flows: FlowStore;
  findProblems: FindProblems;
  runSliced: RunSliced;
  clock: Pick<Clock, 'now'>;
}

interface FieldRequest {
  principal: Principal;
  params: { id: string };
}

const UNKNOWN_FIELD = apiError('not_found', 'There is no field with this id.');
const ID_TAKEN = apiError('id_taken', 'A field with this id already exists.');

/** `GET /fields`: all fields, standard ones first; with `flow_id` those of the flow. */
export async function listFields(
  deps: FieldDeps,
  { principal, query }: { principal: Principal; query: { flow_id: string | undefined } },
): Promise<ApiResult> {
  const { accountId } = principal;
  const customFields = await deps.fields.list(accountId);
  if (query.flow_id === undefined) return answer(200, [...STANDARD_FIELDS.values(), ...customFields]);
  const flow = await deps.flows.find({ accountId, flowId: query.flow_id });
  if (!flow) return UNKNOWN_FLOW;
  return answer(
    200,
    listFieldIds(flow.document).flatMap((fieldId) => findField(fieldId, customFields) ?? []),
  );
}

/** `POST /fields`: makes a custom field. */
export async function createField(
  deps: FieldDeps,
  { principal, body }: { principal: Principal; body: GivenField },
): Promise<ApiResult> {
  const { accountId } = principal;
  const fault = findFieldIdFault(body.id);
  if (fault !== undefined) return invalidDocument([{ path: 'id', message: fault }]);
  if (STANDARD_FIELDS.has(body.id)) return ID_TAKEN;
  const field = await deps.fields.insert({ accountId, field: completeField(body), now: deps.clock.now() });
  if (!field) return ID_TAKEN;
  await recheckFlows(deps, { surroundings: await loadSurroundings(deps, accountId), named: field.id });
  return answer(201, field);
}

/** `GET /fields/{id}`: ids of fields are names, so none is malformed: it is known or not. */
export async function readField(deps: FieldDeps, { principal, params }: FieldRequest): Promise<ApiResult> {
  const { accountId } = principal;
  const field = STANDARD_FIELDS.get(params.id) ?? (await deps.fields.find({ accountId, fieldId: params.id }));
  return field ? answer(200, field) : UNKNOWN_FIELD;
}

/**
 * `PUT /fields/{id}`: changes a custom field; its id stays. A field stays masked until somebody says `masked: false`,
 * because leaving a property out must not bring personal values into the store.
 */
export async function replaceField(
  deps: FieldDeps,
  { principal, params, body }: FieldRequest & { body: Omit<GivenField, 'id'> & { id?: string } },
): Promise<ApiResult> {
  const { accountId } = principal;
  const fieldId = params.id;
  const refusal = refuseStandardField(fieldId);
  if (refusal) return refusal;
  if (body.id !== undefined && body.id !== fieldId) {
    const details = [{ path: 'id', message: 'The id differs from the one in the URL: leave it out or use that one.' }];
    return invalidDocument(details, 'The id of a field cannot be changed.');
  }
  const before = await deps.fields.find({ accountId, fieldId });
  const changed = completeField({ masked: before?.masked ?? false, ...body, id: fieldId });
  const field = await deps.fields.update({ accountId, field: changed, now: deps.clock.now() });
  if (!field) return UNKNOWN_FIELD;
  await recheckFlows(deps, { surroundings: await loadSurroundings(deps, accountId), named: fieldId });
  return answer(200, field);
}

/**
 * `DELETE /fields/{id}`: answers the field as it was. 202 for one that flows name: they run on as if it existed, and
 * their `errors` say that their next edit must drop it (spec behaviour 1).
 */
export async function removeField(deps: FieldDeps, { principal, params }: FieldRequest): Promise<ApiResult> {
  const { accountId } = principal;
  const refusal = refuseStandardField(params.id);
  if (refusal) return refusal;
  const removed = await deps.fields.remove({ accountId, fieldId: params.id, now: deps.clock.now() });
  if (!removed) return UNKNOWN_FIELD;
  if (!removed.isUsed) return answer(200, removed.field);
  await recheckFlows(deps, { surroundings: await loadSurroundings(deps, accountId), named: params.id });
  return answer(202, removed.field);
}

/** Standard fields are the same for all accounts, so they cannot be changed or deleted (spec behaviour 1). */
function refuseStandardField(fieldId: string): ApiError | undefined {
  return STANDARD_FIELDS.has(fieldId)
    ? apiError('standard_field', 'A standard field cannot be changed or deleted; create a field of your own instead.')
    : undefined;
}
