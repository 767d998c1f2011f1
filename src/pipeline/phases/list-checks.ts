import { normaliseListValue } from '../../lists/normalise-list-value.ts';
import type { ListRequest, ReserveResult } from '../../store/store.ts';
import type { CompiledListCheck } from '../compiled-flow.ts';
import { type LeadRun, routeOf, runKeyOf } from '../lead-run.ts';
import type { PhaseDeps } from '../phase.ts';
import { PROCEED, unavailable, type Verdict } from '../verdict.ts';

/**
 * Looks the lead's values up in the flow's lists and sets `suppressionlist.is_duplicate` and its siblings; it rejects
 * nothing, rules do (decision 3). The duplicate check holds the value in the same step, so that of two simultaneous
 * submissions of one person only one is unique (decision 5). A blank value is not checked.
 */
export function listChecks(run: LeadRun, deps: PhaseDeps): Verdict | Promise<Verdict> {
  const asked = askedChecks(run, deps);
  if (asked.length === 0) return PROCEED;
  return deps.store
    .reserve({
      run: runKeyOf(run),
      held: run.held,
      hasRun: run.hasRun,
      lists: asked.map(({ request }) => request),
      caps: [],
    })
    .then((result) => noteVerdicts(run, asked, result));
}

interface AskedCheck {
  check: CompiledListCheck;
  request: ListRequest;
}

function askedChecks(run: LeadRun, deps: PhaseDeps): AskedCheck[] {
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

function noteVerdicts(run: LeadRun, asked: AskedCheck[], result: ReserveResult): Verdict {
  if (result.kind === 'unavailable') return unavailable(result.reason);
  run.held = result.held;
  run.hasRun = result.hasRun;
  const found: Record<string, unknown> = {};
  asked.forEach(({ check }, index) => {
    const verdict = result.lists[index] ?? { found: false };
    found[VARIABLES[check.name]] = verdict.found;
    run.listFindings.push({ check: check.name, listId: check.listId, verdict });
  });
  run.vars['suppressionlist'] = found;
  return PROCEED;
}

/** Below `suppressionlist` (decision 3). */
const VARIABLES = { duplicate: 'is_duplicate', existing_customer: 'is_existing_customer', dnc: 'is_dnc' } as const;
