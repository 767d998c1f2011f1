import type { Static } from 'typebox';
import { type Actor, maySeeValues, type Principal } from '../../access/principal.ts';
import type { RevealStore } from '../../access/reveal-store.ts';
import { type AccountStore, loadAccount } from '../../accounts/account-store.ts';
import { buildLead, buildLeadFacts } from '../../events/build-lead.ts';
import type { EventRecord, EventStore } from '../../events/event-store.ts';
import { hideValuesOfPast } from '../../events/hide-past.ts';
import { hideReasons, hideValuesOfLead } from '../../events/hide-values.ts';
import type { LeadPast } from '../../events/lead-past.ts';
import type { FindRevision } from '../../events/revisions.ts';
import { type LeadExplanation, leadExplanation } from '../../explain/lead-explanation.ts';
import type { FlowStore } from '../../flows/flow-store.ts';
import { enqueueResubmission } from '../../jobs/enqueue-resubmission.ts';
import type { JobStore } from '../../jobs/job.ts';
import { assert } from '../../lib/assert.ts';
import type { Clock } from '../../lib/clock.ts';
import { fail, ok, type Result } from '../../lib/result.ts';
import { type ResubmitCall, type ResubmitDeps, resubmitLeads } from '../../resubmission/resubmit-leads.ts';
import { selectLeads } from '../../resubmission/select-leads.ts';
import { previewResubmission } from '../../simulation/preview-resubmission.ts';
import type { SimulatorDeps } from '../../simulation/simulate-again.ts';
import { type ApiResult, answer } from '../api.ts';
import { type ApiError, apiError } from '../errors.ts';
import { type AskedForLeads, leadFilterOf, VALUES_FORBIDDEN } from '../event-question.ts';
import { jobJson } from '../jobs/job-json.ts';
import { answerPage, pagingOf } from '../paging.ts';
import {
  invalidResubmission,
  type RESUBMISSION,
  type ResubmitRequest,
  readResubmission,
} from '../read-resubmission.ts';
import type { ReadingStores } from '../reading-stores.ts';

export interface LeadDeps {
  reading: Pick<ReadingStores, 'events' | 'money' | 'leadFiles'>;
  findRevision: FindRevision;
}

export interface ResubmissionDeps extends ResubmitDeps, SimulatorDeps {
  accounts: Pick<AccountStore, 'find'>;
  /** Of the database itself: what they return is judged. */
  events: EventStore;
  flows: FlowStore;
  jobs: Pick<JobStore, 'create' | 'find'>;
  clock: Clock;
  ids: SimulatorDeps['ids'];
  report: SimulatorDeps['report'];
}

const UNKNOWN_LEAD = apiError('not_found', 'There is no lead with this id; it may be past the retention period.');

/** `GET /leads`: a page of leads without their events, newest first unless asked otherwise. */
export async function listLeads(
  deps: LeadDeps,
  { principal, query }: { principal: Principal; query: AskedForLeads },
): Promise<ApiResult> {
  const paging = pagingOf(query);
  if (!paging.ok) return paging.error;
  const isOpen = maySeeValues(principal);
  if (!isOpen && query.reason !== undefined) return VALUES_FORBIDDEN;
  const { select, ...page } = paging.value;
  const filter = leadFilterOf(query);
  const leads = await deps.reading.events.pageOfLeads({ accountId: principal.accountId, ...page, filter });
  const facts = await Promise.all(
    leads.found.map(async (lead) => buildLeadFacts({ lead, flow: await deps.findRevision(lead) })),
  );
  return answerPage(
    facts.map((lead) => select(isOpen ? lead : hideReasons(lead))),
    leads.stoppedAt,
  );
}

interface LeadRequest {
  principal: Principal;
  params: { id: string };
}

/** A lead as it is asked for: `values=hidden` leaves its values out for who may see them, too. */
interface AskedForLead extends LeadRequest {
  query: { values: 'hidden' | undefined };
}

/** `GET /leads/{id}`: the lead, its events in order, and why each phase and step decided as it did. */
export async function readLead(deps: LeadDeps, request: AskedForLead): Promise<ApiResult> {
  const found = await findLeadPast(deps, request);
  if (!found.ok) return found.error;
  const isOpen = maySeeValues(request.principal) && request.query.values === undefined;
  const built = await buildWhole(deps, found.value);
  return answer(200, isOpen ? built : hideValuesOfLead(built));
}

