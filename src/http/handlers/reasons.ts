import type { Principal } from '../../access/principal.ts';
import { type Buckets, bucketOf, LAST_BUCKET } from '../../events/reading-plan.ts';
import type { ReasonGroup, ReasonQuestion } from '../../events/reason-store.ts';
import type { Clock } from '../../lib/clock.ts';
import { firstIdAt, instantOfId } from '../../lib/ids.ts';
import { BUCKET_SECONDS } from '../../statistics/measures.ts';
import { type ApiResult, answer } from '../api.ts';
import { eventFilterOf, leadFilterOf } from '../event-question.ts';
import type { ParametersOf } from '../parameters.ts';
import type { ReadingStores } from '../reading-stores.ts';
import type { EVENT_REASON_PARAMETERS, LEAD_REASON_PARAMETERS } from '../reason-question.ts';

export interface ReasonDeps {
  reading: Pick<ReadingStores, 'reasons'>;
  clock: Clock;
}

/** `GET /events/reasons`: what reasons of events have in common, with how often each occurred. */
export async function listEventReasons(
  deps: ReasonDeps,
  { principal, query }: { principal: Principal; query: ParametersOf<typeof EVENT_REASON_PARAMETERS> },
): Promise<ApiResult> {
  const question = { ...placeOf(deps, query), subject: 'event' as const, filter: eventFilterOf(query) };
  return answerGroups(deps, { question: { ...question, accountId: principal.accountId }, show: showGroup });
}

/** `GET /leads/reasons`: the same of leads, by the reasons that their sources were answered. */
export async function listLeadReasons(
  deps: ReasonDeps,
  { principal, query }: { principal: Principal; query: ParametersOf<typeof LEAD_REASON_PARAMETERS> },
): Promise<ApiResult> {
  const question = { ...placeOf(deps, query), subject: 'lead' as const, filter: leadFilterOf(query) };
  const show = (group: ReasonGroup) => {
    const { events: _, ...shown } = showGroup(group);
    return shown;
  };
  return answerGroups(deps, { question: { ...question, accountId: principal.accountId }, show });
}

const DEFAULT_DAYS = 7;
const DAY_MS = 86_400_000;
const LIMIT_DEFAULT = 100;

/** Whole quarters of an hour: counts are no finer. */
function placeOf(
  { clock }: ReasonDeps,
  { start, end, limit }: { start: number | undefined; end: number | undefined; limit: number | undefined },
): Pick<ReasonQuestion, 'buckets' | 'limit'> {
  const until = end ?? clock.now();
  const bucketAt = (instant: number) => Math.min(bucketOf(firstIdAt(instant)), LAST_BUCKET);
  const buckets = { low: bucketAt(start ?? until - DEFAULT_DAYS * DAY_MS), high: bucketAt(until) };
  return { buckets, limit: limit ?? LIMIT_DEFAULT };
}

async function answerGroups(
  { reading }: ReasonDeps,
  { question, show }: { question: ReasonQuestion; show(group: ReasonGroup): object },
): Promise<ApiResult> {
  const { groups, total, countedUntil } = await reading.reasons.listReasons(question);
  return answer(200, {
    ...timesOf(question.buckets),
    counted_until: countedUntil === null ? null : new Date(countedUntil).toISOString(),
    total,
    reasons: groups.map(show),
  });
}

function timesOf({ low, high }: Buckets): { start: string; end: string } {
  const beginningOf = (bucket: number) => bucket * BUCKET_SECONDS * 1_000;
  return {
    start: new Date(beginningOf(low)).toISOString(),
    end: new Date(beginningOf(high + 1) - 1).toISOString(),
  };
}

function showGroup({ reasonClass, events, leads, firstId, lastId, sampleIds }: ReasonGroup) {
  return {
    reason_class: reasonClass,
    events,
    leads,
    first_seen: new Date(instantOfId(firstId)).toISOString(),
    last_seen: new Date(instantOfId(lastId)).toISOString(),
    sample_ids: sampleIds,
  };
}
