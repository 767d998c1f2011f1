import { maySeeValues, type Principal } from '../../access/principal.ts';
import type { EventFilter, EventRecord, EventStore, LeadRecord } from '../../events/event-store.ts';
import { hideReason } from '../../events/hide-values.ts';
import { computeIdRange, type IdRange, intersect, NO_AFTER, NO_BEFORE } from '../../events/id-range.ts';
import { OTHER_REASONS } from '../../events/reading-plan.ts';
import { enqueueResubmission } from '../../jobs/enqueue-resubmission.ts';
import type { JobStore } from '../../jobs/job.ts';
import { assert } from '../../lib/assert.ts';
import type { Clock } from '../../lib/clock.ts';
import { type Ids, instantOfId } from '../../lib/ids.ts';
import { fail, ok, type Result } from '../../lib/result.ts';
import type { Problem as DocumentProblem } from '../../model/problem.ts';
import { groupFailures } from '../../problems/group-failures.ts';
import { type FailedLead, planRetry, RETRY_PLANS } from '../../problems/plan-retry.ts';
import {
  MUTE_DAYS_MAX,
  PROBLEM_DAYS,
  PROBLEM_STATES,
  type Problem,
  type ProblemKey,
  type ProblemKind,
  type ProblemMark,
  type ProblemState,
} from '../../problems/problem.ts';
import type { FailureStore, ProblemStore } from '../../problems/problem-store.ts';
import { type Cause, causeOfStatus } from '../../problems/suspected-cause.ts';
import { type ApiResult, answer } from '../api.ts';
import { apiError } from '../errors.ts';
import { isoTime } from '../iso-time.ts';
import { jobJson } from '../jobs/job-json.ts';
import { endOfTime, startOfTime } from '../parameters.ts';
import { invalidDocument } from '../read-body.ts';
import type { ReadingStores } from '../reading-stores.ts';
import { maximumsOf, type RetryDeps } from './retries.ts';

export interface ProblemDeps {
  /** Of the database itself: problems are judged by what it returns. */
  failureCounts: FailureStore;
  reading: Pick<ReadingStores, 'statistics' | 'events'>;
  problems: ProblemStore;
  clock: Clock;
}

export interface ProblemRetryDeps extends ProblemDeps, RetryDeps {
  /** Of the database itself: what it returns is judged. */
  events: EventStore;
  jobs: Pick<JobStore, 'create' | 'find'>;
  ids: Pick<Ids, 'next'>;
}

const NO_PROBLEM = apiError(
  'not_found',
  `There is no problem with this id, or it has not occurred for ${PROBLEM_DAYS} days.`,
);
const DAY_MS = 86_400_000;
const LIMIT_DEFAULT = 50;
const SAMPLES_MAX = 5;

/** What `GET /problems` is asked with. */
export interface ProblemQuery {
  state: string[] | undefined;
  flow_id: string[] | undefined;
  recipient_id: string[] | undefined;
  limit: number | undefined;
}

/** `GET /problems`: the last seen first. */
export async function listProblems(
  deps: ProblemDeps,
  { principal, query }: { principal: Principal; query: ProblemQuery },
): Promise<ApiResult> {
  const { accountId } = principal;
  const { state, flow_id: flowIds, recipient_id: recipientIds, limit = LIMIT_DEFAULT } = query;
  const { problems, countedUntil } = await readProblems(deps, { accountId, flowIds, recipientIds });
  const wanted = problems.filter((problem) => state === undefined || state.includes(problem.state));
  const counts = PROBLEM_STATES.map((each) => [each, problems.filter((problem) => problem.state === each).length]);
  return answer(200, {
    counted_until: countedUntil === null ? null : isoTime(countedUntil),
    counts: Object.fromEntries(counts),
    total: wanted.length,
    problems: await showProblems(deps, { accountId, problems: wanted.slice(0, limit) }),
  });
}

interface ProblemRequest {
  principal: Principal;
  params: { id: string };
}

/** `GET /problems/{id}`. */
export async function readProblem(deps: ProblemDeps, { principal, params }: ProblemRequest): Promise<ApiResult> {
  const problem = await findProblem(deps, { accountId: principal.accountId, id: params.id });
  return problem ? answerDetails(deps, { principal, problem }) : NO_PROBLEM;
}

