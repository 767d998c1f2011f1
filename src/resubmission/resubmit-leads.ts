import type { EventStore, LeadRecord } from '../events/event-store.ts';
import type { Clock } from '../lib/clock.ts';
import type { Ids } from '../lib/ids.ts';
import type { LeadRun, Submission } from '../pipeline/lead-run.ts';
import type { RunEnd } from '../pipeline/run-lead.ts';
import { type Judged, judgeLead, type ResubmissionStore } from './resubmission.ts';

/** Takes a submission as if it had come in; the caller has a key of the account. null: there is no room for it now. */
export type RunSubmission = (
  submission: Submission,
  accountId: string,
) => Promise<{ end: RunEnd; run: LeadRun } | null>;

export interface ResubmitDeps {
  events: Pick<EventStore, 'findLead'>;
  resubmissions: ResubmissionStore;
  runSubmission: RunSubmission;
  clock: Clock;
  ids: Ids;
}

export interface ResubmitOptions {
  isAgain: boolean;
  takesMasked: boolean;
}

/** What became of one lead. */
export interface Resubmitted {
  leadId: string;
  /** null: it was not sent, see `reason`. */
  asLeadId: string | null;
  outcome: string | null;
  reason: string | null;
}

/** Leads under way at once: they share the house with those of senders. */
const AT_ONCE = 8;
/** What is not begun by then is left to the next request. */
const BEGIN_MS_MAX = 20_000;

/** Looks leads up and says of each whether it may be sent again, in the order asked. Unknown ids are left out. */
export async function judgeLeads(
  deps: Pick<ResubmitDeps, 'events' | 'resubmissions'>,
  at: { accountId: string; leadIds: readonly string[]; options: ResubmitOptions },
): Promise<Judged[]> {
  const { accountId, leadIds, options } = at;
  const [sent, open] = await Promise.all([
    deps.resubmissions.findAll(accountId, leadIds),
    deps.resubmissions.findOpen(accountId, leadIds),
  ]);
  const judged: Judged[] = [];
  for (const leadId of leadIds) {
    const found = await deps.events.findLead({ accountId, leadId });
    if (!found) continue;
    judged.push(judgeLead(found.lead, { ...options, resubmittedAs: sent.get(leadId), open: open.get(leadId) }));
  }
  return judged;
}

/** Sends leads through their flows as deployed now, each as a new lead. `remaining` were not begun for want of time. */
export async function resubmitLeads(
  deps: ResubmitDeps,
  at: { accountId: string; judged: readonly Judged[]; options: ResubmitOptions },
): Promise<{ results: Resubmitted[]; remaining: string[] }> {
  const startedAt = deps.clock.monotonic();
  const results: Resubmitted[] = [];
  const remaining: string[] = [];
  const queue = [...at.judged];
  const work = async (): Promise<void> => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      if (deps.clock.monotonic() - startedAt > BEGIN_MS_MAX) remaining.push(next.lead.id);
      else results.push(await resubmitOne(deps, { ...at, judged: next }));
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return { results, remaining };
}

async function resubmitOne(
  deps: ResubmitDeps,
  at: { accountId: string; judged: Judged; options: ResubmitOptions },
): Promise<Resubmitted> {
  const { accountId, judged, options } = at;
  const { lead } = judged;
  const notSent = (reason: string): Resubmitted => ({ leadId: lead.id, asLeadId: null, outcome: null, reason });
  if (judged.refusal !== null) return notSent(judged.refusal);
  const asLeadId = deps.ids.next();
  const key = { accountId, leadId: lead.id, asLeadId };
  const claim = await deps.resubmissions.claim({ ...key, isAgain: options.isAgain, now: deps.clock.now() });
  if (claim === 'taken') return notSent('It is being sent again by another request');
  const ran = await deps.runSubmission(submissionOf(lead, { asLeadId, clock: deps.clock }), accountId);
  if (ran === null) {
    await deps.resubmissions.giveBack(key);
    return notSent('It could not be taken right now');
  }
  const { end, run } = ran;
  const wasTaken = end.kind === 'answered' && run.answer !== null;
  if (wasTaken) return { leadId: lead.id, asLeadId, outcome: run.outcome, reason: run.reason };
  // Its end may still be told by a recovery: given back, it could be sold twice.
  if (run.hasSent) return { ...notSent('Nobody could tell its end yet: look for the new lead'), asLeadId };
  await deps.resubmissions.giveBack(key);
  return notSent(
    end.kind === 'answered' ? `The source answered ${end.answer.status}` : 'It could not be taken right now',
  );
}

/** The stored request, with the place it came to; credentials in its headers were never kept. */
export function submissionOf(lead: LeadRecord, at: { asLeadId: string; clock: Clock }): Submission {
  const stored = lead.story?.request;
  const query = stored?.uri.split('?')[1];
  const path = `/flows/${lead.flowId}/sources/${lead.sourceId}/submit`;
  return {
    flowId: lead.flowId,
    sourceRef: lead.sourceId,
    request: {
      method: stored?.method ?? 'POST',
      uri: query ? `${path}?${query}` : path,
      version: stored?.version ?? '1.1',
      headers: stored?.headers ?? {},
      body: stored?.body ?? '',
      timestamp: at.clock.now(),
    },
    ip: lead.story?.vars?.submission.ip ?? '',
    authorization: undefined,
    arrivedAt: at.clock.monotonic(),
    resubmission: { leadId: at.asLeadId, from: lead.id },
  };
}
