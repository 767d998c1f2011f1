import { type EventRecord, FEEDBACK_EVENTS_MAX, type RecordOf } from '../events/event-store.ts';
import type { LeadPast } from '../events/lead-past.ts';
import { FEEDBACK_ENDS, SENTENCES } from './sentences.ts';
import { quoted } from './wording.ts';
import { writeMoment } from './write-moment.ts';

/** The last ones of a lead with much feedback; `GET /events` has all. */
const FEEDBACK_MAX = 10;

/** What recipients said of the lead later, and what became of it. */
export function feedbackSentences(past: LeadPast, events: readonly EventRecord[]): string[] {
  const received = events.filter((event) => event.type === 'feedback-received');
  const shown = received.slice(-FEEDBACK_MAX).map((event) => describeFeedback(past, event));
  const count = received.length - shown.length;
  const isAll = events.filter(({ type }) => type.startsWith('feedback-')).length < FEEDBACK_EVENTS_MAX;
  return count > 0 ? [SENTENCES.moreFeedback({ count, isAll }), ...shown] : shown;
}

function describeFeedback({ lead, flow }: LeadPast, event: RecordOf<'feedback-received'>): string {
  const step = flow.steps.find(({ id }) => id === event.stepId);
  const { feedback_type: type, start_timestamp: startedAt } = event.facts;
  const reason = lead.document?.steps?.[event.seq]?.feedback?.reason ?? null;
  return SENTENCES.feedback({
    time: writeMoment(Number(startedAt), flow.account.timeZone),
    recipient: quoted(step?.kind === 'recipient' ? step.entityName : (event.recipientId ?? '')),
    isReturn: type === 'return',
    reason: reason === null ? null : quoted(reason),
    end: describeEnd(event),
  });
}

function describeEnd({ outcome, reason, facts }: RecordOf<'feedback-received'>): string {
  const why = quoted(reason ?? '');
  if (outcome === 'error') return FEEDBACK_ENDS.unanswered();
  const isAccepted = outcome === 'success';
  switch (facts.decided_by) {
    case 'person':
      return FEEDBACK_ENDS.person({ isAccepted });
    case 'deadline':
      return FEEDBACK_ENDS.deadline({ isAccepted });
    case 'source':
      return FEEDBACK_ENDS.source({ isAccepted, why });
    default:
      return FEEDBACK_ENDS.rules({ isAccepted, why });
  }
}
