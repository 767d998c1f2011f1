import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { openTestMailServer, type TestMailServer } from '../../../test/harness/mail-server.ts';
import { createInstallationMail, createInstallationMailer } from '../../mail/installation-mail.ts';
import type { Mailer } from '../../mail/mailer.ts';
import { createReportMailer, writeReportMail } from '../../reports/mail-report.ts';
import { createReadingStores } from '../../store/postgres/reading-stores.ts';
import { createReportMailStore } from '../../store/postgres/report-mail.ts';
import { insertWorld, makeWorld } from '../testing/statistics-world.ts';
import { createTestApi, type TestApi } from '../testing/test-server.ts';
import { answerDepsOf } from './statistics.ts';

/** A Sunday. */
const NOW = Date.UTC(2025, 3, 20, 12);
const MONDAY = Date.UTC(2025, 3, 21, 8);
const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

let api: TestApi;
let server: TestMailServer;
let mailer: Mailer;
let mailReports: ReturnType<typeof createReportMailer>;
beforeAll(async () => {
  api = await createTestApi();
  server = await openTestMailServer();
  api.clock.set(NOW);
  await insertWorld(api, makeWorld({ seed: 7, leads: 60 }));
  await api.pool.query(
    `update flow_revisions set document = jsonb_set(document::jsonb, '{name}', '"<b>Q&A</b>"')::json
      where flow_id = (select min(id) from flows)`,
  );
  for (const [email, role] of [
    ['ann@example.com', 'analyst'],
    ['bob@example.com', 'owner'],
    ['vic@example.com', 'vendor'],
  ])
    await api.ask({ method: 'POST', url: '/users', body: { email, role } });
  mailer = createInstallationMailer(api.clock);
  mailReports = createReportMailer({
    mails: createReportMailStore(api.pool),
    answers: answerDepsOf({
      ...{ reading: createReadingStores(api.pool), clock: api.clock },
      findRevision: () => Promise.reject(new Error('no event is read')),
    }),
    send: createInstallationMail(
      {
        smtpUrl: { host: '127.0.0.1', port: server.port, security: 'none' },
        mailFrom: { name: 'Sluice', address: 'reports@example.org' },
      },
      mailer,
    ),
    clock: api.clock,
  });
});
afterAll(async () => {
  await mailer.close();
  await server.close();
  await api.close();
});
beforeEach(async () => {
  api.clock.set(NOW);
  server.received.length = 0;
  server.script = {};
  await api.pool.query('delete from reports; update users set disabled_at = null');
});

const SCHEDULE = { times: ['08:00'], days: ['monday'], time_zone: 'UTC', email_to: ['Ann@example.com'] };
const REPORT = {
  ...{ name: 'Sold "weekly"\r\nBcc: x@example.com', columns: ['source-success', 'cost'], group_by: ['vars.flow.id'] },
  ...{ timeframe: 'previous_60_days', time_zone: 'UTC' },
};
const post = (schedule: object, report: object = REPORT) =>
  api.ask({ method: 'POST', url: '/reports', body: { ...report, schedule: { ...SCHEDULE, ...schedule } } });
const read = async (id: string) => (await api.ask({ url: `/reports/${id}` })).body;

