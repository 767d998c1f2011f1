import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { COLUMN_GROUPS } from '../../console/src/parts/statistics-columns.ts';
import { COLUMN_NAMES } from '../../src/statistics/columns.ts';
import { until } from '../harness/until.ts';
import { checkPage, expectNoFaults } from './harness/check-page.ts';
import { checkPaper } from './harness/check-paper.ts';
import { isChromiumInstalled } from './harness/chromium.ts';
import { type Filled, fillServer, MARKUP } from './harness/fill.ts';
import type { OpenedPage } from './harness/open-page.ts';
import { shoot } from './harness/shoot.ts';
import { type StartedConsole, startConsole } from './harness/start-console.ts';

it('the console has every column of the statistics once', () => {
  expect(COLUMN_GROUPS.flatMap(({ columns }) => columns).toSorted()).toEqual(COLUMN_NAMES.toSorted());
});

describe.skipIf(!isChromiumInstalled)('reports', () => {
  let ui: StartedConsole;
  let filled: Filled;
  let owner: OpenedPage;
  beforeAll(async () => {
    ui = await startConsole(async (server) => {
      filled = await fillServer(server);
      await until('all is counted', async () => {
        const [row] = await server.client.readStatistics({ column: ['source-submitted'] });
        return Number(row?.['source-submitted']) >= 184;
      });
    });
    owner = await ui.openAs('owner');
  });
  afterAll(async () => {
    await owner?.close();
    await ui?.stop();
  });

  const go = async (path: string, title: string) => {
    await owner.page.goto(`/app${path}`);
    await owner.page.getByRole('heading', { level: 1, name: title, exact: true }).waitFor();
    return owner.page;
  };

  it('are listed, and one shows its rows with the total at the end', async () => {
    const page = await go('/reports', 'Reports');
    await page.getByRole('link', { name: 'Stats by Flow', exact: true }).waitFor();
    await checkPage(owner, { title: 'Reports' });
    await shoot(owner, 'reports');
    await page.getByRole('link', { name: 'Stats by Flow', exact: true }).click();
    const total = page.locator('tfoot tr');
    await total.waitFor();
    const rows = await ui.server.client.runReport('stats-by-flow');
    const success = rows.at(-1)?.['source-success'];
    expect(await total.textContent()).toMatch(new RegExp(`^Total${success}`));
    expect(await page.locator('main tbody tr').count()).toBe(rows.length - 1);
    expect(await page.locator('main img').count(), MARKUP).toBe(0);
    await checkPage(owner, { title: 'Stats by Flow · Reports' });
    await shoot(owner, 'report');
  });

  it('lead from a number to the events behind it', async () => {
    const page = await go('/reports/stats-by-flow', 'Stats by Flow');
    const row = page.getByRole('row', { name: /Mortgage leads/ });
    const count = Number(await row.locator('td').nth(2).textContent());
    await row.locator('td').nth(2).getByRole('link').click();
    await page.getByRole('heading', { level: 1, name: 'Events' }).waitFor();
    const search = new URL(page.url()).searchParams;
    expect([search.get('flow_id'), search.get('outcome'), search.get('type')]).toEqual([
      ...[filled.flow.id, 'failure', 'source'],
    ]);
    await page.locator(`[data-total="${count}"]`).waitFor();
    expectNoFaults(owner);
  });

  it('keep time, comparison, split, chart and order in the address', async () => {
    const page = await go('/reports/stats-by-source', 'Stats by Source');
    await page.locator('tfoot').waitFor();
    await page.getByRole('button', { name: 'Time: Today' }).click();
    await page.getByRole('button', { name: 'Last 7 days' }).click();
    await page.getByLabel('Compare with').selectOption('A week before');
    await page.getByText('Beside each number').waitFor();
    await page.getByLabel('Split').selectOption('By day');
    await page.getByRole('columnheader', { name: 'From' }).waitFor();
    await page.getByLabel('Chart').selectOption('Source success');
    await page.getByRole('img', { name: /^Source success by source/ }).waitFor();
    await page.getByRole('columnheader', { name: 'Source success' }).getByRole('button').click();
    await page.locator('th[aria-sort=descending]').waitFor();
    const address = '?range=this_7_days&compare=previous_week&interval=daily&chart=source-success&sort=source-success';
    expect(new URL(page.url()).search).toBe(address);
    await checkPage(owner, { title: 'Stats by Source · Reports' });
    await shoot(owner, 'report-chart');
    await checkPaper(owner, { name: 'report-paper', says: ['Stats by Source', 'Total', '(EST)'] });
    await page.goBack();
    await page.locator('th[aria-sort=descending]').waitFor({ state: 'detached' });
    const fresh = await ui.openAs('owner', `/app/reports/stats-by-source${address}`);
    await fresh.page.locator('th[aria-sort=descending]').waitFor();
    await fresh.page.getByRole('img', { name: /^Source success by source/ }).waitFor();
    await fresh.close();
    await go('/reports/stats-by-source?range=x&compare=y&chart=z&sort=cost&dir=asc', 'Stats by Source');
    await page.locator('th[aria-sort=ascending]').waitFor();
    expectNoFaults(owner);
  });

  it('are saved as a file, and say how the API is asked', async () => {
    const page = await go('/reports/stats-by-source?range=yesterday', 'Stats by Source');
    await page.getByText('Nothing was counted in this time').waitFor();
    await page.getByRole('button', { name: 'Show query' }).click();
    await page.getByText(`${ui.server.url}/reports/stats-by-source/run?timeframe=yesterday`).waitFor();
    await go('/reports/stats-by-source', 'Stats by Source');
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Download CSV' }).click(),
    ]);
    expect(download.suggestedFilename()).toBe('Stats by Source.csv');
    const text = readFileSync(await download.path(), 'utf8');
    expect(text).toContain('source-success');
    expect(text.split('\n').length).toBeGreaterThan(4);
  });

  it('are made, changed, shared, revoked and deleted', async () => {
    const page = await go('/reports/new', 'New report');
    await page.getByLabel('Name').fill(`Sold by flow ${MARKUP}`);
    await page.getByRole('button', { name: 'Money, USD, 0 of 6' }).click();
    await page.getByLabel('Revenue, USD', { exact: true }).check();
    await page.getByRole('button', { name: 'Show rows' }).click();
    await page.getByRole('table', { name: 'Rows of the report' }).locator('tfoot').waitFor();
    await checkPage(owner, { title: 'New report · Reports' });
    await shoot(owner, 'report-new');
    await page.getByLabel('Other rules (JSON)').fill('nonsense');
    await page.getByText('Other rules are not JSON').waitFor();
    await page.getByLabel('Other rules (JSON)').fill('');
    await page.getByRole('button', { name: 'Save report' }).click();
    await page.getByRole('heading', { level: 1, name: `Sold by flow ${MARKUP}` }).waitFor();
    const own = (await ui.server.client.listReports()).find(({ read_only: isBuiltIn }) => !isBuiltIn);
    expect(own).toMatchObject({ group_by: ['vars.source.id'], timeframe: 'this_7_days' });
    expect(own?.columns).toContainEqual({ revenue: true });
    await page.getByRole('button', { name: 'Time: Last 7 days' }).click();
    await page.getByRole('button', { name: 'Last 30 days' }).click();
    await page.getByRole('button', { name: 'Save with this time' }).click();
    await page.getByRole('button', { name: 'Save with this time' }).waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Share…' }).click();
    await page.getByRole('button', { name: 'Make a link' }).click();
    const link = (await page.getByLabel('Copy the link', { exact: true }).textContent()) ?? '';
    expect((await fetch(link)).status).toBe(200);
    await checkPage(owner, { title: /Sold by flow/ });
    await shoot(owner, 'report-share');
    await page.getByRole('button', { name: 'Revoke the link' }).click();
    await page.getByRole('button', { name: 'Revoke the link' }).waitFor({ state: 'detached' });
    expect((await fetch(link)).status).toBe(404);
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Delete…' }).click();
    await page.getByRole('button', { name: 'Delete the report' }).click();
    await page.getByRole('heading', { level: 1, name: 'Reports' }).waitFor();
    expect((await ui.server.client.listReports()).every(({ read_only: isBuiltIn }) => isBuiltIn)).toBe(true);
    expectNoFaults(owner);
  });

  it('that are built in are copied to be changed; faults of the server are at the form', async () => {
    const page = await go('/reports/stats-by-flow', 'Stats by Flow');
    await page.getByRole('button', { name: 'Copy report' }).click();
    await page.getByRole('heading', { level: 1, name: 'Edit report' }).waitFor();
    await page.getByLabel('Split by a value of the lead').fill('nothing known');
    await page.getByRole('button', { name: 'Save report' }).click();
    await page.getByText('Must be one of vars.flow.id').first().waitFor();
    await checkPage(owner, { title: 'Edit report · Reports' });
    await shoot(owner, 'report-fault');
    expectNoFaults(owner);
  });

  it('say what there is not, and are for who may', async () => {
    const page = await go('/reports/5fd0c0de00000000000000ff', 'Report');
    await page.getByText('There is no such report').waitFor();
    await checkPage(owner, { title: 'Report · Reports' });
    const analyst = await ui.openAs('analyst', '/app/reports/stats-by-flow');
    await analyst.page.locator('tfoot').waitFor();
    expect(await analyst.page.getByRole('button', { name: 'Copy report' }).count()).toBe(0);
    await analyst.page.goto('/app/reports/new');
    await analyst.page.getByText('You may not change reports').waitFor();
    await checkPage(analyst, { title: 'New report · Reports' });
    await analyst.close();
    const vendor = await ui.openAs('vendor', '/app/reports');
    await vendor.page.getByText('You may not see reports').waitFor();
    await checkPage(vendor, { title: 'Reports' });
    await vendor.close();
    expect(page.url()).toContain('/reports/');
  });
});
