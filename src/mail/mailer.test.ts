import { createServer, type Server, type Socket } from 'node:net';
import type { SMTPServerOptions } from 'smtp-server';
import { afterEach, describe, expect, it } from 'vitest';
import { freePort } from '../../test/harness/free-port.ts';
import { LOCALHOST, MAIL_PASSWORD, openTestMailServer } from '../../test/harness/mail-server.ts';
import { until } from '../../test/harness/until.ts';
import { parseAllowedNetwork } from '../integrations/forbidden-address.ts';
import { MAIL_BYTES_MAX, type MailMessage, type MailServer } from '../integrations/mail-message.ts';
import { systemClock } from '../lib/clock.ts';
import { withResolvers } from '../lib/with-resolvers.ts';
import { createMailer, type MailerOptions } from './mailer.ts';

const cleanups: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function open(options: SMTPServerOptions = {}) {
  const server = await openTestMailServer(options);
  cleanups.push(server.close);
  return server;
}

function mailer(options: Partial<MailerOptions> & { allow?: string } = {}) {
  const { allow = '127.0.0.0/8', ...rest } = options;
  const network = parseAllowedNetwork(allow);
  if (!network.ok) throw new Error(network.error);
  const authorities = [LOCALHOST.cert];
  const made = createMailer({ clock: systemClock, allowedNetworks: [network.value], authorities, ...rest });
  cleanups.push(made.close);
  return made;
}

const at = (port: number, more: Partial<MailServer> = {}): MailServer => ({
  ...{ host: '127.0.0.1', port, security: 'starttls' },
  ...more,
});
const LOGIN = { username: 'acme', password: MAIL_PASSWORD };
const BOUNDS = { timeoutMs: 10_000 };
const ANN = { name: 'Ann Lee', address: 'ann@example.com' };
const BOB = { name: '', address: 'bob@example.com' };
const MESSAGE: MailMessage = {
  from: { name: 'Sluice', address: 'leads@example.org' },
  to: [ANN],
  subject: 'A lead from Zürich',
  text: 'Name: Zoë',
};

describe('a message', () => {
  it('is handed over encrypted, as the user of the credential', async () => {
    const server = await open({ authOptional: false });
    const message: MailMessage = {
      ...MESSAGE,
      ...{ cc: [BOB], bcc: [{ name: '', address: 'eve@example.com' }], replyTo: [BOB], html: '<b>Zoë</b>' },
      messageId: 'e1@example.org',
      attachments: [{ name: 'lead.csv', type: 'text/csv', content: 'name\r\nZoë\r\n' }],
    };
    const result = await mailer().send(at(server.port, LOGIN), message, BOUNDS);
    expect(result).toMatchObject({ kind: 'sent', code: 250, rejected: [] });
    const [got] = server.received;
    expect(got).toMatchObject({
      ...{ from: 'leads@example.org', user: 'acme' },
      to: ['ann@example.com', 'bob@example.com', 'eve@example.com'],
    });
    expect(got?.mail).toMatchObject({
      ...{ subject: 'A lead from Zürich', text: expect.stringContaining('Name: Zoë'), html: '<b>Zoë</b>' },
      messageId: '<e1@example.org>',
      ...{ from: { text: '"Sluice" <leads@example.org>' }, replyTo: { text: 'bob@example.com' } },
    });
    expect(got?.mail.attachments[0]).toMatchObject({ filename: 'lead.csv', contentType: 'text/csv' });
    expect(got?.mail.attachments[0]?.content.toString()).toBe('name\r\nZoë\r\n');
    expect(got?.raw).not.toContain('eve@example.com');
  });

  it('goes over TLS from the first byte, or over no encryption, where the credential says so', async () => {
    const [tls, plain] = [await open({ secure: true }), await open({ disabledCommands: ['STARTTLS', 'AUTH'] })];
    expect((await mailer().send(at(tls.port, { security: 'tls' }), MESSAGE, BOUNDS)).kind).toBe('sent');
    expect((await mailer().send(at(plain.port, { security: 'none' }), MESSAGE, BOUNDS)).kind).toBe('sent');
  });

  it('shares a connection with those before it, and connects again when the server has ended it', async () => {
    const server = await open();
    const one = mailer();
    for (const _ of [1, 2, 3]) expect((await one.send(at(server.port), MESSAGE, BOUNDS)).kind).toBe('sent');
    expect(server.connections).toBe(1);
    server.cut();
    expect((await one.send(at(server.port), MESSAGE, BOUNDS)).kind).toBe('sent');
    await one.send(at(server.port, LOGIN), MESSAGE, BOUNDS);
    expect(server.connections).toBe(3);
    expect(server.received.map(({ user }) => user).at(-1)).toBe('acme');
  });

  it('waits for one of five connections to a server', async () => {
    const server = await open();
    let underWay = 0;
    let most = 0;
    const gate = withResolvers<void>();
    server.script.onMessage = async () => {
      underWay += 1;
      most = Math.max(most, underWay);
      if (underWay === 5) gate.resolve();
      await gate.promise;
      underWay -= 1;
      return undefined;
    };
    const one = mailer();
    const results = await Promise.all(Array.from({ length: 12 }, () => one.send(at(server.port), MESSAGE, BOUNDS)));
    expect(results.every(({ kind }) => kind === 'sent')).toBe(true);
    expect([most, server.connections]).toEqual([5, 5]);
  });

  it('says which recipients were refused when others were not', async () => {
    const server = await open();
    server.script.onRecipient = (address) => (address.startsWith('bob') ? 550 : undefined);
    expect(await mailer().send(at(server.port), { ...MESSAGE, cc: [BOB] }, BOUNDS)).toMatchObject({
      ...{ kind: 'sent', accepted: ['ann@example.com'], rejected: [{ address: 'bob@example.com', code: 550 }] },
    });
  });
});

