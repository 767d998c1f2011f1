import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { until } from '../harness/until.ts';
import { checkPage, expectNoFaults } from './harness/check-page.ts';
import { isChromiumInstalled } from './harness/chromium.ts';
import { shoot } from './harness/shoot.ts';
import { type StartedConsole, startConsole } from './harness/start-console.ts';

describe.skipIf(!isChromiumInstalled)('exports in the console', () => {
  let ui: StartedConsole;
  beforeAll(async () => {
    ui = await startConsole();
  });
  afterAll(async () => {
    await ui?.stop();
  });

  it('are listed with their files, downloaded and removed', async () => {
    const { client } = ui.server;
    const opened = await ui.openAs('owner', '/app/exports');
    const { page } = opened;
    await page.getByRole('heading', { name: 'No exports yet' }).waitFor();
    await checkPage(opened, { title: 'Exports · Jobs' });
    const { id } = await client.createExport({ start: '2026-01-01', rows: 'leads' });
    await until('it is complete', async () => (await client.readExport(id)).url !== null);
    await page.goto('/app/exports');
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('link', { name: 'Download' }).click(),
    ]);
    expect(download.suggestedFilename()).toMatch(/^leads-.*\.csv\.gz$/);
    await checkPage(opened, { title: 'Exports · Jobs' });
    await shoot(opened, 'exports');
    await page.getByRole('button', { name: 'Remove…' }).click();
    await page.getByRole('button', { name: 'Remove export' }).click();
    await page.getByRole('heading', { name: 'No exports yet' }).waitFor();
    expect(await client.listExports()).toEqual([]);
    expectNoFaults(opened);
    await opened.close();
  });
});
