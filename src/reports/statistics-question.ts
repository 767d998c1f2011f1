import { compileEventFilter, type EventTest } from '../events/compile-event-filter.ts';
import { fail, ok, type Result } from '../lib/result.ts';
import { EVENT_TYPES, type EventType } from '../model/event.ts';
import type { Problem } from '../model/problem.ts';
import { COLUMN_NAMES, type Column, DEFAULT_COLUMNS, findColumn, readsCost } from '../statistics/columns.ts';
import { findGrouping, GROUPINGS_MAX, type Grouping } from '../statistics/groupings.ts';
import { divideTimeFrame, type Interval } from '../statistics/intervals.ts';
import { COUNTED_OUTCOMES, type CountedOf, type CountedOutcome } from '../statistics/measures.ts';
import type { TimeFrame } from '../statistics/time-frame.ts';
import { isOfRecipients } from './choose-level.ts';
import { type PlainFilter, splitRules } from './plain-rules.ts';

/** What is counted, and how it is split: a report without its time frame. */
export interface StatisticsDefinition {
  columns?: readonly string[] | undefined;
  groupBy?: readonly string[] | undefined;
  /** All must hold of an event: `{lhv, op, rhv}`. */
  rules?: readonly unknown[] | undefined;
  /** undefined: true. */
  isByLead?: boolean | undefined;
  types?: readonly string[] | undefined;
  outcomes?: readonly string[] | undefined;
}

export interface StatisticsQuestion {
  columns: readonly Column[];
  groupBy: readonly Grouping[];
  isByLead: boolean;
  filter: PlainFilter;
  /** The rules that are no plain filter; undefined: there is none. */
  test: EventTest | undefined;
  frame: TimeFrame;
  /** Of the frame, in order. */
  parts: readonly TimeFrame[];
  interval: Interval | undefined;
  timeZone: string;
}

const COLUMNS_MAX = COLUMN_NAMES.length;

/** The question of a definition in a time frame; the problems have their place in the definition. */
export function buildQuestion(
  definition: StatisticsDefinition,
  time: { frame: TimeFrame; interval: Interval | undefined; timeZone: string },
): Result<StatisticsQuestion, Problem[]> {
  const problems: Problem[] = [];
  const columns = readColumns(definition, problems);
  const groupBy = readGroupings(definition.groupBy ?? [], problems);
  const outcomes = readOutcomes(definition.outcomes, problems);
  const rules = definition.rules ?? [];
  const { filter, others } = splitRules(rules);
  const test = compileEventFilter(rules);
  if (!test.ok) problems.push(...test.error.map(placeInRules));
  const readsValues = others.length > 0 || groupBy.some(({ dimension }) => dimension === null);
  if (readsValues) problems.push(...columns.filter(isOfPings).map(describeNoValues));
  if (columns.length > 0 && columns.every(readsCost) && isOfRecipients({ groupBy, filter }))
    problems.push({ path: 'column', message: NO_COST });
  const parts = divideTimeFrame(time.frame, time);
  if (!parts.ok) problems.push({ path: 'interval', message: parts.error });
  if (problems.length > 0 || !parts.ok || !test.ok) return fail(problems);
  return ok({
    columns,
    groupBy,
    isByLead: definition.isByLead ?? true,
    filter: outcomes === undefined ? filter : { ...filter, outcomes: meet(filter.outcomes, outcomes) },
    test: others.length === 0 ? undefined : test.value,
    frame: time.frame,
    parts: parts.value,
    interval: time.interval,
    timeZone: time.timeZone,
  });
}

const NO_COST =
  'A lead is bought once, however many recipients get it, so no recipient has a cost or a profit: ask by flows or sources, or for revenue.';

/** Some of these are counted from pings, and a count without them would be too small. */
function isOfPings({ name }: Column): boolean {
  return name.startsWith('ping-') || name === 'bids-asked' || name === 'bids-made';
}

