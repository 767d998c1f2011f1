import type { Static } from 'typebox';
import type { Principal } from '../../access/principal.ts';
import type { Clock } from '../../lib/clock.ts';
import type { Ids } from '../../lib/ids.ts';
import { fail, ok, type Result } from '../../lib/result.ts';
import { DEFAULT_VIEWS } from '../../views/default-views.ts';
import { VIEWS_MAX, type View, type ViewSection, type ViewStore } from '../../views/view.ts';
import { type ApiResult, answer } from '../api.ts';
import { type ApiError, apiError } from '../errors.ts';
import { isoTime } from '../iso-time.ts';
import { type GIVEN_VIEW, readView } from '../read-view.ts';

export interface ViewDeps {
  views: ViewStore;
  ids: Ids;
  clock: Clock;
}

type GivenView = Static<typeof GIVEN_VIEW>;

interface ViewRequest {
  principal: Principal;
  params: { id: string };
}

const UNKNOWN_VIEW = apiError('not_found', 'There is no view with this id, or another person has it alone.');
const READ_ONLY_VIEW = apiError('conflict', 'Every account has this view as it is: save one of your own.');
const TOO_MANY = apiError('conflict', `You have ${VIEWS_MAX} views, and may have no more: delete one.`);
const SHARING_FORBIDDEN = apiError(
  'permission_required',
  'To share a view, or to change one that another shared, needs the permission flows.write.',
);

/** `GET /views`: those that every account has, then one's own and shared ones by name. */
export async function listViews(
  { views }: Pick<ViewDeps, 'views'>,
  { principal, query }: { principal: Principal; query: { section: ViewSection | undefined } },
): Promise<ApiResult> {
  const saved = await views.list({ accountId: principal.accountId, ownerId: principal.actor.id });
  const all = [...DEFAULT_VIEWS, ...saved];
  return answer(200, all.filter(({ section }) => section === (query.section ?? section)).map(describeView));
}

/** `POST /views` */
export async function createView(
  { views, ids, clock }: ViewDeps,
  { principal, body }: { principal: Principal; body: GivenView },
): Promise<ApiResult> {
  const read = readView(body);
  if (!read.ok) return read.error;
  const definition = read.value;
  if (definition.isShared && !mayShare(principal)) return SHARING_FORBIDDEN;
  const key = { accountId: principal.accountId, viewId: ids.next() };
  const made = await views.insert(key, { definition, owner: principal.actor, now: clock.now() });
  if (!made) return TOO_MANY;
  return { ...answer(201, describeView(made)), headers: { Location: `/views/${made.id}` } };
}

/** `PUT /views/{id}` */
export async function replaceView(
  deps: ViewDeps,
  { principal, params, body }: ViewRequest & { body: GivenView },
): Promise<ApiResult> {
  const found = await findChangeable(deps, { principal, params });
  if (!found.ok) return found.error;
  const read = readView(body);
  if (!read.ok) return read.error;
  if (read.value.isShared && !mayShare(principal)) return SHARING_FORBIDDEN;
  const made = { definition: read.value, now: deps.clock.now() };
  const replaced = await deps.views.replace({ accountId: principal.accountId, viewId: found.value.id }, made);
  return replaced ? answer(200, describeView(replaced)) : UNKNOWN_VIEW;
}

/** `DELETE /views/{id}` */
export async function removeView(deps: Pick<ViewDeps, 'views'>, request: ViewRequest): Promise<ApiResult> {
  const found = await findChangeable(deps, request);
  if (!found.ok) return found.error;
  const removed = await deps.views.remove({ accountId: request.principal.accountId, viewId: found.value.id });
  return removed ? answer(200, describeView(removed)) : UNKNOWN_VIEW;
}

/** The view, when the caller may change it: one's own, and with `flows.write` those that are shared. */
async function findChangeable(
  { views }: Pick<ViewDeps, 'views'>,
  { principal, params }: ViewRequest,
): Promise<Result<View, ApiError>> {
  if (DEFAULT_VIEWS.some(({ id }) => id === params.id)) return fail(READ_ONLY_VIEW);
  const view = await views.find({ accountId: principal.accountId, viewId: params.id.toLowerCase() });
  if (view === null) return fail(UNKNOWN_VIEW);
  if (view.owner?.id === principal.actor.id) return ok(view);
  if (!view.isShared) return fail(UNKNOWN_VIEW);
  return mayShare(principal) ? ok(view) : fail(SHARING_FORBIDDEN);
}

function mayShare({ permissions }: Principal): boolean {
  return permissions.has('flows.write');
}

function describeView({ id, name, section, query, isShared, owner, createdAt, updatedAt }: View) {
  return {
    ...{ id, name, section, query, is_shared: isShared, owner, read_only: owner === null },
    ...{ created_at: isoTime(createdAt), updated_at: isoTime(updatedAt) },
  };
}
