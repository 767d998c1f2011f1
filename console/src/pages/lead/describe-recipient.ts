import type { Event, ExplainedStep } from '../../../../client/src/client.ts';

export interface RecipientRow {
  key: string;
  name: string;
  /** null: the step has none. */
  recipientId: string | null;
  /** Another recipient of its distribution took the lead. */
  isPassedOver: boolean;
  path: string;
  /** The word of its badge. */
  state: string;
  why: string | null;
  price: number | null;
  ms: number | null;
}

/** What became of each recipient and destination of the flow, in its order. `waiting`: steps with a retry to come. */
export function listRecipients(
  steps: readonly ExplainedStep[],
  { events, waiting }: { events: readonly Event[]; waiting: ReadonlySet<string> },
): RecipientRow[] {
  const sold = new Set(
    steps.flatMap(({ distribution }) => (distribution?.verdict === 'accepted' ? [distribution.step_id] : [])),
  );
  return steps
    .filter(({ type }) => type === 'recipient')
    .map((step) => {
      const event = events.find(({ id }) => id === step.event_id);
      const last = step.retries?.at(-1);
      const price = last?.sale_price || numberOf(event?.sale_price);
      const isSold = sold.has(step.distribution?.step_id ?? '');
      return {
        key: step.step_id,
        name: step.recipient?.name ?? step.description ?? step.path,
        recipientId: step.recipient?.id ?? null,
        isPassedOver: isSold,
        path: step.path,
        state: stateOf(step, { isWaiting: waiting.has(step.step_id), isUnknown: event?.unknown === true }),
        why: whyOf(step, { isSold }),
        price: price !== null && price > 0 ? price : null,
        ms: event && event.transactions?.length !== 0 ? (event.ms ?? null) : null,
      };
    });
}

function stateOf(step: ExplainedStep, { isWaiting, isUnknown }: { isWaiting: boolean; isUnknown: boolean }): string {
  const last = step.retries?.at(-1);
  if (isWaiting) return 'retry_pending';
  if (last) return last.unknown ? 'unknown' : last.verdict;
  return isUnknown ? 'unknown' : step.verdict;
}

/** The reason on record; else which of the parts kept the lead from it. `isSold`: another recipient of its distribution took it. */
function whyOf(
  { verdict, reason, cap, distribution, retries = [] }: ExplainedStep,
  { isSold }: { isSold: boolean },
): string | null {
  const last = retries.at(-1);
  if (last) return `${last.reason ?? ''} (attempt ${(last.attempt ?? retries.length) + 1})`.trim();
  if (cap)
    return `${reason ?? 'Its cap was full'} (cap ${cap.name ?? cap.id}: ${cap.count + cap.held} of ${cap.maximum})`;
  if (reason !== null) return reason;
  if (distribution && distribution.verdict !== verdict) return `Of the distribution: ${distribution.verdict}`;
  if (verdict === 'disabled') return 'The step is switched off.';
  if (verdict !== 'not reached') return null;
  return isSold ? 'The lead was sold before its turn.' : 'The flow ended before it.';
}

function numberOf(value: unknown): number | null {
  return typeof value === 'number' ? value : null;
}
