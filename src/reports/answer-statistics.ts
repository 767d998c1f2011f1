import { instantOfId } from '../lib/ids.ts';
import { fail, ok, type Result } from '../lib/result.ts';
import type { Problem } from '../model/problem.ts';
import type { Interval } from '../statistics/intervals.ts';
import { parseTimeFrame, type TimeFrame } from '../statistics/time-frame.ts';
import { parseTimeZone } from '../statistics/time-zone.ts';
import { type Comparison, findEarlierFrame } from './compare-time-frame.ts';
import { describeRow, describeTimeFrame, type StatisticsRow } from './describe-statistics.ts';
import { isPersonalProperty, readsPersonalProperty } from './personal-values.ts';
import { type CountedRow, runStatistics, runTotals, type StatisticsDeps } from './run-statistics.ts';
import { buildQuestion, type StatisticsDefinition, type StatisticsQuestion } from './statistics-question.ts';
import type { Names } from './statistics-store.ts';

/** When, as a caller says it. */
export interface AskedTime {
  /** `this_14_days`; else from `start` to `end`, today unless given. */
  timeframe?: string | undefined;
  start?: string | undefined;
  end?: string | undefined;
  interval?: Interval | undefined;
  /** A name, or seconds east of UTC; undefined: the account's. */
  timeZone?: string | undefined;
  compare?: Comparison | undefined;
}

/** Finds names of flows and entities for an answer. */
export type FindNames = (key: {
  accountId: string;
  flowIds: readonly string[];
  entityIds: readonly string[];
}) => Promise<Names>;

export interface AnswerDeps extends StatisticsDeps {
  findNames: FindNames;
}

export interface StatisticsRequest {
  accountId: string;
  definition: StatisticsDefinition;
  time: AskedTime;
  now: number;
  /** Of the account. */
  accountTimeZone: string;
}

/** A question with its time, ready to be asked. */
export interface PreparedStatistics {
  accountId: string;
  now: number;
  question: StatisticsQuestion;
  /** undefined: it is compared with nothing. */
  earlier: StatisticsQuestion | undefined;
}

export interface StatisticsAnswer {
  rows: StatisticsRow[];
  timeframe: { start: string; end: string };
  /** null: it is compared with nothing. */
  comparedTimeframe: { start: string; end: string } | null;
  /** Events before this instant (epoch ms) are counted. */
  countedUntil: number;
}

/** Reads what is asked; the problems have their place in the definition and in the time. */
export function prepareStatistics(request: StatisticsRequest): Result<PreparedStatistics, Problem[]> {
  const { accountId, definition, time, now } = request;
  const { interval, compare } = time;
  const zone = time.timeZone === undefined ? ok(request.accountTimeZone) : parseTimeZone(time.timeZone);
  if (!zone.ok) return fail([{ path: 'timezone', message: zone.error }]);
  const timeZone = zone.value;
  const frame = readFrame(time, { now, timeZone });
  if (!frame.ok) return fail([{ path: placeOfTime(time), message: frame.error }]);
  const question = buildQuestion(definition, { frame: frame.value, interval, timeZone });
  if (!question.ok) return question;
  if (compare === undefined) return ok({ accountId, now, question: question.value, earlier: undefined });
  const earlierFrame = findEarlierFrame(frame.value, compare, timeZone);
  const earlier = buildQuestion(definition, { frame: earlierFrame, interval, timeZone });
  return earlier.ok ? ok({ accountId, now, question: question.value, earlier: earlier.value }) : earlier;
}

function readFrame(
  { timeframe, start, end }: AskedTime,
  context: { now: number; timeZone: string },
): Result<TimeFrame, string> {
  if (timeframe === undefined) return parseTimeFrame({ start, end }, context);
  if (start !== undefined || end !== undefined) return fail('Give either timeframe, or start and end.');
  return parseTimeFrame(timeframe, context);
}

function placeOfTime({ timeframe, start }: AskedTime): string {
  if (timeframe !== undefined) return 'timeframe';
  return start === undefined ? 'end' : 'start';
}

/** Does the question read values of leads? Who asks it needs the permission to see them. */
export function readsPersonalValues({ groupBy = [], rules = [] }: StatisticsDefinition): boolean {
  return groupBy.some(isPersonalProperty) || readsPersonalProperty(rules);
}

/** The rows of a question, with a row of totals at the end where one is asked for. The error is a sentence with the remedy. */
export async function answerStatistics(
  deps: AnswerDeps,
  { accountId, now, question, earlier }: PreparedStatistics,
  { withTotals }: { withTotals: boolean },
): Promise<Result<StatisticsAnswer, string>> {
  const counted = await runStatistics(deps, { accountId, question, now });
  if (!counted.ok) return counted;
  const compared = earlier && (await runStatistics(deps, { accountId, question: earlier, now }));
  if (compared && !compared.ok) return compared;
  const { rows } = counted.value;
  const names = await deps.findNames({ accountId, ...listIds(question, rows) });
  const before = compared && indexRows(compared.value.rows);
  const answered = rows.map((row) =>
    describeRow(question, { row, names, compared: before && (before.get(keyOf(row)) ?? null) }),
  );
  const totals = withTotals ? await describeTotals(deps, { accountId, now, question, earlier }) : ok([]);
  if (!totals.ok) return totals;
  return ok({
    rows: [...answered, ...totals.value],
    timeframe: describeTimeFrame(question.frame, question.timeZone),
    comparedTimeframe: earlier ? describeTimeFrame(earlier.frame, earlier.timeZone) : null,
    countedUntil: readUntil(counted.value.until, now),
  });
}

/** What is greater than every id means that nothing waits to be counted. */
function readUntil(until: string, now: number): number {
  if (until > 'f') return now;
  return until === '' ? 0 : Math.min(now, instantOfId(until));
}

async function describeTotals(
  deps: AnswerDeps,
  { accountId, now, question, earlier }: PreparedStatistics,
): Promise<Result<StatisticsRow[], string>> {
  const total = await runTotals(deps, { accountId, question, now });
  if (!total.ok) return total;
  const before = earlier && (await runTotals(deps, { accountId, question: earlier, now }));
  if (before && !before.ok) return before;
  const whole: StatisticsQuestion = { ...question, groupBy: [], interval: undefined };
  const asRow = (measured: CountedRow['measured']): CountedRow => ({ part: 0, group: [], measured });
  const row = describeRow(whole, { row: asRow(total.value), names: NO_NAMES, compared: before && asRow(before.value) });
  return ok([{ total: true, ...row }]);
}

const NO_NAMES: Names = { flows: new Map(), entities: new Map() };

function indexRows(rows: readonly CountedRow[]): Map<string, CountedRow> {
  return new Map(rows.map((row) => [keyOf(row), row]));
}

/** Parts are compared by their places: the first day of a month with the first of the month before. */
function keyOf({ part, group }: CountedRow): string {
  return JSON.stringify([part, group]);
}

function listIds(
  { groupBy }: StatisticsQuestion,
  rows: readonly CountedRow[],
): { flowIds: string[]; entityIds: string[] } {
  const idsOf = (dimensions: readonly string[]) => [
    ...new Set(
      groupBy.flatMap(({ dimension }, index) =>
        dimension !== null && dimensions.includes(dimension) ? rows.flatMap(({ group }) => group[index] ?? []) : [],
      ),
    ),
  ];
  return { flowIds: idsOf(['flow']), entityIds: idsOf(['source', 'recipient']) };
}
