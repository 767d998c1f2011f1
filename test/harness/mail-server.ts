import type { AddressInfo } from 'node:net';
import { type ParsedMail, simpleParser } from 'mailparser';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import { until } from './until.ts';

/** One message that a mail server took. */
export interface ReceivedMail {
  from: string;
  to: string[];
  /** The name that the client logged in with; undefined: it did not. */
  user: string | undefined;
  /** As it came, before it is parsed. */
  raw: string;
  mail: ParsedMail;
}

/** What a test says of a step of the protocol: a code to refuse with, or `hangUp`; undefined: go on. */
export type MailVerdict = number | 'hangUp' | undefined;

export interface MailScript {
  onRecipient?(address: string): MailVerdict;
  onSender?(address: string): MailVerdict;
  /** After the whole message came; a promise delays the answer. */
  onMessage?(received: ReceivedMail): MailVerdict | Promise<MailVerdict>;
}

/** A mail server on 127.0.0.1 whose answers a test scripts. The password is always `correct horse`. */
export interface TestMailServer {
  port: number;
  /** Taken, in order of arrival. */
  received: ReceivedMail[];
  /** Messages that came to their end, whatever was answered. */
  readonly ended: number;
  /** Connections there have been. */
  readonly connections: number;
  script: MailScript;
  /** Resolves when so many messages were taken. */
  arrival(count: number): Promise<void>;
  /** Ends every open connection. */
  cut(): void;
  close(): Promise<void>;
}

export const MAIL_PASSWORD = 'correct horse';

/** With STARTTLS and its own certificate unless `options` say otherwise; no login is needed. */
export async function openTestMailServer(options: SMTPServerOptions = {}): Promise<TestMailServer> {
  const received: ReceivedMail[] = [];
  const sockets = new Set<{ destroy(): void }>();
  let ended = 0;
  let connections = 0;
  const server = new SMTPServer({
    ...{ key: LOCALHOST.key, cert: LOCALHOST.cert, authOptional: true, size: 20_000_000, logger: false },
    ...{ disableReverseLookup: true, closeTimeout: 100 },
    onAuth: ({ username, password }, _session, callback) =>
      password === MAIL_PASSWORD ? callback(null, { user: username }) : callback(new Error('wrong password')),
    onMailFrom: ({ address }, _session, callback) => judge(made.script.onSender?.(address), callback),
    onRcptTo: ({ address }, _session, callback) => judge(made.script.onRecipient?.(address), callback),
    onData: (stream, { envelope, user }, callback) => {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        void (async () => {
          ended += 1;
          const raw = Buffer.concat(chunks).toString('utf8');
          const from = envelope.mailFrom === false ? '' : envelope.mailFrom.address;
          const to = envelope.rcptTo.map(({ address }) => address);
          const one = {
            from,
            to,
            user: user === undefined ? undefined : String(user),
            raw,
            mail: await simpleParser(raw),
          };
          const verdict = await made.script.onMessage?.(one);
          if (verdict === undefined) received.push(one);
          judge(verdict, callback);
        })();
      });
    },
    ...options,
  });
  const judge = (verdict: MailVerdict, callback: (error?: Error | null) => void) => {
    if (verdict === 'hangUp') return made.cut();
    return callback(
      verdict === undefined ? null : Object.assign(new Error('no <ann@example.com>'), { responseCode: verdict }),
    );
  };
  server.on('error', () => undefined);
  server.server.on('connection', (socket: { destroy(): void; on(event: 'close', gone: () => void): void }) => {
    connections += 1;
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const made: TestMailServer = {
    port: (server.server.address() as AddressInfo).port, // a TCP server has a port
    received,
    script: {},
    get ended() {
      return ended;
    },
    get connections() {
      return connections;
    },
    arrival: (count) => until(`${count} messages`, () => received.length >= count),
    cut: () => {
      for (const socket of sockets) socket.destroy();
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        made.cut();
      }),
  };
  return made;
}

/** Made for tests; it guards nothing. */
export const LOCALHOST = {
  key: `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgBDf/9qA0UBP748HI
scYOnk22pNj9BquMkOyvpU3vreShRANCAATOqBcSosXAJ92T9vnXWrj14e7G0aQA
3clDFJC9PrqqJLyAE+KODU1NWO/MF4BlR1HqvEXxZHC0EiDuVytAvYYh
-----END PRIVATE KEY-----`,
  cert: `-----BEGIN CERTIFICATE-----
MIIBmzCCAUGgAwIBAgIURtoRAxS4nzRA7EhO6AHXuyuz0t4wCgYIKoZIzj0EAwIw
FDESMBAGA1UEAwwJbG9jYWxob3N0MCAXDTI2MTEyNzIxMzkyMFoYDzIxMjYxMTAz
MjEzOTIwWjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwWTATBgcqhkjOPQIBBggqhkjO
PQMBBwNCAATOqBcSosXAJ92T9vnXWrj14e7G0aQA3clDFJC9PrqqJLyAE+KODU1N
WO/MF4BlR1HqvEXxZHC0EiDuVytAvYYho28wbTAdBgNVHQ4EFgQUqvxmiXNlfe/M
flg7FIcGyKkJEuYwHwYDVR0jBBgwFoAUqvxmiXNlfe/Mflg7FIcGyKkJEuYwDwYD
VR0TAQH/BAUwAwEB/zAaBgNVHREEEzARgglsb2NhbGhvc3SHBH8AAAEwCgYIKoZI
zj0EAwIDSAAwRQIgNcYOKPi5O0UYY3PkyMB/rnCyj03/+nS8/uwaqc7b+rECIQDv
wkSWX/8GU5cnPX49RjXdoONowovDbBUKsbPLNLBmAg==
-----END CERTIFICATE-----`,
};
