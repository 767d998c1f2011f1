import type { Deliver } from '../integrations/contract.ts';
import { buildSignedHeaders, type SigningTools } from '../integrations/formats/standard-webhook.ts';
import type { AlertTarget } from './cap-alert.ts';

/** How long the receiver may take. */
export const ALERT_TIMEOUT_MS = 5_000;
/** What a test shows of the answer. */
export const ALERT_ANSWER_CHARACTERS_MAX = 2_000;

/** What became of one attempt. `fault` null: it was received; else why it was not, without anything of the answer. */
export interface SentAlert {
  fault: string | null;
  /** That were sent, with the signature; null: nothing was. */
  headers: Readonly<Record<string, string>> | null;
  response: { status: number; body: string } | null;
}

/** Sends one alert. Never throws. */
export type SendAlert = (target: AlertTarget, alert: { id: string; body: string }) => Promise<SentAlert>;

/** Posts signed alerts; a private address is refused as those of recipients are, when it is connected to. */
export function createSendAlert({ deliver, tools }: { deliver: Deliver; tools: SigningTools }): SendAlert {
  return async ({ accountId, url, secret }, { id, body }) => {
    if (url === null) return { fault: null, headers: null, response: null };
    if (secret === null) return { fault: 'the secret cannot be read: rotate it', headers: null, response: null };
    const headers = buildSignedHeaders({ id, body, secret }, tools);
    const request = { url, method: 'POST', headers, body, followAllRedirects: false };
    const result = await deliver(request, { timeoutMs: ALERT_TIMEOUT_MS, accountId, recipientId: RECEIVER });
    if (result.kind !== 'answered') return { fault: `not received (${result.reason})`, headers, response: null };
    const { status, body: text } = result.response;
    const isReceived = status >= 200 && status < 300;
    return {
      fault: isReceived ? null : `answered status ${status}`,
      headers,
      response: { status, body: text.slice(0, ALERT_ANSWER_CHARACTERS_MAX) },
    };
  };
}

/** No recipient of a flow. */
const RECEIVER = 'cap_alerts';
