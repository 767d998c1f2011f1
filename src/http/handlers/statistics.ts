import type { Principal } from '../../access/principal.ts';
import { type AccountStore, loadAccount } from '../../accounts/account-store.ts';
import type { FindRevision } from '../../events/revisions.ts';
import type { Clock } from '../../lib/clock.ts';
import {
  type AnswerDeps,
  type AskedTime,
  answerStatistics,
  prepareStatistics,
  readsPersonalValues,
  type StatisticsAnswer,
} from '../../reports/answer-statistics.ts';
import { createScanStatistics } from '../../reports/scan-statistics.ts';
import type { StatisticsDefinition } from '../../reports/statistics-question.ts';
import { writeStatisticsCsv } from '../../reports/write-statistics-csv.ts';
import { type ApiAnswer, type ApiResult, answer } from '../api.ts';
import { type ApiError, apiError } from '../errors.ts';
import { isoTime } from '../iso-time.ts';
import { malformedQuery, type ParametersOf } from '../parameters.ts';
import type { ReadingStores } from '../reading-stores.ts';
import type { STATISTICS_PARAMETERS, TIME_PARAMETERS } from '../statistics-question.ts';

export interface StatisticsDeps {
  accounts: Pick<AccountStore, 'find'>;
  reading: Pick<ReadingStores, 'statistics' | 'scans'>;
  findRevision: FindRevision;
  clock: Clock;
}

/** `GET /events/stats` */
export async function readStatistics(
  deps: StatisticsDeps,
  { principal, query }: { principal: Principal; query: ParametersOf<typeof STATISTICS_PARAMETERS> },
): Promise<ApiResult> {
  const { accountId } = principal;
  const { timeZone: accountTimeZone } = await loadAccount(deps, accountId);
  const definition: StatisticsDefinition = {
    columns: query.column,
    groupBy: query.group_by,
    rules: query.rule,
    isByLead: query.by_lead === undefined ? undefined : query.by_lead === 'true',
    types: query.type,
    outcomes: query.outcome,
  };
  const forbidden = refuseWithoutPermission(principal, definition);
  if (forbidden) return forbidden;
  const prepared = prepareStatistics({
    ...{ accountId, accountTimeZone, now: deps.clock.now(), definition },
    time: { ...askedTimeOf(query), compare: query.compare },
  });
  if (!prepared.ok)
    return malformedQuery(
      prepared.error.map(({ path, message }) => ({ path: path.replace(/^rules/, 'rule'), message })),
    );
  const answered = await answerStatistics(answerDepsOf(deps), prepared.value, { withTotals: query.totals === 'true' });
  if (!answered.ok) return malformedQuery([{ path: 'timeframe', message: answered.error }]);
  return withCsv(answered.value, answered.value.rows);
}

export function askedTimeOf(given: ParametersOf<typeof TIME_PARAMETERS>): AskedTime {
  const { timeframe, start, end, interval, timezone, time_zone } = given;
  return { timeframe, start, end, interval, timeZone: timezone ?? time_zone };
}

export function answerDepsOf({
  reading,
  findRevision,
  clock,
}: Pick<StatisticsDeps, 'reading' | 'findRevision' | 'clock'>): AnswerDeps {
  const { statistics, scans } = reading;
  return { statistics, scan: createScanStatistics({ scans, findRevision, clock }), findNames: statistics.readNames };
}

/** Values of leads are shown, and rules about them answered, only to who may see them. */
export function refuseWithoutPermission(
  { permissions }: Principal,
  definition: StatisticsDefinition,
): ApiError | undefined {
  if (!readsPersonalValues(definition) || permissions.has('personal_data.read')) return undefined;
  return apiError('permission_required', 'Rules and groups by values of leads need the permission personal_data.read.');
}

/** Events before this instant are counted. */
const COUNTED_UNTIL = 'X-Counted-Until';

/** The answer in JSON, or its rows as CSV for who prefers that. */
export function withCsv({ rows, countedUntil }: StatisticsAnswer, body: unknown): ApiAnswer {
  const headers = { [COUNTED_UNTIL]: isoTime(countedUntil) ?? '' };
  return { ...answer(200, body), csv: writeStatisticsCsv(rows), headers };
}
