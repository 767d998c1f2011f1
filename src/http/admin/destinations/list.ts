import { answer, type Handler } from '../../api.ts';
import { givenByQuery, listOf, parseParameters } from '../../parameters.ts';

const PARAMETERS = { include: listOf(['flow_usages']) };

/** `GET /destinations` (seed 003): an empty array when there are none; `include=flow_usages` tells where each is used. */
export const listDestinations: Handler = async (deps, { principal, query }) => {
  const parsed = parseParameters(PARAMETERS, givenByQuery(query));
  if (!parsed.ok) return parsed.error;
  const destinations = await deps.destinations.list(principal.accountId);
  if (!parsed.value.include?.includes('flow_usages')) return answer(200, destinations);
  const usages = await deps.destinations.usages(principal.accountId);
  return answer(
    200,
    destinations.map((each) => {
      const flows = usages.get(each.instance_id) ?? [];
      return { ...each, flow_usages: { count: flows.length, flows } };
    }),
  );
};
