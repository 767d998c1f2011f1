import type { CompiledCriteria } from '../../flow-compiler/compiled-flow.ts';
import { OUTSIDE_HOURS_REASON } from '../../rules/hours-of-operation.ts';
import { routeOf } from '../lead-run.ts';
import type { RunOf } from '../phase-access.ts';
import { collectFindings } from '../rule-findings.ts';
import { PROCEED, stop, type Verdict } from '../verdict.ts';

/** Hours of operation first, then the flow's criteria, then the source's; the first that fails answers (decision 1, 12). */
export function acceptanceCriteria(run: RunOf<'acceptance-criteria'>): Verdict {
  const { flow, source } = routeOf(run);
  if (!flow.hours.isOpenAt(run.ctx.now)) return stop('failure', OUTSIDE_HOURS_REASON);
  for (const criteria of [flow.criteria, source.criteria]) {
    const verdict = criteria ? judge(run, criteria) : PROCEED;
    if (verdict.kind !== 'proceed') return verdict;
  }
  return PROCEED;
}

function judge(run: RunOf<'acceptance-criteria'>, criteria: CompiledCriteria): Verdict {
  const verdict = criteria.rules.evaluate(run.vars, run.ctx, collectFindings(run.findings));
  if (verdict.passed) return PROCEED;
  return stop(criteria.outcome, criteria.reason?.render(run.vars, run.ctx) || verdict.reason);
}