function describeNoValues({ name }: Column): Problem {
  const message = `Pings keep no values of leads, so ${name} cannot be asked with rules or groups that read events: leave it out, or use flows, sources and outcomes alone.`;
  return { path: 'column', message };
}

function placeInRules({ path, message }: Problem): Problem {
  const place = path.replace(/^rules\.?/, '');
  return { path: place === '' ? 'rules' : `rules.${place}`, message };
}

function meet(one: readonly string[] | undefined, other: readonly CountedOutcome[]): readonly string[] {
  return one === undefined ? other : one.filter((outcome) => other.some((each) => each === outcome));
}

/** Of the types that are asked for; without a column the outcomes of each. */
function readColumns({ columns, types }: StatisticsDefinition, problems: Problem[]): Column[] {
  const asked = readTypes(types, problems);
  const names = columns ?? (asked === undefined ? DEFAULT_COLUMNS : asked.flatMap(listOutcomes));
  if (names.length === 0 && asked !== undefined && problems.length === 0)
    problems.push({ path: 'type', message: NO_COLUMN_OF_FILTERS });
  if (names.length > COLUMNS_MAX) problems.push({ path: 'column', message: `Give at most ${COLUMNS_MAX} columns.` });
  return [...new Set(names)].slice(0, COLUMNS_MAX).flatMap((name) => {
    const column = findColumn(name);
    if (!column) problems.push({ path: 'column', message: `Must be one of ${COLUMN_NAMES.join(', ')}.` });
    else if (
      asked !== undefined &&
      column.of !== null &&
      !asked.some((type) => countedOf(type).includes(column.of ?? 'source'))
    ) {
      problems.push({
        path: 'column',
        message: `${name} counts events that type leaves out: add their type, or leave type out.`,
      });
    }
    return column ?? [];
  });
}

const NO_COLUMN_OF_FILTERS =
  'No column counts events of filters: count them with /events/event-metrics/count, or their leads in /flows/{id}/funnel.';

function readTypes(types: readonly string[] | undefined, problems: Problem[]): EventType[] | undefined {
  return types?.flatMap((type) => {
    const known = EVENT_TYPES.find((each) => each === type);
    if (!known) problems.push({ path: 'type', message: `Must be one of ${EVENT_TYPES.join(', ')}.` });
    return known ?? [];
  });
}

/** What columns count of events of a type; attempts count with the deliveries that they repeat. */
function countedOf(type: EventType): readonly CountedOf[] {
  switch (type) {
    case 'source':
      return ['source'];
    case 'recipient':
    case 'retry':
      return ['recipient'];
    case 'feedback-received':
      return ['return-received', 'conversion-received'];
    case 'feedback-sent':
      return ['return-sent', 'conversion-sent'];
    case 'filter':
      return [];
  }
}

function listOutcomes(type: EventType): string[] {
  return countedOf(type).flatMap((of) => COUNTED_OUTCOMES.map((outcome) => `${of}-${outcome}`));
}

function readGroupings(properties: readonly string[], problems: Problem[]): Grouping[] {
  if (properties.length > GROUPINGS_MAX)
    problems.push({ path: 'group_by', message: `Give at most ${GROUPINGS_MAX} properties.` });
  return [...new Set(properties)].slice(0, GROUPINGS_MAX).flatMap((property) => {
    const grouping = findGrouping(property);
    if (typeof grouping !== 'string') return grouping;
    problems.push({ path: 'group_by', message: grouping });
    return [];
  });
}

function readOutcomes(outcomes: readonly string[] | undefined, problems: Problem[]): CountedOutcome[] | undefined {
  return outcomes?.flatMap((outcome) => {
    const known = COUNTED_OUTCOMES.find((each) => each === outcome);
    if (!known) problems.push({ path: 'outcome', message: `Must be one of ${COUNTED_OUTCOMES.join(', ')}.` });
    return known ?? [];
  });
}
