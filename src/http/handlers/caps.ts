import type { AccountStore } from '../../accounts/account-store.ts';
import { CAP_DOLLARS_MAX, CAP_MAXIMUM_MAX, maximumOfCap, readUnits, showUnits } from '../../caps/cap-units.ts';
import { DEFAULT_CAP_REASON } from '../../caps/compile-caps.ts';
import { type ClosedWindow, forecastCap } from '../../caps/forecast-cap.ts';
import type { CapCount, CapStore, CountChange, RunningFlow } from '../../flows/cap-store.ts';
import type { JsonObject } from '../../flows/flow-json.ts';
import type { FlowStore } from '../../flows/flow-store.ts';
import { parseInSlices } from '../../flows/parse-flow-document.ts';
import { listRunningCaps, listRunningPingLimits, type RunningCap } from '../../flows/running-caps.ts';
import { assert } from '../../lib/assert.ts';
import type { Clock } from '../../lib/clock.ts';
import { finish, finishOrSlice, type RunSliced, type Sliced } from '../../lib/slices.ts';
import type { CapType } from '../../model/cap.ts';
import type { FlowDocument } from '../../model/flow.ts';
import { type ApiResult, answer } from '../api.ts';
import { type ApiError, apiError } from '../errors.ts';
import { isoTime } from '../iso-time.ts';
import { invalidDocument } from '../read-body.ts';

export interface CapDeps {
  caps: CapStore;
  flows: Pick<FlowStore, 'find' | 'readRevision'>;
  accounts: Pick<AccountStore, 'find'>;
  clock: Clock;
  runSliced: RunSliced;
}

interface CapCaller {
  principal: { accountId: string };
}

/** What a cap counts: by lead of its flow or source, or by delivery of its step. */
const COUNTED_BY = {
  volume: { lead: 'leads', delivery: 'deliveries' },
  revenue: { lead: 'cost', delivery: 'revenue' },
} as const;
export const COUNTED = ['leads', 'deliveries', 'cost', 'revenue'] as const;

/** What counters of caps and of ping limits differ in. */
interface CounterKind {
  list: typeof listRunningCaps;
  /** As the API answers them. */
  describe(deps: Pick<CapDeps, 'caps'>, counted: Counted): Promise<object[]>;
  unknown: ApiError;
}

interface Counted {
  accountId: string;
  counted: readonly CountedCap[];
  now: number;
}

const CAPS: CounterKind = {
  list: listRunningCaps,
  describe: describeCaps,
  unknown: apiError('not_found', 'No deployed flow has a cap with this id.'),
};

const PING_LIMITS: CounterKind = {
  list: listRunningPingLimits,
  describe: async (_deps, { counted }) => counted.map(describePingLimit),
  unknown: apiError('not_found', 'No deployed flow has a ping limit with this id.'),
};

interface ListCaller extends CapCaller {
  query: { flow_id: string | undefined; idle: 'true' | 'false' | undefined };
}

interface OneCaller extends CapCaller {
  params: { id: string };
}

interface ChangeCaller extends OneCaller {
  body: { set?: number; add?: number };
}

interface MaximumCaller extends OneCaller {
  body: { maximum: number | null };
}

/** `GET /caps`: the caps that leads asked for a place in the window that runs; with `idle` the others, too. */
export function listCaps(deps: CapDeps, caller: ListCaller): Promise<ApiResult> {
  return listCounters(deps, { ...caller, kind: CAPS });
}

/** `GET /caps/{id}` */
export function readCap(deps: CapDeps, caller: OneCaller): Promise<ApiResult> {
  return readCounter(deps, { ...caller, kind: CAPS });
}

/** `GET /caps/{id}/windows`: how the last windows of a cap ended. */
export async function listCapWindows(
  deps: CapDeps,
  { principal: { accountId }, params }: OneCaller,
): Promise<ApiResult> {
  const found = await findRunningCap(deps, { accountId, capId: params.id, kind: CAPS });
  if (!found) return CAPS.unknown;
  const { cap } = found;
  const [closed = []] = await deps.caps.readClosedWindows(accountId, [cap]);
  return answer(
    200,
    closed.map(({ startsAt, endsAt, used, refused, ownMaximum = null }) => ({
      started_at: isoTime(startsAt),
      ended_at: isoTime(endsAt),
      count: showUnits(cap.cap.type, used),
      failed_count: refused,
      window_maximum: ownMaximum === null ? null : showUnits(cap.cap.type, ownMaximum),
    })),
  );
}

