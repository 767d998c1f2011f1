import { buildEvent, type LeadEvent } from '../events/build-event.ts';
import { compileEventFilter, type EventTest } from '../events/compile-event-filter.ts';
import { whyNoProperty } from '../events/event-properties.ts';
import type { FindRevision } from '../events/revisions.ts';
import { ruleValues } from '../events/rule-values.ts';
import type { Clock } from '../lib/clock.ts';
import { instantOfId } from '../lib/ids.ts';
import { fail, ok, type Result } from '../lib/result.ts';
import type { Problem } from '../model/problem.ts';
import type { EvaluationContext } from '../model/vars.ts';
import { divideTimeFrame, type Interval } from '../statistics/intervals.ts';
import type { TimeFrame } from '../statistics/time-frame.ts';
import { chooseTallies, type TalliesPlan } from './choose-tallies.ts';
import { splitRules } from './plain-rules.ts';
import { readPath } from './read-path.ts';
import type { ScanStore } from './scan-store.ts';
import type { StatisticsStore } from './statistics-store.ts';

export const METRICS = ['count', 'count_unique', 'select_unique', 'median'] as const;
export type Metric = (typeof METRICS)[number];

/** A question about single events: of those that pass the filters, how many, which values, or the median of one. */
export interface MetricQuestion {
  metric: Metric;
  filters: readonly unknown[];
  test: EventTest | undefined;
  groupBy: readonly string[];
  /** undefined: events are counted. */
  target: string | undefined;
  frame: TimeFrame;
  parts: readonly TimeFrame[];
  interval: Interval | undefined;
  timeZone: string;
}

export interface MetricDeps {
  statistics: StatisticsStore;
  scans: ScanStore;
  findRevision: FindRevision;
  clock: Clock;
}

/** One value of the answer; null: no event has what the median is of. */
export type MetricValue = number | null | string[];

export interface MetricCell {
  part: number;
  group: readonly (string | null)[];
  value: MetricValue;
}

export const GROUPS_MAX = 5;
/** Values that are listed. */
export const VALUES_MAX = 1_000;
const CELLS_MAX = 10_000;
/** Events that one question may look at. */
export const EVENTS_MAX = 10_000;
const LEADS_AT_ONCE = 50;

/** The question, or what is wrong with it. */
export function buildMetricQuestion(
  given: Pick<MetricQuestion, 'metric' | 'filters' | 'groupBy' | 'target' | 'frame' | 'interval' | 'timeZone'>,
): Result<MetricQuestion, Problem[]> {
  const { metric, filters, groupBy, target } = given;
  const problems: Problem[] = [];
  const test = filters.length === 0 ? undefined : compileEventFilter(filters);
  if (test && !test.ok)
    problems.push(
      ...test.error.map(({ path, message }) => ({
        path: `filters.${path}`.replace('filters.rules', 'filters'),
        message,
      })),
    );
  if (groupBy.length > GROUPS_MAX)
    problems.push({ path: 'group_by', message: `Give at most ${GROUPS_MAX} properties.` });
  for (const property of groupBy) addProblem(problems, 'group_by', property);
  if (target !== undefined) addProblem(problems, 'target_property', target);
  if (target === undefined && metric !== 'count') problems.push({ path: 'target_property', message: NO_TARGET });
  const parts = divideTimeFrame(given.frame, given);
  if (!parts.ok) problems.push({ path: 'interval', message: parts.error });
  if (problems.length > 0 || !parts.ok || (test && !test.ok)) return fail(problems);
  return ok({ ...given, test: test?.value, parts: parts.value });
}

const NO_TARGET = 'Name the property of events whose values are looked at, such as vars.lead.id or total_ms.';

function addProblem(problems: Problem[], path: string, property: string): void {
  const message = whyNoProperty(property);
  if (message !== undefined) problems.push({ path, message });
}

/** From what is counted ahead where that has all the question names, else from the events. The error is a sentence with the remedy. */
export async function runMetric(
  deps: MetricDeps,
  { accountId, question, now }: { accountId: string; question: MetricQuestion; now: number },
): Promise<Result<MetricCell[], string>> {
  const { others } = splitRules(question.filters);
  const plan = chooseTallies(question, { others, now });
  if (plan) return fromTallies(deps, { accountId, question, plan });
  const sums = new Map<string, { part: number; group: (string | null)[]; values: (string | null)[] }>();
  const visited = await visitEvents(deps, { accountId, question, frame: question.frame }, (event, part) => {
    const group = question.groupBy.map((property) => readPath(event, property));
    const key = JSON.stringify([part, group]);
    const known = sums.get(key) ?? { part, group, values: [] };
    sums.set(key, known);
    known.values.push(question.target === undefined ? null : readPath(event, question.target));
  });
  if (!visited.ok) return visited;
  const cells = [...sums.values()].map(({ part, group, values }) => ({
    part,
    group,
    value: sumValues(question, values),
  }));
  return ok(sortCells(cells));
}

function sumValues({ metric, target }: MetricQuestion, values: readonly (string | null)[]): MetricValue {
  const present = target === undefined ? values : values.filter((value) => value !== null);
  switch (metric) {
    case 'count':
      return present.length;
    case 'count_unique':
      return new Set(present).size;
    case 'select_unique':
      return [...new Set(present)]
        .flatMap((value) => value ?? [])
        .sort()
        .slice(0, VALUES_MAX);
    case 'median':
      return medianOf(present.map(Number).filter(Number.isFinite));
  }
}

