import type { Principal } from '../../access/principal.ts';
import { type AccountStore, loadAccount } from '../../accounts/account-store.ts';
import type { Clock } from '../../lib/clock.ts';
import { prepareStatistics } from '../../reports/answer-statistics.ts';
import { describeTimeFrame } from '../../reports/describe-statistics.ts';
import type { LatencyTally } from '../../reports/statistics-store.ts';
import { findPercentile } from '../../statistics/latency-slots.ts';
import { LATENCY_BUCKET_SECONDS } from '../../statistics/measures.ts';
import { type ApiResult, answer } from '../api.ts';
import { malformedQuery, type ParametersOf } from '../parameters.ts';
import type { ReadingStores } from '../reading-stores.ts';
import type { LATENCY_PARAMETERS } from '../statistics-question.ts';
import { askedTimeOf } from './statistics.ts';

export interface LatencyDeps {
  accounts: Pick<AccountStore, 'find'>;
  reading: Pick<ReadingStores, 'statistics'>;
  clock: Clock;
}

const HOUR_MS = LATENCY_BUCKET_SECONDS * 1000;
/** Slots of all groups: 240 each at most, and some 30 in practice. */
export const LATENCY_ROWS_MAX = 100_000;

/** `GET /events/latencies`: how long leads and deliveries took, by flow, source or recipient. */
export async function readLatencies(
  deps: LatencyDeps,
  { principal, query }: { principal: Principal; query: ParametersOf<typeof LATENCY_PARAMETERS> },
): Promise<ApiResult> {
  const { accountId } = principal;
  const { timeZone: accountTimeZone } = await loadAccount(deps, accountId);
  const { by = 'recipient', flow_id: flowIds, source_id: sourceIds, recipient_id: recipientIds } = query;
  if (by !== 'recipient' && recipientIds !== undefined)
    return malformedQuery([{ path: 'recipient_id', message: 'Only with by=recipient: leads have no recipient.' }]);
  const now = deps.clock.now();
  const time = askedTimeOf({ ...query, interval: undefined });
  const prepared = prepareStatistics({ accountId, accountTimeZone, now, definition: {}, time });
  if (!prepared.ok) return malformedQuery(prepared.error);
  const { frame, timeZone } = prepared.value.question;
  const hours = [Math.floor(frame.startsAt / HOUR_MS), Math.ceil(frame.endsAt / HOUR_MS)] as const;
  const tallies = await deps.reading.statistics.sumLatencies({
    ...{ accountId, dimension: by, hours, rowsMax: LATENCY_ROWS_MAX },
    level: by === 'recipient' ? 'recipient' : 'source',
    filter: {
      ...(flowIds !== undefined && { flowIds }),
      ...(sourceIds !== undefined && { sourceIds }),
      ...(recipientIds !== undefined && { recipientIds }),
    },
  });
  if (tallies.length > LATENCY_ROWS_MAX) return malformedQuery([{ path: 'by', message: TOO_MANY }]);
  const groups = groupById(tallies);
  const ids = [...groups.keys()];
  const names = await deps.reading.statistics.readNames({
    accountId,
    flowIds: by === 'flow' ? ids : [],
    entityIds: by === 'flow' ? [] : ids,
  });
  const [startsAt, endsAt] = [hours[0] * HOUR_MS, hours[1] * HOUR_MS];
  return answer(200, {
    timeframe: describeTimeFrame({ startsAt, endsAt }, timeZone),
    latencies: [...groups].map(([id, slots]) => ({
      id,
      name: (by === 'flow' ? names.flows : names.entities).get(id) ?? null,
      count: slots.reduce((sum, { count }) => sum + count, 0),
      p50_ms: findPercentile(slots, 0.5),
      p95_ms: findPercentile(slots, 0.95),
    })),
  });
}

const TOO_MANY = 'There are too many of them: ask for some by flow_id, source_id or recipient_id.';

function groupById(tallies: readonly LatencyTally[]): Map<string, LatencyTally[]> {
  const groups = new Map<string, LatencyTally[]>();
  for (const tally of tallies) groups.set(tally.id, [...(groups.get(tally.id) ?? []), tally]);
  return groups;
}
