import type { Deliver, DeliveryResult } from '../integrations/contract.ts';
import { MAIL_VERSION } from '../integrations/mail-message.ts';
import { unreachable } from '../lib/assert.ts';
import type { Clock } from '../lib/clock.ts';
import type { MailResult, RejectedAddress } from './mail-result.ts';
import type { Mailer } from './mailer.ts';

/**
 * Sends what is mail over `mailer`; everything else goes to `deliver`. An answer of the mail server is an answer with its
 * code as the status, so that modules, events, limits and retries treat both alike.
 */
export function deliverMail(deliver: Deliver, { mailer, clock }: { mailer: Mailer; clock: Clock }): Deliver {
  return async (request, bounds) => {
    const { mail } = request;
    if (mail === undefined) return deliver(request, bounds);
    const sentAt = clock.now();
    const result = await mailer.send(mail.server, mail.message, { timeoutMs: bounds.timeoutMs });
    return asDelivery(result, { url: request.url, sentAt, receivedAt: clock.now() });
  };
}

function asDelivery(result: MailResult, times: { url: string; sentAt: number; receivedAt: number }): DeliveryResult {
  const { sentAt, receivedAt } = times;
  switch (result.kind) {
    case 'sent': {
      const { code, reply, accepted, rejected } = result;
      const headers = {
        Accepted: accepted.join(', '),
        ...(rejected.length > 0 ? { Rejected: rejected.map(describeRejected).join(', ') } : {}),
      };
      return answered({ status: code, headers, body: reply }, times);
    }
    case 'refused':
      return answered({ status: result.code, headers: { Stage: result.stage }, body: result.reply }, times);
    case 'unsent':
    case 'unknown':
      return { kind: result.kind, reason: result.reason, blame: result.blame, sentAt, receivedAt };
    default:
      return unreachable(result);
  }
}

function describeRejected({ address, code }: RejectedAddress): string {
  return `${address} (${code})`;
}

function answered(
  response: { status: number; headers: Record<string, string>; body: string },
  times: { url: string; sentAt: number; receivedAt: number },
): DeliveryResult {
  return { kind: 'answered', response: { version: MAIL_VERSION, ...response }, truncated: false, ...times };
}
