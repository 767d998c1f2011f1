import type { EventStore } from '../events/event-store.ts';
import type { FindRevision } from '../events/revisions.ts';
import type { Clock } from '../lib/clock.ts';
import type { ResubmitCandidate, ResubmitOptions } from './judge-lead.ts';
import type { ResubmissionStore } from './resubmission.ts';

export interface FindCandidateDeps {
  events: Pick<EventStore, 'findLead'>;
  findRevision: FindRevision;
  resubmissions: Pick<ResubmissionStore, 'standingOf'>;
  clock: Clock;
}

/**
 * Looks a lead up with all that decides whether it may be sent again. `running`: it has not ended, so there is no
 * record of it yet; `missing`: there is no such lead.
 */
export async function findCandidate(
  deps: FindCandidateDeps,
  asked: { accountId: string; leadId: string; callId: string | null; options: ResubmitOptions },
): Promise<{ kind: 'found'; candidate: ResubmitCandidate } | { kind: 'running' } | { kind: 'missing' }> {
  // First: a lead that ends in between is then reported as running, not as missing.
  const standing = await deps.resubmissions.standingOf(asked);
  const found = await deps.events.findLead(asked);
  if (!found) return { kind: standing.open === 'running' ? 'running' : 'missing' };
  const { lead, events } = found;
  const past = { lead, flow: await deps.findRevision(lead) };
  return { kind: 'found', candidate: { past, events, standing, options: asked.options, now: deps.clock.now() } };
}