function medianOf(values: number[]): number | null {
  const sorted = values.sort((one, other) => one - other);
  const middle = Math.floor(sorted.length / 2);
  const [low, high] = [sorted[sorted.length % 2 === 0 ? middle - 1 : middle], sorted[middle]];
  return low === undefined || high === undefined ? null : (low + high) / 2;
}

function sortCells(cells: MetricCell[]): MetricCell[] {
  const text = ({ group }: MetricCell) => JSON.stringify(group);
  return cells.sort((one, other) => one.part - other.part || (text(one) < text(other) ? -1 : 1));
}

async function fromTallies(
  { statistics }: MetricDeps,
  { accountId, question, plan }: { accountId: string; question: MetricQuestion; plan: TalliesPlan },
): Promise<Result<MetricCell[], string>> {
  const { filter } = splitRules(question.filters);
  const { dimensions, buckets, types } = plan;
  const tallies = await statistics.countEvents({ accountId, buckets, dimensions, filter, types, cellsMax: CELLS_MAX });
  if (tallies.length > CELLS_MAX)
    return fail(`The answer would have more than ${CELLS_MAX} values: ask for less time, or fewer groups.`);
  const sums = new Map<string, { part: number; group: (string | null)[]; events: number; values: Set<string> }>();
  for (const { part, values, events } of tallies) {
    const group = question.groupBy.map((property) => values[property] ?? null);
    const key = JSON.stringify([part, group]);
    const known = sums.get(key) ?? { part, group, events: 0, values: new Set<string>() };
    sums.set(key, known);
    const target = question.target === undefined ? undefined : (values[question.target] ?? null);
    if (target === null) continue;
    known.events += events;
    if (target !== undefined) known.values.add(target);
  }
  return ok(
    sortCells(
      [...sums.values()].map(({ part, group, events, values }) => ({
        part,
        group,
        value: tallyValue(question, events, values),
      })),
    ),
  );
}

function tallyValue({ metric }: MetricQuestion, events: number, values: ReadonlySet<string>): MetricValue {
  if (metric === 'count') return events;
  return metric === 'count_unique' ? values.size : [...values].sort().slice(0, VALUES_MAX);
}

/** Shows each event of the time frame that passes the filters, with the place of its part. */
async function visitEvents(
  { scans, findRevision, clock }: MetricDeps,
  {
    accountId,
    question,
    frame,
  }: { accountId: string; question: Pick<MetricQuestion, 'filters' | 'test' | 'parts' | 'timeZone'>; frame: TimeFrame },
  visit: (event: LeadEvent, part: number) => void,
): Promise<Result<null, string>> {
  const { filter } = splitRules(question.filters);
  const ctx: EvaluationContext = { now: clock.now(), timeZone: question.timeZone, random: () => 0 };
  const found = await scans.findLeads({ accountId, frame, filter, eventsMax: EVENTS_MAX });
  if (found.stoppedAt !== null) return fail(describeStop(found.stoppedAt));
  for (let place = 0; place < found.leadIds.length; place += LEADS_AT_ONCE) {
    const leadIds = found.leadIds.slice(place, place + LEADS_AT_ONCE);
    for (const { record, events } of await scans.readLeads({ accountId, leadIds, withRecords: true })) {
      if (!record) continue;
      const flow = await findRevision(record);
      for (const each of events) {
        const instant = instantOfId(each.id);
        if (instant < frame.startsAt || instant >= frame.endsAt) continue;
        const event = ruleValues(buildEvent({ lead: record, flow }, each));
        if (question.test && !question.test(event, ctx)) continue;
        visit(event, findPart(question.parts, instant));
      }
    }
  }
  return ok(null);
}

function findPart(parts: readonly TimeFrame[], instant: number): number {
  return Math.max(
    0,
    parts.findLastIndex(({ startsAt }) => startsAt <= instant),
  );
}

function describeStop(stoppedAt: number): string {
  return `The question reads more than ${EVENTS_MAX} events and was given up at ${new Date(stoppedAt).toISOString()}: ask for less time. Counts by type, outcome, flow, source, recipient and step are counted ahead, for whole quarters of an hour.`;
}

/** One step of a funnel: who passes it. */
export interface FunnelStep {
  filters: readonly unknown[];
  /** The property that says who it is. */
  actor: string;
  frame: TimeFrame;
  /** It passes who has no such event. */
  isInverted: boolean;
}

export const FUNNEL_STEPS_MAX = 10;

/** How many actors pass each step, of those who passed the ones before it. */
export async function runFunnel(
  deps: MetricDeps,
  {
    accountId,
    steps,
    timeZone,
  }: { accountId: string; steps: readonly (FunnelStep & { test: EventTest | undefined })[]; timeZone: string },
): Promise<Result<number[], string>> {
  const counts: number[] = [];
  let passed: string[] = [];
  for (const [place, { filters, test, actor, frame, isInverted }] of steps.entries()) {
    const actors = new Set<string>();
    const question = { filters, test, parts: [frame], timeZone };
    const visited = await visitEvents(deps, { accountId, question, frame }, (event) => {
      const who = readPath(event, actor);
      if (who !== null) actors.add(who);
    });
    if (!visited.ok) return visited;
    passed = place === 0 ? [...actors] : passed.filter((who) => actors.has(who) !== isInverted);
    counts.push(passed.length);
  }
  return ok(counts);
}
