import type { EventRecord } from '../events/event-store.ts';
import type { LeadPast } from '../events/lead-past.ts';
import { maskedValues } from './masked-values.ts';
import type { Standing } from './resubmission.ts';

export interface ResubmitOptions {
  /** Also what succeeded, or was sent again before. */
  isAgain: boolean;
  /** Also what is sent as asterisks. */
  takesMasked: boolean;
}

export interface Judgement {
  /** null: it may be sent again. */
  refusal: string | null;
  /** What somebody should know who sends it. */
  warnings: string[];
}

/** A lead that has ended, its events and what else is known of it. */
export interface ResubmitCandidate {
  past: LeadPast;
  events: readonly EventRecord[];
  standing: Standing;
  options: ResubmitOptions;
  now: number;
}

const DAY_MS = 86_400_000;

/** May a lead be sent again? First what would double a delivery, then what is not kept, then what needs to be said. */
export function judgeLead(candidate: ResubmitCandidate): Judgement {
  const masked = maskedValues(candidate.past);
  const refusal = whyOpen(candidate.standing) ?? whyNotKept(candidate) ?? whyToBeSaid(candidate, masked);
  const warnings = masked.length > 0 ? [`Asterisks are sent for ${masked.join(', ')}`] : [];
  return { refusal, warnings: [...warnings, ...deliveredBefore(candidate)] };
}

export const STILL_RUNNING = 'The lead or a resubmission of it is still in process: try again when it has ended';

const WHILE_OPEN: Readonly<Record<NonNullable<Standing['open']>, string>> = {
  running: STILL_RUNNING,
  unknown: 'A delivery of it may have arrived: resolve it with POST /unknowns/{event_id}/resolve',
  retry: 'A delivery of it is still being retried: cancel the retry with POST /retries/{id}/cancel',
};

function whyOpen({ open, last }: Standing): string | null {
  if (open !== null) return WHILE_OPEN[open];
  return last !== null && !last.hasEnded ? `It is being sent again as ${last.asLeadId}` : null;
}

function whyNotKept({ past, now }: ResubmitCandidate): string | null {
  const { lead, flow } = past;
  const days = flow.account.dataRetentionInDays;
  if (now - lead.submittedAt > days * DAY_MS) return `It is past the retention period of ${days} days`;
  if (lead.document === null) return 'Its values have been deleted';
  if (lead.document.request === undefined) return 'It was interrupted before its request was stored';
  const { headers, body } = lead.document.request;
  // Written so before anybody knew what of it is secret, see write-lead.ts; no sender sends without headers.
  const isPathAlone = Object.keys(headers).length === 0 && body === null;
  return isPathAlone ? 'It failed before its values were stored: its sender must send it again' : null;
}

function whyToBeSaid({ past, standing, options }: ResubmitCandidate, masked: readonly string[]): string | null {
  const { isAgain, takesMasked } = options;
  if (standing.last !== null && !isAgain) {
    return `It was sent again as ${standing.last.asLeadId}; "again": true sends it once more`;
  }
  if (past.lead.outcome === 'success' && !isAgain) return 'It was a success; "again": true sends it anyway';
  if (masked.length === 0 || takesMasked) return null;
  return `Masked values are not kept (${masked.join(', ')}); "with_masked": true sends asterisks`;
}

const DELIVERIES: ReadonlySet<string> = new Set(['recipient', 'retry']);

/** A failed lead may have been delivered by one of its steps; what that recipient gets a second time is not refused. */
function deliveredBefore({ past, events }: ResubmitCandidate): string[] {
  const took = events.filter(({ type, outcome }) => DELIVERIES.has(type) && outcome === 'success');
  const names = took.map(({ stepId, recipientId }) => findName(past, stepId) ?? recipientId ?? '');
  return [...new Set(names)].map((name) => `${name} has already accepted it`);
}

function findName({ flow }: LeadPast, stepId: string | null): string | undefined {
  const step = [...flow.steps, ...flow.destinations].find(({ id }) => id === stepId);
  return step?.kind === 'recipient' ? step.entityName : undefined;
}
