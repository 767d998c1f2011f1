import { DateTime } from 'luxon';
import type { Clock } from '../../lib/clock.ts';
import { type Ids, isId } from '../../lib/ids.ts';
import { fail, ok, type Result } from '../../lib/result.ts';
import type { HashListForm } from '../../lists/hash-list-form.ts';
import type { CountedList, List, ListStore, NameTaken } from '../../lists/list-store.ts';
import { listUrlName } from '../../lists/list-url-name.ts';
import { type ListType, listForm, normaliseListValue, readListValue } from '../../lists/normalise-list-value.ts';
import { type ApiResult, answer } from '../api.ts';
import { type ApiError, apiError } from '../errors.ts';
import { invalidDocument } from '../read-body.ts';
import { sentenceOfUse } from './sentence-of-use.ts';

export interface ListDeps {
  lists: ListStore;
  hashListValue: HashListForm;
  ids: Ids;
  clock: Clock;
}

/** What the routes of entries need of a caller: modules ask for the account of their lead, too. */
interface ListRequest {
  principal: { accountId: string };
  params: { list: string };
}

/** What SuppressionList calls its lists: texts that are known by their MD5, too. */
export const MD5_TYPE = 'md5';
type GivenType = ListType | typeof MD5_TYPE;

/** Values of one request. */
export const VALUES_MAX = 10_000;
/** Lists that one request names. */
const LISTS_MAX = 20;
const NAME_CHARACTERS_MAX = 64;

/** `GET /lists` */
export async function listLists(
  { lists, clock }: ListDeps,
  { principal }: { principal: { accountId: string } },
): Promise<ApiResult> {
  const { accountId } = principal;
  return answer(200, (await lists.list({ accountId, now: clock.now() })).map(listJson));
}

/** `POST /lists`: without a type as the original makes one. */
export async function createList(
  { lists, ids, clock }: ListDeps,
  {
    principal,
    body,
  }: {
    principal: { accountId: string };
    body: { name: string; type?: GivenType; ttl?: number | null; allows_md5?: boolean };
  },
): Promise<ApiResult> {
  const given = body.type ?? MD5_TYPE;
  if (given === MD5_TYPE && body.allows_md5 === false) return invalidDocument([MD5_WITHOUT]);
  const name = body.name.trim();
  const made = await lists.insert({
    accountId: principal.accountId,
    listId: ids.next(),
    name,
    urlName: listUrlName(name),
    type: given === MD5_TYPE ? 'text' : given,
    isMd5: given === MD5_TYPE || body.allows_md5 === true,
    ttlSeconds: body.ttl ?? null,
    now: clock.now(),
  });
  return made.kind === 'done' ? answer(201, listJson(made.list)) : nameTaken(made);
}

const MD5_WITHOUT = {
  path: 'allows_md5',
  message: 'A list of the type md5 allows MD5s: leave it out, or make a list of the type text.',
};

function nameTaken({ by }: NameTaken): ApiError {
  return apiError('conflict', `The list "${by}" has this name, or had it first: choose another one.`);
}

/** `GET /lists/{list}` */
export async function readList(deps: ListDeps, { principal, params }: ListRequest): Promise<ApiResult> {
  const found = await findList(deps, { principal, params });
  if (!found.ok) return found.error;
  const { accountId } = principal;
  const list = await deps.lists.count({ accountId, listId: found.value.id, now: deps.clock.now() });
  return list ? answer(200, listJson(list)) : unknownList(params.list);
}

/** `PUT /lists/{list}`: a TTL that is left out stays. */
export async function replaceList(
  deps: ListDeps,
  {
    principal,
    params,
    body,
  }: ListRequest & { body: { name: string; ttl?: number | null; type?: GivenType; allows_md5?: boolean } },
): Promise<ApiResult> {
  const found = await findList(deps, { principal, params });
  if (!found.ok) return found.error;
  const list = found.value;
  const changes = [
    ...(body.type !== undefined && body.type !== typeOf(list) ? [{ path: 'type', message: TYPE_STAYS }] : []),
    ...(body.allows_md5 !== undefined && body.allows_md5 !== list.isMd5
      ? [{ path: 'allows_md5', message: TYPE_STAYS }]
      : []),
  ];
  if (changes.length > 0) return invalidDocument(changes);
  const name = body.name.trim();
  const key = { accountId: principal.accountId, listId: list.id };
  const ttlSeconds = body.ttl === undefined ? list.ttlSeconds : body.ttl;
  const changed = await deps.lists.update(key, { name, nameKey: listUrlName(name), ttlSeconds, now: deps.clock.now() });
  if (changed.kind === 'missing') return unknownList(params.list);
  if (changed.kind === 'used') return apiError('conflict', sentenceOfUse('The name of the list', changed.flows));
  return changed.kind === 'done' ? answer(200, listJson(changed.list)) : nameTaken(changed);
}

