import type { FlowDraft } from '../../../../client/src/client.ts';
import type { FlowDocument } from '../../../../src/model/flow.ts';
import type { Fault } from '../part-props.ts';
import { applyChange, beginHistory, type History, redo, undo } from './history.ts';

/** What the server has of a flow that is edited: its draft, else the flow as it is saved. */
export interface ServerDraft {
  document: FlowDocument;
  /** null: there is no draft yet. */
  version: number | null;
  /** The saved revision that the draft began with. */
  baseRevision: number;
  savedRevision: number;
  /** null: never deployed. */
  deployedRevision: number | null;
  faults: readonly Fault[];
  /** Against the base revision, in product words; `more` of them are not listed. */
  changes: readonly DraftChange[];
  sentences: readonly string[];
  more: number;
  /** Of the draft. */
  updatedAt: string | null;
  /** Who saved the draft last. */
  user: string | null;
}

/** One place that differs. */
export type DraftChange = FlowDraft['changes']['changes'][number];

/**
 * `live`: there is no draft. `saving`: something is not on the server yet. `saved`: the draft is on the server. `offline`: the
 * last attempt failed, and another follows. `conflict`: somebody else saved the draft meanwhile. `read-only`: the person may
 * not change flows.
 */
export type DraftState = 'live' | 'saving' | 'saved' | 'offline' | 'conflict' | 'read-only';

/** Somebody else's draft, beside what this page has. */
export interface DraftConflict {
  /** The last document that both had. */
  base: FlowDocument;
  theirs: ServerDraft;
}

export interface DraftSnapshot {
  document: FlowDocument;
  state: DraftState;
  /** Why it is `offline`. */
  problem: string | null;
  conflict: DraftConflict | null;
  server: ServerDraft;
  /** In product words, what they would take back or bring back; null: nothing. */
  undoes: string | null;
  redoes: string | null;
  /** Does the page hold what the server has not? */
  isDirty: boolean;
}

/** How an attempt to save ended. */
export type SaveResult =
  | { kind: 'saved'; draft: ServerDraft }
  | { kind: 'conflict'; theirs: ServerDraft }
  /** `mayRetry`: the same may succeed later by itself. */
  | { kind: 'failed'; problem: string; mayRetry: boolean };

export interface DraftToSave {
  document: FlowDocument;
  baseRevision: number;
  version: number | null;
}

export interface DraftTools {
  read(): Promise<ServerDraft>;
  /** Never rejects. `isLeaving`: the page ends, so the answer may not be seen. */
  save(draft: DraftToSave, options: { isLeaving: boolean }): Promise<SaveResult>;
  discard(version: number): Promise<void>;
  /** One document of both, when nobody has to choose; null: both changed the same part, and differently. */
  merge(states: { base: FlowDocument; mine: FlowDocument; theirs: FlowDocument }): FlowDocument | null;
  /** Returns how to stop it. */
  setTimer(act: () => void, ms: number): () => void;
  /** Epoch ms. */
  now(): number;
  /** Has screen readers say it. */
  announce(sentence: string): void;
}

/** After the last change, until it is saved. */
export const AUTOSAVE_MS = 400;
const RETRY_MS = [2_000, 5_000, 10_000, 30_000] as const;

export interface DraftStore {
  read(): DraftSnapshot;
  /** Returns how to stop. */
  subscribe(listener: () => void): () => void;
  /** `edit` returns the next document; the same one means that nothing changes. */
  change(edit: (document: FlowDocument) => FlowDocument, what: string): void;
  undo(): void;
  redo(): void;
  /** Saves what is not saved yet; false: it could not be. */
  flush(): Promise<boolean>;
  /** Sends what is not saved yet while the page ends. */
  leave(): void;
  /** Reads the server's again, unless this page holds changes. Undo begins anew when it differs. */
  reload(): Promise<void>;
  /** Ends a conflict with this document, on top of theirs. */
  resolve(document: FlowDocument, what: string): void;
  /** Another revision as the one that the draft begins with, after its changes were merged into `document`. */
  rebase(document: FlowDocument, baseRevision: number): void;
  /** Throws the draft away; the flow is as it is saved. */
  discard(): Promise<void>;
}

interface StoreState {
  history: History<FlowDocument>;
  server: ServerDraft;
  /** The document as the server has it. */
  kept: FlowDocument;
  conflict: DraftConflict | null;
  problem: string | null;
}

