import { withResolvers } from '../lib/with-resolvers.ts';

/** Replays of one account: one that runs and those that wait; further ones are refused. */
export const REPLAYS_MAX = 5;

/** A place in the line of an account. */
export interface ReplayTurn {
  /** Resolves when it is its turn. */
  ready: Promise<void>;
  /** A newer replay took its place: it ends without a result. */
  isReplaced(): boolean;
  leave(): void;
}

/** One replay of an account runs at a time in this process; `enter` returns null where too many wait. */
export interface ReplayLine {
  /** A newer replay of the same caller and flow takes the place of the older one: an editor asks again with each change. */
  enter(place: { accountId: string; caller: string }): ReplayTurn | null;
}

interface Waiting {
  caller: string;
  isReplaced: boolean;
  begin(): void;
}

export function createReplayLine(): ReplayLine {
  /** By account; the first one runs. */
  const lines = new Map<string, Waiting[]>();

  function leave(accountId: string, turn: Waiting): void {
    const line = lines.get(accountId) ?? [];
    const rest = line.filter((each) => each !== turn);
    if (rest.length === 0) lines.delete(accountId);
    else lines.set(accountId, rest);
    rest[0]?.begin();
  }

  return {
    enter({ accountId, caller }) {
      const line = lines.get(accountId) ?? [];
      for (const [index, turn] of line.entries()) {
        if (turn.caller !== caller) continue;
        turn.isReplaced = true;
        // One that runs sees it at its next lead; one that waits ends at once.
        if (index > 0) leave(accountId, turn);
        turn.begin();
      }
      const others = lines.get(accountId) ?? [];
      if (others.length >= REPLAYS_MAX) return null;
      const { promise, resolve } = withResolvers<void>();
      const turn: Waiting = { caller, isReplaced: false, begin: resolve };
      lines.set(accountId, [...others, turn]);
      if (others.length === 0) resolve();
      return { ready: promise, isReplaced: () => turn.isReplaced, leave: () => leave(accountId, turn) };
    },
  };
}
