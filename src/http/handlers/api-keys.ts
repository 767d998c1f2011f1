import { type ApiKey, type ApiKeyStore, isInForce, type KeyScope } from '../../access/api-key-store.ts';
import { createApiKey, ROTATION_GRACE_MS, rotateApiKey } from '../../access/create-api-key.ts';
import { permissionsOfScope } from '../../access/key-principal.ts';
import type { KeyRequestStore, KeyRequest as LoggedRequest } from '../../access/key-requests.ts';
import type { Permission } from '../../access/permissions.ts';
import type { Principal } from '../../access/principal.ts';
import type { Role } from '../../access/roles.ts';
import { computeIdRange, intersect, NO_AFTER, NO_BEFORE } from '../../events/id-range.ts';
import type { FlowRecord, FlowStore } from '../../flows/flow-store.ts';
import { listSourceIds } from '../../flows/list-source-ids.ts';
import { KEY_REQUEST_DAYS_KEPT } from '../../keeping/periods.ts';
import type { Clock } from '../../lib/clock.ts';
import type { Ids } from '../../lib/ids.ts';
import type { Problem } from '../../model/problem.ts';
import { type ApiResult, answer } from '../api.ts';
import { type ApiError, apiError } from '../errors.ts';
import type { KeyRequestQuestion } from '../key-request-parameters.ts';
import { invalidDocument } from '../read-body.ts';

export interface ApiKeyDeps {
  apiKeys: ApiKeyStore;
  keyRequests: Pick<KeyRequestStore, 'page'>;
  /** Lets the end of a key hold on this server at once. */
  forgetKey(keyId: string): void;
  flows: Pick<FlowStore, 'list'>;
  ids: Ids;
  clock: Clock;
  randomBytes(count: number): Buffer;
}

interface KeyRequest {
  principal: Principal;
  params: { id: string };
}

interface GivenKey {
  name: string;
  role?: Role;
  permissions?: Permission[];
  flow_ids?: string[];
  source_ids?: string[];
  expires_at?: string;
}

const UNKNOWN_KEY = apiError('not_found', 'There is no API key with this id.');
const ENDED = apiError('conflict', 'This key has already been revoked.');
const LAST_OWNER = apiError(
  'conflict',
  'This is the last key of an owner: create another one first, here or with "sluice admin reset-key" on the server.',
);

/** `GET /api_keys`: every key of the account, revoked ones too, the oldest first; never a key itself. */
export async function listApiKeys(deps: ApiKeyDeps, { principal }: { principal: Principal }): Promise<ApiResult> {
  const now = deps.clock.now();
  return answer(
    200,
    (await deps.apiKeys.list(principal.accountId)).map((key) => keyAnswer(key, now)),
  );
}

/** `GET /api_keys/{id}`. */
export async function readApiKey(deps: ApiKeyDeps, { principal, params }: KeyRequest): Promise<ApiResult> {
  const key = await deps.apiKeys.find({ accountId: principal.accountId, id: params.id });
  return key ? answer(200, keyAnswer(key, deps.clock.now())) : UNKNOWN_KEY;
}

/** `POST /api_keys`: the answer alone has the key. A caller cannot give permissions that it lacks. */
export async function createKey(
  deps: ApiKeyDeps,
  { principal, body }: { principal: Principal; body: GivenKey },
): Promise<ApiResult> {
  const { accountId } = principal;
  const now = deps.clock.now();
  const scope = readScope(body);
  const limits = { flowIds: body.flow_ids ?? null, sourceIds: body.source_ids?.map((id) => id.toLowerCase()) ?? null };
  const expiresAt = body.expires_at === undefined ? null : Date.parse(body.expires_at);
  const faults = [
    ...(scope === null ? [ONE_SCOPE] : findLimitFaults(scope, body)),
    ...(expiresAt !== null && expiresAt <= now ? [PAST] : []),
    ...(await findUnknownLimits(deps, { accountId, limits })),
  ];
  if (faults.length > 0 || scope === null)
    return invalidDocument(faults, 'The API key is not valid; details says where.');
  const refusal = refuseMoreThanOwn(principal, scope);
  if (refusal) return refusal;
  const wanted = { accountId, name: body.name.trim(), scope, ...limits, expiresAt, createdBy: principal.actor };
  const { record, key } = await createApiKey(deps, wanted);
  return answer(201, { ...keyAnswer(record, now), key });
}

