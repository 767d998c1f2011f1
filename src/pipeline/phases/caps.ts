import { type CompiledCap, DEFAULT_CAP_REASON } from '../../caps/compile-caps.ts';
import type { LeadRun, RunPart } from '../lead-run.ts';
import { buildCapRequests, buildStepCapRequests, lookAtPlaces, matchingCaps } from '../look-at-places.ts';
import type { PhaseDeps } from '../phase.ts';
import type { RunOf } from '../phase-access.ts';
import { findCapSeen, findListVerdict } from '../places-known.ts';
import type { CapRequest } from '../run-store.ts';
import { AGAIN, PROCEED, stop, type Verdict } from '../verdict.ts';

/**
 * Looks at every cap of the flow and of the source whose rules match; the first full one rejects the lead with its
 * reason (decision 9, spec behaviour 9). The places are taken with the lead's claim. The list checks may have looked
 * already; then only the decision is left. A revenue cap could not be looked at before the price was known: then lists are
 * read again with it, so that no lead is refused for the money that its own duplicate took between two reads.
 */
export function caps(run: RunOf<'caps'>, deps: PhaseDeps): Verdict | Promise<Verdict> {
  const matching = run.askedCaps ?? matchingCaps(run);
  run.askedCaps = matching;
  if (matching.length === 0) return PROCEED;
  const asked = { lists: [], caps: [...ownRequests(run, matching), ...buildStepCapRequests(run)] };
  const foundBefore = countFound(run);
  const looking = lookAtPlaces(run, { asked, again: run.askedLists, deps });
  if (looking === null) return judgeCaps(run, matching);
  return looking.then((refused) => refused ?? (countFound(run) > foundBefore ? AGAIN : judgeCaps(run, matching)));
}

type JudgedRun = RunPart<'route' | 'attempt' | 'ctx' | 'vars' | 'known' | 'offered'> &
  Pick<LeadRun, 'refusals' | 'capRefusal'>;

function ownRequests(run: JudgedRun, caps: readonly CompiledCap[]): CapRequest[] {
  return buildCapRequests(run, { caps, stepId: null, price: run.offered.amount });
}

function countFound({ askedLists, known }: Pick<RunOf<'caps'>, 'askedLists' | 'known'>): number {
  return askedLists.filter((list) => findListVerdict(known, list)?.found).length;
}

/** By what the lead knows of them. */
export function judgeCaps(run: JudgedRun, matching: readonly CompiledCap[]): Verdict {
  run.refusals = ownRequests(run, matching).filter((cap) => findCapSeen(run.known, cap)?.refusal);
  const [first] = run.refusals;
  if (!first) return PROCEED;
  run.capRefusal = findCapSeen(run.known, first)?.refusal ?? null;
  const full = matching.find((cap) => cap.id === first.capId);
  return stop('failure', full ? full.reason(run.vars, run.ctx) : DEFAULT_CAP_REASON);
}
