import type { CompiledListCheck } from '../../flow-compiler/compiled-flow.ts';
import { normaliseListValue } from '../../lists/normalise-list-value.ts';
import { routeOf } from '../lead-run.ts';
import type { PhaseDeps } from '../phase.ts';
import type { RunOf } from '../phase-access.ts';
import { matchingCaps, reservePlaces } from '../reserve-places.ts';
import type { ListRequest, ListVerdict } from '../run-store.ts';
import { PROCEED, unavailable, type Verdict } from '../verdict.ts';

/**
 * Looks the lead's values up in the flow's lists and sets `suppressionlist.is_duplicate` and its siblings; it rejects
 * nothing, rules do (decision 3). The duplicate check holds the value in the same step, so that of two simultaneous
 * submissions of one person only one is unique (decision 5). A blank value is not checked.
 *
 * Where no cap depends on what the lists say, the places in the caps are taken in the same step: one transaction
 * instead of two for nearly every lead. The caps phase then decides, in its own turn, on what was taken.
 */
export function listChecks(run: RunOf<'list-checks'>, deps: PhaseDeps): Verdict | Promise<Verdict> {
  const asked = askedChecks(run, deps);
  if (asked.length === 0) return PROCEED;
  const caps = routeOf(run).source.takesCapsWithLists ? matchingCaps(run) : null;
  const places = { lists: asked.map(({ request }) => request), caps: caps ?? [], stepId: null };
  return reservePlaces(run, { asked: places, deps }).then((answer) => {
    if (answer.kind === 'unavailable') return unavailable(answer.reason);
    run.askedCaps = caps;
    run.capRefusal = answer.capRefusal;
    noteVerdicts(run, asked, answer.lists);
    return PROCEED;
  });
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

function noteVerdicts(run: RunOf<'list-checks'>, asked: AskedCheck[], verdicts: readonly ListVerdict[]): void {
  const found: Record<string, unknown> = {};
  asked.forEach(({ check }, index) => {
    const verdict = verdicts[index] ?? { found: false };
    found[VARIABLES[check.name]] = verdict.found;
    run.listFindings.push({ check: check.name, listId: check.listId, verdict });
  });
  run.vars['suppressionlist'] = found;
}

/** Below `suppressionlist` (decision 3). */
const VARIABLES = { duplicate: 'is_duplicate', existing_customer: 'is_existing_customer', dnc: 'is_dnc' } as const;
