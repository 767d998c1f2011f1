import { maySeeValues, type Principal } from '../../access/principal.ts';
import { type AccountStore, loadAccount } from '../../accounts/account-store.ts';
import { buildPing } from '../../events/build-ping.ts';
import { hideReasons } from '../../events/hide-values.ts';
import { computeIdRange } from '../../events/id-range.ts';
import type { PingStats } from '../../events/ping-store.ts';
import type { FindRevision } from '../../events/revisions.ts';
import { pingExplanation } from '../../explain/ping-explanation.ts';
import type { Clock } from '../../lib/clock.ts';
import { type ApiResult, answer } from '../api.ts';
import { apiError } from '../errors.ts';
import { pagingOf } from '../paging.ts';
import type { ParametersOf } from '../parameters.ts';
import type { PING_PARAMETERS, PING_STATS_PARAMETERS } from '../ping-question.ts';
import type { ReadingStores } from '../reading-stores.ts';

export interface PingDeps {
  accounts: Pick<AccountStore, 'find'>;
  reading: Pick<ReadingStores, 'pings'>;
  findRevision: FindRevision;
  clock: Clock;
}

const UNKNOWN_PING = apiError('not_found', 'There is no ping with this id; pings are kept for 35 days.');

/** `GET /pings`: a page of pings, newest first unless asked otherwise. */
export async function listPings(
  deps: PingDeps,
  { principal, query }: { principal: Principal; query: ParametersOf<typeof PING_PARAMETERS> },
): Promise<ApiResult> {
  const paging = pagingOf(query);
  if (!paging.ok) return paging.error;
  const { outcome, flow_id, source_id } = query;
  const { select, ...page } = paging.value;
  const filter = { outcomes: outcome, flowIds: flow_id, sourceIds: source_id };
  const pings = await deps.reading.pings.pageOfPings({ accountId: principal.accountId, ...page, filter });
  const now = deps.clock.now();
  const built = await Promise.all(
    pings.map(async (ping) => buildPing({ ping, flow: await deps.findRevision(ping) }, now)),
  );
  const isOpen = maySeeValues(principal);
  return answer(
    200,
    built.map((ping) => select(isOpen ? ping : hideReasons(ping))),
  );
}

/** `GET /pings/{id}`: the ping, why it ended so, and the lead that has its price. */
export async function readPing(
  deps: PingDeps,
  { principal, params }: { principal: Principal; params: { id: string } },
): Promise<ApiResult> {
  const { pings } = deps.reading;
  const ping = await pings.findPing({ accountId: principal.accountId, pingId: params.id });
  if (!ping) return UNKNOWN_PING;
  const past = { ping, flow: await deps.findRevision(ping) };
  const leadId = ping.heldBy ?? (await pings.findLeadOfPing(ping));
  const now = deps.clock.now();
  const isOpen = maySeeValues(principal);
  const built = buildPing(past, now);
  const { sentences, ...explanation } = pingExplanation(past, { leadId, now });
  return answer(200, {
    ...(isOpen ? built : hideReasons(built)),
    lead_id: leadId,
    wait_ms: ping.facts.wait_ms ?? null,
    warnings: isOpen ? (ping.facts.warnings ?? []) : [],
    // Sentences quote reasons and warnings; what the phases found has no value of the ping.
    explanation: { ...explanation, sentences: isOpen ? sentences : [] },
  });
}

/** Days that are counted unless the question says from when. */
const DAYS_COUNTED = 7;
const DAY_MS = 86_400_000;
const ROWS_MAX = 10_000;

/** `GET /pings/stats` */
export async function readPingStats(
  deps: PingDeps,
  { principal: { accountId }, query }: { principal: Principal; query: ParametersOf<typeof PING_STATS_PARAMETERS> },
): Promise<ApiResult> {
  const { flow_id, source_id, start, end, interval = 'day' } = query;
  const { timeZone } = await loadAccount(deps, accountId);
  const stats = await deps.reading.pings.countPings({
    accountId,
    range: computeIdRange(start ?? (end ?? deps.clock.now()) - DAYS_COUNTED * DAY_MS, end ?? null),
    filter: { flowIds: flow_id, sourceIds: source_id },
    interval,
    timeZone,
    limit: ROWS_MAX + 1,
  });
  if (stats.length > ROWS_MAX) return apiError('malformed_query', TOO_MANY_ROWS);
  return answer(200, stats.map(describeStats));
}

const TOO_MANY_ROWS = `The answer would have more than ${ROWS_MAX} rows: ask for less time, one flow, or interval=day.`;

function describeStats(stats: PingStats): object {
  const { flowId, sourceId, startedAt, submitted, success, limited, redeemed } = stats;
  return {
    flow_id: flowId,
    source_id: sourceId,
    started_at: new Date(startedAt).toISOString(),
    submitted,
    success,
    limited,
    redeemed,
    success_rate: rate(success, submitted),
    win_rate: rate(redeemed, success),
  };
}

/** null: there is nothing to divide by. */
function rate(part: number, whole: number): number | null {
  return whole === 0 ? null : Math.round((part / whole) * 10_000) / 10_000;
}
