import type { Activity, ActivityStore } from '../../access/activity.ts';
import type { Principal } from '../../access/principal.ts';
import { computeIdRange, intersect, NO_AFTER, NO_BEFORE } from '../../events/id-range.ts';
import { ACTIVITY_LIMIT_DEFAULT, type ActivityQuestion } from '../activity-parameters.ts';
import { type ApiResult, answer } from '../api.ts';
import { apiError } from '../errors.ts';

export interface ActivityDeps {
  activity: ActivityStore;
}

const UNKNOWN_ACTIVITY = apiError('not_found', 'There is no activity with this id.');

/** `GET /activity`: who changed what, without the documents. */
export async function listActivity(
  { activity }: ActivityDeps,
  { principal, query }: { principal: Principal; query: ActivityQuestion },
): Promise<ApiResult> {
  const { after_id, before_id, start, end, limit = ACTIVITY_LIMIT_DEFAULT, sort = 'desc' } = query;
  const page = await activity.page({
    accountId: principal.accountId,
    range: intersect(
      { after: after_id ?? NO_AFTER, before: before_id ?? NO_BEFORE },
      computeIdRange(start ?? null, end ?? null),
    ),
    limit,
    sort,
    filter: {
      kinds: query.kind ?? null,
      actions: query.action ?? null,
      actorIds: query.actor_id ?? null,
      subjectIds: query.subject_id ?? null,
    },
  });
  return answer(200, page.map(activityAnswer));
}

/** `GET /activity/{id}`: with the whole documents before and after. */
export async function readActivity(
  { activity }: ActivityDeps,
  { principal, params }: { principal: Principal; params: { id: string } },
): Promise<ApiResult> {
  const found = await activity.find({ accountId: principal.accountId, id: params.id });
  if (!found) return UNKNOWN_ACTIVITY;
  return answer(200, { ...activityAnswer(found), before: found.before, after: found.after });
}

function activityAnswer({ id, at, kind, action, subject, actor, ip }: Activity): Record<string, unknown> {
  return { id, at: new Date(at).toISOString(), kind, action, subject, actor, ip };
}