async function buildWhole(deps: LeadDeps, { past, events }: FoundLead): Promise<Record<string, unknown>> {
  const { accountId, id: leadId } = past.lead;
  return buildLead(past, events, await deps.reading.money.listEntries({ accountId, leadId }));
}

const NO_EXPLANATION = apiError(
  'permission_required',
  'An explanation has the values that rules compared: your API key or user needs the permission personal_data.read, or asks with values=hidden. GET /leads/{id} has the verdicts.',
);

/** `GET /leads/{id}/explain`: why a lead ended as it did, as JSON or as sentences (`Accept: text/plain`). */
export async function explainLead(deps: LeadDeps, request: AskedForLead): Promise<ApiResult> {
  const isHidden = request.query.values === 'hidden';
  if (!isHidden && !maySeeValues(request.principal)) return NO_EXPLANATION;
  const found = await findLeadPast(deps, request);
  if (!found.ok) return found.error;
  const { past, events } = isHidden ? hideValuesOfPast(found.value) : found.value;
  const explanation = await explainWhole(deps, { past, events });
  return { ...answer(200, explanation), text: `${explanation.sentences.join('\n')}\n` };
}

async function explainWhole(deps: LeadDeps, { past, events }: FoundLead): Promise<LeadExplanation> {
  const filed = await deps.reading.leadFiles.listFilesOfLead({ accountId: past.lead.accountId, leadId: past.lead.id });
  const files = filed.map(({ eventId, file }) => ({
    ...{ event_id: eventId, batch_id: file.batchId, file_id: file.id, name: file.name, state: file.state },
    delivered_at: file.deliveredAt === null ? null : new Date(file.deliveredAt).toISOString(),
  }));
  return leadExplanation(past, events, files);
}

export interface RevealDeps extends LeadDeps {
  /** Records who asked. */
  reveals: RevealStore;
}

/**
 * `POST /leads/{id}/reveal`: the lead and its explanation with the values. The activity log has who asked before they are
 * answered (decision page 0104).
 */
export async function revealLead(deps: RevealDeps, request: LeadRequest): Promise<ApiResult> {
  if (!maySeeValues(request.principal)) return VALUES_FORBIDDEN;
  const found = await findLeadPast(deps, request);
  if (!found.ok) return found.error;
  const { accountId, id: leadId } = found.value.past.lead;
  await deps.reveals.record({ accountId, leadId });
  return answer(200, {
    lead: await buildWhole(deps, found.value),
    explanation: await explainWhole(deps, found.value),
  });
}

interface FoundLead {
  past: LeadPast;
  events: readonly EventRecord[];
}

/** The lead of the URL with its events in order, and the flow as it was when the lead ran. */
async function findLeadPast(deps: LeadDeps, { principal, params }: LeadRequest): Promise<Result<FoundLead, ApiError>> {
  const found = await deps.reading.events.findLead({ accountId: principal.accountId, leadId: params.id });
  if (!found) return fail(UNKNOWN_LEAD);
  const { lead, events } = found;
  return ok({ past: { lead, flow: await deps.findRevision(lead) }, events });
}

/**
 * `POST /leads/resubmit`: sends failed leads through their flows as deployed now, each as a new lead. Nothing is sent
 * unless `preview` is false; without it the answer previews what would be sent, with recipients that accept everything.
 */
export async function resubmit(
  deps: ResubmissionDeps,
  { principal, body }: { principal: Principal; body: Static<typeof RESUBMISSION> },
): Promise<ApiResult> {
  const parsed = readResubmission(body);
  if (!parsed.ok) return parsed.error;
  const asked = parsed.value;
  if (asked.tellsValues && !maySeeValues(principal)) return VALUES_FORBIDDEN;
  const { accountId } = principal;
  const sound = await checkTarget(deps, { accountId, asked });
  if (!sound.ok) return sound.error;
  await deps.resubmissions.tidy({ accountId, now: deps.clock.now() });
  const selected = await leadsOf(deps, { accountId, asked });
  if (!selected.ok) return selected.error;
  const { leadIds, truncatedAt } = selected.value;
  const { isPreview, options, target, callId } = asked;
  const call = { accountId, leadIds, options, target, callId };
  if (asked.isJob) return enqueue(deps, { call, truncatedAt, askedBy: principal.actor });
  const done = isPreview
    ? await previewResubmission(deps, { ...call, callId: null })
    : resultAnswer(await resubmitLeads(deps, call));
  const hidden = { leads: done.leads.map((lead) => hideReasons({ ...lead })) };
  return answer(200, {
    preview: isPreview,
    ...done,
    ...(maySeeValues(principal) ? {} : hidden),
    ...(truncatedAt === null ? {} : { scan_truncated_at: truncatedAt }),
  });
}

