import { isId } from '../lib/ids.ts';
import type { FeedbackType } from '../model/flow.ts';
import type { FeedbackDeps } from './feedback-deps.ts';
import { isDeliveryTo, type MeantDelivery, takeFeedback } from './take-feedback.ts';

/** A row of a file of feedback. */
export interface ImportedFeedback {
  accountId: string;
  /** Of the feedback that is made of it: the same for each attempt at the same row. */
  id: string;
  type: FeedbackType;
  reason: string;
  /** Blank: the delivery is named by lead and recipient. */
  eventId: string;
  leadId: string;
  recipientId: string;
}

/** What became of a row; the counters of the job have these names. */
export const IMPORTED_OUTCOMES = ['given', 'already_given', 'refused', 'not_found', 'invalid'] as const;
export type ImportedOutcome = (typeof IMPORTED_OUTCOMES)[number];

export interface GivenRow {
  outcome: ImportedOutcome;
  reason: string | null;
}

/** Gives one row’s feedback as a recipient would, and once. null: this process cannot say now which flow is deployed. */
export async function giveImported(deps: FeedbackDeps, row: ImportedFeedback): Promise<GivenRow | null> {
  const meant = await findMeant(deps, row);
  if (meant === null) return INVALID_ID;
  const taken =
    meant && (await takeFeedback(deps, { meant, given: { type: row.type, reason: row.reason, id: row.id } }));
  if (!taken || taken.kind === 'missing') return NOT_FOUND;
  if (taken.kind === 'unavailable') return null;
  if (taken.kind === 'full') return { outcome: 'refused', reason: 'The lead has as much feedback as it may' };
  const { feedback, outcome, reason } = taken;
  // The rules of the flow took no notice of it.
  if (!feedback) return { outcome: 'refused', reason };
  if (feedback.id !== row.id) return { outcome: 'already_given', reason: `The feedback ${feedback.id} says the same` };
  return {
    outcome: feedback.status === 'refused' ? 'refused' : 'given',
    reason: outcome === 'success' ? null : reason,
  };
}

const INVALID_ID: GivenRow = { outcome: 'invalid', reason: 'The id is not one of 24 hexadecimal characters' };
const NOT_FOUND: GivenRow = {
  outcome: 'not_found',
  reason: 'There is no delivery with this id that its recipient accepted',
};

/** null: an id is none; undefined: there is no such event in this account. */
async function findMeant(
  { feedback }: Pick<FeedbackDeps, 'feedback'>,
  row: ImportedFeedback,
): Promise<MeantDelivery | null | undefined> {
  const { accountId, leadId, recipientId } = row;
  if (row.eventId === '') {
    if (!isId(leadId) || !isId(recipientId)) return null;
    return { accountId, leadId: leadId.toLowerCase(), isMeant: isDeliveryTo(recipientId.toLowerCase()) };
  }
  if (!isId(row.eventId)) return null;
  const eventId = row.eventId.toLowerCase();
  const place = await feedback.findLeadOfEvent(eventId);
  // Ids of events are found in any account.
  return place && place.accountId === accountId ? { ...place, isMeant: ({ id }) => id === eventId } : undefined;
}
