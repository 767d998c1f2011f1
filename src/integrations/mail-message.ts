/** Somebody who sends or gets mail; `name` is blank where there is none. */
export interface MailAddress {
  name: string;
  address: string;
}

export interface MailAttachment {
  /** The file name that the reader sees. */
  name: string;
  /** A media type: `text/csv`. */
  type: string;
  content: string | Uint8Array;
}

/** A message before it is written as MIME; what a header holds may be any text, line breaks become spaces. */
export interface MailMessage {
  from: MailAddress;
  to: readonly MailAddress[];
  cc?: readonly MailAddress[];
  /** Get the message and are not named in it. */
  bcc?: readonly MailAddress[];
  replyTo?: readonly MailAddress[];
  subject: string;
  text?: string;
  html?: string;
  attachments?: readonly MailAttachment[];
  /** `local@domain`, without angle brackets; the same for a message that is sent again. Absent: one is made. */
  messageId?: string;
}

/** Where mail is handed over, and as whom. */
export interface MailServer {
  host: string;
  port: number;
  /** `starttls`: encrypted before anything else is said; `tls`: from the first byte; `none`: never. */
  security: 'starttls' | 'tls' | 'none';
  username?: string;
  password?: string;
}

export const MAIL_SECURITIES: readonly MailServer['security'][] = ['starttls', 'tls', 'none'];

/** What a message of a recipient step is sent with. */
export interface OutboundMail {
  server: MailServer;
  message: MailMessage;
}

/** Of the message as it is sent, with its attachments encoded: 10 MiB (spec behaviour 14). */
export const MAIL_BYTES_MAX = 10_485_760;

/** Addresses of one message, to, cc and bcc together. */
export const MAIL_RECIPIENTS_MAX = 100;

/** The `version` of what was asked and answered over SMTP. */
export const MAIL_VERSION = 'ESMTP';

/** The mail server of a stored credential; undefined: it is one of something else. */
export function mailServerOf(vars: Readonly<Record<string, unknown>>): MailServer | undefined {
  const { type, host, port, security, username, password } = vars;
  if ((type !== undefined && type !== 'smtp') || typeof host !== 'string' || host === '') return undefined;
  const known = MAIL_SECURITIES.find((each) => each === security) ?? 'starttls';
  return {
    ...{ host, port: Number(port) || DEFAULT_PORT, security: known },
    ...(typeof username === 'string' ? { username } : {}),
    ...(typeof password === 'string' ? { password } : {}),
  };
}

/** Of mail submission (RFC 6409). */
const DEFAULT_PORT = 587;
