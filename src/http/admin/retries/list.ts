import { RETRY_STATUSES } from '../../../retries/retry.ts';
import { answer, type Handler } from '../../api.ts';
import { buildPageParameters, pagingOf } from '../../event-question.ts';
import { givenByQuery, idList, listOf, parseParameters } from '../../parameters.ts';
import { RETRY_PROPERTIES, retryAnswer } from './retry-answer.ts';

const RETRY_PARAMETERS = {
  ...buildPageParameters(RETRY_PROPERTIES),
  status: listOf(RETRY_STATUSES),
  recipient_id: idList(),
  lead_id: idList(),
};

/** `GET /retries`: a page of deliveries that are tried again or were, newest first unless asked otherwise. */
export const listRetries: Handler = async (deps, { principal, query }) => {
  const parsed = parseParameters(RETRY_PARAMETERS, givenByQuery(query));
  if (!parsed.ok) return parsed.error;
  const paging = pagingOf(parsed.value);
  if (!paging.ok) return paging.error;
  const { status, flow_id, source_id, recipient_id, lead_id } = parsed.value;
  const { select, ...page } = paging.value;
  const ids = { flowIds: flow_id, sourceIds: source_id, recipientIds: recipient_id, leadIds: lead_id };
  const filter = { statuses: status, ...ids };
  const retries = await deps.retries.pageOfRetries({ accountId: principal.accountId, ...page, filter });
  return answer(
    200,
    retries.map((retry) => select(retryAnswer(retry))),
  );
};
