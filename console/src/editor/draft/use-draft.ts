import { createContext, useContext, useMemo, useSyncExternalStore } from 'react';
import type { FlowDocument } from '../../../../src/model/flow.ts';
import { countMerged } from '../changes/say-rules.ts';
import type { Fault } from '../part-props.ts';
import type { DraftConflict, DraftSnapshot, DraftState, DraftStore, ServerDraft } from './draft-store.ts';

/** Of the flow whose pages are shown; `DraftProvider` gives it. */
export const DraftContext = createContext<{ flowId: string; store: DraftStore } | null>(null);

/** The draft of a flow as its pages use it. It draws again whenever the draft changes; `useDraftValue` only for a part of it. */
export interface UsedDraft {
  document: FlowDocument;
  change: DraftStore['change'];
  undo: DraftStore['undo'];
  redo: DraftStore['redo'];
  canUndo: boolean;
  canRedo: boolean;
  /** Errors and warnings, as the server last checked the draft. */
  faults: readonly Fault[];
  state: DraftState;
  /** Why it is `offline`. */
  problem: string | null;
  conflict: DraftConflict | null;
  /** Against the base revision, one sentence for each of the first. */
  sentences: readonly string[];
  changes: ServerDraft['changes'];
  /** How many changes there are in all. */
  changeCount: number;
  /** null: there is no draft. */
  version: number | null;
  baseRevision: number;
  savedRevision: number;
  deployedRevision: number | null;
  discard: DraftStore['discard'];
  reload: DraftStore['reload'];
  flush: DraftStore['flush'];
  resolve: DraftStore['resolve'];
  rebase: DraftStore['rebase'];
}

/** Below `DraftProvider` alone. `flowId` is the one of the page; another one is a mistake of the code. */
export function useDraft(flowId?: string): UsedDraft {
  const store = useDraftStore(flowId);
  const snapshot = useSyncExternalStore(store.subscribe, store.read);
  return useMemo(() => ({ ...actionsOf(store), ...factsOf(snapshot) }), [store, snapshot]);
}

/** One part of the draft: `select` returns the same object as long as that does not change. */
export function useDraftValue<Value>(select: (snapshot: DraftSnapshot) => Value): Value {
  const store = useDraftStore();
  return useSyncExternalStore(store.subscribe, () => select(store.read()));
}

export function useDraftStore(flowId?: string): DraftStore {
  const given = useContext(DraftContext);
  if (given === null) throw new Error('useDraft needs a DraftProvider above it.');
  if (flowId !== undefined && flowId !== given.flowId)
    throw new Error(`The draft here is of the flow ${given.flowId}.`);
  return given.store;
}

function actionsOf({ change, undo, redo, discard, reload, flush, resolve, rebase }: DraftStore) {
  return { change, undo, redo, discard, reload, flush, resolve, rebase };
}

function factsOf({ document, state, problem, conflict, server, undoes, redoes }: DraftSnapshot) {
  return {
    ...{ document, state, problem, conflict },
    ...{ canUndo: undoes !== null, canRedo: redoes !== null },
    ...{ faults: server.faults, sentences: server.sentences, changes: server.changes },
    changeCount: countChanges(server),
    ...{ version: server.version, baseRevision: server.baseRevision },
    ...{ savedRevision: server.savedRevision, deployedRevision: server.deployedRevision },
  };
}

/** As many as the page that publishes lists. */
export function countChanges({ sentences, more, changes }: ServerDraft): number {
  return (
    sentences.length +
    more -
    countMerged(
      changes.map(({ delta_path: path, ...change }) => ({ ...change, path: path.split('.').map(placeOrName) })),
    )
  );
}

/** A place in a list, or the name of a property. */
function placeOrName(step: string): string | number {
  return /^\d+$/.test(step) ? Number(step) : step;
}
