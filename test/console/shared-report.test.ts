import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ComposedServer } from '../harness/server.ts';
import { until } from '../harness/until.ts';
import { deliveryTo, flowOf, sourceNamed } from '../system/flows.ts';
import { checkPage, expectNoFaults } from './harness/check-page.ts';
import { A4_ACROSS, checkPaper } from './harness/check-paper.ts';
import { isChromiumInstalled } from './harness/chromium.ts';
import type { OpenedPage } from './harness/open-page.ts';
import { shoot } from './harness/shoot.ts';
import { type StartedConsole, startConsole } from './harness/start-console.ts';

/** Runs in every place that it is not escaped for. */
const MARKUP = `"><img src=x onerror="window.hacked=1"><script>window.hacked=2</script>'</style></title>`;
const LONG = 'Mortgage refinancing in the south western states, weekdays, second price, 2026 Q4';
const SOURCES = ['Search ads', LONG, 'مصدر الإعلانات', MARKUP];
const LEADS = [9, 5, 3, 1];

describe.skipIf(!isChromiumInstalled)('the page of a shared report', () => {
  let ui: StartedConsole;
  let counted: string;
  const share = async (body: object) => {
    const { id } = await apiOf(ui.server, 'POST', '/reports', {
      ...{ name: 'Sold by source', timeframe: 'this_7_days', columns: ['source-submitted', 'source-success', 'cost'] },
      ...body,
    });
    const { token } = await apiOf(ui.server, 'POST', `/reports/${id}/share`, {});
    return { id: String(id), link: `${ui.server.url}/reports/shared/${token}` };
  };
  const open = async (link: string, options: Parameters<StartedConsole['open']>[0] = {}): Promise<OpenedPage> => {
    const opened = await ui.open(options);
    await opened.page.goto(link);
    return opened;
  };

  beforeAll(async () => {
    ui = await startConsole(async (server) => {
      const sources = SOURCES.map((name) => sourceNamed(name, { pricing: { prices: [{ amount: 4.5 }] } }));
      const flow = await server.deploy(flowOf([deliveryTo(server.recipient.url)], { name: 'Solar leads', sources }));
      for (const [place, count] of LEADS.entries()) {
        for (let lead = 0; lead < count; lead += 1)
          await server.submit(flow, { email: `ann${place}-${lead}@example.com` }, { source: place });
      }
    });
    counted = (await share({ group_by: ['vars.source.id'] })).link;
    await until('the leads are counted', async () => {
      const rows = (await (await fetch(counted)).json()) as Record<string, unknown>[];
      return rows.at(-1)?.['source-success'] === LEADS.reduce((sum, count) => sum + count);
    });
  });
  afterAll(() => ui.stop());

  it('keeps what pages keep, in both schemes and at 320 px', async () => {
    const opened = await open(counted);
    await checkPage(opened, { title: 'Sold by source · Shared report' });
    await shoot(opened, 'shared-report');
    const text = (await opened.page.locator('main').textContent()) ?? '';
    for (const name of SOURCES) expect(text).toContain(name);
    await opened.close();
  });

  it('draws a report over time, and has a word for every line', async () => {
    const { link } = await share({ name: 'By day', group_by: ['vars.source.id'], interval: 'daily' });
    const opened = await open(link);
    const { page } = opened;
    await checkPage(opened, { title: 'By day · Shared report' });
    await shoot(opened, 'shared-report-days');
    expect(await page.locator('.legend li').allTextContents()).toEqual(SOURCES);
    expect(await page.locator('.lines polyline').count()).toBe(SOURCES.length);
    expect(await page.getByRole('img', { name: /^Source submitted by source, from / }).count()).toBe(1);
    await opened.close();
  });

  it('is read, and asked for another time, without a script', async () => {
    const opened = await open(counted, { hasScript: false });
    const { page } = opened;
    // What is shown is what is chosen.
    expect(await page.getByLabel('Time', { exact: true }).inputValue()).toBe('this_7_days');
    await page.getByLabel('Time', { exact: true }).selectOption('yesterday');
    await page.getByRole('button', { name: 'Show this time' }).click();
    await page.waitForURL('**?timeframe=yesterday');
    expect(await page.locator('main').textContent()).toContain('Nothing was counted in this time.');
    await page.getByRole('link', { name: 'Show the time that was shared' }).click();
    await page.waitForURL(counted);
    expect(await page.locator('tfoot').textContent()).toContain('18');
    const day = new Date(Date.now() - 86_400_000 * 3).toISOString().slice(0, 10);
    await page.getByLabel('From').fill(day);
    await page.getByLabel('to', { exact: true }).fill(new Date(Date.now() + 86_400_000).toISOString().slice(0, 10));
    await page.getByRole('button', { name: 'Show these days' }).click();
    expect(page.url()).toContain(`start=${day}`);
    expect(await page.locator('tfoot').textContent()).toContain('18');
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('link', { name: 'Download CSV' }).click(),
    ]);
    expect(download.url()).toContain('.csv?start=');
    expectNoFaults(opened);
    await opened.close();
  });

  it('shows markup in every name as text, and runs nothing', async () => {
    const { link } = await share({ name: MARKUP, description: MARKUP, group_by: ['vars.source.id'] });
    const opened = await open(link);
    const { page } = opened;
    expect(await page.locator('img:not([role]), script').count()).toBe(0);
    expect(await page.evaluate('window.hacked')).toBeUndefined();
    expect(await page.locator('h1').textContent()).toBe(MARKUP);
    // A refusal of the Content-Security-Policy would be one.
    expectNoFaults(opened);
    await opened.close();
  });

  it('prints on A4 without what is pressed, and across where it has many columns', async () => {
    const columns = ['source', 'recipient', 'return-received'].flatMap((of) =>
      ['submitted', 'success', 'failure', 'error'].map((outcome) => `${of}-${outcome}`),
    );
    const { link } = await share({ name: 'All columns', columns, group_by: ['vars.source.id'], interval: 'daily' });
    for (const [shared, name, width] of [
      [counted, 'shared-report-paper', 595],
      [link, 'shared-report-paper-across', 842],
    ] as const) {
      const opened = await open(shared);
      const { page } = opened;
      const pdf = await page.pdf({ preferCSSPageSize: true, printBackground: true });
      const points = Number(/\/MediaBox \[0 0 ([\d.]+)/.exec(pdf.toString('latin1'))?.[1]);
      expect(Math.abs(points - width), `${name}: ${points} points wide`).toBeLessThan(2);
      const paper = width > 600 ? A4_ACROSS : undefined;
      await checkPaper(opened, {
        name,
        says: [name === 'shared-report-paper' ? 'Sold by source' : 'All columns', 'Time zone', 'America/New_York'],
        ...(paper !== undefined && { paper }),
      });
      await opened.close();
    }
  });

  it('of a link that ended is a plain page that says what to do', async () => {
    const { id, link } = await share({ name: 'Ended' });
    await apiOf(ui.server, 'DELETE', `/reports/${id}/share`);
    const opened = await open(link);
    opened.faults.splice(0);
    await checkPage(opened, { title: 'There is no report here' });
    expect(await opened.page.locator('main').textContent()).toContain(
      'Ask the person who gave it to you for a new one.',
    );
    await shoot(opened, 'shared-report-nothing');
    await opened.close();
  });
});

async function apiOf(server: ComposedServer, method: string, path: string, body?: object) {
  const answered = await server.api(method as 'POST', path, body);
  expect(answered.status, JSON.stringify(answered.body)).toBeLessThan(300);
  return answered.body;
}
