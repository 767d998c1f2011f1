import { parseAllowedNetwork } from '../integrations/forbidden-address.ts';
import type { MailAddress, MailMessage, MailServer } from '../integrations/mail-message.ts';
import type { Clock } from '../lib/clock.ts';
import type { MailResult } from './mail-result.ts';
import { createMailer, type Mailer } from './mailer.ts';

/** As the settings have it; one of them null: the installation sends no mail. */
export interface InstallationMailSettings {
  smtpUrl: MailServer | null;
  mailFrom: MailAddress | null;
}

/** Sends mail of the installation itself, such as alerts. Never throws. */
export type SendInstallationMail = (
  message: Omit<MailMessage, 'from'>,
  bounds: { timeoutMs: number },
) => Promise<MailResult>;

/** null: no mail server is set. */
export function createInstallationMail(
  { smtpUrl, mailFrom }: InstallationMailSettings,
  mailer: Mailer,
): SendInstallationMail | null {
  if (smtpUrl === null || mailFrom === null) return null;
  return (message, bounds) => mailer.send(smtpUrl, { ...message, from: mailFrom }, bounds);
}

/** The mail server that the operator names in a setting may be anywhere, as the database may. */
export function createInstallationMailer(clock: Clock): Mailer {
  const everywhere = ['0.0.0.0/0', '::/0'].map(parseAllowedNetwork).flatMap((each) => (each.ok ? [each.value] : []));
  return createMailer({ clock, allowedNetworks: everywhere });
}