describe('a refusal', () => {
  it.each([
    [450, 'onRecipient', 'recipients', 'refused for now: every recipient (450, try again later)', true],
    [550, 'onRecipient', 'recipients', 'refused: every recipient (550, no such mailbox, or not allowed)', false],
    [451, 'onSender', 'sender', 'refused for now: the sender (451, try again later)', true],
    [553, 'onSender', 'sender', 'refused: the sender (553)', false],
    [452, 'onMessage', 'message', 'refused for now: the message (452, out of room)', true],
    [552, 'onMessage', 'message', 'refused: the message (552, too large, or the mailbox is full)', false],
  ] as const)('%i at %s', async (code, step, stage, reason, isWorthRetry) => {
    const server = await open();
    server.script = { [step]: () => code };
    const result = await mailer().send(at(server.port), MESSAGE, BOUNDS);
    expect(result).toMatchObject({ kind: 'refused', stage, code, isWorthRetry, reason: `127.0.0.1 ${reason}` });
    expect(server.received).toEqual([]);
  });

  it('of a login names neither user nor password', async () => {
    const server = await open();
    const result = await mailer().send(at(server.port, { username: 'acme', password: 'battery' }), MESSAGE, BOUNDS);
    expect(result).toMatchObject({
      ...{ kind: 'refused', stage: 'login', code: 535, isWorthRetry: false },
      reason: '127.0.0.1 refused: the login (535, wrong user name or password)',
    });
    expect(JSON.stringify(result)).not.toMatch(/acme|battery/);
  });
});