/** What somebody says about a problem; its shape has been checked. */
export interface GivenMark {
  state?: ProblemState;
  muted_until?: string;
  note?: string | null;
}

/** `PATCH /problems/{id}`: what is not given stays. */
export async function markProblem(
  deps: ProblemDeps,
  { principal, params, body }: ProblemRequest & { body: GivenMark },
): Promise<ApiResult> {
  const { accountId } = principal;
  const problem = await findProblem(deps, { accountId, id: params.id });
  if (!problem) return NO_PROBLEM;
  const mark = completeMark(body, { problem, now: deps.clock.now() });
  if (!mark.ok) return invalidDocument(mark.error, 'The change is not valid; details says where.');
  await deps.problems.setMark({ accountId, mark: mark.value, name: await nameOf(deps, { accountId, problem }) });
  const changed = await findProblem(deps, { accountId, id: params.id });
  return answerDetails(deps, { principal, problem: changed ?? problem });
}

function completeMark(
  { state, muted_until: until, note }: GivenMark,
  { problem, now }: { problem: Problem; now: number },
): Result<ProblemMark, DocumentProblem[]> {
  const kept = { id: problem.id, note: note === undefined ? problem.note : note, changedAt: now };
  const path = 'muted_until';
  if (until !== undefined && state !== 'muted')
    return fail([{ path, message: 'A time needs the state "muted": give both.' }]);
  if (state !== 'muted')
    // A note alone changes nothing of when a resolved problem is open again.
    return ok(
      state === undefined
        ? { ...kept, state: problem.state, mutedUntil: problem.mutedUntil, changedAt: problem.changedAt ?? now }
        : { ...kept, state, mutedUntil: null },
    );
  if (until === undefined) return fail([{ path, message: 'Say until when: an ISO time with a zone.' }]);
  const instant = startOfTime().parse([until]);
  if (!instant.ok) return fail([{ path, message: instant.error }]);
  if (instant.value <= now) return fail([{ path, message: 'Must be a time to come.' }]);
  if (instant.value > now + MUTE_DAYS_MAX * DAY_MS)
    return fail([{ path, message: `Must be within ${MUTE_DAYS_MAX} days.` }]);
  return ok({ ...kept, state, mutedUntil: instant.value });
}

/** Failures that one call looks at. */
export const EVENTS_OF_RETRY_MAX = 1_000;
/** A lead may have retries of several steps to the recipient. */
const RETRIES_MAX = 5_000;
/** Retries that are made due at once. */
const RUNS_AT_ONCE = 8;

export const RETRY_COUNTS = ['leads', ...RETRY_PLANS, 'refused'] as const;
type RetryCounts = Record<(typeof RETRY_COUNTS)[number], number>;

export interface GivenRetry {
  preview?: boolean;
  start?: string;
  end?: string;
  after_id?: string;
  again?: boolean;
}

const NOT_RETRIED_FEEDBACK = apiError(
  'conflict',
  'Feedback is sent on by itself until its source takes it or refuses it; it cannot be tried again here.',
);
const OTHER_REASONS_MIXED = apiError(
  'conflict',
  'The account has so many kinds of reasons that these are not told apart: choose the leads with POST /leads/resubmit.',
);

