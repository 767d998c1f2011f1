import type { Principal } from '../../access/principal.ts';
import { REDACTED } from '../../access/redact-secrets.ts';
import { describeChanges } from '../../changes/describe-changes.ts';
import type { DraftStore, FlowDraft, PublishRefusal, StaleDraft } from '../../drafts/flow-draft.ts';
import { lookThrough, publishDraft as publish } from '../../drafts/publish-draft.ts';
import { withoutReadOnly } from '../../flows/complete-flow-document.ts';
import { isJsonObject, type JsonObject } from '../../flows/flow-json.ts';
import { errorsOfProblems } from '../../flows/flow-problems.ts';
import type { FlowRecord } from '../../flows/flow-store.ts';
import { loadSurroundings } from '../../flows/flow-surroundings.ts';
import { givenId } from '../../flows/save-flow.ts';
import { fail, ok, type Result } from '../../lib/result.ts';
import type { Problem } from '../../model/problem.ts';
import { type ApiResult, answer } from '../api.ts';
import { type ApiError, apiError } from '../errors.ts';
import { invalidDocument } from '../read-body.ts';
import { changeAnswer } from './changelogs.ts';
import { answerWithTag, type FlowDeps, UNKNOWN_FLOW } from './flows.ts';

export interface DraftDeps extends FlowDeps {
  drafts: DraftStore;
}

interface DraftRequest {
  principal: Principal;
  params: { id: string };
}

const NO_DRAFT = apiError('not_found', 'The flow has no draft.');
const NO_SUCH_REVISION = 'The flow has no revision of this number.';

/** `GET /drafts`: which flows have a draft. */
export async function listDrafts(deps: DraftDeps, { principal }: { principal: Principal }): Promise<ApiResult> {
  const drafts = await deps.drafts.list(principal.accountId);
  return answer(
    200,
    drafts.map(({ flowId, version, baseRevision, by, updatedAt }) => ({
      ...{ flow_id: flowId, version, base_revision: baseRevision },
      ...{ updated_at: new Date(updatedAt).toISOString(), user: by },
    })),
  );
}

/** `GET /flows/{id}/draft`: the draft with what keeps it from running, and what it changes. */
export async function readDraft(
  deps: DraftDeps,
  { principal, params, query }: DraftRequest & { query: { since: number | undefined } },
): Promise<ApiResult> {
  const key = { accountId: principal.accountId, flowId: params.id };
  const [flow, draft] = [await deps.flows.find(key), await deps.drafts.find(key)];
  if (!flow) return UNKNOWN_FLOW;
  if (!draft) return NO_DRAFT;
  const since = query.since ?? draft.baseRevision;
  const described = await describeDraft(deps, { flow, draft, since });
  if (described.since === null && query.since !== undefined) return apiError('not_found', NO_SUCH_REVISION);
  return answer(200, described);
}

interface GivenDraft {
  document?: unknown;
  /** Instead of a document. */
  revision?: number;
  base_revision: number;
  version?: number | null;
}

/** `PUT /flows/{id}/draft`: keeps the document as it is, unfinished or not. */
export async function replaceDraft(
  deps: DraftDeps,
  { principal, params, body }: DraftRequest & { body: GivenDraft },
): Promise<ApiResult> {
  const key = { accountId: principal.accountId, flowId: params.id };
  const flow = await deps.flows.find(key);
  if (!flow) return UNKNOWN_FLOW;
  const read = await readGiven(deps, { ...key, body });
  if (!read.ok) return read.error;
  const { base_revision: baseRevision, version = null } = body;
  const given = { version, baseRevision, document: read.value, by: principal.actor, now: deps.clock.now() };
  const put = await deps.drafts.put(key, given);
  if (!put.ok) return errorOfDraft(put.error);
  return answer(200, await describeDraft(deps, { flow, draft: put.value, since: baseRevision }));
}

/** The document of a draft, or what keeps it from being kept at all. */
async function readGiven(
  deps: DraftDeps,
  { accountId, flowId, body }: { accountId: string; flowId: string; body: GivenDraft },
): Promise<Result<JsonObject, ApiError>> {
  const base = await deps.flows.readRevision({ accountId, flowId, revision: body.base_revision });
  if (!base) return refuse('base_revision', NO_SUCH_REVISION);
  if ((body.document === undefined) === (body.revision === undefined))
    return refuse('document', 'Give a document, or the revision that the draft becomes a copy of.');
  if (body.revision !== undefined) {
    const copied = await deps.flows.readRevision({ accountId, flowId, revision: body.revision });
    return copied ? ok(withoutReadOnly(copied)) : refuse('revision', NO_SUCH_REVISION);
  }
  const { document } = body;
  if (!isJsonObject(document)) return refuse('document', 'Must be a flow: an object.');
  const given = givenId(document);
  if (given !== undefined && given !== flowId)
    return refuse('document.id', `The id differs from the one in the URL, ${flowId}: leave it out or use that one.`);
  const redacted = listRedacted(document, 'document').slice(0, DETAILS_MAX);
  return redacted.length === 0 ? ok(withoutReadOnly(document)) : fail(invalidDocument(redacted, MALFORMED));
}

