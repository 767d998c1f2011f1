import { findField } from '../../../fields/find-field.ts';
import { STANDARD_FIELDS } from '../../../fields/standard-fields.ts';
import { fieldIdsOf } from '../../../flows/flow-json.ts';
import { isId } from '../../../lib/ids.ts';
import { answer, type Handler } from '../../api.ts';
import { apiError } from '../../errors.ts';
import { textOf } from '../../request-values.ts';
import { UNKNOWN_FLOW } from '../flows/flow-refusals.ts';

/** `GET /fields`: all fields, standard ones first; with `flow_id` those of the flow. */
export const listFields: Handler = async (deps, { principal, query }) => {
  const { accountId } = principal;
  const flowId = textOf(query, 'flow_id');
  if (flowId !== undefined && !isId(flowId)) {
    return apiError('malformed_id', 'The flow_id must have 24 hexadecimal characters.');
  }
  const customFields = await deps.fields.list(accountId);
  if (flowId === undefined) return answer(200, [...STANDARD_FIELDS.values(), ...customFields]);
  const flow = await deps.flows.find({ accountId, flowId: flowId.toLowerCase() });
  if (!flow) return UNKNOWN_FLOW;
  return answer(
    200,
    fieldIdsOf(flow.document).flatMap((fieldId) => findField(fieldId, customFields) ?? []),
  );
};
