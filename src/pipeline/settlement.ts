import type { Money } from '../model/money.ts';
import { buildLeadWords } from '../search/lead-words.ts';
import { listFields } from '../statistics/list-fields.ts';
import { buildSourceEvent, buildStepEvents } from './event-rows.ts';
import { buildRetries, buildUnknowns, leadPlacesWait, listFailedDeliveries, listLostDeliveries } from './follow-ups.ts';
import { guardOf, hasUnknownDelivery, type RunPart, runKeyOf } from './lead-run.ts';
import { scrubberOf } from './lead-scrubber.ts';
import { buildOwnPlaces } from './look-at-places.ts';
import type { PhaseDeps } from './phase.ts';
import type { RunOf } from './phase-access.ts';
import type { SettleRequest, UsedPlaces } from './run-store.ts';
import { writeLead } from './write-lead.ts';

/** What the store commits when a lead ends: its events, its personal part, and the fate of each place it holds. */
export function buildSettlement(
  run: RunOf<'respond'>,
  deps: Pick<PhaseDeps, 'ids' | 'clock' | 'host' | 'version' | 'hashSearchValue' | 'report'>,
): SettleRequest {
  const { host, version } = deps;
  const scrub = scrubberOf(run);
  const end = { eventId: deps.ids.event(), endedAt: deps.clock.now(), host, version, scrub };
  const source = buildSourceEvent(run, end);
  const retries = buildRetries(listFailedDeliveries(run, { scrub }), { ids: deps.ids, now: deps.clock.now() });
  const unknowns = buildUnknowns(listLostDeliveries(run, { scrub }), run.held);
  const used = findUsedPlaces(run);
  const waits = leadPlacesWait(run.outcome, { retries, unknowns });
  const built = [...buildStepEvents(run, { scrub }), source];
  const document = writeLead(run, run.answer);
  const key = runKeyOf(run);
  return {
    run: key,
    hasRun: run.hasRun,
    held: run.held,
    intentCount: run.intended.count,
    // What ends without having been sent and keeps its places takes them now.
    claims: !run.hasRun && (used.lead || waits !== null) ? buildOwnPlaces(run) : null,
    used,
    refusals: run.refusals,
    waits,
    outcome: run.outcome,
    reason: source.row.reason,
    price: run.price,
    events: built.map(({ row }) => row),
    facts: built.map(({ facts }) => facts),
    document,
    fields: listFields(run.storedBeginning?.lead ?? {}),
    retries,
    unknowns,
    guard: guardOf(run),
    words: findWords(run, { accountId: key.accountId, deps }),
  };
}

/** What the lead is found by. Without them it is found by its id, so they never keep a lead from its end. */
function findWords(
  run: RunPart<'leadId' | 'storedBeginning'>,
  { accountId, deps }: { accountId: string; deps: Pick<PhaseDeps, 'hashSearchValue' | 'report'> },
): string {
  try {
    return buildLeadWords(run.storedBeginning?.lead ?? {}, { accountId, hash: deps.hashSearchValue });
  } catch (error) {
    deps.report({ leadId: run.leadId, where: 'search', error });
    return '';
  }
}

/** For how much a delivery of unknown end was sold is not known. */
function findSales(results: RunPart<'stepResults'>['stepResults']): Map<string, Money> {
  const sales = new Map<string, Money>();
  for (const result of results)
    if (result.kind === 'recipient' && result.outcome === 'success') sales.set(result.stepId, result.salePrice);
  return sales;
}

/** A place is used by a success, and by a delivery that may have arrived; a step's cap counts its deliveries (decisions 5 and 9). */
function findUsedPlaces(run: RunPart<'stepResults' | 'outcome'>): UsedPlaces {
  const delivered = run.stepResults.filter(
    (result) => result.kind === 'recipient' && (result.outcome === 'success' || result.isUnknown),
  );
  return {
    lead: run.outcome === 'success' || hasUnknownDelivery(run),
    steps: delivered.map(({ stepId }) => stepId),
    sales: findSales(run.stepResults),
  };
}