describe('nothing is sent', () => {
  it('to a server that refuses the connection, or does not exist', async () => {
    expect(await mailer().send(at(await freePort()), MESSAGE, BOUNDS)).toEqual({
      ...{ kind: 'unsent', reason: '127.0.0.1 refused the connection', blame: 'recipient', isWorthRetry: true },
    });
    const resolve = async () => Promise.reject(Object.assign(new Error('no'), { code: 'ENOTFOUND' }));
    const missing = await mailer({ resolve }).send(at(25, { host: 'mail.example.com' }), MESSAGE, BOUNDS);
    expect(missing).toMatchObject({ kind: 'unsent', reason: 'mail.example.com is not a known host name' });
  });

  it.each(['127.0.0.1', 'mail.example.com'])('to a private address that is not allowed, as %s', async (host) => {
    const server = await open();
    const resolve = async () => [{ address: '127.0.0.1', family: 4 }];
    const result = await mailer({ allow: '10.0.0.0/8', resolve }).send(at(server.port, { host }), MESSAGE, BOUNDS);
    expect(result).toMatchObject({ kind: 'unsent', blame: 'us', isWorthRetry: false });
    expect(server.connections).toBe(0);
  });

  it('without the encryption that is asked for', async () => {
    const plain = await open({ hideSTARTTLS: true, disabledCommands: ['STARTTLS'] });
    expect(await mailer().send(at(plain.port, LOGIN), MESSAGE, BOUNDS)).toMatchObject({
      ...{ kind: 'refused', stage: 'encryption', reason: expect.stringContaining('127.0.0.1 refused: encryption') },
    });
    expect(await mailer().send(at(plain.port, { security: 'tls' }), MESSAGE, BOUNDS)).toMatchObject({
      ...{ kind: 'unsent', reason: expect.stringContaining('offered no trustworthy TLS') },
    });
    expect(plain.ended).toBe(0);
  });

  it.each(['starttls', 'tls'] as const)('with %s to a server whose certificate is not trusted', async (security) => {
    const server = await open({ secure: security === 'tls' });
    const result = await createTrusting().send(at(server.port, { security }), MESSAGE, BOUNDS);
    expect(result).toMatchObject({
      ...{ kind: 'unsent', reason: '127.0.0.1 offered no trustworthy TLS (DEPTH_ZERO_SELF_SIGNED_CERT)' },
    });
    expect(server.ended).toBe(0);
  });

  it('that is too large, or has no address', async () => {
    const server = await open();
    const big = 'x'.repeat(MAIL_BYTES_MAX - 1_000);
    const cases: [Partial<MailMessage>, RegExp][] = [
      [{ text: `${big}${'y'.repeat(2_000)}` }, /more than 10485760/],
      // Within the bound before it is encoded.
      [{ attachments: [{ name: 'a', type: 'text/csv', content: big }] }, /more than 10485760/],
      [{ to: [] }, /no recipient/],
      [{ to: [{ name: '', address: 'ann' }] }, /A recipient is not/],
      [{ from: { name: '', address: '' } }, /The sender is not/],
      [{ cc: Array.from({ length: 101 }, () => BOB) }, /102 recipients/],
    ];
    for (const [parts, reason] of cases) {
      const result = await mailer().send(at(server.port), { ...MESSAGE, ...parts }, BOUNDS);
      expect(result).toMatchObject({ kind: 'unsent', blame: 'us', reason: expect.stringMatching(reason) });
    }
    expect(server.connections).toBe(0);
    const small = await open({ size: 500 });
    expect(await mailer().send(at(small.port), { ...MESSAGE, text: big.slice(0, 1_000) }, BOUNDS)).toMatchObject({
      ...{ kind: 'unsent', reason: expect.stringContaining('larger than the mail server takes'), isWorthRetry: false },
    });
  });

  it('in more time than there is, to a server that says nothing', async () => {
    const port = await listenRaw(() => undefined);
    expect(await mailer().send(at(port), MESSAGE, { timeoutMs: 100 })).toEqual({
      ...{ kind: 'unsent', reason: '127.0.0.1 did not answer in time', blame: 'time', isWorthRetry: true },
    });
  });

  it('when the server ends the connection before the end of the message', async () => {
    const server = await open();
    server.script.onRecipient = () => 'hangUp';
    expect(await mailer().send(at(server.port), MESSAGE, BOUNDS)).toMatchObject({
      ...{ kind: 'unsent', reason: '127.0.0.1 ended the connection before it took the message', isWorthRetry: true },
    });
  });
});

