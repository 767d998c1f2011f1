import { type FindCandidateDeps, findCandidate } from '../resubmission/find-candidate.ts';
import { judgeLead, type ResubmitCandidate, STILL_RUNNING } from '../resubmission/judge-lead.ts';
import type { ResubmitCall } from '../resubmission/resubmit-leads.ts';
import { createSimulator, type SimulatorDeps, type Would } from './simulate-again.ts';

/** Bounds of one call; leads beyond them are in `remaining`, for the next call. */
const PREVIEW_MS_MAX = 20_000;
const ANSWER_CHARACTERS_MAX = 16 * 1024 * 1024;

const NOTE =
  'Nothing was sent. The preview assumes that recipients accept everything, that no bids are made, that lists are empty and that caps have room.';

interface PreviewOfLead {
  lead_id: string;
  outcome: string | null;
  reason: string | null;
  /** null: it would be sent. */
  refused: string | null;
  warnings: string[];
  would: Would | null;
}

/** Simulates what a resubmission would do with each lead, one at a time, so that senders keep most of the server. */
export async function previewResubmission(deps: SimulatorDeps & FindCandidateDeps, call: ResubmitCall) {
  const startedAt = deps.clock.monotonic();
  const simulate = createSimulator(deps, call);
  const leads: PreviewOfLead[] = [];
  const missing: string[] = [];
  let done = 0;
  let characters = 0;
  for (const leadId of call.leadIds) {
    const isOver = deps.clock.monotonic() - startedAt > PREVIEW_MS_MAX || characters > ANSWER_CHARACTERS_MAX;
    if (isOver) break;
    const found = await findCandidate(deps, { ...call, leadId });
    if (found.kind === 'missing') missing.push(leadId);
    else leads.push(found.kind === 'found' ? await previewLead(found.candidate, simulate) : running(leadId));
    characters += JSON.stringify(leads.at(-1)?.would ?? null).length;
    done += 1;
  }
  return { note: NOTE, counts: countLeads(leads), leads, remaining: call.leadIds.slice(done), missing };
}

async function previewLead(
  candidate: ResubmitCandidate,
  simulate: ReturnType<typeof createSimulator>,
): Promise<PreviewOfLead> {
  const { lead } = candidate.past;
  const { refusal, warnings } = judgeLead(candidate);
  const would = refusal === null ? await simulate(lead) : null;
  const { id, outcome, reason } = lead;
  return { lead_id: id, outcome, reason, refused: refusal, warnings, would };
}

function running(leadId: string): PreviewOfLead {
  return { lead_id: leadId, outcome: null, reason: null, refused: STILL_RUNNING, warnings: [], would: null };
}

function countLeads(leads: readonly PreviewOfLead[]) {
  const would = leads.flatMap((lead) => lead.would ?? []);
  const counted = (outcome: string | null) => would.filter((each) => each.outcome === outcome).length;
  return {
    would_send: would.length,
    refused: leads.length - would.length,
    success: counted('success'),
    failure: counted('failure'),
    error: counted('error'),
    not_taken: counted(null),
  };
}