const MALFORMED = 'The draft was not kept; details says why.';
const DETAILS_MAX = 100;

function refuse(path: string, message: string): Result<never, ApiError> {
  return fail(invalidDocument([{ path, message }], MALFORMED));
}

/** Answers without secrets have this in their place; as a value it would replace them. The depth was checked. */
function listRedacted(value: unknown, path: string): Problem[] {
  if (value === REDACTED) return [{ path, message: IS_REDACTED }];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, member]) => listRedacted(member, `${path}.${name}`));
}

const IS_REDACTED = `${REDACTED} stands for a secret in answers that show none: enter the secret, or copy a revision by its number.`;

/** `DELETE /flows/{id}/draft`: answers the draft that is gone. */
export async function discardDraft(
  deps: DraftDeps,
  { principal, params, query }: DraftRequest & { query: { version: number | undefined } },
): Promise<ApiResult> {
  const key = { accountId: principal.accountId, flowId: params.id };
  const [flow, draft] = [await deps.flows.find(key), await deps.drafts.find(key)];
  if (!flow) return UNKNOWN_FLOW;
  if (!draft) return NO_DRAFT;
  const version = query.version ?? draft.version;
  const discarded = await deps.drafts.discard(key, { version, now: deps.clock.now() });
  if (!discarded.ok) return errorOfDraft(discarded.error);
  return answer(200, await describeDraft(deps, { flow, draft: discarded.value, since: draft.baseRevision }));
}

/** `POST /flows/{id}/draft/publish`: leads run on the draft from now on, or nothing has happened. */
export async function publishDraft(
  deps: DraftDeps,
  { principal, params, body }: DraftRequest & { body: { version: number; note?: string | null } },
): Promise<ApiResult> {
  if (!principal.permissions.has('flows.write')) return WRITE_REQUIRED;
  const surroundings = await loadSurroundings(deps, principal.accountId);
  const note = body.note?.trim() ?? '';
  const order = { surroundings, flowId: params.id, version: body.version, note: note === '' ? null : note };
  const published = await publish(deps, order);
  return published.ok
    ? answerWithTag(deps, { status: 200, flow: published.value, surroundings })
    : errorOfPublish(published.error);
}

const WRITE_REQUIRED = apiError('permission_required', 'Your API key or user needs the permission flows.write.');

function errorOfPublish(refusal: Exclude<PublishRefusal, { kind: 'lost-secret' }>): ApiError {
  switch (refusal.kind) {
    case 'problems':
      return apiError('not_deployable', 'The draft cannot run; details says why.', refusal.problems);
    case 'stale':
      return apiError(
        'conflict',
        'The draft changes a revision that is not the saved one any more; details says which.',
        [
          {
            path: 'base_revision',
            message: `The saved revision of the flow is ${refusal.saved}, and the draft changes revision ${refusal.given}: take over what was saved meanwhile, and save the draft with base_revision ${refusal.saved}.`,
          },
        ],
      );
    default:
      return errorOfDraft(refusal);
  }
}

function errorOfDraft(refusal: { kind: 'unknown-flow' } | StaleDraft): ApiError {
  if (refusal.kind === 'unknown-flow') return UNKNOWN_FLOW;
  return apiError('conflict', 'The draft has changed since it was read; details says by whom.', [
    { path: 'version', message: sentenceOfStale(refusal) },
  ]);
}

function sentenceOfStale({ given, found }: StaleDraft): string {
  if (!found) return `The request changes version ${given}, and the draft was published or discarded: read the flow.`;
  const by = `${found.by.name} saved version ${found.version} at ${new Date(found.updatedAt).toISOString()}`;
  const changes = given === null ? 'the request knows of no draft' : `the request changes version ${given}`;
  return `${by}, and ${changes}: read the draft and repeat the change.`;
}

/** A draft as the API answers it; `since` is null where the revision is not there any more. */
async function describeDraft(
  deps: DraftDeps,
  { flow, draft, since }: { flow: FlowRecord; draft: FlowDraft; since: number },
) {
  const { accountId, id: flowId } = flow;
  const surroundings = await loadSurroundings(deps, accountId);
  const compared = await deps.flows.readRevision({ accountId, flowId, revision: since });
  const { document } = draft;
  const looked = await lookThrough(deps, { document, previous: flow.document, surroundings, now: deps.clock.now() });
  // As it would be published: an id that is left out and given again is no change.
  const { sentences, changes, more } = describeChanges(compared, looked.document);
  return {
    flow_id: flowId,
    version: draft.version,
    base_revision: draft.baseRevision,
    saved_revision: flow.revision,
    deployed_revision: flow.deployedRevision,
    document,
    errors: errorsOfProblems(looked.problems) ?? {},
    warnings: await deps.findWarnings(looked.document, { ...surroundings, flowId }),
    since: compared ? since : null,
    changes: { sentences, changes: changes.map(changeAnswer), more_changes: more },
    updated_at: new Date(draft.updatedAt).toISOString(),
    user: draft.by,
  };
}
