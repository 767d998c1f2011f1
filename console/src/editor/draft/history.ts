import { findChangedLeaf } from './changed-leaf.ts';

/** One state of a document and what led to it. */
interface Entry<Document> {
  document: Document;
  /** In product words, of the change that came after it: `Raised the cap Texas daily to 80`. */
  what: string;
}

/** What undo and redo go through. Documents share what is the same, so a step costs what was changed. */
export interface History<Document> {
  document: Document;
  past: readonly Entry<Document>[];
  future: readonly Entry<Document>[];
  /** Where a person types, and since when nothing else was changed; null: the next change is a step of its own. */
  typing: { place: string; at: number } | null;
}

/** Steps that can be undone; older ones are let go. */
export const UNDO_STEPS_MAX = 200;
/** Ms between two letters of one text that are undone together. */
export const TYPING_MS = 1_500;

export function beginHistory<Document>(document: Document): History<Document> {
  return { document, past: [], future: [], typing: null };
}

/** The history after a change; the same one when nothing differs. Letters of one text are one step. `now`: epoch ms. */
export function applyChange<Document>(
  history: History<Document>,
  { next, what, now }: { next: Document; what: string; now: number },
): History<Document> {
  if (next === history.document) return history;
  const place = findChangedLeaf(history.document, next);
  const { typing } = history;
  const goesOn = place !== null && typing?.place === place && now - typing.at < TYPING_MS;
  const last = history.past.at(-1);
  const past =
    goesOn && last !== undefined
      ? [...history.past.slice(0, -1), { ...last, what }]
      : [...history.past, { document: history.document, what }].slice(-UNDO_STEPS_MAX);
  return { document: next, past, future: [], typing: place === null ? null : { place, at: now } };
}

/** null: there is nothing to undo. */
export function undo<Document>(history: History<Document>): History<Document> | null {
  const entry = history.past.at(-1);
  if (entry === undefined) return null;
  return {
    document: entry.document,
    past: history.past.slice(0, -1),
    future: [...history.future, { document: history.document, what: entry.what }],
    typing: null,
  };
}

/** null: nothing was undone. */
export function redo<Document>(history: History<Document>): History<Document> | null {
  const entry = history.future.at(-1);
  if (entry === undefined) return null;
  return {
    document: entry.document,
    past: [...history.past, { document: history.document, what: entry.what }],
    future: history.future.slice(0, -1),
    typing: null,
  };
}
