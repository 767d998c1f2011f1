import type { EventRecord, EventStore } from '../events/event-store.ts';
import { computeIdRange } from '../events/id-range.ts';
import { listEarnings } from '../events/lead-money.ts';
import type { LeadPast } from '../events/lead-past.ts';
import type { FindRevision } from '../events/revisions.ts';
import type { CompiledFlow } from '../flow-compiler/compiled-flow.ts';
import type { Clock } from '../lib/clock.ts';
import type { RunSliced, Sliced } from '../lib/slices.ts';
import { addMoney, type Money, NO_MONEY } from '../model/money.ts';
import type { LeadOutcome } from '../model/outcome.ts';
import type { PhaseDeps } from '../pipeline/phase.ts';
import { countedIds } from '../simulation/counted-ids.ts';
import { findSource, simulatePast } from '../simulation/simulate-lead.ts';
import { buildReplay, type RecordedLead, whyNotReplayed } from './recorded-facts.ts';

/** Leads of one replay. */
export const REPLAY_LEADS_DEFAULT = 200;
export const REPLAY_LEADS_MAX = 500;
/** A replay that takes longer ends with what it has. */
const REPLAY_MS_MAX = 10_000;
/** Leads that are shown of those that would end otherwise. */
export const REPLAY_SAMPLES_MAX = 20;

/** How a lead ends on one of the two flows; `not_taken`: its source would not accept it. */
export type ReplayedOutcome = LeadOutcome | 'not_taken';

export interface ReplayedLead {
  outcome: ReplayedOutcome;
  reason: string | null;
}

/** What became of all leads on one of the two flows. */
export interface ReplaySide {
  counts: Record<ReplayedOutcome, number>;
  revenue: Money;
  cost: Money;
}

export interface ReplaySample {
  leadId: string;
  submittedAt: number;
  sourceId: string;
  before: ReplayedLead;
  after: ReplayedLead;
}

export interface Replay {
  leads: number;
  /** Leads of the range whose request is not kept any more, or that redeemed a ping. */
  notReplayed: number;
  flipped: number;
  /** Leads that came to a recipient that had not answered them then: it was taken to accept. */
  assumed: number;
  /** The time was up. */
  isStoppedEarly: boolean;
  before: ReplaySide;
  after: ReplaySide;
  samples: ReplaySample[];
}

export interface ReplayDeps {
  events: Pick<EventStore, 'pageOfLeads' | 'findDeliveries'>;
  findRevision: FindRevision;
  clock: Clock;
  runSliced: RunSliced;
  version: string;
  report: PhaseDeps['report'];
}

interface ReplayOrder {
  accountId: string;
  /** What leads run on, and what they would run on. */
  live: CompiledFlow;
  draft: CompiledFlow;
  last: number;
  /** Of the source’s entity; undefined: of all sources. */
  sourceId: string | undefined;
  isCancelled(): boolean;
}

/**
 * Runs the last leads of a flow through two compiled flows, with the answers that were recorded. Nothing is written and
 * nothing is sent. Everything else of the process has its turn between two simulations.
 */
export async function replayLeads(deps: ReplayDeps, order: ReplayOrder): Promise<Replay> {
  const { accountId, last, sourceId, live } = order;
  const endsAt = deps.clock.monotonic() + REPLAY_MS_MAX;
  const { found } = await deps.events.pageOfLeads({
    ...{ accountId, range: computeIdRange(null, null), sort: 'desc', limit: last },
    filter: { flowIds: [live.id], ...(sourceId === undefined ? {} : { sourceIds: [sourceId] }) },
  });
  const replay = newReplay();
  for (const { id: leadId } of found) {
    if (order.isCancelled()) break;
    if (deps.clock.monotonic() > endsAt) {
      replay.isStoppedEarly = true;
      break;
    }
    const past = await deps.events.findDeliveries({ accountId, leadId });
    if (!past || whyNotReplayed(past) !== undefined) replay.notReplayed += 1;
    else
      addLead(replay, await replayLead(deps, { order, past: { ...past, ranOn: await deps.findRevision(past.lead) } }));
  }
  return replay;
}

