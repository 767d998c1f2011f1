const ANSWER_RESERVE_MS_MAX = 100;

/**
 * What is kept of a source's deadline for the commit of the lead and its answer, ms: recipients get the rest (decision
 * 23). A tenth, at most 100 ms: a commit takes a few, and a busy disk some tens.
 */
export function answerReserveMs(deadlineMs: number): number {
  return Math.min(ANSWER_RESERVE_MS_MAX, deadlineMs / 10);
}
