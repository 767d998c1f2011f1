import { describe, expect, it } from 'vitest';
import type { FlowDocument } from '../../../../src/model/flow.ts';
import {
  AUTOSAVE_MS,
  createDraftStore,
  type DraftTools,
  type DraftToSave,
  type SaveResult,
  type ServerDraft,
} from './draft-store.ts';
import { UNDO_STEPS_MAX } from './history.ts';

const FLOW: FlowDocument = { name: 'Mortgage', enabled: true, fields: [], sources: [], steps: [] };

const serverDraft = (parts: Partial<ServerDraft> = {}): ServerDraft => ({
  ...{ document: FLOW, version: null, baseRevision: 3, savedRevision: 3, deployedRevision: 3, faults: [] },
  ...{ changes: [], sentences: [], more: 0, updatedAt: null, user: null },
  ...parts,
});

/** A server that answers when it is told to, and a clock that is moved. */
function begin({ isReadOnly = false, first = serverDraft(), merges = false } = {}) {
  const sent: (DraftToSave & { isLeaving: boolean })[] = [];
  const said: string[] = [];
  const waiting: ((result: SaveResult) => void)[] = [];
  let timer: { act: () => void; ms: number } | null = null;
  let now = 0;
  let onServer = first;
  const tools: DraftTools = {
    read: async () => onServer,
    save: (draft, { isLeaving }) => {
      sent.push({ ...draft, isLeaving });
      return new Promise((resolve) => waiting.push(resolve));
    },
    discard: async () => {
      onServer = serverDraft();
    },
    setTimer: (act, ms) => {
      const set = { act, ms };
      timer = set;
      return () => {
        if (timer === set) timer = null;
      };
    },
    now: () => now,
    announce: (sentence) => said.push(sentence),
    merge: merges ? ({ mine, theirs }) => ({ ...theirs, name: mine.name }) : () => null,
  };
  const store = createDraftStore(first, { tools, isReadOnly });
  return {
    ...{ store, sent, said },
    rename: (name: string) => store.change((document) => ({ ...document, name }), `Renamed to ${name}`),
    /** Ms until the next save; null: none is due. */
    due: () => timer?.ms ?? null,
    tick: () => timer?.act(),
    wait: (ms: number) => {
      now += ms;
    },
    /** Answers the oldest request. */
    answer: async (result: SaveResult | ((draft: DraftToSave) => SaveResult)) => {
      const draft = sent.at(-1);
      if (draft === undefined) throw new Error('nothing was sent');
      waiting.shift()?.(typeof result === 'function' ? result(draft) : result);
      await Promise.resolve();
      await new Promise((done) => setImmediate(done));
    },
    setServer: (draft: ServerDraft) => {
      onServer = draft;
    },
  };
}

const saved = ({ document, version }: DraftToSave): SaveResult => ({
  kind: 'saved',
  draft: serverDraft({ document, version: (version ?? 0) + 1, sentences: ['one'] }),
});

