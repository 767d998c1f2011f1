import { describeMailRefusal, isRefusedForNow, type MailStage } from '../integrations/formats/mail-refusal.ts';
import { unsentReason } from '../integrations/http-client/failure-reason.ts';
import type { MailFault } from './mail-result.ts';

/** An error of nodemailer's connection. */
export interface SmtpError extends Error {
  code?: string | undefined;
  /** The code of the error below, where `code` is nodemailer's own. */
  originalCode?: string | undefined;
  responseCode?: number | undefined;
  response?: string | undefined;
  command?: string | undefined;
}

/**
 * What an error of a connection means. `isWhole`: the message was written to its end, so that the server may have taken
 * it. Texts of the error are not used: they quote the server, which quotes addresses.
 */
export function describeMailFault(error: SmtpError, { host, isWhole }: { host: string; isWhole: boolean }): MailFault {
  const { responseCode: code } = error;
  if (code !== undefined && code >= 400) return describeRefusal(error, { host, code });
  const own = error.code ?? error.name;
  if (isWhole) return { kind: 'unknown', reason: unknownReason(error, host), blame: 'recipient' };
  if (Object.hasOwn(OURS, own))
    return { kind: 'unsent', reason: `${OURS[own]} (${host})`, blame: 'us', isWorthRetry: false };
  return {
    kind: 'unsent',
    reason: brokenReason(error, host),
    blame: own === 'ETIMEDOUT' ? 'time' : 'recipient',
    isWorthRetry: own !== 'ETLS',
  };
}

function describeRefusal(error: SmtpError, { host, code }: { host: string; code: number }): MailFault {
  const stage = stageOf(error.command ?? '');
  const reason = describeMailRefusal({ host, stage, code });
  const isWorthRetry = isRefusedForNow(code);
  return { kind: 'refused', stage, code, reply: error.response ?? '', reason, isWorthRetry };
}

function stageOf(command: string): MailStage {
  if (command.startsWith('AUTH')) return 'login';
  switch (command) {
    case 'STARTTLS':
      return 'encryption';
    case 'MAIL FROM':
      return 'sender';
    case 'RCPT TO':
      return 'recipients';
    case 'DATA':
      return 'message';
    default:
      return 'greeting';
  }
}

const OURS: Readonly<Record<string, string>> = {
  EMESSAGE: 'The message is larger than the mail server takes',
  EENVELOPE: 'An address cannot be written to the mail server',
  EAUTH: 'The mail server offers no way to log in with this user name and password',
  ESTREAM: 'The message could not be written',
};

function brokenReason(error: SmtpError, host: string): string {
  const { code, originalCode } = error;
  if (code === 'ETIMEDOUT') return `${host} did not answer in time`;
  if (originalCode !== undefined) return unsentReason(Object.assign(new Error(''), { code: originalCode }), host);
  if (code === 'ETLS') return `${host} did not encrypt the connection`;
  if (code === 'EPROTOCOL') return `${host} answered something that is not SMTP`;
  return `${host} ended the connection before it took the message`;
}

function unknownReason(error: SmtpError, host: string): string {
  const how = error.code === 'ETIMEDOUT' ? 'did not answer in time' : 'ended the connection before it answered';
  return `The whole message was sent and ${host} ${how}`;
}
