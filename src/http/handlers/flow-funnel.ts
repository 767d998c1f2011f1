import type { Principal } from '../../access/principal.ts';
import { type AccountStore, loadAccount } from '../../accounts/account-store.ts';
import { isJsonObject, type JsonObject } from '../../flows/flow-json.ts';
import type { FlowStore } from '../../flows/flow-store.ts';
import type { Clock } from '../../lib/clock.ts';
import { PHASES } from '../../pipeline/phases.ts';
import { prepareStatistics } from '../../reports/answer-statistics.ts';
import { describeTimeFrame } from '../../reports/describe-statistics.ts';
import type { EventTally, LatencyTally } from '../../reports/statistics-store.ts';
import { findPercentile } from '../../statistics/latency-slots.ts';
import { BUCKET_SECONDS, LATENCY_BUCKET_SECONDS } from '../../statistics/measures.ts';
import { type ApiResult, answer } from '../api.ts';
import { apiError } from '../errors.ts';
import { malformedQuery, type ParametersOf } from '../parameters.ts';
import type { ReadingStores } from '../reading-stores.ts';
import type { TIME_PARAMETERS } from '../statistics-question.ts';
import { LATENCY_ROWS_MAX } from './latencies.ts';
import { askedTimeOf } from './statistics.ts';

export interface FunnelDeps {
  accounts: Pick<AccountStore, 'find'>;
  flows: Pick<FlowStore, 'find'>;
  reading: Pick<ReadingStores, 'statistics' | 'scans'>;
  clock: Clock;
}

const UNKNOWN_FLOW = apiError('not_found', 'There is no flow with this id.');
const BUCKET_MS = BUCKET_SECONDS * 1000;
const HOUR_MS = LATENCY_BUCKET_SECONDS * 1000;
/** Steps, types and outcomes. */
const CELLS_MAX = 10_000;
/** Leads whose phase is looked at. */
const LEADS_MAX = 50_000;

/** `GET /flows/{id}/funnel`: how many leads reached each phase and step of a flow, and how many left there. */
export async function readFlowFunnel(
  deps: FunnelDeps,
  request: {
    principal: Principal;
    params: { id: string };
    query: ParametersOf<Omit<typeof TIME_PARAMETERS, 'interval'>>;
  },
): Promise<ApiResult> {
  const { accountId } = request.principal;
  const { timeZone: accountTimeZone } = await loadAccount(deps, accountId);
  const flow = await deps.flows.find({ accountId, flowId: request.params.id });
  if (!flow) return UNKNOWN_FLOW;
  const now = deps.clock.now();
  const time = askedTimeOf({ ...request.query, interval: undefined });
  const prepared = prepareStatistics({ accountId, accountTimeZone, now, definition: {}, time });
  if (!prepared.ok) return malformedQuery(prepared.error);
  const { frame, timeZone } = prepared.value.question;
  const buckets = [
    frame.startsAt,
    frame.endsAt > now ? Math.ceil(frame.endsAt / BUCKET_MS) * BUCKET_MS : frame.endsAt,
  ].map((instant) => instant / BUCKET_MS);
  if (!buckets.every(Number.isInteger)) return malformedQuery([{ path: 'start', message: NO_QUARTER }]);
  const filter = { flowIds: [flow.id] };
  const tallies = await deps.reading.statistics.countEvents({
    ...{
      accountId,
      buckets,
      filter,
      dimensions: ['type', 'step_id', 'outcome'],
      types: ['source', 'filter', 'recipient'],
      cellsMax: CELLS_MAX,
    },
  });
  const stops = await deps.reading.scans.countStops({ accountId, frame, filter, leadsMax: LEADS_MAX });
  const latencies = await readLatencies(deps, { accountId, flowId: flow.id, frame });
  const submitted = sumOf(tallies, { type: 'source' });
  return answer(200, {
    timeframe: describeTimeFrame(frame, timeZone),
    submitted,
    outcomes: outcomesOf(tallies, { type: 'source' }, ['success', 'failure', 'error']),
    phases: stops && describePhases(stops),
    steps: listSteps(flow.document, tallies).map((step) => ({
      ...describeStep(tallies, step.id),
      ...describeLatency(latencies.get(step.entityId ?? '')),
    })),
  });
}

