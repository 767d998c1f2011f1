import type { FlowSurroundings } from '../flow-compiler/flow-compiler.ts';
import { completeInSlices } from '../flows/complete-flow-document.ts';
import { CONNECTION_STRING_PATH } from '../flows/connection-string.ts';
import type { JsonObject } from '../flows/flow-json.ts';
import { type FlowRecord, type FlowStore, staleRevision } from '../flows/flow-store.ts';
import { parseCompleted, parseInSlices } from '../flows/parse-flow-document.ts';
import { planDeploy } from '../flows/plan-deploy.ts';
import { findFlowProblems, type ProblemsDeps } from '../flows/save-flow.ts';
import type { Clock } from '../lib/clock.ts';
import type { Ids } from '../lib/ids.ts';
import { fail, type Result } from '../lib/result.ts';
import type { Problem } from '../model/problem.ts';
import type { DraftStore, PublishRefusal } from './flow-draft.ts';

export interface PublishDeps extends ProblemsDeps {
  flows: Pick<FlowStore, 'find'>;
  drafts: Pick<DraftStore, 'find' | 'publish'>;
  clock: Clock;
  ids: Ids;
}

/**
 * Saves a draft as the next revision and makes leads run on it, both or neither. As for a deploy, problems are looked for
 * before the flow is locked, because that may take seconds; the transaction then asks again for the version of the draft and
 * for the saved revision.
 */
export async function publishDraft(
  deps: PublishDeps,
  order: { surroundings: FlowSurroundings; flowId: string; version: number; note: string | null },
): Promise<Result<FlowRecord, Exclude<PublishRefusal, { kind: 'lost-secret' }>>> {
  const { surroundings, flowId, version, note } = order;
  const key = { accountId: surroundings.account.id, flowId };
  const [flow, draft] = [await deps.flows.find(key), await deps.drafts.find(key)];
  if (!flow) return fail({ kind: 'unknown-flow' });
  if (draft?.version !== version) return fail({ kind: 'stale-draft', given: version, found: draft });
  const stale = staleRevision(flow, [draft.baseRevision]);
  if (stale) return fail(stale);
  const now = deps.clock.now();
  const looked = await lookThrough(deps, { document: draft.document, previous: flow.document, surroundings, now });
  if (looked.problems.length > 0) return fail({ kind: 'problems', problems: looked.problems });
  const published = await deps.drafts.publish({
    ...{ ...key, version, revision: flow.revision, note, now },
    next: { document: looked.document, errors: null },
    plan: (state) => {
      const plan = planDeploy(state, { surroundings, now, ids: deps.ids });
      return plan.ok ? plan : fail({ kind: 'problems', problems: plan.error });
    },
  });
  if (published.ok) return published;
  return fail(published.error.kind === 'lost-secret' ? LOST_SECRET : published.error);
}

const LOST_SECRET = {
  kind: 'problems' as const,
  problems: [
    {
      path: CONNECTION_STRING_PATH,
      message: 'The draft has a connection string that the server cannot read any more: enter it again.',
    },
  ],
};

export interface LookedThrough {
  /** As a publish would save it; one that is no flow yet, as it is. */
  document: JsonObject;
  /** Everything that keeps it from running, which is no reason to keep a draft from being stored. */
  problems: Problem[];
}

/** Completes a document as a save does, and looks for what a deploy would refuse. */
export async function lookThrough(
  deps: ProblemsDeps & { ids: Ids },
  given: { document: JsonObject; previous: JsonObject; surroundings: FlowSurroundings; now: number },
): Promise<LookedThrough> {
  const { document, previous, surroundings, now } = given;
  const read = await deps.runSliced(parseInSlices(document));
  if (!read.ok) return { document, problems: read.error };
  const completed = await deps.runSliced(
    completeInSlices(document, { ids: deps.ids, now, previous, entityNames: surroundings.entities }),
  );
  const parsed = await deps.runSliced(parseCompleted(read.value, completed));
  if (!parsed.ok) return { document: completed, problems: parsed.error };
  return { document: completed, problems: await findFlowProblems(deps, parsed.value, surroundings) };
}
