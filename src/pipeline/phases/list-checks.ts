import type { CompiledListCheck } from '../../flow-compiler/compiled-flow.ts';
import { normaliseListValue } from '../../lists/normalise-list-value.ts';
import { routeOf } from '../lead-run.ts';
import { buildCapRequests, buildStepCapRequests, lookAtPlaces, matchingCaps } from '../look-at-places.ts';
import type { PhaseDeps } from '../phase.ts';
import type { RunOf } from '../phase-access.ts';
import { findListVerdict } from '../places-known.ts';
import type { ListRequest } from '../run-store.ts';
import { PROCEED, type Verdict } from '../verdict.ts';

/**
 * Looks the lead's values up in the flow's lists and sets `suppressionlist.is_duplicate` and its siblings; it rejects
 * nothing, rules do (decision 3). A blank value is not checked. The duplicate check takes the value only with the lead's
 * claim (decision page 0065).
 *
 * The caps are looked at in the same read, so that no lead is refused for the place that its own duplicate took between
 * two reads. Where a cap depends on what lists or prices say, all are read and the caps phase says which of them match.
 */
export function listChecks(run: RunOf<'list-checks'>, deps: PhaseDeps): Verdict | Promise<Verdict> {
  const asked = askedChecks(run, deps);
  run.askedLists = asked.map(({ request }) => request);
  if (asked.length === 0) return PROCEED;
  const { flow, source } = routeOf(run);
  run.askedCaps = source.areCapsKnownEarly ? matchingCaps(run) : null;
  const caps = run.askedCaps ?? [...flow.caps.caps, ...source.caps.caps];
  const places = {
    lists: run.askedLists,
    caps: [...buildCapRequests(run, { caps, stepId: null }), ...buildStepCapRequests(run)],
  };
  const looking = lookAtPlaces(run, { asked: places, deps });
  if (looking === null) return noteVerdicts(run, asked);
  return looking.then((refused) => refused ?? noteVerdicts(run, asked));
}

interface AskedCheck {
  check: CompiledListCheck;
  request: ListRequest;
}

function askedChecks(run: RunOf<'list-checks'>, deps: PhaseDeps): AskedCheck[] {
  return routeOf(run).flow.listChecks.flatMap((check) => {
    const value = normaliseListValue(check.value.evaluate(run.vars, run.ctx), check.listType);
    if (value === '') return [];
    const request = {
      listId: check.listId,
      value: deps.hashListValue(value),
      cutoff: check.cutoffAt(run.ctx.now, run.ctx.timeZone),
      hold: check.hold,
    };
    return [{ check, request }];
  });
}

function noteVerdicts(run: RunOf<'list-checks'>, asked: AskedCheck[]): Verdict {
  const found: Record<string, unknown> = {};
  for (const { check, request } of asked) {
    const verdict = findListVerdict(run.known, request) ?? { found: false };
    found[VARIABLES[check.name]] = verdict.found;
    run.listFindings.push({ check: check.name, listId: check.listId, verdict });
  }
  run.vars['suppressionlist'] = found;
  return PROCEED;
}

/** Below `suppressionlist` (decision 3). */
const VARIABLES = { duplicate: 'is_duplicate', existing_customer: 'is_existing_customer', dnc: 'is_dnc' } as const;