/** `POST /caps/{id}/count`: sets the count of the window that runs, or adds to it. */
export function changeCapCount(deps: CapDeps, caller: ChangeCaller): Promise<ApiResult> {
  return changeCounter(deps, { ...caller, ...readCount(caller.body), kind: CAPS });
}

/** `PUT /caps/{id}/window`: another maximum for the window that runs, and for it alone. */
export function changeCapWindow(deps: CapDeps, caller: MaximumCaller): Promise<ApiResult> {
  return changeCounter(deps, { ...caller, ...readMaximum(caller.body), kind: CAPS });
}

/** `GET /ping_limits`: those that pings asked for a place in the window that runs. */
export function listPingLimits(deps: CapDeps, caller: ListCaller): Promise<ApiResult> {
  return listCounters(deps, { ...caller, kind: PING_LIMITS });
}

/** `GET /ping_limits/{id}` */
export function readPingLimit(deps: CapDeps, caller: OneCaller): Promise<ApiResult> {
  return readCounter(deps, { ...caller, kind: PING_LIMITS });
}

/** `POST /ping_limits/{id}/count` */
export function changePingLimitCount(deps: CapDeps, caller: ChangeCaller): Promise<ApiResult> {
  return changeCounter(deps, { ...caller, ...readCount(caller.body), kind: PING_LIMITS });
}

/** `PUT /ping_limits/{id}/window` */
export function changePingLimitWindow(deps: CapDeps, caller: MaximumCaller): Promise<ApiResult> {
  return changeCounter(deps, { ...caller, ...readMaximum(caller.body), kind: PING_LIMITS });
}

async function listCounters(
  deps: CapDeps,
  { principal: { accountId }, query, kind }: ListCaller & { kind: CounterKind },
): Promise<ApiResult> {
  const { flow_id: flowId, idle } = query;
  if (flowId !== undefined && !(await deps.flows.find({ accountId, flowId })))
    return apiError('not_found', 'There is no flow with the id in flow_id.');
  const flows = await deps.caps.listRunning({ accountId, ...(flowId === undefined ? {} : { flowId }) });
  const at = await readInstant(deps, accountId);
  const answers: object[] = [];
  // One flow after another: a document has up to 4 MiB, and an account some hundreds of them.
  for (const flow of flows) {
    const caps = await readLimits(deps, { accountId, flow, at, kind });
    const counters = await deps.caps.readCounters(accountId, caps);
    const counted = caps.flatMap((cap, index) => {
      const counter = counters[index] ?? (idle === 'true' ? NOTHING : null);
      return counter === null ? [] : [{ cap, counter }];
    });
    answers.push(...(await kind.describe(deps, { accountId, counted, now: at.now })));
  }
  return answer(200, answers);
}

async function readCounter(
  deps: CapDeps,
  { principal: { accountId }, params, kind }: OneCaller & { kind: CounterKind },
): Promise<ApiResult> {
  const found = await findRunningCap(deps, { accountId, capId: params.id, kind });
  if (!found) return kind.unknown;
  const { cap, at } = found;
  const [counter] = await deps.caps.readCounters(accountId, [cap]);
  const counted = [{ cap, counter: counter ?? NOTHING }];
  return answer(200, (await kind.describe(deps, { accountId, counted, now: at.now }))[0]);
}

async function findRunningCap(
  deps: CapDeps,
  { accountId, capId, kind }: { accountId: string; capId: string; kind: CounterKind },
): Promise<{ cap: RunningCap; at: LocalInstant } | null> {
  const [flow] = await deps.caps.listRunning({ accountId, capId });
  if (!flow) return null;
  const at = await readInstant(deps, accountId);
  const cap = findCap(await readLimits(deps, { accountId, flow, at, kind }), capId);
  return cap === undefined ? null : { cap, at };
}

