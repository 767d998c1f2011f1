import { type CompiledCap, DEFAULT_CAP_REASON } from '../../caps/compile-caps.ts';
import type { PhaseDeps } from '../phase.ts';
import type { RunOf } from '../phase-access.ts';
import { matchingCaps, reservePlaces } from '../reserve-places.ts';
import { PROCEED, stop, unavailable, type Verdict } from '../verdict.ts';

/**
 * Takes a place in every cap of the flow and of the source whose rules match, in all or in none; a full one turns
 * the lead away with its reason (decision 9, spec behaviour 9). The places may have been taken together with the list
 * checks; then only the decision is left.
 */
export function caps(run: RunOf<'caps'>, deps: PhaseDeps): Verdict | Promise<Verdict> {
  if (run.askedCaps) return decide(run, run.askedCaps);
  const matching = matchingCaps(run);
  run.askedCaps = matching;
  if (matching.length === 0) return PROCEED;
  return reservePlaces(run, { asked: { lists: [], caps: matching, stepId: null }, deps }).then((answer) => {
    if (answer.kind === 'unavailable') return unavailable(answer.reason);
    run.capRefusal = answer.capRefusal;
    return decide(run, matching);
  });
}

function decide(run: RunOf<'caps'>, asked: readonly CompiledCap[]): Verdict {
  if (!run.capRefusal) return PROCEED;
  const { capId } = run.capRefusal;
  const full = asked.find((cap) => cap.id === capId);
  return stop('failure', full ? full.reason(run.vars, run.ctx) : DEFAULT_CAP_REASON);
}
