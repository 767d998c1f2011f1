import type { CompiledCandidate, CompiledDistribution } from '../../../flow-compiler/compiled-flow.ts';
import { assert } from '../../../lib/assert.ts';
import { answerReserveMs, deadlineOf } from '../../deadline.ts';
import type { RecipientResult } from '../../lead-run.ts';
import type { PhaseDeps } from '../../phase.ts';
import type { RunOf } from '../../phase-access.ts';
import { AGAIN, PROCEED, unavailable, type Verdict } from '../../verdict.ts';
import type { AgreedSale } from '../recipient/step-run.ts';
import { runRecipientStep } from '../recipient-step.ts';
import { addBelowDistribution, buildDistributionVars, buildSaleFacts, buildSaleVars } from './distribution-vars.ts';
import type { OfferEnd, Picker } from './method.ts';
import { METHODS } from './methods.ts';
import { buildResult, type DistributionRound, groupCandidates, leaveOutDisabled, note, startRound } from './round.ts';

/**
 * Offers the lead to the candidates of one distribution step, one after the other, until it is sold often enough
 * (decision page 0075). Each offer runs the stages of every recipient step, so that its intent, caps, event and retry are
 * those of one. The first claim of the lead takes its own places, before the first offer leaves.
 */
export async function runDistribution(
  run: RunOf<'steps'>,
  { candidates, deps }: { candidates: readonly CompiledCandidate[]; deps: PhaseDeps },
): Promise<Verdict> {
  const round = startRound(run, { candidates, deps });
  for (const group of groupCandidates(candidates)) {
    const verdict = await offerToGroup(round, group);
    if (verdict.kind !== 'proceed') return verdict;
  }
  noteEnd(round, candidates);
  return PROCEED;
}

async function offerToGroup(round: DistributionRound, group: readonly CompiledCandidate[]): Promise<Verdict> {
  const picker = METHODS[round.distribution.method].start(round);
  let open = leaveOutDisabled(round, group);
  // Each turn of the loop leaves one candidate less.
  while (open.length > 0 && isWanted(round, group)) {
    const picked = await picker.pick(open);
    if (picked.kind === 'unavailable') return giveUp(round, picked.reason);
    if (picked.kind === 'again') return AGAIN;
    if (picked.kind === 'none') return PROCEED;
    const { candidate } = picked;
    open = open.filter((each) => each !== candidate && !round.results.has(each.id));
    const verdict = await offer(round, { ...picked, picker });
    if (verdict.kind !== 'proceed') return verdict;
  }
  return PROCEED;
}

/** May the lead be sold once more, and is there time left for it? */
function isWanted({ run, deps, distribution, sales }: DistributionRound, group: readonly CompiledCandidate[]): boolean {
  const wantsAll = group[0]?.candidacy.isExclusive === true;
  if (sales.length >= (wantsAll ? 1 : distribution.maxSales)) return false;
  if (sales.some(({ candidate }) => candidate.candidacy.isExclusive)) return false;
  const deadlineMs = deadlineOf(run);
  if (deadlineMs === null) return true;
  return deps.clock.monotonic() < run.submission.arrivedAt + deadlineMs - answerReserveMs(deadlineMs);
}

/** Without the database there is no turn: a lead that was sent nowhere is refused; another one ends unsold here. */
function giveUp({ run }: DistributionRound, reason: string): Verdict {
  return run.hasSent ? PROCEED : unavailable(reason);
}

async function offer(
  round: DistributionRound,
  at: { candidate: CompiledCandidate; byTurn: boolean; sale?: AgreedSale; picker: Picker },
): Promise<Verdict> {
  const { candidate, byTurn, sale, picker } = at;
  const { run, deps, distribution } = round;
  const place = round.offers + 1;
  const before = run.stepResults.length;
  if (sale) showSale(run, { distribution, sale });
  const verdict = await runRecipientStep(run, {
    step: candidate,
    deps,
    offer: { step_id: distribution.id, place, by_turn: byTurn, ...buildSaleFacts(sale) },
    ...(sale ? { sale } : {}),
  });
  if (verdict.kind !== 'proceed') return verdict;
  const result = run.stepResults[before];
  assert(result?.kind === 'recipient', 'a recipient step leaves a result');
  const end = endOf(result);
  round.offers = place;
  note(round, { candidate, verdict: end, place, byTurn, cap: result.capRefusal });
  if (end === 'accepted' || end === 'unknown') round.sales.push({ candidate, result });
  await picker.ended?.({ candidate, end });
  return PROCEED;
}

/** For the mappings of the delivery, which may name the bid it is sold at. */
function showSale(
  run: RunOf<'steps'>,
  { distribution, sale }: { distribution: CompiledDistribution; sale: AgreedSale },
): void {
  run.vars = addBelowDistribution(run.vars, { [distribution.key]: buildSaleVars(sale) });
}

/** What may have arrived counts as sold: the lead must not be sold twice. */
function endOf({ outcome, isUnknown }: RecipientResult): OfferEnd {
  if (isUnknown) return 'unknown';
  switch (outcome) {
    case 'success':
      return 'accepted';
    case 'failure':
      return 'refused';
    case 'skip':
      return 'skipped';
    case 'error':
      return 'failed';
  }
}

/** What the step came to: for its variables, the explanation and the source event. */
function noteEnd(round: DistributionRound, candidates: readonly CompiledCandidate[]): void {
  const { run, distribution, sales } = round;
  const vars = buildDistributionVars(sales, round.bids);
  run.vars = addBelowDistribution(run.vars, { [distribution.key]: vars });
  run.distributions.push({
    ...{ sales: sales.length, vars, seq: run.stepResults.length },
    ...buildResult(round, { candidates, isDecided: sales.length > 0 }),
  });
}
