import type { CompiledFlow } from '../flow-compiler/compiled-flow.ts';
import type { FlowSurroundings } from '../flow-compiler/flow-compiler.ts';
import type { JsonObject } from '../flows/flow-json.ts';
import type { FlowStore } from '../flows/flow-store.ts';
import { fail, ok, type Result } from '../lib/result.ts';
import type { Problem } from '../model/problem.ts';
import { countedIds } from '../simulation/counted-ids.ts';
import { type PrepareDeps, prepareFlow } from '../simulation/prepare-flow.ts';
import type { DraftKey, DraftStore } from './flow-draft.ts';

/** What of a flow is run: a document that came along, or one that is kept. Absent: the draft, and without one what is saved. */
export interface WantedDocument {
  document?: JsonObject | undefined;
  revision?: 'draft' | 'saved' | 'deployed' | number | undefined;
}

export interface ToRunDeps extends PrepareDeps {
  flows: Pick<FlowStore, 'find' | 'readRevision'>;
  drafts: Pick<DraftStore, 'find'>;
}

export type NothingToRun =
  | { kind: 'missing'; what: 'flow' | 'draft' | 'deployed' | 'revision' }
  | { kind: 'problems'; problems: Problem[] };

/** Prepares it as a publish would, or says why it cannot run. */
export async function prepareToRun(
  deps: ToRunDeps,
  place: DraftKey & { wanted: WantedDocument; surroundings: FlowSurroundings; now: number },
): Promise<Result<CompiledFlow, NothingToRun>> {
  const { accountId, flowId, wanted, surroundings, now } = place;
  const flow = await deps.flows.find({ accountId, flowId });
  if (!flow) return missing('flow');
  const found = await findDocument(deps, {
    accountId,
    flowId,
    wanted,
    revision: flow.revision,
    deployedRevision: flow.deployedRevision,
  });
  if (!found.ok) return found;
  const prepared = await prepareFlow(deps, {
    ...{ flowId, revision: found.value.revision, document: found.value.document, previous: flow.document },
    ...{ surroundings, now, ids: countedIds(now) },
  });
  return prepared.ok ? prepared : fail({ kind: 'problems', problems: prepared.error });
}

/** 0: a document that no revision has. */
const UNSAVED = 0;

async function findDocument(
  deps: Pick<ToRunDeps, 'flows' | 'drafts'>,
  place: DraftKey & { wanted: WantedDocument; revision: number; deployedRevision: number | null },
): Promise<Result<{ document: JsonObject; revision: number }, NothingToRun>> {
  const { accountId, flowId, wanted } = place;
  if (wanted.document) return ok({ document: wanted.document, revision: UNSAVED });
  if (wanted.revision === undefined || wanted.revision === 'draft') {
    const draft = await deps.drafts.find({ accountId, flowId });
    if (draft) return ok({ document: draft.document, revision: UNSAVED });
    if (wanted.revision === 'draft') return missing('draft');
  }
  const revision = numberOf(wanted.revision ?? 'saved', place);
  if (revision === null) return missing('deployed');
  const document = await deps.flows.readRevision({ accountId, flowId, revision });
  return document ? ok({ document, revision }) : missing('revision');
}

function numberOf(
  wanted: 'draft' | 'saved' | 'deployed' | number,
  { revision, deployedRevision }: { revision: number; deployedRevision: number | null },
): number | null {
  if (wanted === 'deployed') return deployedRevision;
  return typeof wanted === 'number' ? wanted : revision;
}

function missing(what: 'flow' | 'draft' | 'deployed' | 'revision'): Result<never, NothingToRun> {
  return fail({ kind: 'missing', what });
}
