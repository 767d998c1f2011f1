import type { CompiledCandidate } from '../../../flow-compiler/compiled-flow.ts';
import { isJudged, judgeCandidate } from './judge-candidate.ts';
import { type DistributionRound, note } from './round.ts';

/** The first of these that may be offered the lead now. What speaks against the others is noted. undefined: none may. */
export async function findEligible(
  round: DistributionRound,
  open: readonly CompiledCandidate[],
): Promise<CompiledCandidate | undefined> {
  for (const candidate of open) {
    if ((await listEligible(round, [candidate])).length > 0) return candidate;
  }
  return undefined;
}

/** Those of these that may be offered the lead now. What speaks against the others is noted. */
export async function listEligible(
  round: DistributionRound,
  open: readonly CompiledCandidate[],
): Promise<CompiledCandidate[]> {
  const eligible: CompiledCandidate[] = [];
  for (const candidate of open) {
    const judging = judgeCandidate(round, candidate);
    const judgement = isJudged(judging) ? judging : await judging;
    if (judgement === null) eligible.push(candidate);
    else note(round, { candidate, ...judgement });
  }
  return eligible;
}