const NOTHING = { count: 0, held: 0, failedCount: 0, ownMaximum: null, updatedAt: null };

/** What a body asks for. */
interface Asked {
  /** Of the body: what a fault is named by. */
  path: string;
  /** Why the body is no change at all; null: it is one. */
  fault: string | null;
  change: CountChange['change'];
}

function readCount({ set, add }: ChangeCaller['body']): Asked {
  return {
    path: set === undefined ? 'add' : 'set',
    fault: (set === undefined) === (add === undefined) ? ONE_OF_BOTH : null,
    change: ({ count, ownMaximum }, type) => {
      const changed = changeUnits(type, { count, set, add });
      return changed === null ? null : { count: changed, ownMaximum };
    },
  };
}

function readMaximum({ maximum }: MaximumCaller['body']): Asked {
  return {
    ...{ path: 'maximum', fault: null },
    change: ({ count }, type) => {
      if (maximum === null) return { count, ownMaximum: null };
      const ownMaximum = readUnits(type, maximum);
      return ownMaximum === undefined ? null : { count, ownMaximum };
    },
  };
}

async function changeCounter(
  deps: CapDeps,
  { principal: { accountId }, params: { id: capId }, kind, ...asked }: OneCaller & Asked & { kind: CounterKind },
): Promise<ApiResult> {
  if (asked.fault !== null) return invalidDocument([{ path: '', message: asked.fault }]);
  const now = deps.clock.now();
  let counted: CapType = 'volume';
  const changed = await deps.caps.changeCount({
    accountId,
    capId,
    now,
    locate: ({ document, ...flow }, timeZone) => {
      const all = kind.list({ ...flow, document: finish(readSound(document)) }, { now, timeZone });
      return findCap(all, capId);
    },
    change: (counter, type) => {
      counted = type;
      return asked.change(counter, type);
    },
  });
  if (changed.kind === 'missing') return kind.unknown;
  if (changed.kind === 'refused') {
    return invalidDocument([{ path: asked.path, message: NO_COUNT[counted] }]);
  }
  const changedCap = [{ cap: changed.cap, counter: changed.counter }];
  return answer(200, (await kind.describe(deps, { accountId, counted: changedCap, now }))[0]);
}

const ONE_OF_BOTH = 'Must have either set, the new count, or add, what is added to it.';
const NO_COUNT: Readonly<Record<CapType, string>> = {
  volume: `The cap counts whole leads, up to ${CAP_MAXIMUM_MAX}.`,
  revenue: `The cap counts dollars with up to four decimals, up to ${CAP_DOLLARS_MAX}.`,
};

/** The new count in the unit of the counter; null: it is none. */
function changeUnits(type: CapType, given: { count: number; set?: number | undefined; add?: number | undefined }) {
  const { count, set, add = 0 } = given;
  if (set !== undefined) return readUnits(type, set) ?? null;
  const added = readUnits(type, Math.abs(add));
  if (added === undefined) return null;
  const wanted = Math.max(add < 0 ? count - added : count + added, 0);
  return readUnits(type, showUnits(type, wanted)) ?? null;
}

function findCap(caps: readonly RunningCap[], id: string): RunningCap | undefined {
  return caps.find(({ cap }) => cap.id.toLowerCase() === id);
}

interface LocalInstant {
  now: number;
  timeZone: string;
}

async function readInstant({ accounts, clock }: CapDeps, accountId: string): Promise<LocalInstant> {
  const account = await accounts.find(accountId);
  assert(account, 'a principal has an account');
  return { now: clock.now(), timeZone: account.timeZone };
}

/** The caps or ping limits of a flow in the windows that hold the instant. */
async function readLimits(
  { flows, runSliced }: CapDeps,
  { accountId, flow, at, kind }: { accountId: string; flow: RunningFlow; at: LocalInstant; kind: CounterKind },
): Promise<RunningCap[]> {
  const stored = await flows.readRevision({ accountId, flowId: flow.flowId, revision: flow.revision });
  assert(stored !== null, 'a deployed revision is stored');
  const document = await finishOrSlice(readSound(stored), runSliced);
  return kind.list({ ...flow, document }, at);
}

