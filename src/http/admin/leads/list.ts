import { buildLeadFacts, LEAD_PROPERTIES } from '../../../events/build-lead.ts';
import { LEAD_OUTCOMES } from '../../../model/outcome.ts';
import { answer, type Handler } from '../../api.ts';
import { givenByQuery, listOf, oneOf, parseParameters, text } from '../../parameters.ts';
import { buildPageParameters, pagingOf } from '../events/event-question.ts';

/** Of a reason that is asked for. */
const REASON_CHARACTERS_MAX = 4_096;

const LEAD_PARAMETERS = {
  ...buildPageParameters(LEAD_PROPERTIES),
  outcome: listOf(LEAD_OUTCOMES),
  reason: text({ charactersMax: REASON_CHARACTERS_MAX }),
  resubmitted: oneOf(['true', 'false']),
};

/** `GET /leads`: a page of leads without their events, newest first unless asked otherwise. */
export const listLeads: Handler = async (deps, { principal, query }) => {
  const parsed = parseParameters(LEAD_PARAMETERS, givenByQuery(query));
  if (!parsed.ok) return parsed.error;
  const paging = pagingOf(parsed.value);
  if (!paging.ok) return paging.error;
  const { outcome, flow_id, source_id, reason, resubmitted } = parsed.value;
  const { select, ...page } = paging.value;
  const isResubmitted = resubmitted === undefined ? undefined : resubmitted === 'true';
  const filter = { outcomes: outcome, flowIds: flow_id, sourceIds: source_id, reason, isResubmitted };
  const leads = await deps.events.pageOfLeads({ accountId: principal.accountId, ...page, filter });
  const facts = await Promise.all(
    leads.map(async (lead) => buildLeadFacts({ lead, flow: await deps.findRevision(lead) })),
  );
  return answer(200, facts.map(select));
};
