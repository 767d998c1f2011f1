import type { Webhook, WebhookState } from '../../api/account.ts';

export const STATES = {
  idle: { status: 'success', word: 'Nothing waits' },
  sending: { status: 'running', word: 'Sending' },
  failing: { status: 'error', word: 'Failing' },
  ended: { status: 'error', word: 'Ended by the receiver' },
  off: { status: 'paused', word: 'Off' },
} as const;

/** Of a webhook; without its state as far as the webhook says itself. */
export function stateOf(
  { enabled, disabled_at: endedAt }: Pick<Webhook, 'enabled' | 'disabled_at'>,
  state: Pick<WebhookState, 'state'> | undefined,
): keyof typeof STATES {
  if (endedAt !== null) return 'ended';
  if (!enabled && state?.state !== 'failing' && state?.state !== 'sending') return 'off';
  return state === undefined || state.state === 'disabled' ? 'idle' : state.state;
}

export const TYPES: Readonly<Record<Webhook['types'][number], string>> = {
  source: 'Sources',
  filter: 'Filters',
  recipient: 'Recipients',
  retry: 'Retries',
  'feedback-received': 'Feedback received',
  'feedback-sent': 'Feedback sent',
};
export const OUTCOMES: Readonly<Record<Webhook['outcomes'][number], string>> = {
  success: 'Success',
  failure: 'Failure',
  error: 'Error',
  skip: 'Skipped',
  continue: 'Passed',
  stop: 'Stopped',
};

/** `All events`, `Recipients with error, of 2 flows`. */
export function describeEvents({
  types,
  outcomes,
  flow_ids: flows,
}: Pick<Webhook, 'types' | 'outcomes' | 'flow_ids'>): string {
  const what = types.length === 0 ? 'All events' : types.map((type) => TYPES[type] ?? type).join(', ');
  const how =
    outcomes.length === 0 ? '' : ` with ${outcomes.map((each) => (OUTCOMES[each] ?? each).toLowerCase()).join(', ')}`;
  const where = flows.length === 0 ? '' : `, of ${flows.length === 1 ? '1 flow' : `${flows.length} flows`}`;
  return `${what}${how}${where}`;
}