it('is mailed at the times of its schedule, as a file with the rows of a run', async () => {
  const made = (await post({ email_to: ['Ann@example.com', 'bob@example.com'] })).body;
  expect(made).toMatchObject({
    next_mail_at: new Date(MONDAY).toISOString(),
    schedule: { email_to: ['ann@example.com', 'bob@example.com'], format: 'csv' },
  });
  api.clock.set(MONDAY - 1);
  expect(await mailReports()).toEqual({ mailed: 0, failed: 0 });
  api.clock.set(MONDAY + MINUTE_MS);
  // Two servers at once.
  const passes = await Promise.all([mailReports(), mailReports()]);
  expect(passes.map(({ mailed }) => mailed).sort()).toEqual([0, 1]);
  expect(server.received).toHaveLength(1);
  const [{ to, mail, raw } = { to: [], mail: null, raw: '' }] = server.received;
  expect(to).toEqual(['ann@example.com', 'bob@example.com']);
  expect(mail?.subject).toBe('Sold "weekly" Bcc: x@example.com: 2025-02-20 to 2025-04-20');
  expect(raw).toContain(`Message-ID: <report_${made.id}_${MONDAY}@sluice.invalid>`);
  const [file] = mail?.attachments ?? [];
  expect(file).toMatchObject({ filename: 'Sold _weekly___Bcc_ x_example.com 2025-02-20.csv', contentType: 'text/csv' });
  const run = await api.ask({
    url: `/events/stats?${new URLSearchParams({
      ...{ timeframe: 'previous_60_days', timezone: 'UTC', group_by: 'vars.flow.id', column: 'source-success,cost' },
      totals: 'true',
    })}`,
    headers: { accept: 'text/csv' },
  });
  expect(String(file?.content)).toBe(run.text);
  expect(run.text).toContain('<b>Q&A</b>');
  expect(await read(made.id)).toMatchObject({
    ...{ mail_fault: null, mailed_at: new Date(MONDAY + MINUTE_MS).toISOString() },
    next_mail_at: new Date(MONDAY + 7 * DAY_MS).toISOString(),
  });
});

it('says that some readers do not have it, and is not sent again to the others', async () => {
  const made = (await post({ email_to: ['ann@example.com', 'bob@example.com'] })).body;
  server.script.onRecipient = (address) => (address.startsWith('bob') ? 550 : undefined);
  api.clock.set(MONDAY);
  expect(await mailReports()).toEqual({ mailed: 1, failed: 0 });
  expect(server.received.map(({ to }) => to)).toEqual([['ann@example.com']]);
  expect(await read(made.id)).toMatchObject({
    mail_fault: 'the mail server refused 1 of 2 addresses (550); the others have it',
    ...{ mailed_at: new Date(MONDAY).toISOString(), next_mail_at: new Date(MONDAY + 7 * DAY_MS).toISOString() },
  });
  server.script = {};
  api.clock.set(MONDAY + 7 * DAY_MS);
  expect(await mailReports()).toEqual({ mailed: 1, failed: 0 });
  expect(await read(made.id)).toMatchObject({ mail_fault: null });
});

it('is a table with escaped values where that is asked for', async () => {
  await post({ format: 'html' }, { ...REPORT, name: '<i>Sold</i>', description: 'a & b' });
  api.clock.set(MONDAY);
  expect(await mailReports()).toEqual({ mailed: 1, failed: 0 });
  const html = String(server.received[0]?.mail.html);
  expect(html).toContain('&lt;i&gt;Sold&lt;/i&gt;');
  expect(html).toContain('a &amp; b');
  expect(html).toMatch(/<td>&lt;b&gt;Q&amp;A&lt;\/b&gt;<\/td><td>\d+<\/td>/);
  expect(html).toMatch(/<tr><td>Total<\/td><td>\d+<\/td><td>[\d.]+<\/td><\/tr>/);
  expect(html).not.toMatch(/<i>|<b>/);
});

it('is a file where the table would have too many rows', () => {
  const row = { 'source-success': 1 };
  const answer = {
    ...{ timeframe: { start: '2025-03-08', end: '2025-03-09' }, comparedTimeframe: null, countedUntil: 0 },
    rows: Array.from({ length: 501 }, () => row),
  };
  const report = {
    ...{
      id: 'x',
      name: 'Sold',
      description: null,
      columns: ['source-success'],
      rules: [],
      group_by: [],
      by_lead: true,
    },
    ...{ timeframe: null, interval: null, time_zone: null, schedule: null, read_only: false, share_expires_at: null },
    ...{ next_mail_at: null, mailed_at: null, mail_fault: null, created_at: null, updated_at: null },
  };
  expect(writeReportMail(report, { format: 'html' }, answer)).toHaveProperty('attachments');
  expect(writeReportMail(report, { format: 'html' }, { ...answer, rows: [row] })).toHaveProperty('html');
});