/** `POST /problems/{id}/retry`: counts what would be tried again, or tries it. */
export async function retryProblem(
  deps: ProblemRetryDeps,
  { principal, params, body }: ProblemRequest & { body: GivenRetry },
): Promise<ApiResult> {
  const { accountId } = principal;
  const problem = await findProblem(deps, { accountId, id: params.id });
  if (!problem) return NO_PROBLEM;
  if (problem.key.kind === 'feedback') return NOT_RETRIED_FEEDBACK;
  if (problem.key.reasonClass === OTHER_REASONS) return OTHER_REASONS_MIXED;
  const range = rangeOf(body, deps.clock.now());
  if (!range.ok) return invalidDocument(range.error, 'The retry is not valid; details says where.');
  const { leads, truncatedAt } = await readFailedLeads(deps, { accountId, key: problem.key, range: range.value });
  const isAgain = body.again ?? false;
  const planned = leads.map((lead) => ({ ...lead, plan: planRetry(lead, isAgain) }));
  const counts = countPlans(planned);
  const isPreview = body.preview ?? true;
  const scan = truncatedAt === null ? {} : { scan_truncated_at: truncatedAt };
  if (isPreview) return answer(200, { preview: true, counts, job: null, ...scan });
  const again = planned.filter(({ plan }) => plan === 'delivered_again');
  const refused = await runRetries(deps, { accountId, leads: again, flowId: problem.key.flowId });
  counts.delivered_again -= refused;
  counts.refused = refused;
  const leadIds = planned.filter(({ plan }) => plan === 'resubmitted').map(({ leadId }) => leadId);
  const job = await resubmitAll(deps, { principal, leadIds, isAgain });
  await deps.problems.recordRetry({
    ...{ accountId, id: problem.id, counts, name: await nameOf(deps, { accountId, problem }) },
  });
  const headers = job ? { Location: `/jobs/${job['id']}` } : {};
  return { ...answer(job ? 202 : 200, { preview: false, counts, job, ...scan }), headers };
}

function rangeOf({ start, end, after_id: after }: GivenRetry, now: number): Result<IdRange, DocumentProblem[]> {
  const from = start === undefined ? ok(now - PROBLEM_DAYS * DAY_MS) : startOfTime().parse([start]);
  const to = end === undefined ? ok(now) : endOfTime().parse([end]);
  if (!from.ok) return fail([{ path: 'start', message: from.error }]);
  if (!to.ok) return fail([{ path: 'end', message: to.error }]);
  if (from.value > to.value) return fail([{ path: 'end', message: 'Must not be before start.' }]);
  const cursor = { after: after?.toLowerCase() ?? NO_AFTER, before: NO_BEFORE };
  return ok(intersect(cursor, computeIdRange(from.value, to.value)));
}

/** In four reads, however many there are; each lead once, with its last failure. */
async function readFailedLeads(
  deps: ProblemRetryDeps,
  { accountId, key, range }: { accountId: string; key: ProblemKey; range: IdRange },
): Promise<{ leads: FailedLead[]; truncatedAt: string | null }> {
  const page = await deps.events.pageOfEvents({
    ...{ accountId, range, filter: filterOf(key), sort: 'asc', limit: EVENTS_OF_RETRY_MAX },
  });
  const leadIds = [...new Set(page.found.map(({ leadId }) => leadId))];
  const isFull = page.found.length === EVENTS_OF_RETRY_MAX;
  const truncatedAt = page.stoppedAt ?? (isFull ? (page.found.at(-1)?.id ?? null) : null);
  if (leadIds.length === 0) return { leads: [], truncatedAt };
  const records = await deps.events.findLeads({ accountId, leadIds, withDocuments: false });
  const ofDelivery = await readRetries(deps, { accountId, key, leadIds });
  const leads = leadIds.flatMap((leadId): FailedLead[] => {
    const lead = records.get(leadId);
    if (!lead) return [];
    const { retries, unknowns } = ofDelivery;
    return [
      {
        ...{ leadId, outcome: lead.outcome, wasSentAgain: lead.resubmittedAs !== null },
        ...{ retry: retries.get(leadId) ?? null, isUnknown: unknowns.has(leadId) },
      },
    ];
  });
  return { leads, truncatedAt };
}

async function readRetries(
  { retries }: Pick<RetryDeps, 'retries'>,
  { accountId, key, leadIds }: { accountId: string; key: ProblemKey; leadIds: readonly string[] },
): Promise<{
  retries: Map<string, { id: string; status: NonNullable<FailedLead['retry']>['status'] }>;
  unknowns: Set<string>;
}> {
  if (key.kind !== 'delivery') return { retries: new Map(), unknowns: new Set() };
  const page = { accountId, range: { after: NO_AFTER, before: NO_BEFORE }, sort: 'asc' as const, limit: RETRIES_MAX };
  const ids = { leadIds, recipientIds: [key.recipientId] };
  const [found, unknowns] = await Promise.all([
    retries.pageOfRetries({ ...page, filter: ids }),
    retries.pageOfUnknowns({ ...page, filter: { ...ids, isResolved: false } }),
  ]);
  const ofStep = <Row extends { stepId: string }>(rows: readonly Row[]) =>
    rows.filter(({ stepId }) => stepId === key.stepId);
  return {
    retries: new Map(ofStep(found).map(({ leadId, id, status }) => [leadId, { id, status }])),
    unknowns: new Set(ofStep(unknowns).map(({ leadId }) => leadId)),
  };
}