/** Slots of what deliveries to each recipient of the flow took, in the hours that have a part of the frame. */
async function readLatencies(
  { reading }: FunnelDeps,
  { accountId, flowId, frame }: { accountId: string; flowId: string; frame: { startsAt: number; endsAt: number } },
): Promise<Map<string, LatencyTally[]>> {
  const tallies = await reading.statistics.sumLatencies({
    ...{ accountId, level: 'recipient', dimension: 'recipient', rowsMax: LATENCY_ROWS_MAX },
    hours: [Math.floor(frame.startsAt / HOUR_MS), Math.ceil(frame.endsAt / HOUR_MS)],
    filter: { flowIds: [flowId] },
  });
  const byRecipient = new Map<string, LatencyTally[]>();
  for (const tally of tallies) byRecipient.set(tally.id, [...(byRecipient.get(tally.id) ?? []), tally]);
  return byRecipient;
}

/** null: a filter, or nothing was delivered. */
function describeLatency(slots: readonly LatencyTally[] = []): object {
  return { p50_ms: findPercentile(slots, 0.5), p95_ms: findPercentile(slots, 0.95) };
}

const NO_QUARTER = 'Must be whole quarters of an hour: start and end cut one.';

type Wanted = Partial<Record<'type' | 'step_id' | 'outcome', string>>;

function sumOf(tallies: readonly EventTally[], wanted: Wanted): number {
  return tallies
    .filter(({ values }) => Object.entries(wanted).every(([property, value]) => values[property] === value))
    .reduce((sum, { events }) => sum + events, 0);
}

function outcomesOf(tallies: readonly EventTally[], of: Wanted, outcomes: readonly string[]): Record<string, number> {
  return Object.fromEntries(outcomes.map((outcome) => [outcome, sumOf(tallies, { ...of, outcome })]));
}

interface FunnelStep {
  id: string;
  /** Of its recipient; undefined: a filter or a distribution, or the step is not there any more. */
  entityId: string | undefined;
}

/**
 * Of the flow as it is saved, in order, recipients of a distribution behind it; then those that were there in the time frame and
 * are not any more.
 */
function listSteps(document: JsonObject, tallies: readonly EventTally[]): FunnelStep[] {
  const saved = listIn(document['steps'])
    .flatMap((step) => [step, ...listIn(step['recipients'])])
    .flatMap(readStep);
  const known = new Set(saved.map(({ id }) => id));
  const gone = new Set(tallies.flatMap(({ values }) => values['step_id'] ?? []).filter((id) => !known.has(id)));
  return [...saved, ...[...gone].map((id) => ({ id, entityId: undefined }))];
}

function listIn(members: unknown): JsonObject[] {
  return Array.isArray(members) ? members.filter(isJsonObject) : [];
}

function readStep({ id, entity }: JsonObject): FunnelStep[] {
  if (typeof id !== 'string') return [];
  const entityId = isJsonObject(entity) && typeof entity['id'] === 'string' ? entity['id'] : undefined;
  return [{ id, entityId }];
}

function describeStep(tallies: readonly EventTally[], stepId: string): object {
  const isFilter = sumOf(tallies, { type: 'filter', step_id: stepId }) > 0;
  const type = isFilter ? 'filter' : 'recipient';
  const of = { type, step_id: stepId };
  const outcomes = outcomesOf(
    tallies,
    of,
    isFilter ? ['continue', 'stop', 'error'] : ['success', 'failure', 'error', 'skip'],
  );
  return { step_id: stepId, type, reached: sumOf(tallies, of), left: outcomes['stop'] ?? 0, outcomes };
}

/** A lead left in the phase that stopped it; who was stopped in none ('') reached all of them. */
function describePhases(stops: ReadonlyMap<string, number>): object[] {
  let reached = [...stops.values()].reduce((sum, leads) => sum + leads, 0);
  return PHASES.map(({ name }) => {
    const left = stops.get(name) ?? 0;
    const phase = { phase: name, reached, left };
    reached -= left;
    return phase;
  });
}
