import type { Principal } from '../../access/principal.ts';
import { type AccountStore, loadAccount } from '../../accounts/account-store.ts';
import { compileEventFilter, type EventTest } from '../../events/compile-event-filter.ts';
import { whyNoProperty } from '../../events/event-properties.ts';
import type { FindRevision } from '../../events/revisions.ts';
import type { Clock } from '../../lib/clock.ts';
import { misspeltName } from '../../lib/misspelt-name.ts';
import { fail, ok, type Result } from '../../lib/result.ts';
import type { Problem } from '../../model/problem.ts';
import { describeTimeFrame } from '../../reports/describe-statistics.ts';
import {
  buildMetricQuestion,
  FUNNEL_STEPS_MAX,
  type FunnelStep,
  type Metric,
  type MetricCell,
  type MetricQuestion,
  type MetricValue,
  runFunnel,
  runMetric,
} from '../../reports/event-metrics.ts';
import { isPersonalProperty, readsPersonalProperty } from '../../reports/personal-values.ts';
import { parseTimeFrame, type TimeFrame } from '../../statistics/time-frame.ts';
import { parseTimeZone } from '../../statistics/time-zone.ts';
import { type ApiResult, answer } from '../api.ts';
import { apiError } from '../errors.ts';
import type { METRIC_PARAMETERS } from '../metric-question.ts';
import { givenByBody, malformedQuery, type ParametersOf, parseParameters } from '../parameters.ts';
import { invalidDocument } from '../read-body.ts';
import type { ReadingStores } from '../reading-stores.ts';

export interface MetricDeps {
  accounts: Pick<AccountStore, 'find'>;
  reading: Pick<ReadingStores, 'statistics' | 'scans'>;
  findRevision: FindRevision;
  clock: Clock;
}

type AskedMetric = Partial<ParametersOf<typeof METRIC_PARAMETERS>>;

interface MetricRequest {
  principal: Principal;
  query: AskedMetric;
}

/** `GET /events/event-metrics/{metric}` */
export function readMetric(metric: Metric | 'funnel') {
  return async (deps: MetricDeps, { principal, query }: MetricRequest): Promise<ApiResult> => {
    const read = await answerMetric(deps, { metric, principal, query });
    return read.ok ? read.value : malformedQuery(read.error);
  };
}

/** `POST /events/event-metrics/{metric}`: the same with the question in the body. */
export function askForMetric(metric: Metric | 'funnel', parameters: Partial<typeof METRIC_PARAMETERS>) {
  return async (deps: MetricDeps, { principal, body }: { principal: Principal; body: object }): Promise<ApiResult> => {
    // What `parameters` names is read as the query is.
    const parsed = parseParameters(parameters as typeof METRIC_PARAMETERS, givenByBody(body));
    if (!parsed.ok) return invalidDocument(parsed.error.details ?? [], parsed.error.message);
    const read = await answerMetric(deps, { metric, principal, query: parsed.value });
    return read.ok ? read.value : invalidDocument(read.error);
  };
}

async function answerMetric(
  deps: MetricDeps,
  { metric, principal, query }: MetricRequest & { metric: Metric | 'funnel' },
): Promise<Result<ApiResult, Problem[]>> {
  const { timeZone: accountZone } = await loadAccount(deps, principal.accountId);
  const given = query.timezone ?? query.time_zone;
  const zone = given === undefined ? ok(accountZone) : parseTimeZone(given);
  if (!zone.ok) return fail([{ path: 'timezone', message: zone.error }]);
  const timeZone = zone.value;
  const context = { now: deps.clock.now(), timeZone };
  const frame = readTimeFrame(query.timeframe, context);
  if (!frame.ok) return fail([{ path: 'timeframe', message: frame.error }]);
  if (!mayRead(principal, query)) return ok(FORBIDDEN);
  const { reading, findRevision, clock } = deps;
  const engine = { statistics: reading.statistics, scans: reading.scans, findRevision, clock };
  const { accountId } = principal;
  if (metric === 'funnel') {
    const steps = readSteps(query.steps ?? [], { frame: frame.value, context, filters: query.filters ?? [] });
    if (!steps.ok) return steps;
    const counts = await runFunnel(engine, { accountId, steps: steps.value, timeZone });
    return counts.ok
      ? ok(answer(200, { result: counts.value, steps: query.steps }))
      : failAt('timeframe', counts.error);
  }
  const question = buildMetricQuestion({
    ...{ metric, filters: query.filters ?? [], groupBy: query.group_by ?? [], target: query.target_property },
    ...{ frame: frame.value, interval: query.interval, timeZone },
  });
  if (!question.ok) return question;
  const cells = await runMetric(engine, { accountId, question: question.value, now: context.now });
  return cells.ok
    ? ok(answer(200, { result: describeResult(question.value, cells.value) }))
    : failAt('timeframe', cells.error);
}

const FORBIDDEN = apiError('permission_required', 'Values of leads need the permission personal_data.read.');

function failAt(path: string, message: string): Result<never, Problem[]> {
  return fail([{ path, message }]);
}

function mayRead(
  { permissions }: Principal,
  { filters = [], group_by = [], target_property, steps = [] }: AskedMetric,
): boolean {
  const properties = [...group_by, ...(target_property === undefined ? [] : [target_property])];
  const isPersonal = properties.some(isPersonalProperty) || readsPersonalProperty([...filters, ...steps]);
  return !isPersonal || permissions.has('personal_data.read');
}

