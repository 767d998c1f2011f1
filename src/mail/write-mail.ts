import { cleanHeader, countMailBytes, isMailAddress } from '../integrations/formats/mail-text.ts';
import {
  MAIL_BYTES_MAX,
  MAIL_RECIPIENTS_MAX,
  type MailAddress,
  type MailMessage,
} from '../integrations/mail-message.ts';
import { fail, ok, type Result } from '../lib/result.ts';

/** A message as it is sent. */
export interface WrittenMail {
  mime: Buffer;
  from: string;
  /** Who gets it: to, cc and bcc. */
  to: readonly string[];
}

/**
 * The message in MIME, or why it cannot be sent. No text of a header can begin another one: control characters are
 * spaces, and an address that holds one is refused. nodemailer is loaded with the first message.
 */
export async function writeMail(message: MailMessage, now: number): Promise<Result<WrittenMail, string>> {
  const problem = findProblem(message);
  if (problem !== undefined) return fail(problem);
  const { default: MailComposer } = await import('nodemailer/lib/mail-composer');
  const { from, to, cc = [], bcc = [], replyTo = [], subject, text = '', html, attachments = [], messageId } = message;
  const composed = new MailComposer({
    from: cleanAddress(from),
    to: to.map(cleanAddress),
    cc: cc.map(cleanAddress),
    // Of the envelope alone; no header is written of it.
    bcc: bcc.map(cleanAddress),
    replyTo: replyTo.map(cleanAddress),
    subject: cleanHeader(subject),
    date: new Date(now),
    text,
    ...(html === undefined ? {} : { html }),
    ...(messageId === undefined ? {} : { messageId: `<${messageId.replace(/[^\w.@+-]/g, '')}>` }),
    attachments: attachments.map(({ name, type, content }) => ({
      filename: cleanHeader(name),
      contentType: cleanHeader(type),
      content: typeof content === 'string' ? content : Buffer.from(content),
    })),
    // Neither files nor URLs are read for a message.
    disableFileAccess: true,
    disableUrlAccess: true,
  }).compile();
  const mime = await composed.build();
  if (mime.length > MAIL_BYTES_MAX) return fail(describeTooLarge(mime.length));
  // With domains as DNS has them.
  const envelope = composed.getEnvelope();
  return ok({ mime, from: envelope.from || from.address, to: [...new Set(envelope.to)] });
}

function findProblem({ from, to, cc = [], bcc = [], replyTo = [], ...message }: MailMessage): string | undefined {
  const recipients = [...to, ...cc, ...bcc];
  if (to.length === 0) return 'The message has no recipient';
  if (recipients.length > MAIL_RECIPIENTS_MAX)
    return `The message has ${recipients.length} recipients, more than ${MAIL_RECIPIENTS_MAX}`;
  if (!isMailAddress(from.address)) return 'The sender is not an e-mail address';
  if (![...recipients, ...replyTo].every(({ address }) => isMailAddress(address)))
    return 'A recipient is not an e-mail address';
  // Before it is encoded, which makes it larger.
  const bytes = countMailBytes(message);
  return bytes > MAIL_BYTES_MAX ? describeTooLarge(bytes) : undefined;
}

function describeTooLarge(bytes: number): string {
  return `The message has ${bytes} bytes, more than ${MAIL_BYTES_MAX}`;
}

function cleanAddress({ name, address }: MailAddress): { name: string; address: string } {
  return { name: cleanHeader(name), address };
}
