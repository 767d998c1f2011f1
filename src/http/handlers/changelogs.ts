import type { Activity, ActivityDetails, ActivityStore } from '../../access/activity.ts';
import type { Principal } from '../../access/principal.ts';
import { describeChanges } from '../../changes/describe-changes.ts';
import type { ChangeEnd, DocumentChange } from '../../changes/diff-documents.ts';
import { computeIdRange, intersect, NO_AFTER, NO_BEFORE } from '../../events/id-range.ts';
import { CHANGELOG_LIMIT_DEFAULT, type ChangelogQuestion } from '../activity-parameters.ts';
import { type ApiResult, answer } from '../api.ts';
import { apiError } from '../errors.ts';

export interface ChangelogDeps {
  activity: ActivityStore;
}

const UNKNOWN_CHANGELOG = apiError('not_found', 'There is no changelog with this id.');

/** `GET /changelogs`: what changed, in words and as places; the documents are in `GET /changelogs/{id}`. */
export async function listChangelogs(
  { activity }: ChangelogDeps,
  { principal, query }: { principal: Principal; query: ChangelogQuestion },
): Promise<ApiResult> {
  const { accountId } = principal;
  const { after_id, before_id, start, end, limit = CHANGELOG_LIMIT_DEFAULT, sort = 'desc' } = query;
  const cursor = { after: after_id ?? NO_AFTER, before: before_id ?? NO_BEFORE };
  const page = await activity.page({
    accountId,
    range: intersect(cursor, computeIdRange(start ?? null, end ?? null)),
    limit,
    sort,
    filter: { kinds: query.type ?? null, actions: null, actorIds: null, subjectIds: query.subject_id ?? null },
  });
  const answers: object[] = [];
  // One after the other: two documents are in memory at a time.
  for (const { id } of page) {
    const found = await activity.find({ accountId, id });
    if (found) answers.push(describe(found));
  }
  return answer(200, answers);
}

/** `GET /changelogs/{id}`: the same with the document as it was after the change. */
export async function readChangelog(
  { activity }: ChangelogDeps,
  { principal, params }: { principal: Principal; params: { id: string } },
): Promise<ApiResult> {
  const found = await activity.find({ accountId: principal.accountId, id: params.id });
  if (!found) return UNKNOWN_CHANGELOG;
  return answer(200, {
    ...describe(found),
    current_revision: found.after,
    delta_from_last_revision: deltaOf(describeChanges(found.before, found.after).changes),
  });
}

function describe({ before, after, ...entry }: ActivityDetails): object {
  const { changes, more, sentences } = describeChanges(before, after);
  return {
    ...headOf(entry),
    sentences: sentences.length > 0 ? sentences : [describeWhole(entry)],
    changes: changes.map(changeAnswer),
    more_changes: more,
  };
}

function headOf({ id, at, kind, action, subject, actor }: Activity): object {
  return { id, action, type: kind, created_at: new Date(at).toISOString(), subject, user: actor };
}

/** What has no difference to tell: something came, went, was deployed or was used. */
function describeWhole({ kind, action, subject }: Activity): string {
  const name = subject.name === null ? subject.id : `"${subject.name}"`;
  return `${capitalised(action.replaceAll('_', ' '))}: ${kind.replaceAll('_', ' ')} ${name}`;
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** As the original documents a change. */
export function changeAnswer({ action, path, previous, current }: DocumentChange): object {
  return {
    action,
    target: String(path.findLast((step) => typeof step === 'string') ?? ''),
    delta_path: path.join('.'),
    previous: endAnswer(previous),
    current: endAnswer(current),
  };
}

function endAnswer(end: ChangeEnd | null): object | null {
  return end && { value: end.value ?? null, index: end.index };
}

/** By place, the values before and after it. */
function deltaOf(changes: readonly DocumentChange[]): object {
  return Object.fromEntries(
    changes.map(({ path, previous, current }) => [path.join('.'), [previous?.value ?? null, current?.value ?? null]]),
  );
}