it('is tried again, with the same Message-ID, until the next time of the schedule', async () => {
  const { id } = (await post({})).body;
  server.script = { onMessage: () => 451 };
  api.clock.set(MONDAY);
  expect(await mailReports()).toEqual({ mailed: 0, failed: 1 });
  expect(await read(id)).toMatchObject({
    ...{ mailed_at: null, mail_fault: expect.stringContaining('451') },
    next_mail_at: new Date(MONDAY + MINUTE_MS).toISOString(),
  });
  expect(await mailReports()).toEqual({ mailed: 0, failed: 0 });
  for (let pass = 1; pass < 8; pass += 1) {
    api.clock.set(Date.parse((await read(id)).next_mail_at));
    expect(await mailReports()).toEqual({ mailed: 0, failed: 1 });
  }
  expect(await read(id)).toMatchObject({
    ...{ mail_fault: expect.any(String), next_mail_at: new Date(MONDAY + 7 * DAY_MS).toISOString() },
  });
  server.script = {};
  api.clock.set(MONDAY + 7 * DAY_MS);
  expect(await mailReports()).toEqual({ mailed: 1, failed: 0 });
  expect(server.received.map(({ mail }) => mail.messageId)).toEqual([
    `<report_${id}_${MONDAY + 7 * DAY_MS}@sluice.invalid>`,
  ]);
  expect(await read(id)).toMatchObject({ mail_fault: null });
});

it('goes to users who may read it, when it is saved and when it is mailed', async () => {
  for (const email of ['nobody@example.com', 'vic@example.com']) {
    const refused = await post({ email_to: ['ann@example.com', email] });
    expect(refused).toMatchObject({ status: 422, body: { details: [{ path: 'schedule.email_to.1' }] } });
  }
  const { id } = (await post({ email_to: ['ann@example.com', 'bob@example.com'] })).body;
  await api.pool.query("update users set role = 'vendor' where email = 'ann@example.com'");
  api.clock.set(MONDAY);
  await mailReports();
  expect(server.received.map(({ to }) => to)).toEqual([['bob@example.com']]);
  await api.pool.query("update users set disabled_at = now() where email = 'bob@example.com'");
  api.clock.set(MONDAY + 7 * DAY_MS);
  expect(await mailReports()).toEqual({ mailed: 0, failed: 1 });
  expect((await read(id)).mail_fault).toContain('email_to');
  await api.pool.query("update users set role = 'analyst' where email = 'ann@example.com'");
});

it('waits until its time frame is counted to the end', async () => {
  const { id } = (await post({})).body;
  // Something of 14 April waits to be counted.
  await api.pool.query(
    `insert into digests (account_id, since, id) select account_id, '67fc8000', rpad('67fc8000', 24, '0') from reports`,
  );
  api.clock.set(MONDAY);
  expect(await mailReports()).toEqual({ mailed: 0, failed: 1 });
  expect(await read(id)).toMatchObject({ mailed_at: null, mail_fault: expect.stringContaining('not counted') });
  await api.pool.query('delete from digests');
  api.clock.set(MONDAY + MINUTE_MS);
  expect(await mailReports()).toEqual({ mailed: 1, failed: 0 });
});

it.each([
  ['no time', { times: [] }, 'schedule.times'],
  ['no day', { days: [] }, 'schedule.days'],
  ['an unknown zone', { time_zone: 'Chicago' }, 'schedule.time_zone'],
  ['no reader', { email_to: [] }, 'schedule.email_to'],
])('is refused with %s', async (_, schedule, path) => {
  expect(await post(schedule)).toMatchObject({ status: 422, body: { details: [{ path }] } });
});

it('a change while it is being mailed stays', async () => {
  const { id } = (await post({})).body;
  server.script = {
    onMessage: async () => {
      const body = { ...REPORT, schedule: { ...SCHEDULE, days: ['friday'] } };
      await api.ask({ method: 'PUT', url: `/reports/${id}`, body });
      return undefined;
    },
  };
  api.clock.set(MONDAY);
  await mailReports();
  expect((await read(id)).next_mail_at).toBe(new Date(MONDAY + 4 * DAY_MS).toISOString());
});
