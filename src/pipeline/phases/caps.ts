import { type CompiledCap, DEFAULT_CAP_REASON } from '../../caps/compile-caps.ts';
import type { CapRequest } from '../../store/store.ts';
import { type LeadRun, routeOf, runKeyOf } from '../lead-run.ts';
import type { PhaseDeps } from '../phase.ts';
import { collectFindings } from '../rule-findings.ts';
import { PROCEED, stop, unavailable, type Verdict } from '../verdict.ts';

/**
 * Takes a place in every cap of the flow and of the source whose rules match, in all or in none; a full one turns
 * the lead away with its reason (decision 9, spec behaviour 9).
 */
export function caps(run: LeadRun, deps: PhaseDeps): Verdict | Promise<Verdict> {
  const { flow, source } = routeOf(run);
  const trace = collectFindings(run.findings);
  const matching = [...flow.caps.matching(run.vars, run.ctx, trace), ...source.caps.matching(run.vars, run.ctx, trace)];
  if (matching.length === 0) return PROCEED;
  const request = {
    run: runKeyOf(run),
    held: run.held,
    hasRun: run.hasRun,
    lists: [],
    caps: capRequests(run, { matching, stepId: null }),
  };
  return deps.store.reserve(request).then((result) => {
    if (result.kind === 'unavailable') return unavailable(result.reason);
    run.held = result.held;
    run.hasRun = result.hasRun;
    run.capRefusal = result.capRefusal;
    if (!result.capRefusal) return PROCEED;
    const { capId } = result.capRefusal;
    const full = matching.find((cap) => cap.id === capId);
    return stop('failure', full ? full.reason(run.vars, run.ctx) : DEFAULT_CAP_REASON);
  });
}

/** The places a lead asks for; windows are those of its own instant. Also asked by a step for its caps. */
export function capRequests(
  run: LeadRun,
  asked: { matching: readonly CompiledCap[]; stepId: string | null },
): CapRequest[] {
  const { capGenerations } = routeOf(run).flow;
  return asked.matching.map(({ id, maximum, clock }) => {
    const { startsAt, endsAt } = clock.windowAt(run.ctx.now);
    return { capId: id, startsAt, endsAt, maximum, generation: capGenerations[id] ?? 0, stepId: asked.stepId };
  });
}
