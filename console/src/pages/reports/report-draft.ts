import type { GivenReport, Report } from '../../api/reports.ts';

/** A report as the form has it. */
export interface ReportDraft {
  name: string;
  description: string;
  columns: string[];
  groupBy: string[];
  /** A value of the lead to split by, as `vars.lead.state`; empty: none. */
  ownGroup: string;
  flowIds: string[];
  sourceIds: string[];
  recipientIds: string[];
  outcomes: string[];
  /** Rules that the lists above do not say, as JSON; empty: none. */
  otherRules: string;
  isByLead: boolean;
  timeframe: string;
  interval: string;
  /** Not in the form; kept. */
  timeZone: string | null;
  isMailed: boolean;
  times: string;
  days: string[];
  emails: string;
  format: 'csv' | 'html';
  scheduleZone: string | null;
}

export const NEW_DRAFT: ReportDraft = {
  ...{ name: '', description: '', columns: ['source-success', 'source-failure', 'source-error'] },
  ...{ groupBy: ['vars.source.id'], ownGroup: '', flowIds: [], sourceIds: [], recipientIds: [], outcomes: [] },
  ...{ otherRules: '', isByLead: true, timeframe: 'this_7_days', interval: '', timeZone: null },
  ...{ isMailed: false, times: '08:00', days: [], emails: '', format: 'html' as const, scheduleZone: null },
};

const SIDES = {
  flowIds: 'vars.flow.id',
  sourceIds: 'vars.source.id',
  recipientIds: 'vars.recipient.id',
  outcomes: 'outcome',
} as const;
type Side = keyof typeof SIDES;
const SIDE_NAMES = Object.keys(SIDES) as Side[]; // the keys are the names

/** A saved report in the form: rules that are lists of ids or outcomes become choices, others stay as they are. */
export function draftOf(report: Report, knownGroups: readonly string[]): ReportDraft {
  const { schedule } = report;
  const chosen: Record<Side, string[]> = { flowIds: [], sourceIds: [], recipientIds: [], outcomes: [] };
  const others: unknown[] = [];
  for (const rule of report.rules) {
    const read = readRule(rule);
    // Two rules of one side say less than their lists together.
    if (read === null || chosen[read.side].length > 0) others.push(rule);
    else chosen[read.side] = read.values;
  }
  const own = report.group_by.filter((each) => !knownGroups.includes(each));
  return {
    ...{ name: report.name, description: report.description ?? '' },
    columns: report.columns.flatMap((column) => Object.keys(column)),
    groupBy: report.group_by.filter((each) => knownGroups.includes(each)),
    ownGroup: own.join(', '),
    ...chosen,
    otherRules: others.length === 0 ? '' : JSON.stringify(others, null, 2),
    isByLead: report.by_lead,
    ...{ timeframe: report.timeframe ?? 'today', interval: report.interval ?? '', timeZone: report.time_zone },
    isMailed: schedule !== null,
    times: schedule?.times.join(', ') ?? NEW_DRAFT.times,
    days: [...(schedule?.days ?? [])],
    emails: schedule?.email_to.join(', ') ?? '',
    format: schedule?.format ?? NEW_DRAFT.format,
    scheduleZone: schedule?.time_zone ?? null,
  };
}

function readRule(rule: unknown): { side: Side; values: string[] } | null {
  if (typeof rule !== 'object' || rule === null) return null;
  const { lhv, op, rhv, ...more } = rule as Record<string, unknown>; // looked at below
  const side = SIDE_NAMES.find((name) => SIDES[name] === lhv);
  if (side === undefined || typeof rhv !== 'string' || Object.keys(more).length > 0) return null;
  if (op === 'is equal to') return { side, values: [rhv] };
  return op === 'is included in' ? { side, values: listOf(rhv) } : null;
}

function listOf(text: string): string[] {
  return text
    .split(',')
    .map((each) => each.trim())
    .filter((each) => each !== '');
}

/** What is sent; a sentence: what is wrong in the form. */
export function buildReport(draft: ReportDraft): GivenReport | string {
  const others = readOthers(draft.otherRules);
  if (typeof others === 'string') return others;
  const rules = SIDE_NAMES.flatMap((side) =>
    draft[side].length === 0 ? [] : [{ lhv: SIDES[side], op: 'is included in', rhv: draft[side].join(',') }],
  );
  return {
    name: draft.name.trim(),
    description: draft.description.trim() === '' ? null : draft.description.trim(),
    columns: draft.columns.map((column) => ({ [column]: true })),
    rules: [...rules, ...others],
    group_by: [...draft.groupBy, ...listOf(draft.ownGroup)],
    by_lead: draft.isByLead,
    timeframe: draft.timeframe,
    interval: draft.interval === '' ? null : (draft.interval as NonNullable<GivenReport['interval']>),
    time_zone: draft.timeZone,
    schedule: draft.isMailed
      ? {
          times: listOf(draft.times),
          days: draft.days.length === 0 ? null : (draft.days as never), // words of the list of days
          time_zone: draft.scheduleZone,
          email_to: listOf(draft.emails),
          format: draft.format,
        }
      : null,
  };
}

function readOthers(text: string): unknown[] | string {
  if (text.trim() === '') return [];
  try {
    const rules: unknown = JSON.parse(text);
    return Array.isArray(rules) ? rules : 'Other rules must be a list: [{"lhv": …, "op": …, "rhv": …}].';
  } catch {
    return 'Other rules are not JSON: write a list such as [{"lhv": "vars.lead.state", "op": "is equal to", "rhv": "TX"}].';
  }
}