describe('the draft of a flow', () => {
  it('is saved a moment after the last change, with the version it began with', async () => {
    const { store, rename, sent, due, tick, answer } = begin();
    expect(store.read().state).toBe('live');
    rename('A');
    rename('B');
    expect(store.read().state).toBe('saving');
    expect(due()).toBe(AUTOSAVE_MS);
    tick();
    expect(sent).toEqual([{ document: { ...FLOW, name: 'B' }, baseRevision: 3, version: null, isLeaving: false }]);
    await answer(saved);
    expect(store.read()).toMatchObject({ state: 'saved', isDirty: false, server: { version: 1, sentences: ['one'] } });
    expect(due()).toBeNull();
  });

  it('saves what was typed during a save afterwards, with the version of its answer', async () => {
    const { store, rename, sent, due, tick, answer } = begin();
    rename('A');
    tick();
    rename('B');
    await answer(saved);
    expect(store.read().state).toBe('saving');
    expect(due()).toBe(AUTOSAVE_MS);
    tick();
    await Promise.resolve();
    expect(sent.at(-1)).toMatchObject({ version: 1, document: { name: 'B' } });
    await answer(saved);
    expect(store.read().state).toBe('saved');
  });

  it('does not save what changes nothing, and nothing at all of those who may only read', () => {
    const { store, due } = begin();
    store.change((document) => document, 'Nothing');
    expect(due()).toBeNull();
    expect(store.read().undoes).toBeNull();
    const reader = begin({ isReadOnly: true });
    reader.rename('A');
    expect(reader.store.read()).toMatchObject({ state: 'read-only', document: FLOW });
    expect(reader.due()).toBeNull();
  });

  it('is kept when it cannot be saved, and saved again later at growing distances', async () => {
    const { store, rename, due, tick, answer } = begin();
    const failed: SaveResult = { kind: 'failed', problem: 'The server is away.', mayRetry: true };
    rename('A');
    const distances: (number | null)[] = [];
    for (let attempt = 0; attempt < 5; attempt += 1) {
      tick();
      await answer(failed);
      distances.push(due());
    }
    expect(distances).toEqual([2_000, 5_000, 10_000, 30_000, 30_000]);
    expect(store.read()).toMatchObject({ state: 'offline', problem: 'The server is away.', document: { name: 'A' } });
    tick();
    await answer(saved);
    expect(store.read()).toMatchObject({ state: 'saved', problem: null });
  });

  it('is not sent again when the server will never take it, until it is changed', async () => {
    const { store, rename, due, tick, answer } = begin();
    rename('A');
    tick();
    await answer({ kind: 'failed', problem: 'Too large.', mayRetry: false });
    expect(store.read().state).toBe('offline');
    expect(due()).toBeNull();
    rename('B');
    expect(due()).toBe(AUTOSAVE_MS);
  });

  it('undoes and redoes, says so, and saves that, too', () => {
    const { store, rename, said, due } = begin();
    rename('A');
    store.change((document) => ({ ...document, enabled: false }), 'Switched off');
    expect(store.read()).toMatchObject({ undoes: 'Switched off', redoes: null });
    store.undo();
    store.undo();
    expect(store.read()).toMatchObject({ document: FLOW, undoes: null, redoes: 'Renamed to A', isDirty: false });
    store.redo();
    expect(store.read().document).toEqual({ ...FLOW, name: 'A' });
    expect(said).toEqual(['Undone: Switched off', 'Undone: Renamed to A', 'Done again: Renamed to A']);
    expect(due()).toBe(AUTOSAVE_MS);
    rename('C');
    expect(store.read().redoes).toBeNull();
  });

  it('undoes a text that was typed in one go at once, and one after a pause by itself', () => {
    const { store, rename, wait } = begin();
    for (const name of ['S', 'So', 'Sol']) {
      rename(name);
      wait(200);
    }
    wait(5_000);
    rename('Solar');
    store.undo();
    expect(store.read().document.name).toBe('Sol');
    store.undo();
    expect(store.read()).toMatchObject({ document: FLOW, undoes: null });
  });

  it(`remembers ${UNDO_STEPS_MAX} steps`, () => {
    const { store, wait } = begin();
    for (let each = 0; each < UNDO_STEPS_MAX + 50; each += 1) {
      wait(10_000);
      store.change((document) => ({ ...document, fields: [...document.fields, `f${each}`] }), `Added f${each}`);
    }
    let undone = 0;
    while (store.read().undoes !== null) {
      store.undo();
      undone += 1;
    }
    expect(undone).toBe(UNDO_STEPS_MAX);
    expect(UNDO_STEPS_MAX).toBeGreaterThanOrEqual(100);
  });

  it('keeps both sides of a conflict until somebody chooses, and saves the choice on top of theirs', async () => {
    const { store, rename, sent, due, tick, answer } = begin();
    const theirs = serverDraft({ document: { ...FLOW, enabled: false }, version: 7, user: 'Ann' });
    rename('Mine');
    tick();
    await answer({ kind: 'conflict', theirs });
    expect(store.read()).toMatchObject({
      state: 'conflict',
      document: { name: 'Mine' },
      conflict: { base: FLOW, theirs },
    });
    expect(due()).toBeNull();
    rename('Mine still');
    expect(due()).toBeNull();
    expect(await store.flush()).toBe(false);
    store.resolve({ ...FLOW, name: 'Mine', enabled: false }, 'Merged both drafts');
    tick();
    expect(sent.at(-1)).toMatchObject({ version: 7, document: { name: 'Mine', enabled: false } });
    await answer(saved);
    expect(store.read()).toMatchObject({ state: 'saved', server: { version: 8 }, undoes: 'Merged both drafts' });
  });

  it('goes together with changes of others to different parts, and is saved on top of theirs', async () => {
    const { store, rename, sent, said, tick, answer } = begin({ merges: true });
    rename('Mine');
    tick();
    const theirs = serverDraft({ document: { ...FLOW, enabled: false }, version: 7, user: 'Ann' });
    await answer({ kind: 'conflict', theirs });
    expect(store.read()).toMatchObject({ state: 'saving', conflict: null, document: { name: 'Mine', enabled: false } });
    expect(said).toEqual(['Merged with changes of Ann']);
    tick();
    expect(sent.at(-1)).toMatchObject({ version: 7, document: { name: 'Mine', enabled: false } });
    await answer(saved);
    // Undo takes back one's own changes, and never those of others.
    store.undo();
    expect(store.read().document).toEqual(theirs.document);
  });

  it('shows what others saved, unless this page holds changes', async () => {
    const { store, rename, setServer, tick, answer } = begin();
    setServer(serverDraft({ document: { ...FLOW, name: 'Theirs' }, version: 2 }));
    await store.reload();
    expect(store.read()).toMatchObject({ document: { name: 'Theirs' }, state: 'saved' });
    rename('Mine');
    setServer(serverDraft({ document: { ...FLOW, name: 'Newer' }, version: 3 }));
    await store.reload();
    expect(store.read().document.name).toBe('Mine');
    tick();
    await answer(saved);
    expect(store.read().undoes).toBe('Renamed to Mine');
  });

  it('sends what is not saved while the page ends, once it is dirty', () => {
    const { store, rename, sent } = begin();
    store.leave();
    expect(sent).toEqual([]);
    rename('A');
    store.leave();
    expect(sent).toMatchObject([{ isLeaving: true, document: { name: 'A' } }]);
  });

  it('is as the flow is saved once it is discarded', async () => {
    const { store, rename } = begin({ first: serverDraft({ document: { ...FLOW, name: 'Draft' }, version: 4 }) });
    rename('More');
    await store.discard();
    expect(store.read()).toMatchObject({ document: FLOW, state: 'live', undoes: null, isDirty: false });
  });
});
