import { fieldIdsOf } from '../../../flows/flow-json.ts';
import { surroundingsOf } from '../../../flows/flow-surroundings.ts';
import { timeFrameOf } from '../../../flows/time-frame.ts';
import { answer, type Handler } from '../../api.ts';
import { apiError } from '../../errors.ts';
import { idParam, textOf } from '../../request-values.ts';
import { UNKNOWN_FLOW } from './flow-refusals.ts';

const UNKNOWN_TIME_FRAME = apiError(
  'malformed_query',
  'The timeframe must be today, yesterday, this_N_<units> or previous_N_<units>, with units from minutes to years.',
);

/** `GET /flows/{id}/fields/usage`: per field, how many leads of the time frame came with it (decision 43). */
export const countFieldUsage: Handler = async (deps, { principal, params, query }) => {
  const flowId = idParam(params, 'id');
  if (!flowId.ok) return flowId.error;
  const { accountId } = principal;
  const { account } = await surroundingsOf(deps, accountId);
  const context = { now: deps.clock.now(), timeZone: account.timeZone };
  const timeFrame = timeFrameOf(textOf(query, 'timeframe') ?? 'today', context);
  if (!timeFrame) return UNKNOWN_TIME_FRAME;
  const flow = await deps.flows.find({ accountId, flowId: flowId.value });
  if (!flow) return UNKNOWN_FLOW;
  const fieldIds = fieldIdsOf(flow.document);
  const leads = await deps.fieldUsage.countLeadsByField({ accountId, flowId: flow.id, fieldIds, ...timeFrame });
  return answer(200, Object.fromEntries(fieldIds.map((fieldId) => [fieldId, leads.get(fieldId) ?? 0])));
};