/** 202 with the job, where `GET /jobs/{id}` is asked for the rest. */
async function enqueue(
  deps: ResubmissionDeps,
  { call, truncatedAt, askedBy }: { call: ResubmitCall; truncatedAt: string | null; askedBy: Actor },
): Promise<ApiResult> {
  const { accountId } = call;
  const id = await enqueueResubmission(deps.jobs, { call, jobId: deps.ids.next(), askedBy, now: deps.clock.now() });
  const job = await deps.jobs.find({ accountId, id });
  assert(job, 'a job that was just written is there');
  const scan = truncatedAt === null ? {} : { scan_truncated_at: truncatedAt };
  return { ...answer(202, { job: jobJson(job), ...scan }), headers: { Location: `/jobs/${id}` } };
}

const OTHER_CALL = apiError(
  'conflict',
  'An earlier call with other parameters used this resubmission_id: use a new one.',
);

interface Asked {
  accountId: string;
  asked: ResubmitRequest;
}

interface Leads {
  leadIds: string[];
  truncatedAt: string | null;
}

/** A named call is about the leads that it found when it was made first. */
async function leadsOf(deps: ResubmissionDeps, { accountId, asked }: Asked): Promise<Result<Leads, ApiError>> {
  const { callId, isPreview } = asked;
  if (callId === null || isPreview) return ok(await selectedLeads(deps, { accountId, asked }));
  const call = { accountId, callId, request: asked.asked };
  const known = await deps.resubmissions.findCall(call);
  if (known.kind === 'other') return fail(OTHER_CALL);
  if (known.kind === 'same') return ok({ leadIds: known.leadIds, truncatedAt: null });
  const selected = await selectedLeads(deps, { accountId, asked });
  await deps.resubmissions.keepCall({ ...call, leadIds: selected.leadIds, now: deps.clock.now() });
  // The same call may have been made at the same time: what was kept counts.
  const kept = await deps.resubmissions.findCall(call);
  return kept.kind === 'same' ? ok({ ...selected, leadIds: kept.leadIds }) : fail(OTHER_CALL);
}

async function selectedLeads(deps: ResubmissionDeps, { accountId, asked }: Asked): Promise<Leads> {
  const { wanted } = asked;
  if (wanted.kind === 'ids') return { leadIds: wanted.leadIds, truncatedAt: null };
  const account = await loadAccount(deps, accountId);
  // A question must have the same answer twice, so nothing in it is random.
  const ctx = { now: deps.clock.now(), timeZone: account.timeZone, random: () => 0 };
  return selectLeads(deps, { accountId, question: wanted.question, ctx });
}

/** A caller that sends leads elsewhere may do so within the account. */
async function checkTarget(deps: ResubmissionDeps, { accountId, asked }: Asked): Promise<Result<null, ApiError>> {
  const { target } = asked;
  if (!target) return ok(null);
  const { flowId, sourceRef } = target;
  const record = await deps.flows.find({ accountId, flowId });
  const revision = record?.deployedRevision ?? null;
  if (revision === null) return refuse('to.flow_id', 'There is no such flow, or it has not been deployed.');
  const flow = await deps.findRevision({ accountId, flowId, revision });
  return flow.sources.has(sourceRef) ? ok(null) : refuse('to.source_id', 'The flow has no such source.');
}

function refuse(path: string, message: string): Result<null, ApiError> {
  return fail(invalidResubmission([{ path, message }]));
}

function resultAnswer({ results, missing, remaining }: Awaited<ReturnType<typeof resubmitLeads>>) {
  const counted = (wanted: string) => results.filter(({ status }) => status === wanted).length;
  const leads = results.map(({ leadId, status, asLeadId, outcome, reason }) => ({
    lead_id: leadId,
    status,
    resubmitted_as: asLeadId,
    outcome,
    reason,
  }));
  const counts = { sent: counted('sent'), refused: counted('refused'), running: counted('running') };
  return { counts, leads, remaining, missing };
}
