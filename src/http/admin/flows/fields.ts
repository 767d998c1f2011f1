import { findField } from '../../../fields/find-field.ts';
import { fieldIdsOf } from '../../../flows/flow-json.ts';
import { answer, type Handler } from '../../api.ts';
import { idParam } from '../../request-values.ts';
import { UNKNOWN_FLOW } from './flow-refusals.ts';

/** `GET /flows/{id}/fields`: the flow's fields in its order; ids that name no field are left out. */
export const listFlowFields: Handler = async (deps, { principal, params }) => {
  const flowId = idParam(params, 'id');
  if (!flowId.ok) return flowId.error;
  const { accountId } = principal;
  const flow = await deps.flows.find({ accountId, flowId: flowId.value });
  if (!flow) return UNKNOWN_FLOW;
  const customFields = await deps.fields.list(accountId);
  return answer(
    200,
    fieldIdsOf(flow.document).flatMap((fieldId) => findField(fieldId, customFields) ?? []),
  );
};
