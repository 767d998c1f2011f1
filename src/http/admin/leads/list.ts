import { buildLeadFacts } from '../../../events/build-lead.ts';
import { LEAD_OUTCOMES } from '../../../model/outcome.ts';
import { answer, type Handler } from '../../api.ts';
import { givenByQuery, listOf, parseParameters } from '../../query-parameters.ts';
import { PAGE_PARAMETERS, pagingOf } from '../events/event-question.ts';

const LEAD_PARAMETERS = { ...PAGE_PARAMETERS, outcome: listOf(LEAD_OUTCOMES) };

/** `GET /leads`: a page of leads without their events, newest first unless asked otherwise. */
export const listLeads: Handler = async (deps, { principal, query }) => {
  const parsed = parseParameters(LEAD_PARAMETERS, givenByQuery(query));
  if (!parsed.ok) return parsed.error;
  const paging = pagingOf(parsed.value);
  if (!paging.ok) return paging.error;
  const { outcome, flow_id, source_id } = parsed.value;
  const { select, ...page } = paging.value;
  const filter = { outcomes: outcome, flowIds: flow_id, sourceIds: source_id };
  const leads = await deps.events.pageOfLeads({ accountId: principal.accountId, ...page, filter });
  const facts = await Promise.all(
    leads.map(async (lead) => buildLeadFacts({ lead, flow: await deps.findRevision(lead) })),
  );
  return answer(200, facts.map(select));
};