function* readSound(document: JsonObject): Sliced<FlowDocument> {
  const parsed = yield* parseInSlices(document);
  assert(parsed.ok, 'only well-formed flows are saved');
  return parsed.value.sound;
}

interface CountedCap {
  cap: RunningCap;
  counter: Omit<CapCount, 'updatedAt'> & { updatedAt: number | null };
}

/** Caps with their counters and forecasts, as the API answers them. */
async function describeCaps({ caps }: Pick<CapDeps, 'caps'>, { accountId, counted, now }: Counted): Promise<object[]> {
  const running = counted.map(({ cap }) => cap);
  const closed = await caps.readClosedWindows(accountId, running);
  return counted.map((each, index) => ({
    ...describeCap(each),
    forecast: describeForecast(each, { closed: closed[index] ?? [], now }),
  }));
}

function describeForecast(
  { cap: { cap, window }, counter }: CountedCap,
  { closed, now }: { closed: readonly ClosedWindow[]; now: number },
): object {
  const { count, held, failedCount, ownMaximum } = counter;
  // How much money the leads would have brought that a revenue cap refused is not counted.
  const isMoney = cap.type === 'revenue';
  const forecast = forecastCap({
    ...{ now, window, maximum: ownMaximum ?? maximumOfCap(cap), used: count + held },
    refused: isMoney ? 0 : failedCount,
    closed: isMoney ? closed.map((each) => ({ ...each, refused: 0 })) : closed,
  });
  const show = (units: number | null) => units && showUnits(cap.type, units);
  return {
    basis: forecast.basis,
    windows: forecast.windows,
    expected_count: show(forecast.expectedCount),
    expected_low: show(forecast.expectedLow),
    expected_high: show(forecast.expectedHigh),
    fills_at: isoTime(forecast.fillsAt),
    reason: forecast.reason,
  };
}

function describeCap({ cap: running, counter }: CountedCap): object {
  const { cap, flowId, sourceId, stepId, timeZone, window } = running;
  const nested = cap.caps ?? [];
  return {
    id: cap.id,
    type: cap.type,
    counts: COUNTED_BY[cap.type][stepId === null ? 'lead' : 'delivery'],
    name: cap.name ?? null,
    flow_id: flowId,
    source_id: sourceId,
    step_id: stepId,
    ...showMaximums(cap, counter),
    duration: cap.duration,
    duration_units: cap.duration_units,
    time_zone: timeZone,
    rule_set: cap.rule_set ?? null,
    reason: cap.reason ?? DEFAULT_CAP_REASON,
    cap_ids: nested.flatMap(({ id }) => id ?? []),
    caps: nested,
    count: showUnits(cap.type, counter.count),
    held: showUnits(cap.type, counter.held),
    failed_count: counter.failedCount,
    started_at: isoTime(window.startsAt),
    expires_at: isoTime(window.endsAt),
    updated_at: isoTime(counter.updatedAt),
  };
}

/** What holds in the window, and what the flow says. */
function showMaximums({ type, maximum }: { type: CapType; maximum: number }, { ownMaximum }: CountedCap['counter']) {
  return { maximum: ownMaximum === null ? maximum : showUnits(type, ownMaximum), deployed_maximum: maximum };
}

/** Pings hold no place: each is counted with its end. */
function describePingLimit({ cap: { cap, flowId, sourceId, timeZone, window }, counter }: CountedCap): object {
  return {
    id: cap.id,
    name: cap.name ?? null,
    flow_id: flowId,
    source_id: sourceId,
    ...showMaximums({ ...cap, type: 'volume' }, counter),
    duration: cap.duration,
    duration_units: cap.duration_units,
    time_zone: timeZone,
    count: counter.count,
    failed_count: counter.failedCount,
    started_at: isoTime(window.startsAt),
    expires_at: isoTime(window.endsAt),
    updated_at: isoTime(counter.updatedAt),
    created_at: cap.created_at ?? null,
  };
}
