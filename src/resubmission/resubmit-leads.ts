import type { Ids } from '../lib/ids.ts';
import type { LeadRun, Submission } from '../pipeline/lead-run.ts';
import type { PhaseDeps } from '../pipeline/phase.ts';
import type { RunEnd } from '../pipeline/run-lead.ts';
import { type FindCandidateDeps, findCandidate } from './find-candidate.ts';
import { judgeLead, type ResubmitCandidate, type ResubmitOptions, STILL_RUNNING } from './judge-lead.ts';
import type { ResubmissionStore, SentAgain } from './resubmission.ts';
import { submissionAgain, type Target } from './submission-again.ts';

/** Takes a submission as if it had come in; the caller has a key of the account. null: there is no room for it now. */
export type RunSubmission = (
  submission: Submission,
  accountId: string,
) => Promise<{ end: RunEnd; run: LeadRun } | null>;

export interface ResubmitDeps extends FindCandidateDeps {
  resubmissions: ResubmissionStore;
  runSubmission: RunSubmission;
  ids: Ids;
  startTimer: PhaseDeps['startTimer'];
  report: PhaseDeps['report'];
}

/** What is to be sent again. */
export interface ResubmitCall {
  accountId: string;
  /** Each once. */
  leadIds: readonly string[];
  options: ResubmitOptions;
  /** null: each to the source it came to. */
  target: Target | null;
  /** Names the call, so that it sends each lead once however often it is made; null: it has no name. */
  callId: string | null;
  /** Once it aborts, no further lead is begun. */
  signal?: AbortSignal;
}

/** What became of one lead. */
export interface Resubmitted {
  leadId: string;
  /** `running`: the new lead had not ended when this was answered. */
  status: 'sent' | 'refused' | 'running';
  /** null: it was not sent, see `reason`. */
  asLeadId: string | null;
  outcome: string | null;
  reason: string | null;
}

export interface ResubmitResult {
  /** In the order of the call. */
  results: Resubmitted[];
  /** Ids without a lead. */
  missing: string[];
  /** Not begun: out of time, or there was no room for them. */
  remaining: string[];
}

/** Leads under way at once: they share the house with those of senders. */
const AT_ONCE = 8;
/** What is not begun by then is left to the next call. */
const BEGIN_MS_MAX = 20_000;
/** What has not ended by then is reported as running. */
const ANSWER_MS_MAX = 30_000;

/** What is known so far; of a lead that is not here nothing was begun. */
interface Progress {
  resultsByLead: Map<string, Resubmitted | 'missing'>;
  /** No further lead is begun: the time is over, or the house is full. */
  isOver: boolean;
}

/**
 * Sends leads through their flows as deployed now, each as a new lead. Each is noted before its new lead runs, so that
 * neither two calls at once nor a stop in between send it twice. Never waits longer than ANSWER_MS_MAX.
 */
export async function resubmitLeads(deps: ResubmitDeps, call: ResubmitCall): Promise<ResubmitResult> {
  const { leadIds } = call;
  const progress: Progress = { resultsByLead: new Map(), isOver: false };
  const queue = leadIds.values();
  const callOff = deps.startTimer(BEGIN_MS_MAX, () => {
    progress.isOver = true;
  });
  const work = async (): Promise<void> => {
    for (const leadId of queue) {
      if (progress.isOver || call.signal?.aborted) return;
      await resubmitOne(deps, { call, leadId, progress });
    }
  };
  await beforeAnswer(deps, Promise.all(Array.from({ length: AT_ONCE }, work)));
  progress.isOver = true;
  callOff();
  return buildResult(leadIds, progress);
}

/** A lead whose recipients do not answer goes on by itself; the answer says that it is under way. */
function beforeAnswer({ startTimer }: ResubmitDeps, work: Promise<unknown>): Promise<void> {
  return new Promise((resolve) => {
    const callOff = startTimer(ANSWER_MS_MAX, resolve);
    void work.then(() => {
      callOff();
      resolve();
    });
  });
}

function buildResult(leadIds: readonly string[], { resultsByLead }: Progress): ResubmitResult {
  return {
    results: leadIds.flatMap((leadId) => {
      const result = resultsByLead.get(leadId);
      return result === undefined || result === 'missing' ? [] : [result];
    }),
    missing: leadIds.filter((leadId) => resultsByLead.get(leadId) === 'missing'),
    remaining: leadIds.filter((leadId) => !resultsByLead.has(leadId)),
  };
}

