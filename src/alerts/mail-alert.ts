import { parseMailAddresses } from '../integrations/formats/mail-text.ts';
import type { SendInstallationMail } from '../mail/installation-mail.ts';

/** How long the mail server may take. */
const MAIL_TIMEOUT_MS = 20_000;

/** Sends an alert to addresses; why it was not received, or null. Never throws. */
export type MailAlert = (to: readonly string[], alert: { id: string; body: string }) => Promise<string | null>;

/** By the mail server of the installation; null: it has none. Each attempt at an alert has the same Message-ID. */
export function createMailAlert(send: SendInstallationMail | null): MailAlert {
  return async (to, { id, body }) => {
    if (send === null) return NO_MAIL_SERVER;
    const addresses = parseMailAddresses(to.join(','));
    if (!addresses.ok) return 'not mailed (an address cannot be read)';
    const { subject, text } = writeAlertMail(body);
    const message = { to: addresses.value, subject, text, messageId: `${id}@sluice.invalid` };
    const result = await send(message, { timeoutMs: MAIL_TIMEOUT_MS });
    return result.kind === 'sent' ? null : `not mailed (${result.reason})`;
  };
}

export const NO_MAIL_SERVER = 'not mailed (this installation has no mail server: set SLUICE_SMTP_URL)';

interface AlertBody {
  type: string;
  timestamp: string;
  data: {
    threshold: number | null;
    cap: { id: string; type: string; name: string | null; maximum: number; time_zone: string } | null;
    flow: { id: string; name: string } | null;
    count: number | null;
    held: number | null;
    started_at: string | null;
    expires_at: string | null;
  };
}

/** The same for people. */
export function writeAlertMail(body: string): { subject: string; text: string } {
  // Written by buildAlertBody and buildTestBody.
  const { data } = JSON.parse(body) as AlertBody;
  const { threshold, cap, flow, count, held, started_at, expires_at } = data;
  if (!cap || !flow) return { subject: 'A test of alerts of caps', text: 'Alerts of caps reach this address.\n' };
  const name = cap.name ?? `of ${cap.maximum}`;
  const lines = [
    `The cap "${name}" of the flow "${flow.name}" has reached ${threshold} % of its maximum.`,
    '',
    `Used: ${count} of ${cap.maximum}${cap.type === 'revenue' ? ' dollars' : ''}`,
    `Leads under way hold: ${held}`,
    `Window: ${started_at} to ${expires_at} (${cap.time_zone})`,
    `Cap: ${cap.id}, flow: ${flow.id}`,
  ];
  return { subject: `${flow.name}: the cap "${name}" has reached ${threshold} %`, text: `${lines.join('\n')}\n` };
}