/** The draft of one flow while it is edited: changes with undo, saved by itself. No input is lost but with the page. */
export function createDraftStore(
  first: ServerDraft,
  { tools, isReadOnly }: { tools: DraftTools; isReadOnly: boolean },
): DraftStore {
  let state: StoreState = openOn(first);
  let snapshot = buildSnapshot(state, { isReadOnly });
  let saving: Promise<boolean> | null = null;
  let stopTimer = () => {};
  let attempts = 0;
  const listeners = new Set<() => void>();

  function set(next: Partial<StoreState>): void {
    state = { ...state, ...next };
    snapshot = buildSnapshot(state, { isReadOnly });
    for (const listener of listeners) listener();
  }

  const isDirty = () => state.history.document !== state.kept;

  function saveSoon(ms: number): void {
    stopTimer();
    stopTimer = tools.setTimer(() => void flush(), ms);
  }

  async function flush(): Promise<boolean> {
    stopTimer();
    // What was typed while a save was under way is in the next one.
    if (saving !== null) await saving;
    if (isReadOnly || !isDirty()) return state.conflict === null;
    if (state.conflict !== null) return false;
    saving = saveNow().finally(() => {
      saving = null;
    });
    return saving;
  }

  async function saveNow(): Promise<boolean> {
    const { document } = state.history;
    const { baseRevision, version } = state.server;
    const result = await tools.save({ document, baseRevision, version }, { isLeaving: false });
    switch (result.kind) {
      case 'saved':
        attempts = 0;
        set({ server: result.draft, kept: document, problem: null });
        if (isDirty()) saveSoon(AUTOSAVE_MS);
        return !isDirty();
      case 'conflict':
        return meet(result.theirs);
      case 'failed':
        set({ problem: result.problem });
        if (result.mayRetry) saveSoon(RETRY_MS[Math.min(attempts, RETRY_MS.length - 1)] ?? 0);
        attempts += 1;
        return false;
    }
  }

  /** Changes of different parts go together by themselves; for the same part somebody chooses. */
  function meet(theirs: ServerDraft): boolean {
    const mine = state.history.document;
    const merged = tools.merge({ base: state.kept, mine, theirs: theirs.document });
    if (merged === null) {
      set({ conflict: { base: state.kept, theirs }, problem: null });
      tools.announce('Somebody else changed the same part of this draft. Choose what stays.');
      return false;
    }
    const who = theirs.user ?? 'somebody else';
    const what = `Merged with changes of ${who}`;
    const history = applyChange(beginHistory(theirs.document), { next: merged, what, now: tools.now() });
    set({ history, server: theirs, kept: theirs.document, problem: null });
    tools.announce(what);
    if (isDirty()) saveSoon(0);
    return !isDirty();
  }

  function show(history: History<FlowDocument>): void {
    set({ history });
    if (state.conflict === null) saveSoon(AUTOSAVE_MS);
  }

  return {
    read: () => snapshot,
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    change: (edit, what) => {
      if (isReadOnly) return;
      const next = edit(state.history.document);
      const history = applyChange(state.history, { next, what, now: tools.now() });
      if (history !== state.history) show(history);
    },
    undo: () => {
      const { undoes } = snapshot;
      const history = undo(state.history);
      if (history === null) return;
      show(history);
      tools.announce(`Undone: ${undoes}`);
    },
    redo: () => {
      const { redoes } = snapshot;
      const history = redo(state.history);
      if (history === null) return;
      show(history);
      tools.announce(`Done again: ${redoes}`);
    },
    flush,
    leave: () => {
      if (isReadOnly || !isDirty() || state.conflict !== null) return;
      const { baseRevision, version } = state.server;
      void tools.save({ document: state.history.document, baseRevision, version }, { isLeaving: true });
    },
    reload: async () => {
      if (saving !== null || isDirty() || state.conflict !== null) return;
      const server = await tools.read();
      if (saving !== null || isDirty()) return;
      const isSame = server.version === state.server.version && server.savedRevision === state.server.savedRevision;
      set(isSame ? { server } : openOn(server));
    },
    resolve: (document, what) => {
      const { conflict } = state;
      if (conflict === null) return;
      const { theirs } = conflict;
      const history = applyChange(beginHistory(theirs.document), { next: document, what, now: tools.now() });
      set({ history, server: theirs, kept: theirs.document, conflict: null });
      if (isDirty()) saveSoon(0);
    },
    rebase: (document, baseRevision) => {
      set({ server: { ...state.server, baseRevision } });
      // Also the same document has to be saved with its new revision.
      show(
        applyChange(state.history, {
          next: { ...document },
          what: `Merged revision ${baseRevision}`,
          now: tools.now(),
        }),
      );
    },
    discard: async () => {
      stopTimer();
      if (saving !== null) await saving;
      const { version } = state.conflict?.theirs ?? state.server;
      if (version !== null) await tools.discard(version);
      set(openOn(await tools.read()));
    },
  };
}

function openOn(server: ServerDraft): StoreState {
  return { history: beginHistory(server.document), server, kept: server.document, conflict: null, problem: null };
}

function buildSnapshot(state: StoreState, { isReadOnly }: { isReadOnly: boolean }): DraftSnapshot {
  const { history, server, conflict, problem, kept } = state;
  const isDirty = history.document !== kept;
  return {
    ...{ document: history.document, conflict, server, problem, isDirty },
    state: nameState({ isReadOnly, isDirty, conflict, problem, version: server.version }),
    undoes: history.past.at(-1)?.what ?? null,
    redoes: history.future.at(-1)?.what ?? null,
  };
}

function nameState(given: {
  isReadOnly: boolean;
  isDirty: boolean;
  conflict: DraftConflict | null;
  problem: string | null;
  version: number | null;
}): DraftState {
  if (given.isReadOnly) return 'read-only';
  if (given.conflict !== null) return 'conflict';
  if (given.problem !== null) return 'offline';
  if (given.isDirty) return 'saving';
  return given.version === null ? 'live' : 'saved';
}
