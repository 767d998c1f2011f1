import { isTimeZone } from '../batches/schedule.ts';
import { fail, ok, type Result } from '../lib/result.ts';
import type { Problem } from '../model/problem.ts';
import { COLUMN_NAMES, DEFAULT_COLUMNS } from '../statistics/columns.ts';
import type { Interval } from '../statistics/intervals.ts';
import { prepareStatistics } from './answer-statistics.ts';
import {
  REPORT_MAIL_FORMATS,
  REPORT_READERS_MAX,
  REPORT_RULES_CHARACTERS_MAX,
  type ReportDefinition,
  type ReportSchedule,
} from './report.ts';
import type { StatisticsDefinition } from './statistics-question.ts';

/** A report as the caller gives it: of the right types, and not yet a whole. */
export interface GivenReport {
  name: string;
  description?: string | null;
  columns?: unknown[];
  rules?: unknown[];
  group_by?: string[];
  by_lead?: boolean;
  timeframe?: string | null;
  interval?: Interval | null;
  time_zone?: string | null;
  schedule?: (Partial<ReportSchedule> & Pick<ReportSchedule, 'times' | 'email_to'>) | null;
}

/** What is missing filled with defaults, or all that is wrong: it is asked as a question that is not answered. */
export function readReport(
  given: GivenReport,
  context: { accountId: string; accountTimeZone: string; now: number },
): Result<ReportDefinition, Problem[]> {
  const columns = given.columns === undefined ? ok([...DEFAULT_COLUMNS]) : readColumns(given.columns);
  if (!columns.ok) return columns;
  const definition: ReportDefinition = {
    name: given.name.trim(),
    description: given.description ?? null,
    columns: columns.value,
    rules: given.rules ?? [],
    group_by: given.group_by ?? [],
    by_lead: given.by_lead ?? true,
    timeframe: given.timeframe ?? null,
    interval: given.interval ?? null,
    time_zone: given.time_zone ?? null,
    schedule: given.schedule ? readSchedule(given.schedule) : null,
  };
  const prepared = prepareStatistics({ ...context, definition: statisticsOf(definition), time: timeOf(definition) });
  const problems = [
    ...(prepared.ok ? [] : prepared.error.map(placeInReport)),
    ...findRuleFaults(definition),
    ...findScheduleFaults(definition.schedule),
  ];
  return problems.length > 0 ? fail(problems) : ok(definition);
}

/** What is counted. */
export function statisticsOf({ columns, rules, group_by, by_lead }: ReportDefinition): StatisticsDefinition {
  return { columns, rules, groupBy: group_by, isByLead: by_lead };
}

/** When, unless a run names another time. */
export function timeOf({ timeframe, interval, time_zone }: ReportDefinition) {
  return { timeframe: timeframe ?? undefined, interval: interval ?? undefined, timeZone: time_zone ?? undefined };
}

/** A problem of a question at its place in a report. */
export function placeInReport({ path, message }: Problem): Problem {
  return { path: path.replace(/^column\b/, 'columns').replace(/^timezone$/, 'time_zone'), message };
}

/** Texts, or objects whose keys are columns, as the documents have them. */
function readColumns(columns: readonly unknown[]): Result<string[], Problem[]> {
  const named = columns.map(readColumn);
  const problems = named.flatMap((each, index) => {
    const place = `columns.${index}`;
    if (each.length === 0) return [{ path: place, message: NO_COLUMN }];
    return each.flatMap(([name, shown]) => (shown ? [] : [{ path: `${place}.${name}`, message: NOT_SHOWN }]));
  });
  const read = [...new Set(named.flat().map(([name]) => name))];
  if (read.length === 0 && problems.length === 0) problems.push({ path: 'columns', message: 'Must name a column.' });
  if (read.length > COLUMN_NAMES.length)
    problems.push({ path: 'columns', message: `Give at most ${COLUMN_NAMES.length} columns.` });
  return problems.length > 0 ? fail(problems) : ok(read);
}

/** What an entry says of columns, by name; none where it is no entry. */
function readColumn(entry: unknown): [name: string, shown: unknown][] {
  if (typeof entry === 'string') return [[entry, true]];
  return typeof entry === 'object' && entry !== null && !Array.isArray(entry) ? Object.entries(entry) : [];
}

const NOT_SHOWN = 'Leave out a column that is not to be shown, or write true.';
const NO_COLUMN = 'Must be the name of a column, or an object with it as its key, such as {"source-success": true}.';

function findRuleFaults({ rules }: ReportDefinition): Problem[] {
  if (JSON.stringify(rules).length <= REPORT_RULES_CHARACTERS_MAX) return [];
  return [{ path: 'rules', message: `Must have at most ${REPORT_RULES_CHARACTERS_MAX} characters as JSON.` }];
}

function readSchedule(given: NonNullable<GivenReport['schedule']>): ReportSchedule {
  return {
    times: [...new Set(given.times)].sort(),
    days: given.days ?? null,
    time_zone: given.time_zone ?? null,
    email_to: [...new Set(given.email_to.map((each) => each.trim().toLowerCase()))],
    format: given.format ?? REPORT_MAIL_FORMATS[0],
  };
}

function findScheduleFaults(schedule: ReportSchedule | null): Problem[] {
  if (schedule === null) return [];
  const { times, days, time_zone: timeZone, email_to: emailTo } = schedule;
  const wrong = (name: string, message: string) => ({ path: `schedule.${name}`, message });
  return [
    ...(times.length === 0 ? [wrong('times', 'Must be a list of at least one time, such as 08:00.')] : []),
    ...(days?.length === 0 ? [wrong('days', 'Must name a day, or be null for every day.')] : []),
    ...(timeZone !== null && !isTimeZone(timeZone)
      ? [wrong('time_zone', 'Must be a time zone such as America/New_York, or null.')]
      : []),
    ...(emailTo.length === 0 || emailTo.length > REPORT_READERS_MAX
      ? [wrong('email_to', `Must be a list of 1 to ${REPORT_READERS_MAX} addresses of users.`)]
      : []),
  ];
}
