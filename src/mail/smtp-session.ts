import { Readable } from 'node:stream';
import type SMTPConnection from 'nodemailer/lib/smtp-connection';
import type { MailServer } from '../integrations/mail-message.ts';
import { fail, ok, type Result } from '../lib/result.ts';
import { describeMailFault, type SmtpError } from './describe-mail-fault.ts';
import { type DialOptions, dialMailServer } from './dial-mail-server.ts';
import type { MailFault, MailResult } from './mail-result.ts';
import type { WrittenMail } from './write-mail.ts';

export interface SessionOptions extends DialOptions {
  /** Certificates of authorities in the place of those that Node knows. */
  authorities: readonly string[] | undefined;
}

/** A connection to a mail server that has logged in; one message at a time. */
export interface SmtpSession {
  /** Messages it has taken. */
  readonly sent: number;
  /** May another message be sent over it? */
  readonly isOpen: boolean;
  /** Its end is `unknown` from the moment the end of the message is written. */
  send(mail: WrittenMail, timeoutMs: number): Promise<MailResult>;
  close(): void;
}

/** Connecting, encryption and login together; never longer than what is left of the whole. */
const OPEN_MS_MAX = 15_000;

/** Connects, encrypts as the server is stored, and logs in. Plain text is never used where encryption is asked for. */
export async function openSmtpSession(
  server: MailServer,
  options: SessionOptions & { timeoutMs: number },
): Promise<Result<SmtpSession, MailFault>> {
  const timeoutMs = Math.min(options.timeoutMs, OPEN_MS_MAX);
  const endsAt = performance.now() + timeoutMs;
  const dialled = await dialMailServer(server, { ...options, timeoutMs });
  if (!dialled.ok) return dialled;
  const { default: Connection } = await import('nodemailer/lib/smtp-connection');
  const { host, port, security, username, password } = server;
  const leftMs = Math.max(1, endsAt - performance.now());
  const connection = new Connection({
    ...{ host, port, connection: dialled.value, secure: security === 'tls' },
    ...{ requireTLS: security === 'starttls', ignoreTLS: security === 'none' },
    ...{ connectionTimeout: leftMs, greetingTimeout: leftMs },
    tls: {
      ...{ rejectUnauthorized: true, minVersion: 'TLSv1.2' as const },
      ...(options.authorities === undefined ? {} : { ca: [...options.authorities] }),
    },
  });
  const opened = await within(leftMs, { connection, host }, async (connecting) => {
    await connecting((done) => connection.connect(done));
    if (username !== undefined && username !== '')
      await connecting((done) => connection.login({ user: username, pass: password ?? '' }, done));
  });
  return opened.ok ? ok(keepSession(connection, host)) : opened;
}

type Step = (start: (done: (error?: SmtpError | null) => void) => void) => Promise<void>;

/** Runs the steps of opening a connection; the first error, or the time that runs out, ends it. */
function within(
  ms: number,
  { connection, host }: { connection: SMTPConnection; host: string },
  steps: (step: Step) => Promise<void>,
): Promise<Result<undefined, MailFault>> {
  return new Promise((resolve) => {
    const end = (error: SmtpError | null) => {
      clearTimeout(timer);
      if (error) connection.close();
      resolve(error ? fail(describeMailFault(error, { host, isWhole: false })) : ok(undefined));
    };
    const timer = setTimeout(() => end(timeIsUp()), ms);
    // It stays for the life of the connection: an error without a listener would end the process.
    connection.on('error', end);
    const step: Step = (start) =>
      new Promise((next, reject) => start((error) => (error ? reject(error) : next(undefined))));
    steps(step).then(() => end(null), end);
  });
}

function keepSession(connection: SMTPConnection, host: string): SmtpSession {
  let sent = 0;
  let isOpen = true;
  connection.once('end', () => {
    isOpen = false;
  });
  const close = () => {
    isOpen = false;
    connection.close();
  };
  return {
    get sent() {
      return sent;
    },
    get isOpen() {
      return isOpen;
    },
    close,
    send: async (mail, timeoutMs) => {
      const result = await sendOver(connection, { mail, host, timeoutMs });
      sent += 1;
      // What a server that refused expects next is its own affair.
      if (result.kind !== 'sent') close();
      return result;
    },
  };
}

function sendOver(
  connection: SMTPConnection,
  { mail, host, timeoutMs }: { mail: WrittenMail; host: string; timeoutMs: number },
): Promise<MailResult> {
  return new Promise((resolve) => {
    let isWhole = false;
    // The end of the message is written after the end of this stream, and never before.
    const stream = Readable.from([mail.mime], { objectMode: false }).once('end', () => {
      isWhole = true;
    });
    const onClosed = () => end({ error: Object.assign(new Error('closed'), { code: 'ECONNECTION' }) });
    const end = (ended: { error: SmtpError } | { info: SMTPConnection.SentMessageInfo }) => {
      clearTimeout(timer);
      connection.removeListener('end', onClosed);
      stream.destroy();
      resolve('error' in ended ? describeMailFault(ended.error, { host, isWhole }) : describeSent(ended.info));
    };
    const timer = setTimeout(() => end({ error: timeIsUp() }), timeoutMs);
    connection.once('end', onClosed);
    const envelope = { from: mail.from, to: [...mail.to], size: mail.mime.length };
    connection.send(envelope, stream, (error, info) => end(error ? { error } : { info }));
  });
}

function timeIsUp(): SmtpError {
  return Object.assign(new Error('time is up'), { code: 'ETIMEDOUT' });
}

function describeSent(info: SMTPConnection.SentMessageInfo): MailResult {
  const { accepted, rejectedErrors = [], response } = info;
  return {
    kind: 'sent',
    code: Number(/^\d{3}/.exec(response)?.[0] ?? 250),
    reply: response,
    accepted,
    rejected: rejectedErrors.map((error) => ({
      address: 'recipient' in error ? String(error.recipient) : '',
      code: error.responseCode ?? 0,
    })),
  };
}
