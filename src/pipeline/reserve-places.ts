import type { CompiledCap } from '../caps/compile-caps.ts';
import { type LeadRun, type RunPart, routeOf, runKeyOf } from './lead-run.ts';
import type { PhaseDeps } from './phase.ts';
import { collectFindings } from './rule-findings.ts';
import type { CapRequest, ListRequest, ListVerdict } from './run-store.ts';

/** What a lead or one of its steps asks the store for in one step. */
export interface PlacesAsked {
  lists: ListRequest[];
  caps: readonly CompiledCap[];
  /** The step the caps belong to; null: the lead itself. */
  stepId: string | null;
}

export type PlacesAnswer =
  | { kind: 'reserved'; lists: ListVerdict[]; capRefusal: LeadRun['capRefusal'] }
  | { kind: 'unavailable'; reason: string };

/** Why a lead goes no further: a database that was killed forgets reservations it had not flushed. */
export const PLACES_LOST = 'the database was restarted and lost places of this lead';

type ReservingRun = RunPart<'route' | 'attempt' | 'leadId' | 'ctx'> & Pick<LeadRun, 'held' | 'hasRun'>;

/** Asks the store for places and notes in the run what it holds from now on. */
export async function reservePlaces(
  run: ReservingRun,
  at: { asked: PlacesAsked; deps: PhaseDeps },
): Promise<PlacesAnswer> {
  const { asked, deps } = at;
  const { held, hasRun } = run;
  const result = await deps.store.reserve({
    run: runKeyOf(run),
    held,
    hasRun,
    lists: asked.lists,
    caps: capRequests(run, asked),
  });
  if (result.kind === 'unavailable') return result;
  run.held = result.held;
  if (result.kind === 'lost') return { kind: 'unavailable', reason: PLACES_LOST };
  run.hasRun = result.hasRun;
  return { kind: 'reserved', lists: result.lists, capRefusal: result.capRefusal };
}

/** The caps of the flow and of the source whose rules match this lead, flow first. */
export function matchingCaps(run: RunPart<'route' | 'vars' | 'ctx'> & Pick<LeadRun, 'findings'>): CompiledCap[] {
  const { flow, source } = routeOf(run);
  const trace = collectFindings(run.findings);
  return [...flow.caps.matching(run.vars, run.ctx, trace), ...source.caps.matching(run.vars, run.ctx, trace)];
}

/** Windows are those of the lead's own instant, or of a later attempt's: what is delivered then counts then. */
function capRequests(run: RunPart<'route' | 'attempt' | 'ctx'>, asked: PlacesAsked): CapRequest[] {
  const { capGenerations } = routeOf(run).flow;
  return asked.caps.map(({ id, maximum, clock }) => {
    const { startsAt, endsAt } = clock.windowAt(run.attempt?.at ?? run.ctx.now);
    return { capId: id, startsAt, endsAt, maximum, generation: capGenerations[id] ?? 0, stepId: asked.stepId };
  });
}
