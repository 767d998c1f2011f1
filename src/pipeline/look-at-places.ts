import type { CompiledCap } from '../caps/compile-caps.ts';
import type { Money } from '../model/money.ts';
import { type LeadRun, type RunPart, routeOf, runKeyOf } from './lead-run.ts';
import type { PhaseDeps } from './phase.ts';
import { addSeen, findCapSeen, findListVerdict, findUnknown } from './places-known.ts';
import { collectFindings } from './rule-findings.ts';
import type { CapRequest, ListRequest, PlacesAsked } from './run-store.ts';
import { unavailable } from './verdict.ts';

type LookingRun = RunPart<'route' | 'attempt' | 'leadId' | 'ctx'> & Pick<LeadRun, 'known'>;

/**
 * Sees to it that the lead knows what stands of these values and caps. null: it knew already, or knows now; else the
 * store could not be asked. Nothing is taken: see claim-places.ts. `again`: values that are looked up once more in the same
 * read, if there is one.
 */
export function lookAtPlaces(
  run: LookingRun,
  { asked, again = [], deps }: { asked: PlacesAsked; again?: readonly ListRequest[]; deps: PhaseDeps },
): null | Promise<{ kind: 'unavailable'; reason: string } | null> {
  const unknown = findUnknown(run.known, asked);
  if (unknown === null) return null;
  const places = { lists: [...unknown.lists, ...again], caps: unknown.caps };
  return deps.store.look({ run: runKeyOf(run), ...places }).then((result) => {
    if (result.kind === 'unavailable') return unavailable(result.reason);
    run.known = addSeen(run.known, places, result);
    return null;
  });
}

/** The same of a post that names a ping, which is read in the same look. */
export function lookAtPing(
  run: LookingRun & Pick<LeadRun, 'namedPing'>,
  { asked, pingId, deps }: { asked: PlacesAsked; pingId: string; deps: PhaseDeps },
): Promise<{ kind: 'unavailable'; reason: string } | null> {
  return deps.store.look({ run: runKeyOf(run), ...asked, pingId }).then((result) => {
    if (result.kind === 'unavailable') return unavailable(result.reason);
    run.known = addSeen(run.known, asked, result);
    // An evaluation reads no pings: then the lead costs what the flow says.
    if (result.ping !== undefined) run.namedPing = { id: pingId, seen: result.ping };
    return null;
  });
}

/** The caps of the flow and of the source whose rules match this lead, flow first. */
export function matchingCaps(run: RunPart<'route' | 'vars' | 'ctx'> & Pick<LeadRun, 'findings'>): CompiledCap[] {
  const { flow, source } = routeOf(run);
  const trace = collectFindings(run.findings);
  return [...flow.caps.matching(run.vars, run.ctx, trace), ...source.caps.matching(run.vars, run.ctx, trace)];
}

/**
 * Windows are those of the lead's own instant, or of a later attempt's: what is delivered then counts then. `price` is what
 * revenue caps are asked for: what costs nothing needs no room in them. null: it is not known yet, so they are left out.
 */
export function buildCapRequests(
  run: RunPart<'route' | 'attempt' | 'ctx' | 'known'>,
  { caps, stepId, price }: { caps: readonly CompiledCap[]; stepId: string | null; price: Money | null },
): CapRequest[] {
  const { capGenerations } = routeOf(run).flow;
  const requests: CapRequest[] = [];
  for (const { id, isMoney, maximum, clock } of caps) {
    if (isMoney && (price === null || price === 0)) continue;
    const { startsAt, endsAt } = clock.windowAt(run.attempt?.at ?? run.ctx.now);
    const generation = capGenerations[id] ?? 0;
    const amount = isMoney && price !== null ? price : undefined;
    const request: CapRequest = { capId: id, startsAt, endsAt, maximum, generation, stepId, amount };
    const seen = findCapSeen(run.known, request);
    if (seen) request.generation = seen.generation;
    requests.push(request);
  }
  return requests;
}

/**
 * Caps of steps that one look asks about at most. It saves a look and a claim in vain; a cap beyond them is met by its
 * step.
 */
const STEP_CAPS_LOOKED_AT_MAX = 50;

/**
 * The caps of all steps and destinations that could match the lead: nothing else is read for them before it is sent, except
 * of revenue caps, whose step asks when it knows its price.
 */
export function buildStepCapRequests(run: RunPart<'route' | 'attempt' | 'ctx' | 'known'>): CapRequest[] {
  const { steps, destinations } = routeOf(run).flow;
  const requests: CapRequest[] = [];
  for (const step of [...steps, ...destinations]) {
    if (step.kind !== 'recipient' || !step.isEnabled || step.caps.caps.length === 0) continue;
    if (requests.length + step.caps.caps.length > STEP_CAPS_LOOKED_AT_MAX) break;
    requests.push(...buildCapRequests(run, { caps: step.caps.caps, stepId: step.id, price: null }));
  }
  return requests;
}

/**
 * What the lead itself takes when it claims: the values that were not found, and a place in each cap of the flow and of
 * the source that matches it. The phases have let it pass, so that each of them had room.
 */
export function buildOwnPlaces(
  run: RunPart<'route' | 'attempt' | 'ctx' | 'known' | 'askedLists' | 'askedCaps' | 'offered'>,
): PlacesAsked {
  return {
    lists: run.askedLists.filter((list) => findListVerdict(run.known, list)?.found === false),
    caps: buildCapRequests(run, { caps: run.askedCaps ?? [], stepId: null, price: run.offered.amount }),
  };
}
