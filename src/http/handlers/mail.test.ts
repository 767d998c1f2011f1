import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Principal } from '../../access/principal.ts';
import type { MailMessage } from '../../integrations/mail-message.ts';
import type { MailResult } from '../../mail/mail-result.ts';
import { createTestApi, type TestApi } from '../testing/test-server.ts';
import { createTestMails, type MailDeps, TEST_MAILS, testMail } from './mail.ts';

let api: TestApi;
beforeAll(async () => {
  api = await createTestApi();
});
afterAll(() => api.close());

describe('the mail of the installation', () => {
  it('is shown without its login, to who manages the account', async () => {
    const shown = await api.ask({ url: '/account/mail' });
    expect(shown.body).toEqual({
      is_set: true,
      server: { host: 'mail.example.com', port: 587, security: 'starttls', has_login: true },
      from: { name: 'Acme', address: 'leads@example.com' },
    });
    expect((await api.ask({ url: '/account/mail', key: api.plainKey })).status).toBe(403);
  });

  it('is not tried by a key that is of no user', async () => {
    const refused = await api.ask({ method: 'POST', url: '/account/mail/test' });
    expect([refused.status, refused.body.code]).toEqual([403, 'session_required']);
  });
});

describe('a test message', () => {
  const principal = {
    ...{ accountId: 'a', permissions: new Set<never>(), limits: { flowIds: null, sourceIds: null } },
    actor: { kind: 'session', id: 'ann', name: 'Ann' },
  } as const satisfies Principal;
  const build = (result: MailResult) => {
    const sent: Omit<MailMessage, 'from'>[] = [];
    let now = 0;
    const clock = { now: () => now, monotonic: () => now };
    const users = [
      { id: 'ann', email: 'ann@example.com' },
      { id: 'bob', email: 'bob@example.com' },
    ];
    const deps = {
      ...{ clock, ids: { next: () => '1' }, testMails: createTestMails(clock), users: { list: async () => users } },
      installationMail: {
        ...{ server: { host: 'mail.example.com', port: 25, security: 'none' }, from: { name: '', address: 'a@b.c' } },
        send: async (message: Omit<MailMessage, 'from'>) => {
          sent.push(message);
          return result;
        },
      },
      // The stores of a test have what the handler asks of them.
    } as unknown as MailDeps;
    return { deps, sent, pass: (ms: number) => (now += ms) };
  };
  const SENT: MailResult = { kind: 'sent', code: 250, reply: 'ok', accepted: [], rejected: [] };

  it('goes to the user who asks and to nobody else', async () => {
    const { deps, sent } = build(SENT);
    expect(await testMail(deps, { principal })).toMatchObject({
      status: 200,
      body: { to: 'ann@example.com', fault: null },
    });
    expect(sent.map(({ to }) => to)).toEqual([[{ name: '', address: 'ann@example.com' }]]);
  });

  it('that is not taken says why', async () => {
    const fault = 'mail.example.com did not answer';
    const { deps } = build({ kind: 'unsent', reason: fault, blame: 'recipient', isWorthRetry: true } as MailResult);
    expect(await testMail(deps, { principal })).toMatchObject({ status: 200, body: { fault } });
    expect(await testMail({ ...deps, installationMail: null }, { principal })).toMatchObject({
      body: { fault: expect.stringContaining('SLUICE_SMTP_URL') },
    });
  });

  it('is sent a few times at once, then one a minute; other users have their own', async () => {
    const { deps, sent, pass } = build(SENT);
    const bob = { ...principal, actor: { ...principal.actor, id: 'bob' } };
    for (let count = 0; count < TEST_MAILS.most; count += 1) await testMail(deps, { principal });
    expect(await testMail(deps, { principal })).toMatchObject({
      ...{ kind: 'error', code: 'too_many_attempts', headers: { 'Retry-After': '60' } },
    });
    expect(await testMail(deps, { principal: bob })).toMatchObject({ status: 200 });
    expect(sent).toHaveLength(TEST_MAILS.most + 1);
    pass(60_000);
    expect(await testMail(deps, { principal })).toMatchObject({ status: 200 });
    expect(await testMail(deps, { principal })).toMatchObject({ code: 'too_many_attempts' });
  });
});
