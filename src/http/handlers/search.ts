import { maySeeValues, type Principal } from '../../access/principal.ts';
import { buildSearchHit } from '../../events/build-search-hit.ts';
import type { FindRevision } from '../../events/revisions.ts';
import type { HashText } from '../../search/exact-values.ts';
import { parseQuery } from '../../search/parse-query.ts';
import { type ApiResult, answer } from '../api.ts';
import { apiError } from '../errors.ts';
import { malformedQuery, type ParametersOf } from '../parameters.ts';
import type { ReadingStores } from '../reading-stores.ts';
import type { SEARCH_PARAMETERS } from '../search-parameters.ts';

export interface SearchDeps {
  reading: Pick<ReadingStores, 'leadSearch'>;
  findRevision: FindRevision;
  hashSearchValue: HashText;
}

const LIMIT_DEFAULT = 10;
const COUNTED_UNTIL = 'X-Counted-Until';
const NO_QUERY = [{ path: 'query', message: 'Give what to look for, such as query=fred+tx.' }];
const NO_ORDER = [{ path: 'sort_dir', message: 'Give sort_by, too: without it hits are sorted by relevance.' }];
const IDS_ALONE = apiError(
  'permission_required',
  'Your API key or user needs the permission personal_data.read to find leads by their values; without it the query must have the id of a lead, an event or a ping.',
);

/** `GET /search/leads`: a page of the leads that have all that is asked for. */
export async function searchLeads(
  deps: SearchDeps,
  { principal, query: asked }: { principal: Principal; query: ParametersOf<typeof SEARCH_PARAMETERS> },
): Promise<ApiResult> {
  const { accountId } = principal;
  if (asked.query === undefined) return malformedQuery(NO_QUERY);
  if (asked.sort_dir !== undefined && asked.sort_by === undefined) return malformedQuery(NO_ORDER);
  const parsed = parseQuery(asked.query, { accountId, hash: deps.hashSearchValue });
  if (!parsed.ok) return malformedQuery([{ path: 'query', message: parsed.error }]);
  const { ids, condition, whole, marks } = parsed.value;
  const isOpen = maySeeValues(principal);
  if (!isOpen && ids.length === 0) return IDS_ALONE;
  const { sort_by: by, sort_dir: direction = 'asc', from = 0, limit = LIMIT_DEFAULT } = asked;
  const found = await deps.reading.leadSearch.searchLeads({
    ...{ accountId, ids, whole, from, limit },
    condition: isOpen ? condition : null,
    // The order of values would tell what they are.
    order: by === undefined || !(isOpen || isImpersonal(by)) ? null : { by, direction },
  });
  const hits = await Promise.all(
    found.hits.map(async ({ lead, event }) =>
      buildSearchHit({ lead, flow: await deps.findRevision(lead) }, { event, marks: isOpen ? marks : null }),
    ),
  );
  const body = { total: found.total, hits, ...(found.isTruncated && { truncated: true }) };
  const { countedUntil } = found;
  if (countedUntil === null) return answer(200, body);
  return { ...answer(200, body), headers: { [COUNTED_UNTIL]: new Date(countedUntil).toISOString() } };
}

function isImpersonal(order: string): boolean {
  return order === 'lead_id' || order === 'submission_timestamp';
}