interface One {
  call: ResubmitCall;
  leadId: string;
  progress: Progress;
}

/** Never rejects: what happened to the other leads is returned, and the next call goes on where this one had to stop. */
async function resubmitOne(deps: ResubmitDeps, one: One): Promise<void> {
  const { call, leadId, progress } = one;
  try {
    const found = await findCandidate(deps, { ...call, leadId });
    if (found.kind === 'found') await resubmitFound(deps, { ...one, candidate: found.candidate });
    else progress.resultsByLead.set(leadId, found.kind === 'missing' ? 'missing' : refused(leadId, STILL_RUNNING));
  } catch (error) {
    progress.isOver = true;
    deps.report({ leadId, where: 'resubmit', error });
  }
}

async function resubmitFound(deps: ResubmitDeps, one: One & { candidate: ResubmitCandidate }): Promise<void> {
  const { call, leadId, progress, candidate } = one;
  const { byCall } = candidate.standing;
  if (byCall) return void progress.resultsByLead.set(leadId, await findEarlierResult(deps, { ...one, sent: byCall }));
  const { refusal } = judgeLead(candidate);
  if (refusal !== null) return void progress.resultsByLead.set(leadId, refused(leadId, refusal));
  const asLeadId = deps.ids.next();
  const { accountId, callId, options } = call;
  const { isAgain } = options;
  const key = { accountId, leadId, asLeadId };
  const claim = await deps.resubmissions.claim({ ...key, callId, isAgain, now: deps.clock.now() });
  if (claim === 'taken') return void progress.resultsByLead.set(leadId, await findOthersResult(deps, one));
  progress.resultsByLead.set(leadId, running(leadId, asLeadId));
  await runAgain(deps, { ...one, asLeadId });
}

/** The lead is claimed. From here on it counts as sent, unless the house or its source did not take it. */
async function runAgain(
  deps: ResubmitDeps,
  one: One & { candidate: ResubmitCandidate; asLeadId: string },
): Promise<void> {
  const { call, leadId, progress, candidate, asLeadId } = one;
  const { accountId, target } = call;
  const key = { accountId, leadId, asLeadId };
  const submission = submissionAgain(candidate.past.lead, { asLeadId, target, clock: deps.clock });
  const ran = await deps.runSubmission(submission, accountId);
  if (ran?.end.kind === 'answered' && ran.run.answer) {
    const { outcome, reason } = ran.run;
    progress.resultsByLead.set(leadId, { leadId, status: 'sent', asLeadId, outcome, reason });
    return deps.resubmissions.end({ ...key, now: deps.clock.now() });
  }
  // Its end is still to be committed, or a recovery ends it: given back, it could be sold twice.
  if (ran && (ran.run.hasSent || ran.run.answer)) return;
  await deps.resubmissions.giveBack(key);
  if (ran?.end.kind === 'answered') {
    progress.resultsByLead.set(leadId, refused(leadId, `The source answered ${ran.end.answer.status}`));
  } else {
    progress.resultsByLead.delete(leadId);
    progress.isOver = true;
  }
}

/** Another call was faster, or the same one that was made twice. */
async function findOthersResult(deps: ResubmitDeps, one: One): Promise<Resubmitted> {
  const { accountId, callId } = one.call;
  const { byCall } = await deps.resubmissions.standingOf({ accountId, leadId: one.leadId, callId });
  if (byCall) return findEarlierResult(deps, { ...one, sent: byCall });
  return refused(one.leadId, 'Another request is already sending it again');
}

/** What this call, made before, did with the lead. */
async function findEarlierResult(deps: ResubmitDeps, one: One & { sent: SentAgain }): Promise<Resubmitted> {
  const { leadId, sent } = one;
  const { asLeadId, hasEnded } = sent;
  const found = hasEnded ? await deps.events.findLead({ accountId: one.call.accountId, leadId: asLeadId }) : null;
  if (!found) return running(leadId, asLeadId);
  return { leadId, status: 'sent', asLeadId, outcome: found.lead.outcome, reason: found.lead.reason };
}

function refused(leadId: string, reason: string): Resubmitted {
  return { leadId, status: 'refused', asLeadId: null, outcome: null, reason };
}

function running(leadId: string, asLeadId: string): Resubmitted {
  const reason = 'The new lead has not ended yet: check it later';
  return { leadId, status: 'running', asLeadId, outcome: null, reason };
}