/** `POST /api_keys/{id}/rotate`: a new text under the same id; the text so far is valid for the grace. */
export async function rotateKey(
  deps: ApiKeyDeps,
  { principal, params, body }: KeyRequest & { body: { grace_seconds?: number } },
): Promise<ApiResult> {
  const found = await deps.apiKeys.find({ accountId: principal.accountId, id: params.id });
  if (!found) return UNKNOWN_KEY;
  const refusal = refuseMoreThanOwn(principal, found.scope);
  if (refusal) return refusal;
  const graceMs = body.grace_seconds === undefined ? ROTATION_GRACE_MS : body.grace_seconds * 1_000;
  const rotated = await rotateApiKey(deps, { key: found, graceMs });
  if (!rotated) return ENDED;
  deps.forgetKey(found.id);
  return answer(200, { ...keyAnswer(rotated.record, deps.clock.now()), key: rotated.key });
}

/** `DELETE /api_keys/{id}`: opens nothing any more, here at once, on other servers within five seconds. */
export async function revokeKey(deps: ApiKeyDeps, { principal, params }: KeyRequest): Promise<ApiResult> {
  const { accountId } = principal;
  const now = deps.clock.now();
  const keys = await deps.apiKeys.list(accountId);
  const key = keys.find(({ id }) => id === params.id);
  if (!key) return UNKNOWN_KEY;
  if (key.revokedAt !== null) return ENDED;
  const others = keys.filter((each) => each !== key && each.scope.role === 'owner' && isInForce(each, now));
  if (key.scope.role === 'owner' && isInForce(key, now) && others.length === 0) return LAST_OWNER;
  const revoked = await deps.apiKeys.revoke(key, now);
  deps.forgetKey(key.id);
  return revoked ? answer(200, keyAnswer(revoked, now)) : ENDED;
}

/** Requests of a page. */
const KEY_REQUESTS_DEFAULT = 100;

/** `GET /api_keys/{id}/requests`: what the key asked for within the days that requests are kept. */
export async function listApiKeyRequests(
  { apiKeys, keyRequests, clock }: Pick<ApiKeyDeps, 'apiKeys' | 'keyRequests' | 'clock'>,
  { principal, params, query }: KeyRequest & { query: KeyRequestQuestion },
): Promise<ApiResult> {
  const key = { accountId: principal.accountId, id: params.id };
  if (!(await apiKeys.find(key))) return UNKNOWN_KEY;
  const { after_id, before_id, start, end, status, operation, limit = KEY_REQUESTS_DEFAULT, sort = 'desc' } = query;
  const kept = clock.now() - KEY_REQUEST_DAYS_KEPT * DAY_MS;
  const page = await keyRequests.page({
    ...{ accountId: key.accountId, keyId: key.id, limit, sort },
    range: intersect(
      { after: after_id ?? NO_AFTER, before: before_id ?? NO_BEFORE },
      computeIdRange(Math.max(start ?? kept, kept), end ?? null),
    ),
    statuses: status ?? null,
    operations: operation ?? null,
  });
  return answer(200, page.map(requestAnswer));
}

function requestAnswer({ id, at, ms, traceId, ...asked }: LoggedRequest): Record<string, unknown> {
  const { operation, method, path, status, bytes, skipped } = asked;
  const time = new Date(at).toISOString();
  return {
    id,
    at: time,
    operation,
    method,
    path,
    status,
    ms: Math.round(ms * 10) / 10,
    bytes,
    trace_id: traceId,
    skipped,
  };
}

