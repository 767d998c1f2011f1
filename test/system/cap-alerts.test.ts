import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { verify } from '../../client/src/webhooks.ts';
import { openTestMailServer } from '../harness/mail-server.ts';
import type { Delivery } from '../harness/recipient.ts';
import { type ComposedServer, startTestServer } from '../harness/server.ts';
import { until } from '../harness/until.ts';
import { flowOf } from './flows.ts';

let server: ComposedServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.stop());

interface Reached {
  threshold: number;
  count: number;
  cap: { id: string; name: string };
  flow: { id: string };
}

describe('alerts of caps', () => {
  it('are posted signed when a cap reaches 80 and 100 %, once each', async () => {
    const made = await server.api('PUT', '/account/cap_alerts', { url: `${server.recipient.url}caps` });
    const { secret } = made.body;
    const read = async (delivery: Delivery | undefined) => verify<Reached>(delivery as Delivery, { secret });

    const tested = await server.api('POST', '/account/cap_alerts/test');
    expect(tested.body).toMatchObject({ fault: null, response: { status: 200 } });
    expect((await read(server.recipient.deliveries[0])).type).toBe('cap.test');

    const caps = [{ type: 'volume' as const, name: 'Five', maximum: 5, duration: 1, duration_units: 'month' as const }];
    const flow = await server.deploy(flowOf([], { caps }));
    for (let lead = 0; lead < 4; lead += 1) await server.submit(flow, { first_name: 'Ann' });
    await server.recipient.arrival(2);
    expect(await read(server.recipient.deliveries[1])).toMatchObject({
      type: 'cap.threshold_reached',
      data: { threshold: 80, count: 4, cap: { name: 'Five' }, flow: { id: flow.id } },
    });
    for (let lead = 0; lead < 3; lead += 1) await server.submit(flow, { first_name: 'Ann' });
    await until('both were received', async () => {
      const { recent } = (await server.api('GET', '/account/cap_alerts')).body;
      return recent.length === 2 && recent.every(({ state }: { state: string }) => state === 'sent');
    });
    const received = server.recipient.deliveries.slice(1);
    expect(await Promise.all(received.map(async (each) => (await read(each)).data.threshold))).toEqual([80, 100]);
    const stored = await server.query('select body from cap_alerts');
    expect(JSON.stringify([stored, received])).not.toContain(secret);
  });
});

describe('alerts by e-mail', () => {
  it('are mailed beside the webhook, and what one way has received is not sent to it again', async () => {
    const mail = await openTestMailServer({ hideSTARTTLS: true });
    const mailing = await startTestServer({
      smtpUrl: { host: '127.0.0.1', port: mail.port, security: 'none' },
      mailFrom: { name: 'Sluice', address: 'alerts@example.org' },
    });
    try {
      mailing.recipient.answerWith(() => ({ status: 500, body: 'broken' }));
      const emails = ['ops@example.com', 'ann@example.com'];
      const made = await mailing.api('PUT', '/account/cap_alerts', { url: `${mailing.recipient.url}caps`, emails });
      expect(made).toMatchObject({ status: 201, body: { emails } });
      expect((await mailing.api('POST', '/account/cap_alerts/test')).body).toMatchObject({
        ...{ fault: 'answered status 500', mail_fault: null },
      });
      expect(mail.received[0]).toMatchObject({ to: emails, mail: { subject: 'A test of alerts of caps' } });
      const caps = [
        { type: 'volume' as const, name: 'One', maximum: 1, duration: 1, duration_units: 'month' as const },
      ];
      const flow = await mailing.deploy(flowOf([], { caps }));
      await mailing.submit(flow, { first_name: 'Ann' });
      await mail.arrival(3);
      const subjects = mail.received.slice(1).map((each) => each.mail.subject);
      expect(subjects.sort()).toEqual([
        'Mortgage leads: the cap "One" has reached 100 %',
        'Mortgage leads: the cap "One" has reached 80 %',
      ]);
      const waiting = () => mailing.query('select attempts, posted_at, mailed_at, sent_at from cap_alerts');
      await until('the attempts have ended', async () => (await waiting()).every((row) => row['mailed_at'] !== null));
      expect((await waiting()).every((row) => row['posted_at'] === null && row['sent_at'] === null)).toBe(true);
      mailing.recipient.answerWith(() => ({ body: 'ok' }));
      await mailing.query('update cap_alerts set next_attempt_at = now()');
      await until('both are sent', async () => (await waiting()).every((row) => row['sent_at'] !== null));
      expect(mail.received).toHaveLength(3);
    } finally {
      await mailing.stop();
      await mail.close();
    }
  });

  it('need a mail server of the installation, and addresses that are some', async () => {
    const put = (body: object) => server.api('PUT', '/account/cap_alerts', body);
    expect((await put({ emails: ['ops@example.com'] })).text).toContain('SLUICE_SMTP_URL');
    expect((await put({ url: null, emails: [] })).text).toContain('Give a url, emails, or both.');
    expect((await put({ url: 'https://hooks.example.com/', emails: ['ops'] })).text).toContain('emails.0');
  });
});
