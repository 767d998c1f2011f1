import { type CompiledCap, DEFAULT_CAP_REASON } from '../../caps/compile-caps.ts';
import { buildCapRequests, buildStepCapRequests, lookAtPlaces, matchingCaps } from '../look-at-places.ts';
import type { PhaseDeps } from '../phase.ts';
import type { RunOf } from '../phase-access.ts';
import { findCapSeen } from '../places-known.ts';
import { PROCEED, stop, type Verdict } from '../verdict.ts';

/**
 * Looks at every cap of the flow and of the source whose rules match; the first full one rejects the lead with its
 * reason (decision 9, spec behaviour 9). The places are taken with the lead's claim. The list checks may have looked
 * already; then only the decision is left.
 */
export function caps(run: RunOf<'caps'>, deps: PhaseDeps): Verdict | Promise<Verdict> {
  const matching = run.askedCaps ?? matchingCaps(run);
  run.askedCaps = matching;
  if (matching.length === 0) return PROCEED;
  const asked = {
    lists: [],
    caps: [...buildCapRequests(run, { caps: matching, stepId: null }), ...buildStepCapRequests(run)],
  };
  const looking = lookAtPlaces(run, { asked, deps });
  if (looking === null) return decide(run, matching);
  return looking.then((refused) => refused ?? decide(run, matching));
}

function decide(run: RunOf<'caps'>, matching: readonly CompiledCap[]): Verdict {
  run.refusals = buildCapRequests(run, { caps: matching, stepId: null }).filter(
    (cap) => findCapSeen(run.known, cap)?.refusal,
  );
  const [first] = run.refusals;
  if (!first) return PROCEED;
  run.capRefusal = findCapSeen(run.known, first)?.refusal ?? null;
  const full = matching.find((cap) => cap.id === first.capId);
  return stop('failure', full ? full.reason(run.vars, run.ctx) : DEFAULT_CAP_REASON);
}