const DAY_MS = 86_400_000;

const ONE_SCOPE: Problem = { path: 'role', message: 'Give either a role or permissions.' };
const PAST: Problem = { path: 'expires_at', message: 'Must be in the future.' };
const LIMITS_ARE_FOR_SUBMITTING =
  'Only a key that submits leads can have this limit: use the role vendor or the single permission leads.submit.';

function readScope({ role, permissions }: GivenKey): KeyScope | null {
  if ((role === undefined) === (permissions === undefined)) return null;
  return role === undefined ? { role: null, permissions: [...new Set(permissions)] } : { role, permissions: null };
}

/** A limit beside other permissions would look as if it limited those too. */
function findLimitFaults(scope: KeyScope, body: GivenKey): Problem[] {
  const permissions = [...permissionsOfScope(scope)];
  if (permissions.length === 1 && permissions[0] === 'leads.submit') return [];
  const given = (['flow_ids', 'source_ids'] as const).filter((name) => body[name] !== undefined);
  return given.map((path) => ({ path, message: LIMITS_ARE_FOR_SUBMITTING }));
}

/** A limit to what is not there would refuse every lead. */
async function findUnknownLimits(
  deps: Pick<ApiKeyDeps, 'flows'>,
  { accountId, limits }: { accountId: string; limits: Pick<ApiKey, 'flowIds' | 'sourceIds'> },
): Promise<Problem[]> {
  const { flowIds, sourceIds } = limits;
  if (flowIds === null && sourceIds === null) return [];
  const flows = await deps.flows.list(accountId);
  const within = flows.filter(({ id }) => flowIds === null || flowIds.includes(id));
  return [
    ...(flowIds ?? []).flatMap((id, index) => (hasFlow(flows, id) ? [] : [unknownLimit('flow_ids', { id, index })])),
    ...(sourceIds ?? []).flatMap((id, index) =>
      within.some(({ document }) => listSourceIds(document).includes(id))
        ? []
        : [unknownLimit('source_ids', { id, index })],
    ),
  ];
}

function hasFlow(flows: readonly FlowRecord[], id: string): boolean {
  return flows.some((flow) => flow.id === id);
}

function unknownLimit(list: 'flow_ids' | 'source_ids', { id, index }: { id: string; index: number }): Problem {
  const message = list === 'flow_ids' ? `There is no flow ${id}.` : `No such flow has a source ${id}.`;
  return { path: `${list}.${index}`, message };
}

/** Else a key that may manage keys could make itself, or rotate, one that may do everything. */
function refuseMoreThanOwn({ permissions }: Principal, scope: KeyScope): ApiError | undefined {
  const missing = [...permissionsOfScope(scope)].find((each) => !permissions.has(each));
  if (missing === undefined) return undefined;
  return apiError('permission_required', `This key may do more than you: you lack the permission ${missing}.`);
}

function keyAnswer(key: ApiKey, now: number): Record<string, unknown> {
  const { previousValidUntil } = key;
  return {
    id: key.id,
    name: key.name,
    prefix: key.prefix,
    role: key.scope.role,
    permissions: [...permissionsOfScope(key.scope)],
    flow_ids: key.flowIds,
    source_ids: key.sourceIds,
    created_at: timeOrNull(key.createdAt),
    created_by: key.createdBy,
    expires_at: timeOrNull(key.expiresAt),
    last_used_at: timeOrNull(key.lastUsedAt),
    revoked_at: timeOrNull(key.revokedAt),
    previous_valid_until:
      previousValidUntil !== null && previousValidUntil > now ? timeOrNull(previousValidUntil) : null,
  };
}

function timeOrNull(epochMs: number | null): string | null {
  return epochMs === null ? null : new Date(epochMs).toISOString();
}