function countPlans(planned: readonly { plan: (typeof RETRY_PLANS)[number] }[]): RetryCounts {
  const counts = Object.fromEntries(RETRY_COUNTS.map((name) => [name, 0])) as RetryCounts; // one for each
  counts.leads = planned.length;
  for (const { plan } of planned) counts[plan] += 1;
  return counts;
}

/** Returns how many were refused: their place in a cap or a list is taken, or another attempt began meanwhile. */
async function runRetries(
  deps: ProblemRetryDeps,
  { accountId, leads, flowId }: { accountId: string; leads: readonly FailedLead[]; flowId: string },
): Promise<number> {
  const maximumOf = maximumsOf(deps.findFlow(flowId));
  const queue = leads.values();
  let refused = 0;
  const work = async (): Promise<void> => {
    for (const { retry } of queue) {
      const change = retry && (await deps.retries.runNow({ accountId, id: retry.id, maximumOf }));
      if (change?.kind !== 'changed') refused += 1;
    }
  };
  await Promise.all(Array.from({ length: RUNS_AT_ONCE }, work));
  return refused;
}

async function resubmitAll(
  deps: ProblemRetryDeps,
  { principal, leadIds, isAgain }: { principal: Principal; leadIds: string[]; isAgain: boolean },
): Promise<Record<string, unknown> | null> {
  if (leadIds.length === 0) return null;
  const { accountId, actor } = principal;
  const call = { accountId, leadIds, options: { isAgain, takesMasked: false }, target: null, callId: null };
  const now = deps.clock.now();
  const id = await enqueueResubmission(deps.jobs, { call, jobId: deps.ids.next(), askedBy: actor, now });
  const job = await deps.jobs.find({ accountId, id });
  assert(job, 'a job that was just written is there');
  return jobJson(job);
}

interface Asked {
  accountId: string;
  flowIds?: readonly string[] | undefined;
  recipientIds?: readonly string[] | undefined;
}

async function readProblems(
  { failureCounts, problems, clock }: ProblemDeps,
  asked: Asked,
): Promise<{ problems: Problem[]; countedUntil: number | null }> {
  const now = clock.now();
  const [{ tallies, countedUntil }, marks] = await Promise.all([
    failureCounts.listFailures({ ...asked, since: now - PROBLEM_DAYS * DAY_MS, now }),
    problems.listMarks(asked.accountId),
  ]);
  return { problems: groupFailures(tallies, { marks, now }), countedUntil };
}

async function findProblem(
  deps: ProblemDeps,
  { accountId, id }: { accountId: string; id: string },
): Promise<Problem | undefined> {
  const { problems } = await readProblems(deps, { accountId });
  return problems.find((problem) => problem.id === id);
}

const TYPES: Readonly<Record<ProblemKind, string[]>> = {
  delivery: ['recipient', 'retry'],
  source: ['source'],
  feedback: ['feedback-sent'],
};

/** The events of a problem. */
function filterOf({ kind, flowId, sourceId, stepId, recipientId, outcome, reasonClass }: ProblemKey): EventFilter {
  const orAny = (id: string) => (id === '' ? undefined : [id.toLowerCase()]);
  return {
    ...{ types: TYPES[kind], outcomes: [outcome], flowIds: [flowId], sourceIds: orAny(sourceId) },
    ...{ stepIds: orAny(stepId), recipientIds: orAny(recipientId) },
    reasonClasses: reasonClass === OTHER_REASONS ? undefined : [reasonClass.toLowerCase()],
  };
}

