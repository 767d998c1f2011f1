import { answer, type Handler } from '../../api.ts';
import { buildPageParameters, pagingOf } from '../../event-question.ts';
import { givenByQuery, idList, oneOf, parseParameters } from '../../parameters.ts';
import { UNKNOWN_PROPERTIES, unknownAnswer } from './unknown-answer.ts';

const UNKNOWN_PARAMETERS = {
  ...buildPageParameters(UNKNOWN_PROPERTIES),
  resolved: oneOf(['true', 'false']),
  recipient_id: idList(),
  lead_id: idList(),
};

/** `GET /unknowns`: deliveries that may have arrived and nobody has resolved, newest first; `resolved=true`: the others. */
export const listUnknowns: Handler = async (deps, { principal, query }) => {
  const parsed = parseParameters(UNKNOWN_PARAMETERS, givenByQuery(query));
  if (!parsed.ok) return parsed.error;
  const paging = pagingOf(parsed.value);
  if (!paging.ok) return paging.error;
  const { resolved, flow_id, source_id, recipient_id, lead_id } = parsed.value;
  const { select, ...page } = paging.value;
  const ids = { flowIds: flow_id, sourceIds: source_id, recipientIds: recipient_id, leadIds: lead_id };
  const filter = { isResolved: resolved === 'true', ...ids };
  const unknowns = await deps.retries.pageOfUnknowns({ accountId: principal.accountId, ...page, filter });
  return answer(
    200,
    unknowns.map((unknown) => select(unknownAnswer(unknown))),
  );
};
