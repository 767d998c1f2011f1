/** Screens of the demo that are checked at a time, each in a page of its own: while one waits for its frames, another one computes. */
export const SCREENS_AT_ONCE = 2;