async function answerDetails(
  deps: ProblemDeps,
  { principal, problem }: { principal: Principal; problem: Problem },
): Promise<ApiResult> {
  const { accountId } = principal;
  const [[shown], samples] = await Promise.all([
    showProblems(deps, { accountId, problems: [problem] }),
    readSamples(deps, { accountId, problem }),
  ]);
  const isOpen = maySeeValues(principal);
  const causes = samples.flatMap(({ status }) => causeOfStatus(status) ?? []);
  return answer(200, {
    ...shown,
    cause: causeOf(problem, causes[0]),
    samples: samples.map(({ event, status }) => ({
      ...{ event_id: event.id, lead_id: event.leadId, happened_at: isoTime(instantOfId(event.id)) },
      reason: isOpen ? event.reason : hideReason(event.reason),
      status,
    })),
  });
}

/** The status of an answer says more than a reason that only tells that there was one. */
function causeOf({ cause }: Problem, ofStatus: Cause | undefined): Cause | null {
  return cause === null || cause === 'refused_request' ? (ofStatus ?? cause) : cause;
}

async function readSamples(
  { reading }: ProblemDeps,
  { accountId, problem }: { accountId: string; problem: Problem },
): Promise<{ event: EventRecord; status: number | null }[]> {
  const page = await reading.events.pageOfEvents({
    accountId,
    range: { after: beforeId(problem.firstId), before: NO_BEFORE },
    ...{ filter: filterOf(problem.key), sort: 'desc', limit: SAMPLES_MAX },
  });
  const leadIds = [...new Set(page.found.map(({ leadId }) => leadId))];
  const leads = await reading.events.findLeads({ accountId, leadIds, withDocuments: true });
  return page.found.map((event) => ({ event, status: statusOf(leads.get(event.leadId), event) }));
}

/** The second of the id alone is less than each of its ids. */
function beforeId(id: string): string {
  return id.slice(0, 8);
}

/** Of the last answer of the recipient. */
function statusOf(lead: LeadRecord | undefined, { seq }: EventRecord): number | null {
  const { response } = lead?.document?.steps?.[seq]?.transactions?.at(-1) ?? {};
  const status: unknown = Object(response)['status'];
  return typeof status === 'number' ? status : null;
}

async function showProblems(
  { reading }: ProblemDeps,
  { accountId, problems }: { accountId: string; problems: readonly Problem[] },
): Promise<Record<string, unknown>[]> {
  const flowIds = [...new Set(problems.map(({ key }) => key.flowId))];
  const entities = problems.flatMap(({ key }) => [key.sourceId, key.recipientId]).filter((id) => id !== '');
  const names = await reading.statistics.readNames({ accountId, flowIds, entityIds: [...new Set(entities)] });
  const named = (id: string, name: string | undefined) => (id === '' ? null : { id, ...(name ? { name } : {}) });
  return problems.map(({ key, ...problem }) => ({
    id: problem.id,
    kind: key.kind,
    flow: named(key.flowId, names.flows.get(key.flowId)),
    source: named(key.sourceId, names.entities.get(key.sourceId)),
    recipient: named(key.recipientId, names.entities.get(key.recipientId)),
    step_id: key.stepId === '' ? null : key.stepId,
    outcome: key.outcome,
    reason_class: key.reasonClass,
    cause: problem.cause,
    state: problem.state,
    muted_until: isoTime(problem.mutedUntil),
    note: problem.note,
    changed_at: isoTime(problem.changedAt),
    events: problem.events,
    leads: problem.leads,
    first_seen: isoTime(instantOfId(problem.firstId)),
    last_seen: isoTime(instantOfId(problem.lastId)),
    per_hour: problem.perHour,
  }));
}

/** For the activity log: what fails, and why. */
async function nameOf(
  { reading }: ProblemDeps,
  { accountId, problem }: { accountId: string; problem: Problem },
): Promise<string> {
  const { flowId, sourceId, recipientId, reasonClass } = problem.key;
  const entityId = recipientId === '' ? sourceId : recipientId;
  const names = await reading.statistics.readNames({ accountId, flowIds: [flowId], entityIds: [entityId] });
  return [names.flows.get(flowId), names.entities.get(entityId), reasonClass].filter(Boolean).join(' · ');
}
