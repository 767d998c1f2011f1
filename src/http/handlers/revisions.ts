import type { Principal } from '../../access/principal.ts';
import { redactSecrets } from '../../access/redact-secrets.ts';
import { describeChanges } from '../../changes/describe-changes.ts';
import type { RevisionFacts } from '../../flows/flow-store.ts';
import { loadSurroundings } from '../../flows/flow-surroundings.ts';
import { replaceFlow as saveFlow } from '../../flows/save-flow.ts';
import { type ApiResult, answer } from '../api.ts';
import { apiError } from '../errors.ts';
import { changeAnswer } from './changelogs.ts';
import { answerWithTag, errorOfSave, type FlowDeps, UNKNOWN_FLOW } from './flows.ts';

export const REVISION_LIMIT_DEFAULT = 20;
export const REVISION_LIMIT_MAX = 100;

interface RevisionRequest {
  principal: Principal;
  params: { id: string; revision: string };
}

const UNKNOWN_REVISION = apiError('not_found', 'The flow has no revision of this number.');

/** `GET /flows/{id}/revisions`: each with what it changed against the one before it, newest first. */
export async function listRevisions(
  deps: FlowDeps,
  {
    principal,
    params,
    query,
  }: {
    principal: Principal;
    params: { id: string };
    query: { before: number | undefined; limit: number | undefined };
  },
): Promise<ApiResult> {
  const { accountId } = principal;
  const flow = await deps.flows.find({ accountId, flowId: params.id });
  if (!flow) return UNKNOWN_FLOW;
  const { before = null, limit = REVISION_LIMIT_DEFAULT } = query;
  const revisions = await deps.flows.listRevisions({ accountId, flowId: flow.id, before, limit });
  const answers: object[] = [];
  for (const facts of revisions) {
    const place = { accountId, flowId: flow.id };
    const [previous, document] = [
      await deps.flows.readRevision({ ...place, revision: facts.revision - 1 }),
      await deps.flows.readRevision({ ...place, revision: facts.revision }),
    ];
    const { sentences } = describeChanges(previous, document);
    answers.push({ ...factsAnswer(facts, flow), sentences });
  }
  return answer(200, answers);
}

/** `GET /flows/{id}/revisions/{revision}`: the document, and what it changed against another revision. */
export async function readRevision(
  deps: FlowDeps,
  { principal, params, query }: RevisionRequest & { query: { since: number | undefined } },
): Promise<ApiResult> {
  const { accountId } = principal;
  const flow = await deps.flows.find({ accountId, flowId: params.id });
  if (!flow) return UNKNOWN_FLOW;
  const revision = Number(params.revision);
  const place = { accountId, flowId: flow.id };
  const [facts] = await deps.flows.listRevisions({ ...place, before: revision + 1, limit: 1 });
  const document = await deps.flows.readRevision({ ...place, revision });
  if (!document || facts?.revision !== revision) return UNKNOWN_REVISION;
  const since = query.since ?? revision - 1;
  const previous = await deps.flows.readRevision({ ...place, revision: since });
  if (!previous && query.since !== undefined) return UNKNOWN_REVISION;
  const { changes, more, sentences } = describeChanges(previous, document);
  return answer(200, {
    ...factsAnswer(facts, flow),
    since: previous ? since : null,
    sentences,
    changes: changes.map(changeAnswer),
    more_changes: more,
    document: redactSecrets(document),
  });
}

/** `POST /flows/{id}/revisions/{revision}/revert`: saves the old document as the next revision; leads are not touched. */
export async function revertFlow(
  deps: FlowDeps,
  { principal, params, expected }: RevisionRequest & { expected: readonly number[] },
): Promise<ApiResult> {
  const { accountId } = principal;
  const flow = await deps.flows.find({ accountId, flowId: params.id });
  if (!flow) return UNKNOWN_FLOW;
  const document = await deps.flows.readRevision({ accountId, flowId: flow.id, revision: Number(params.revision) });
  if (!document) return UNKNOWN_REVISION;
  const surroundings = await loadSurroundings(deps, accountId);
  const { id: _id, revision: _revision, ...body } = document;
  const saved = await saveFlow(deps, { surroundings, flowId: flow.id, body, expected });
  return saved.ok ? answerWithTag(deps, { status: 200, flow: saved.value, surroundings }) : errorOfSave(saved.error);
}

function factsAnswer(
  { revision, savedAt, deployedAt, by, note }: RevisionFacts,
  flow: { revision: number; deployedRevision: number | null },
): object {
  return {
    revision,
    saved_at: new Date(savedAt).toISOString(),
    deployed_at: deployedAt === null ? null : new Date(deployedAt).toISOString(),
    is_saved: revision === flow.revision,
    is_deployed: revision === flow.deployedRevision,
    user: by,
    note,
  };
}
