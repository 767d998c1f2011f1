import { capitalize } from '../../parts/capitalize.ts';
import { listRecipients, type RecipientRow } from './describe-recipient.ts';
import type { LeadToShow } from './lead-query.ts';

type Retry = LeadToShow['retries'][number];

/** Deliveries that the sentence names; the table has all. */
const NAMED_MAX = 2;
/** Of a reason, in characters: longer ones stand in the table alone. */
const REASON_MAX = 80;

/** By how much they concern a person, the most first. */
const TROUBLES = ['error', 'unknown', 'retry_pending', 'failure'];

/** What became of each delivery of the lead, and whether it is tried again. */
export function listDeliveries({ lead, explanation, retries }: LeadToShow): RecipientRow[] {
  const waiting = new Set(retries.filter(({ status }) => isToCome(status)).map(({ step_id: id = '' }) => id));
  return listRecipients(explanation.steps, { events: lead.events, waiting });
}

/**
 * What became of the lead, in a sentence: the one of the API, and what it does not know, that a delivery is tried again. Of a lead
 * that was accepted it says which deliveries did not arrive, since the sender's success is not theirs.
 */
export function sayLead(
  { lead, explanation, retries }: LeadToShow,
  rows: readonly RecipientRow[],
  now: number,
): string {
  const isSuccess = lead.outcome === 'success';
  const wanted = isSuccess ? TROUBLES : ['unknown', 'retry_pending'];
  const found = rows
    .filter(({ state, isPassedOver }) => wanted.includes(state) && !(state === 'failure' && isPassedOver))
    .toSorted((one, other) => TROUBLES.indexOf(one.state) - TROUBLES.indexOf(other.state));
  if (found.length === 0) return explanation.summary;
  const named = found.slice(0, NAMED_MAX).map((row) => sayDelivery(row, { retry: retryOf(row, retries), now }));
  const more = found.length - named.length;
  const said = [...named, ...(more === 0 ? [] : [`${more} more did not arrive`])].join('; ');
  if (isSuccess && explanation.answer.decided_by === null) return `The lead was accepted; ${said}.`;
  return `${explanation.summary} ${capitalize(said)}.`;
}

function sayDelivery(
  { name, state, why }: RecipientRow,
  { retry, now }: { retry: Retry | undefined; now: number },
): string {
  const reason = why === null || why.length > REASON_MAX ? '' : `: ${why.replace(/\.$/, '')}`;
  if (state === 'failure') return `${name} refused it${reason}`;
  if (state === 'unknown') return `it is unknown whether it arrived at ${name}`;
  if (state === 'error') return `delivery to ${name} failed${reason}`;
  const at = retry?.next_attempt_at ?? null;
  return at === null || Date.parse(at) <= now
    ? `delivery to ${name} is tried again now`
    : `delivery to ${name} is tried again at ${at}`;
}

/** The attempt of a delivery that is to come or under way. */
function retryOf({ key }: RecipientRow, retries: readonly Retry[]): Retry | undefined {
  return retries.find(({ step_id: id, status }) => id === key && isToCome(status));
}

/** Is it tried again? */
function isToCome(status: Retry['status']): boolean {
  return status === 'waiting' || status === 'running';
}
