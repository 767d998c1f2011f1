import type { ReadingTurns } from '../reading-turns.ts';

/** For tests without leads: every reading runs at once. */
export const NO_TURNS: ReadingTurns = { take: (read) => read(), waiting: () => 0 };
