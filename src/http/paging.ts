import type { PageRequest } from '../events/event-store.ts';
import { computeIdRange, intersect, NO_AFTER, NO_BEFORE } from '../events/id-range.ts';
import { fail, ok, type Result } from '../lib/result.ts';
import { type ApiAnswer, answer } from './api.ts';
import type { ApiError } from './errors.ts';
import {
  about,
  endOfTime,
  id,
  idList,
  integer,
  listOf,
  malformedQuery,
  oneOf,
  type ParametersOf,
  startOfTime,
} from './parameters.ts';
import { type Selection, selectionOf } from './selection.ts';

/** What pages are asked with (spec api 8.1, behaviour 4.3). `properties`: what `include` and `exclude` may name. */
export function buildPageParameters(properties: readonly string[]) {
  return {
    after_id: about('Only entries newer than this one.', id()),
    before_id: about('Only entries older than this one.', id()),
    start: about('Only entries from then on: a date or time, UTC unless it has a zone.', startOfTime()),
    end: about('Only entries until then; a date is its whole day.', endOfTime()),
    flow_id: about('Only entries of these flows.', idList()),
    source_id: about('Only entries of these sources, by the ids of their entities.', idList()),
    limit: about(`Entries of a page; ${LIMIT_DEFAULT} unless given.`, integer({ min: 1, max: 1000 })),
    sort: about('By age; `desc`, the newest first, unless given.', oneOf(['asc', 'desc'])),
    include: about('Only these properties.', listOf(properties)),
    exclude: about('All properties but these.', listOf(properties)),
  };
}

const LIMIT_DEFAULT = 100;

/** The values of `buildPageParameters`. */
export type GivenPage = ParametersOf<ReturnType<typeof buildPageParameters>>;

/** Where a search ended at a bound; the caller goes on behind it. */
const TRUNCATED = 'X-Scan-Truncated-At';

/** A page of a search; null: it looked at everything it had to. */
export function answerPage(entries: readonly unknown[], truncatedAt: string | null): ApiAnswer {
  const whole = answer(200, entries);
  return truncatedAt === null ? whole : { ...whole, headers: { [TRUNCATED]: truncatedAt } };
}

const ENDS_BEFORE = { path: 'end', message: 'The range ends before it starts: end must not be before start.' };

/** Which ids, in which order, how many, and what of each. */
export function pagingOf(
  given: GivenPage,
): Result<Pick<PageRequest<unknown>, 'range' | 'sort' | 'limit'> & { select: Selection }, ApiError> {
  const { after_id, before_id, start, end, limit, sort, include, exclude } = given;
  const select = selectionOf({ include, exclude });
  if (!select.ok) return select;
  if (start !== undefined && end !== undefined && start > end) return fail(malformedQuery([ENDS_BEFORE]));
  const cursor = { after: after_id ?? NO_AFTER, before: before_id ?? NO_BEFORE };
  return ok({
    range: intersect(cursor, computeIdRange(start ?? null, end ?? null)),
    sort: sort ?? 'desc',
    limit: limit ?? LIMIT_DEFAULT,
    select: select.value,
  });
}