/** A name, or JSON of `{start, end}`; today unless given. */
function readTimeFrame(
  text: string | undefined,
  context: { now: number; timeZone: string },
): Result<TimeFrame, string> {
  if (text === undefined) return parseTimeFrame('today', context);
  if (!text.startsWith('{')) return parseTimeFrame(text, context);
  const given = parseObject(text);
  if (given === undefined) return fail(NO_FRAME);
  const { start, end, ...others } = given;
  const [unknown] = Object.keys(others);
  if (unknown !== undefined) return fail(describeUnknown(unknown, ['start', 'end']));
  return parseTimeFrame({ start: textOf(start), end: textOf(end) }, context);
}

function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    return Object(JSON.parse(text));
  } catch {
    return undefined;
  }
}

const NO_FRAME = 'Must be a name, such as this_14_days, or JSON, such as {"start":"2025-03-01","end":"2025-03-31"}.';

function describeUnknown(name: string, known: readonly string[]): string {
  const near = misspeltName(name, known);
  const hint = near === undefined ? '' : ` Did you mean "${near}"?`;
  return `"${name.slice(0, SHOWN_CHARACTERS_MAX)}" is no name of it: it has ${known.join(', ')}.${hint}`;
}

const SHOWN_CHARACTERS_MAX = 64;

function textOf(value: unknown): string | undefined {
  return value === undefined || value === null ? undefined : String(value);
}

type ReadStep = FunnelStep & { test: EventTest | undefined };

interface StepContext {
  frame: TimeFrame;
  context: { now: number; timeZone: string };
  filters: readonly unknown[];
}

function readSteps(steps: readonly unknown[], context: StepContext): Result<ReadStep[], Problem[]> {
  if (steps.length === 0 || steps.length > FUNNEL_STEPS_MAX)
    return failAt('steps', `Give 1 to ${FUNNEL_STEPS_MAX} steps, such as ${STEP_EXAMPLE}.`);
  const read: ReadStep[] = [];
  for (const [place, step] of steps.entries()) {
    const one = readStep(step, { ...context, place });
    if (!one.ok) return one;
    read.push(one.value);
  }
  return ok(read);
}

const STEP_EXAMPLE = '[{"filters":[{"lhv":"type","op":"is equal to","rhv":"source"}]}]';
const STEP_NAMES = ['filters', 'actor_property', 'timeframe', 'inverted'] as const;

function readStep(
  step: unknown,
  { frame, context, filters, place }: StepContext & { place: number },
): Result<ReadStep, Problem[]> {
  const path = `steps.${place}`;
  if (typeof step !== 'object' || step === null || Array.isArray(step))
    return failAt(path, `Must be an object, as in ${STEP_EXAMPLE}.`);
  const given: { filters?: unknown; actor_property?: unknown; timeframe?: unknown; inverted?: unknown } = step;
  const unknown = Object.keys(given).find((name) => !STEP_NAMES.some((each) => each === name));
  if (unknown !== undefined)
    return failAt(`${path}.${unknown.slice(0, SHOWN_CHARACTERS_MAX)}`, describeUnknown(unknown, STEP_NAMES));
  const { filters: own = [], actor_property: actor = 'vars.lead.id', timeframe, inverted = false } = given;
  if (!Array.isArray(own)) return failAt(`${path}.filters`, `Must be a list of rules, as in ${STEP_EXAMPLE}.`);
  const all = [...filters, ...own];
  const test = compileEventFilter(all);
  if (!test.ok) return fail(test.error.map(({ message }) => ({ path: `${path}.filters`, message })));
  const noActor =
    typeof actor === 'string' ? whyNoProperty(actor) : 'Must be the name of a property, such as vars.lead.id.';
  if (typeof actor !== 'string' || noActor !== undefined) return failAt(`${path}.actor_property`, noActor ?? '');
  if (typeof inverted !== 'boolean') return failAt(`${path}.inverted`, 'Must be true or false.');
  if (inverted && place === 0)
    return failAt(
      `${path}.inverted`,
      'The first step says who there is, so it cannot be inverted: begin with a step that is not.',
    );
  const asText = typeof timeframe === 'string' ? timeframe : JSON.stringify(timeframe);
  const ownFrame = timeframe === undefined ? ok(frame) : readTimeFrame(asText, context);
  if (!ownFrame.ok) return failAt(`${path}.timeframe`, ownFrame.error);
  return ok({
    filters: all,
    test: all.length === 0 ? undefined : test.value,
    actor,
    frame: ownFrame.value,
    isInverted: inverted,
  });
}

/** As Keen has it: a value, or rows of groups with `result`; with an interval a list of parts, each with `value`. */
function describeResult(question: MetricQuestion, cells: readonly MetricCell[]): unknown {
  const { interval, parts, timeZone, groupBy } = question;
  const describePart = (part: number): unknown => {
    const own = cells.filter((cell) => cell.part === part);
    if (groupBy.length === 0) return own[0]?.value ?? nothingOf(question);
    return own.map(({ group, value }) => ({
      ...Object.fromEntries(groupBy.map((property, index) => [property, group[index] ?? null])),
      result: value,
    }));
  };
  if (interval === undefined) return describePart(0);
  return parts.map((part, place) => ({ timeframe: describeTimeFrame(part, timeZone), value: describePart(place) }));
}

function nothingOf({ metric }: MetricQuestion): MetricValue {
  if (metric === 'median') return null;
  return metric === 'select_unique' ? [] : 0;
}
