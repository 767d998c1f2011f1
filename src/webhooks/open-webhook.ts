import type { Deliver, DeliveryResult } from '../integrations/contract.ts';
import { buildSignedHeaders, type SigningTools } from '../integrations/formats/standard-webhook.ts';
import { fail, ok, type Result } from '../lib/result.ts';
import type { ChannelFaultKind, SendFault } from '../outbox/channel.ts';
import type { SendResult, Sink } from '../outbox/send-events.ts';
import type { WebhookKey, WebhookStore } from './webhook.ts';

/** How long the receiver may take. */
const WEBHOOK_TIMEOUT_MS = 15_000;

export interface WebhookSinkDeps {
  webhooks: Pick<WebhookStore, 'findLive'>;
  deliver: Deliver;
  tools: SigningTools;
}

/** Posts signed events to a webhook as it is set now. */
export async function openWebhook(
  { webhooks, deliver, tools }: WebhookSinkDeps,
  key: WebhookKey,
): Promise<Result<Sink, SendFault>> {
  const live = await webhooks.findLive(key);
  if (live === null) return fail({ kind: 'missing', reason: 'The webhook was deleted' });
  const { url, secret, types, outcomes } = live;
  if (secret === null) return fail({ kind: 'auth', reason: 'The secret cannot be read: replace it' });
  const { host } = new URL(url);
  return ok({
    takes: ({ type, outcome }) =>
      (types.length === 0 || types.includes(type)) &&
      (outcomes.length === 0 || (outcome !== null && outcomes.includes(outcome))),
    send: async ({ eventId, body }) => {
      const headers = buildSignedHeaders({ id: eventId, body, secret }, tools);
      const request = { url, method: 'POST', headers, body, followAllRedirects: false };
      const bounds = { timeoutMs: WEBHOOK_TIMEOUT_MS, accountId: key.accountId, recipientId: key.webhookId };
      return readWebhookAnswer(await deliver(request, bounds), host);
    },
  });
}

/** What an answer means: of the event, or of the receiver as a whole. The reason has nothing of its body. */
export function readWebhookAnswer(result: DeliveryResult, host: string): SendResult {
  if (result.kind !== 'answered') {
    const isLate = result.kind === 'unknown' && result.blame === 'time';
    return failed(isLate ? 'slow' : result.kind === 'unsent' ? 'unreachable' : 'broken', result.reason);
  }
  const { status } = result.response;
  if (status >= 200 && status < 300) return { kind: 'put' };
  if (status === 410) return failed('gone', `${host} wants no more events (status 410)`);
  if (status === 408) return failed('slow', `${host} did not take the event in time (status 408)`);
  if (status === 429) return failed('full', `${host} takes no more events at the moment (status 429)`);
  if (status >= 400 && status < 500) return failed('object', `${host} refused the event (status ${status})`);
  if (status < 400)
    return failed('unavailable', `${host} answered with a redirect, which is not followed (status ${status})`);
  return failed('unavailable', `${host} has a fault of its own (status ${status})`);
}

function failed(kind: ChannelFaultKind, reason: string): SendResult {
  return { kind: 'failed', fault: { kind, reason } };
}
