import type { CompiledCandidate } from '../../../flow-compiler/compiled-flow.ts';
import type { CapRefusal, RuleFinding } from '../../../stored/lead-document.ts';
import type { CandidateVerdict } from '../../lead-run.ts';
import { buildCapRequests, lookAtPlaces } from '../../look-at-places.ts';
import { findCapSeen } from '../../places-known.ts';
import { collectFindings } from '../../rule-findings.ts';
import { findExpectedPrice } from '../recipient/expected-price.ts';
import type { DistributionRound } from './round.ts';

/** What speaks against offering the lead to a candidate; null: nothing does. */
export type Judgement = null | { verdict: CandidateVerdict; cap?: CapRefusal };

/**
 * May the candidate be offered the lead now? Its hours, its criteria and the caps the lead knows of are asked, without
 * taking a place; the offer asks them again, because a place may be gone by then. One that may not leaves no event.
 */
export function judgeCandidate(
  { run, deps }: DistributionRound,
  candidate: CompiledCandidate,
): Judgement | Promise<Judgement> {
  const { candidacy, rules, caps, id } = candidate;
  if (!candidacy.hours.isOpenAt(run.ctx.now)) return { verdict: 'hours' };
  const findings: RuleFinding[] = [];
  if (!rules.evaluate(run.vars, run.ctx, collectFindings(findings)).passed) {
    run.findings.push(...findings);
    return { verdict: 'criteria' };
  }
  const asked = buildCapRequests(run, {
    caps: caps.matching(run.vars, run.ctx),
    stepId: id,
    // What a bidder pays is known with its bid.
    price: candidacy.bid ? null : findExpectedPrice(run, candidate),
  });
  if (asked.length === 0) return null;
  const judge = (): Judgement => {
    const full = asked.filter((cap) => findCapSeen(run.known, cap)?.refusal);
    run.refusals = [...run.refusals, ...full];
    const refusal = full[0] && findCapSeen(run.known, full[0])?.refusal;
    return refusal ? { verdict: 'cap', cap: refusal } : null;
  };
  // A lead that has claimed looks at nothing any more; neither does one that cannot: the claim of the offer finds out.
  const looking = run.hasRun ? null : lookAtPlaces(run, { asked: { lists: [], caps: asked }, deps });
  return looking === null ? judge() : looking.then(judge);
}

/** Most are judged without a look. */
export function isJudged(judging: Judgement | Promise<Judgement>): judging is Judgement {
  return !(judging instanceof Promise);
}
