import type { CapHold } from '../stored/holds.ts';
import { failedOf, leadPlacesWait, lostOf, retriesOf, unknownsOf } from './afterlife.ts';
import { sourceEventRow, stepEventRows } from './event-rows.ts';
import { hasUnknownDelivery, type LeadRun, runKeyOf } from './lead-run.ts';
import { scrubberOf } from './lead-scrubber.ts';
import type { PhaseDeps } from './phase.ts';
import type { SettleRequest } from './run-store.ts';
import { storedLead } from './stored-lead.ts';

/** What the store commits when a lead ends: its events, its personal part, and the fate of each place it holds. */
export function settlementOf(run: LeadRun, deps: Pick<PhaseDeps, 'ids' | 'clock' | 'host' | 'version'>): SettleRequest {
  const { host, version } = deps;
  const scrub = scrubberOf(run);
  const source = sourceEventRow(run, { eventId: deps.ids.next(), endedAt: deps.clock.now(), host, version, scrub });
  const retries = retriesOf(failedOf(run, scrub), { ids: deps.ids, now: deps.clock.now() });
  const unknowns = unknownsOf(lostOf(run, scrub), run.held);
  return {
    run: runKeyOf(run),
    hasRun: run.hasRun,
    held: run.held,
    keepsCap: (hold) => keepsCap(run, hold),
    keepsLists: isPlaceUsed(run),
    waits: leadPlacesWait(run.outcome, { retries, unknowns }),
    outcome: run.outcome,
    reason: source.reason,
    price: run.price,
    events: [...stepEventRows(run, scrub), source],
    document: storedLead(run),
    retries,
    unknowns,
  };
}

/** A place is used by a success, and by a delivery that may have arrived (decisions 5 and 9). */
function isPlaceUsed(run: LeadRun): boolean {
  return run.outcome === 'success' || hasUnknownDelivery(run);
}

/** A step's cap counts the step's deliveries, the others the lead. */
function keepsCap(run: LeadRun, hold: CapHold): boolean {
  if (hold.stepId === null) return isPlaceUsed(run);
  return run.stepResults.some(
    (result) =>
      result.kind === 'recipient' &&
      result.stepId === hold.stepId &&
      (result.outcome === 'success' || result.isUnknown),
  );
}