interface Replayed {
  recorded: RecordedLead;
  before: SimulatedEnd;
  after: SimulatedEnd;
}

async function replayLead(
  deps: ReplayDeps,
  { order, past }: { order: ReplayOrder; past: RecordedLead },
): Promise<Replayed> {
  await deps.runSliced(aTurn());
  const before = await simulate(deps, { recorded: past, flow: order.live });
  await deps.runSliced(aTurn());
  return { recorded: past, before, after: await simulate(deps, { recorded: past, flow: order.draft }) };
}

function* aTurn(): Sliced<void> {
  yield;
}

interface SimulatedEnd extends ReplayedLead {
  cost: Money;
  revenue: Money;
  isAssumed: boolean;
}

const NOT_TAKEN = { outcome: 'not_taken' as const, cost: NO_MONEY, revenue: NO_MONEY, isAssumed: false };

async function simulate(
  deps: ReplayDeps,
  { recorded, flow }: { recorded: RecordedLead; flow: CompiledFlow },
): Promise<SimulatedEnd> {
  const { lead } = recorded;
  const source = findSource(flow, lead.sourceId);
  if (!source) return { ...NOT_TAKEN, reason: 'The flow has no such source' };
  const simulation = buildReplay(recorded, flow);
  const { version, report } = deps;
  const ids = countedIds(lead.submittedAt);
  const { past, events, response } = await simulatePast(flow, {
    ...{ source, simulation, deps: { now: lead.submittedAt, ids, version, report } },
  });
  if (!past) return { ...NOT_TAKEN, reason: `The source would answer ${response.status}` };
  return { ...endOf(past, events), isAssumed: events.some((event) => isAssumed(event, simulation.answers)) };
}

function endOf({ lead }: LeadPast, events: readonly EventRecord[]): Omit<SimulatedEnd, 'isAssumed'> {
  const revenue = listEarnings(events).reduce((sum, { amount }) => addMoney(sum, amount), NO_MONEY);
  // A lead that has ended has one of the three.
  return { outcome: lead.outcome as LeadOutcome, reason: lead.reason, cost: lead.price, revenue };
}

function isAssumed({ type, outcome, stepId }: EventRecord, answers: ReadonlyMap<string, unknown>): boolean {
  return type === 'recipient' && outcome !== 'skip' && stepId !== null && !answers.has(stepId);
}

/** Of no lead. */
export function newReplay(): Replay {
  const side = (): ReplaySide => ({
    counts: { success: 0, failure: 0, error: 0, not_taken: 0 },
    ...{ revenue: NO_MONEY, cost: NO_MONEY },
  });
  return {
    ...{ leads: 0, notReplayed: 0, flipped: 0, assumed: 0, isStoppedEarly: false },
    ...{ before: side(), after: side(), samples: [] },
  };
}

function addLead(replay: Replay, { recorded, before, after }: Replayed): void {
  replay.leads += 1;
  addEnd(replay.before, before);
  addEnd(replay.after, after);
  if (before.isAssumed || after.isAssumed) replay.assumed += 1;
  if (before.outcome === after.outcome) return;
  replay.flipped += 1;
  if (replay.samples.length >= REPLAY_SAMPLES_MAX) return;
  const { id: leadId, submittedAt, sourceId } = recorded.lead;
  replay.samples.push({ leadId, submittedAt, sourceId, before: shown(before), after: shown(after) });
}

function addEnd(side: ReplaySide, { outcome, cost, revenue }: SimulatedEnd): void {
  side.counts[outcome] += 1;
  side.cost = addMoney(side.cost, cost);
  side.revenue = addMoney(side.revenue, revenue);
}

function shown({ outcome, reason }: SimulatedEnd): ReplayedLead {
  return { outcome, reason };
}