const TYPE_STAYS = 'It cannot be changed, because the entries were hashed by it: make another list.';

/** `DELETE /lists/{list}` */
export async function removeList(deps: ListDeps, { principal, params }: ListRequest): Promise<ApiResult> {
  const found = await findList(deps, { principal, params });
  if (!found.ok) return found.error;
  const key = { accountId: principal.accountId, listId: found.value.id };
  const removed = await deps.lists.remove({ ...key, now: deps.clock.now() });
  if (removed.kind === 'missing') return unknownList(params.list);
  if (removed.kind === 'used') return apiError('conflict', sentenceOfUse('The list', removed.flows));
  return answer(200, listJson(removed.list));
}

/** `GET /lists/{list}/uses`: the flows that check it. */
export async function listListUses(deps: ListDeps, { principal, params }: ListRequest): Promise<ApiResult> {
  const found = await findList(deps, { principal, params });
  if (!found.ok) return found.error;
  return answer(200, await deps.lists.listFlows({ accountId: principal.accountId, listId: found.value.id }));
}

/** `POST /lists/{list}|{list}/items` (spec api 19). */
export async function addListItems(
  deps: ListDeps,
  {
    principal,
    params,
    query,
    body,
  }: ListRequest & {
    query: { only_new: 'true' | 'false' | undefined };
    body: { values: string | (string | number)[]; timestamp?: string };
  },
): Promise<ApiResult> {
  return timed(deps, async () => {
    const now = deps.clock.now();
    const at = body.timestamp === undefined ? now : readInstant(body.timestamp);
    if (at === undefined || at > now) return invalidDocument([TIMESTAMP]);
    const read = await readItems(deps, { principal, params, values: body.values });
    if (!read.ok) return read.error;
    const { values, named } = read.value;
    const isAccepted = values.map(() => false);
    for (const list of named) {
      const form = listForm(list);
      const fit = values.flatMap((value, index) => {
        const text = readListValue(value, form);
        return text === null ? [] : [{ index, hash: deps.hashListValue(text) }];
      });
      if (fit.length === 0) continue;
      const key = { accountId: principal.accountId, listId: list.id };
      const hashes = fit.map(({ hash }) => hash);
      const entered = await deps.lists.addEntries({
        ...key,
        values: hashes,
        at,
        now,
        onlyNew: query.only_new === 'true',
      });
      fit.forEach(({ index }, place) => {
        if (entered?.[place]) isAccepted[index] = true;
      });
    }
    const accepted = isAccepted.filter((each) => each).length;
    return answer(200, { accepted, rejected: values.length - accepted });
  });
}

const TIMESTAMP = {
  path: 'timestamp',
  message: 'Must be an ISO 8601 time that is not later than now, such as 2026-03-20T15:06:01Z; nothing was added.',
};

function readInstant(text: string): number | undefined {
  const time = DateTime.fromISO(text.trim(), { zone: 'utc' });
  return time.isValid && time.toMillis() >= 0 ? time.toMillis() : undefined;
}

/** `DELETE /lists/{list}|{list}/items` */
export async function removeListItems(
  deps: ListDeps,
  { principal, params, body }: ListRequest & { body: { values: string | (string | number)[] } },
): Promise<ApiResult> {
  return timed(deps, async () => {
    const read = await readItems(deps, { principal, params, values: body.values });
    if (!read.ok) return read.error;
    const { values, named } = read.value;
    const isDeleted = values.map(() => false);
    for (const list of named) {
      const form = listForm(list);
      const hashes = values.map((value) => deps.hashListValue(normaliseListValue(value, form)));
      const gone = await deps.lists.removeEntries({ accountId: principal.accountId, listId: list.id, values: hashes });
      gone.forEach((isGone, index) => {
        if (isGone) isDeleted[index] = true;
      });
    }
    const deleted = isDeleted.filter((each) => each).length;
    return answer(200, { deleted, rejected: values.length - deleted });
  });
}