describe('it is not known whether a message arrived', () => {
  it('when the connection is cut after its end', async () => {
    const server = await open();
    server.script.onMessage = () => 'hangUp';
    expect(await mailer().send(at(server.port), MESSAGE, BOUNDS)).toEqual({
      ...{ kind: 'unknown', blame: 'recipient' },
      reason: 'The whole message was sent and 127.0.0.1 ended the connection before it answered',
    });
    expect(server.ended).toBe(1);
  });

  it('when no answer to it comes in time; it is not sent again over another connection', async () => {
    const server = await open();
    const one = mailer();
    await one.send(at(server.port), MESSAGE, BOUNDS);
    server.script.onMessage = () => new Promise(() => undefined);
    expect(await one.send(at(server.port), MESSAGE, { timeoutMs: 300 })).toMatchObject({
      ...{ kind: 'unknown', reason: 'The whole message was sent and 127.0.0.1 did not answer in time' },
    });
    expect(server.ended).toBe(2);
  });
});

it.each([
  ['subject', { subject: 'Hi\r\nBcc: eve@example.com\r\n\r\nBody' }],
  ['name', { to: [{ name: 'Ann\r\nBcc: eve@example.com', address: 'ann@example.com' }] }],
  ['file name', { attachments: [{ name: 'a"\r\nBcc: eve@example.com', type: 'text/csv', content: 'a' }] }],
  ['media type', { attachments: [{ name: 'a', type: 'text/csv\r\nBcc: eve@example.com', content: 'a' }] }],
  ['message id', { messageId: 'a@b\r\nBcc: eve@example.com' }],
  ['line separator', { subject: 'Hi\u2028Bcc: eve@example.com' }],
])('a %s with a line break begins no header', async (_, parts) => {
  const server = await open();
  expect((await mailer().send(at(server.port), { ...MESSAGE, ...parts }, BOUNDS)).kind).toBe('sent');
  expect(server.received[0]?.to).toEqual(['ann@example.com']);
  expect(server.received[0]?.mail.headers.has('bcc')).toBe(false);
  expect(server.received[0]?.raw).not.toMatch(/^bcc:/im);
});

it.each(['ann@example.com\r\nRCPT TO:<eve@example.com>', 'ann@example.com>,<eve@example.com', 'a b@example.com'])(
  'an address with a break or bracket is refused (%#)',
  async (address) => {
    const server = await open();
    const result = await mailer().send(at(server.port), { ...MESSAGE, to: [{ name: '', address }] }, BOUNDS);
    expect(result).toMatchObject({ kind: 'unsent', reason: 'A recipient is not an e-mail address' });
    expect(server.connections).toBe(0);
  },
);

it('a check connects and logs in, and sends nothing', async () => {
  const server = await open();
  expect(await mailer().check(at(server.port, LOGIN), BOUNDS)).toBeNull();
  expect(await mailer().check(at(server.port, { ...LOGIN, password: 'no' }), BOUNDS)).toMatchObject({ code: 535 });
  expect([server.connections, server.ended]).toEqual([2, 0]);
});

it('waits for messages under way when it closes, and takes no more', async () => {
  const server = await open();
  const gate = withResolvers<void>();
  server.script.onMessage = () => gate.promise.then(() => undefined);
  const one = mailer();
  const sending = one.send(at(server.port), MESSAGE, BOUNDS);
  await until('the message is there', () => server.ended > 0);
  const closing = one.close();
  expect(await one.send(at(server.port), MESSAGE, BOUNDS)).toMatchObject({ reason: 'The server is stopping' });
  gate.resolve();
  expect((await sending).kind).toBe('sent');
  await closing;
});

/** With the authorities that Node knows, of which none signed the test’s certificate. */
function createTrusting() {
  const network = parseAllowedNetwork('127.0.0.0/8');
  if (!network.ok) throw new Error(network.error);
  const made = createMailer({ clock: systemClock, allowedNetworks: [network.value] });
  cleanups.push(made.close);
  return made;
}

async function listenRaw(onConnection: (socket: Socket) => void): Promise<number> {
  const sockets = new Set<Socket>();
  const server: Server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    onConnection(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  cleanups.push(() => {
    for (const socket of sockets) socket.destroy();
    return new Promise((resolve) => server.close(resolve));
  });
  const address = server.address();
  return typeof address === 'object' && address ? address.port : 0;
}
