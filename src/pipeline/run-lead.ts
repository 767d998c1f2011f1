import type { HttpAnswer } from '../integrations/contract.ts';
import { assert, unreachable } from '../lib/assert.ts';
import { type BeforeDeciding, goBack, rememberBeforeDeciding } from './decide-again.ts';
import { settleInterrupted } from './interrupted.ts';
import { type LeadRun, runKeyOf } from './lead-run.ts';
import type { PhaseDeps } from './phase.ts';
import { AGAIN_GOES_ON_WITH, PHASES, PING_PHASES, STOPS_GO_ON_WITH } from './phases.ts';
import { countDecisionsMax } from './places-known.ts';
import { giveTurnsBack } from './steps/distribution/take-turns.ts';
import { stop, unavailable, type Verdict } from './verdict.ts';

const AFTER_STOP = PHASES.findIndex((phase) => phase.name === STOPS_GO_ON_WITH);
const DECIDES_FROM = PHASES.findIndex((phase) => phase.name === AGAIN_GOES_ON_WITH);
const LEAD_EXISTS_FROM = PHASES.findIndex((phase) => phase.name === 'hygiene');

/** Each decision after the first knows of one more value or cap, so this cannot happen. */
const CHANGES_TOO_OFTEN = 'what the lead asked for changed more often than it can';

/** How a run ended: with the answer to send, or with nothing taken (the edge answers 503). */
export type RunEnd = { kind: 'answered'; answer: HttpAnswer } | { kind: 'unavailable'; reason: string };

/** Walks the table of phases with one lead, or with one ping. Never rejects. */
export async function runLead(run: LeadRun, deps: PhaseDeps): Promise<RunEnd> {
  const end = await walkPhases(run, deps);
  // A lead that decided again may not have come to the offer it took a turn for.
  if (run.turns.length > 0) giveTurnsBack(run.turns, { deps, leadId: run.leadId });
  return end;
}

async function walkPhases(run: LeadRun, deps: PhaseDeps): Promise<RunEnd> {
  const phases = run.submission.isPing ? PING_PHASES : PHASES;
  let before: BeforeDeciding | null = null;
  let decisions = 1;
  let startedAt = deps.clock.monotonic();
  for (let index = 0; index < PHASES.length; ) {
    if (index === DECIDES_FROM) before ??= rememberBeforeDeciding(run);
    const phase = phases[index];
    assert(phase, 'the loop stays inside the table');
    let verdict: Verdict;
    try {
      const running = phase.run(run, deps);
      // Most phases answer at once; only those that asked the store or a recipient answer a promise.
      verdict = running instanceof Promise ? await running : running;
    } catch (error) {
      deps.report({ leadId: run.leadId, where: phase.name, error });
      verdict = afterFault(run, index);
    }
    const endedAt = deps.clock.monotonic();
    run.phaseMs[index] = endedAt - startedAt;
    startedAt = endedAt;
    switch (verdict.kind) {
      case 'proceed':
        index += 1;
        break;
      case 'stop':
        run.outcome = verdict.outcome;
        run.reason = verdict.reason;
        run.stoppedIn = PHASES[index]?.name ?? null;
        index = AFTER_STOP;
        break;
      case 'again':
        assert(before && !run.hasRun, 'a lead decides again only before its first claim');
        decisions += 1;
        if (decisions > countDecisionsMax(run.known)) return unavailable(CHANGES_TOO_OFTEN);
        goBack(run, before);
        index = DECIDES_FROM;
        break;
      case 'answer':
        return { kind: 'answered', answer: verdict.answer };
      case 'unavailable':
        giveBack(run, deps);
        return verdict;
      default:
        return unreachable(verdict);
    }
  }
  assert(run.answer, 'inbound-response wrote an answer');
  return { kind: 'answered', answer: run.answer };
}

/**
 * The sender is asked to send the lead again: the places of one that went nowhere go back at once: else it would be
 * its own duplicate until a recovery finds them. One that may have been sent, or that is being settled, keeps them until it is settled.
 */
function giveBack(run: LeadRun, deps: PhaseDeps): void {
  if (!run.hasRun || run.hasSent || run.answer || !deps.isLeaseHeld()) return;
  const end = settleInterrupted({ run: runKeyOf(run), held: run.held, intents: [] }, deps);
  deps.store
    .settle({ ...end, intentCount: run.intended.count })
    .catch((error) => deps.report({ leadId: run.leadId, where: 'give-back', error }));
}

/** A fault of ours fails the lead, not the process: as an error with an event once the lead exists (spec behaviour 3.1). */
function afterFault(run: LeadRun, index: number): Verdict {
  if (index >= LEAD_EXISTS_FROM && index < AFTER_STOP) return stop('error', 'An unexpected problem occurred');
  return unavailable(`phase ${PHASES[index]?.name ?? index} failed for lead ${run.leadId}`);
}