/** `GET /exists/{list}|{list}/{value}` */
export async function lookUpListItem(
  deps: ListDeps,
  { principal, params }: { principal: { accountId: string }; params: { list: string; value: string } },
): Promise<ApiResult> {
  return timed(deps, async () => {
    const found = await findLists(deps, { principal, params });
    if (!found.ok) return found.error;
    const named = found.value;
    const asked = named.flatMap((list) => {
      const form = normaliseListValue(params.value, listForm(list));
      return form === '' ? [] : [{ list, value: deps.hashListValue(form) }];
    });
    const times = await deps.lists.look({ accountId: principal.accountId, asked, now: deps.clock.now() });
    const entries = asked.flatMap(({ list }, index) => {
      const addedAt = times[index] ?? null;
      return addedAt === null ? [] : [{ list_id: list.id, list_url_name: list.urlName, added_at: timeText(addedAt) }];
    });
    const said = { specified_lists: named.map(({ urlName }) => urlName), key: params.value };
    if (entries.length === 0) return answer(404, { ...said, found: false });
    const lists = entries.map((entry) => entry.list_url_name);
    return answer(200, { ...said, found: true, exists_in_lists: lists, entries });
  });
}

/** Whole seconds, as SuppressionList writes them. */
function timeText(at: number): string {
  return new Date(at).toISOString().replace(/\.\d+Z$/, 'Z');
}

/** With the time it took in seconds, as SuppressionList says it. */
async function timed({ clock }: ListDeps, work: () => Promise<ApiResult>): Promise<ApiResult> {
  const startedAt = clock.monotonic();
  const result = await work();
  if (result.kind !== 'answer') return result;
  return { ...result, headers: { 'X-Runtime': ((clock.monotonic() - startedAt) / 1000).toFixed(6) } };
}

async function readItems(
  deps: ListDeps,
  { principal, params, values: given }: ListRequest & { values: string | (string | number)[] },
): Promise<Result<{ values: string[]; named: List[] }, ApiError>> {
  const values = typeof given === 'string' ? given.split('|') : given.map(String);
  if (values.length > VALUES_MAX)
    return fail(invalidDocument([{ path: 'values', message: `Give at most ${VALUES_MAX} values.` }]));
  const found = await findLists(deps, { principal, params });
  return found.ok ? ok({ values, named: found.value }) : found;
}

export async function findList(deps: ListDeps, { principal, params }: ListRequest): Promise<Result<List, ApiError>> {
  const [list] = await deps.lists.resolve({ accountId: principal.accountId, names: [nameOf(params.list)] });
  return list ? ok(list) : fail(unknownList(params.list));
}

/** Each list once, in the order they are named. A name that no list has is an error: it would be found on none. */
async function findLists(deps: ListDeps, { principal, params }: ListRequest): Promise<Result<List[], ApiError>> {
  const asked = params.list.split('|').filter((name) => name.trim() !== '');
  if (asked.length > LISTS_MAX) return fail(apiError('malformed_url', `Name at most ${LISTS_MAX} lists.`));
  const found = await deps.lists.resolve({ accountId: principal.accountId, names: asked.map(nameOf) });
  const missing = asked.find((_, index) => !found[index]);
  if (missing !== undefined || asked.length === 0) return fail(unknownList(missing ?? ''));
  return ok([...new Map(found.flatMap((list) => (list ? [[list.id, list] as const] : []))).values()]);
}

/** As a list is named in addresses: its id, or what its name comes to. */
function nameOf(written: string): string {
  const name = written.trim();
  return isId(name) ? name.toLowerCase() : listUrlName(name);
}

function unknownList(name: string): ApiError {
  return apiError('not_found', `There is no list "${name.slice(0, NAME_CHARACTERS_MAX)}".`);
}

function typeOf({ type, isMd5 }: List): GivenType {
  return type === 'text' && isMd5 ? MD5_TYPE : type;
}

function listJson(list: CountedList): object {
  const { id, name, urlName, isMd5, ttlSeconds, count, totalJobs, createdAt, updatedAt } = list;
  return {
    id,
    name,
    url_name: urlName,
    type: typeOf(list),
    allows_md5: isMd5,
    ttl: ttlSeconds,
    count,
    total_jobs: totalJobs,
    created_at: new Date(createdAt).toISOString(),
    updated_at: new Date(updatedAt).toISOString(),
  };
}
