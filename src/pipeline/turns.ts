import type { Choice, Sharer } from './steps/distribution/share-turns.ts';

/** Whose turns: those of the candidates of one distribution that are offered a lead together. */
export interface TurnsKey {
  accountId: string;
  flowId: string;
  /** The distribution's. */
  stepId: string;
  /** Another one as soon as a candidate or a weight is another, see `Candidacy`. */
  turns: string;
}

export interface TurnRequest {
  key: TurnsKey;
  /** Who may be chosen, in the order of the document. None: the request only gives turns back. */
  sharers: readonly Sharer[];
  /** The changes of choices that do not count; they go back before the choice. */
  returned: readonly Readonly<Record<string, number>>[];
}

export type TurnAnswer =
  | { kind: 'taken'; choice: Choice }
  /** There were no sharers to choose from. */
  | { kind: 'returned' }
  | { kind: 'unavailable'; reason: string };

/** Chooses under a lock and keeps the choice, whatever process asks. Never rejects. */
export type TakeTurns = (request: TurnRequest) => Promise<TurnAnswer>;

/** A turn that a lead has taken and not yet used. */
export interface TurnTaken extends Choice {
  key: TurnsKey;
}
