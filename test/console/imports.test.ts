import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ComposedServer, SubmitTarget } from '../harness/server.ts';
import { until } from '../harness/until.ts';
import { deliveryTo, flowOf, sourceNamed } from '../system/flows.ts';
import { checkPage, expectNoFaults } from './harness/check-page.ts';
import { isChromiumInstalled } from './harness/chromium.ts';
import { LONG_NAME } from './harness/fill.ts';
import { shoot } from './harness/shoot.ts';
import { type StartedConsole, startConsole } from './harness/start-console.ts';

/** `SLUICE_TEST_IMPORT_ROWS=50000` is the file of the design (console.md, U4). */
const ROWS = Number(process.env['SLUICE_TEST_IMPORT_ROWS'] ?? 2_000);
const BAD_EACH = 100;
const BAD = ROWS / BAD_EACH;
const MS_MAX = 60_000 + ROWS * 40;

/** One row in a hundred has no phone that can be called. */
function writeFile(rows: number): string {
  const lines = Array.from({ length: rows }, (_, row) => {
    const phone = row % BAD_EACH === 7 ? 'none' : `512-789-${String(row % 10_000).padStart(4, '0')}`;
    return `Ann${row},ann${row}@example.com,${phone},called`;
  });
  return `First Name,E-Mail,Mobile,Xtra\n${lines.join('\n')}\n`;
}

const upload = (page: Page, text: string, name = 'leads.csv') =>
  page
    .locator('input[type=file]')
    .setInputFiles({ name, mimeType: 'application/vnd.ms-excel', buffer: Buffer.from(text) });

describe.skipIf(!isChromiumInstalled)('imports in the console', () => {
  let ui: StartedConsole;
  let flow: SubmitTarget;

  beforeAll(async () => {
    ui = await startConsole(async (server: ComposedServer) => {
      server.recipient.answerWith(() => ({ body: { outcome: 'success' } }));
      flow = await server.deploy(
        flowOf([deliveryTo(server.recipient.url)], {
          ...{ name: 'Imported leads', fields: ['first_name', 'email', 'phone_1', 'state', 'comments'] },
          sources: [sourceNamed('Partner file'), sourceNamed(LONG_NAME)],
        }),
      );
    });
  });
  afterAll(async () => {
    await ui?.stop();
  });

  it(
    `take ${ROWS} leads of a file, go on without the page, and give back what was rejected to be repaired`,
    async () => {
      const opened = await ui.openAs('owner', '/app/import/leads');
      const { page } = opened;
      await page.getByRole('combobox', { name: 'Flow' }).click();
      await page.getByRole('option', { name: 'Imported leads' }).click();
      await page.getByRole('combobox', { name: 'Source' }).click();
      await page.getByRole('option', { name: 'Partner file' }).click();
      await checkPage(opened, { title: 'Import leads · Jobs' });
      await shoot(opened, 'import-leads-file');
      await upload(page, writeFile(ROWS));
      await page.getByRole('button', { name: 'Check the file' }).click();

      const fault = page.getByRole('row', { name: /phone_1 is no valid phone/ });
      await fault.waitFor({ timeout: MS_MAX });
      await fault.getByRole('cell', { name: String(BAD), exact: true }).waitFor();
      await page.getByRole('combobox', { name: 'Xtra is imported as' }).click();
      await page.getByRole('option', { name: 'comments' }).click();
      await page.getByText('not checked yet').waitFor();
      await page.getByRole('button', { name: 'Check again' }).click();
      await page.getByText('you said so').waitFor();
      await fault.waitFor({ timeout: MS_MAX });
      await checkPage(opened, { title: 'Import leads · Jobs' });
      await shoot(opened, 'import-leads-check');

      // It is left and gone on with by its address.
      const address = page.url();
      await page.goto('/app/');
      await page.goto(address);
      await fault.waitFor();
      await page.getByRole('textbox', { name: 'Leads a second, at most' }).fill('501');
      await page.getByText('Must be from 1 to 500.').waitFor();
      await page.getByRole('textbox', { name: 'Leads a second, at most' }).fill('500');
      await page.getByRole('button', { name: /^Import [\d,]+ leads$/ }).click();
      await page.waitForURL(/\/app\/jobs\/[0-9a-f]{24}$/);
      const id = page.url().slice(-24);

      const said = new Set<string>();
      while (said.size < 4) {
        const text = await page.locator('main p[role=status]').first().textContent();
        if (text?.startsWith('Ended')) break;
        said.add(text ?? '');
        await page.waitForTimeout(100);
      }
      expect(said.size).toBeGreaterThanOrEqual(3);
      await page.close();

      const { client } = ui.server;
      const hasEnded = async () => (await client.readJob(id)).ended_at !== null;
      await until('the import has ended', hasEnded, MS_MAX);
      const { counters, state } = await client.readJob(id);
      expect([state, counters]).toEqual(['done_with_failures', { success: ROWS - BAD, rejected: BAD }]);
      expectNoFaults(opened);
      await opened.close();

      const later = await ui.openAs('owner', `/app/jobs/${id}`);
      const [download] = await Promise.all([
        later.page.waitForEvent('download'),
        later.page.getByRole('link', { name: 'Download rejected.csv' }).click(),
      ]);
      const repaired = readFileSync(await download.path(), 'utf8').replaceAll(',none,', ',512-789-4321,');
      await later.page.goto(`/app/import/leads?flow=${flow.id}&source=${flow.sources[0]?.entity.id}`);
      await upload(later.page, repaired, 'rejected.csv');
      await later.page.getByRole('button', { name: 'Check the file' }).click();
      // The browser remembers columns, and this is another one: the notes are guessed anew.
      await later.page.getByText('Nothing is wrong with the values.').waitFor({ timeout: MS_MAX });
      await later.page.getByRole('button', { name: `Import ${BAD} leads` }).click();
      await later.page.getByText(`Ended: ${BAD} of ${BAD} succeeded`).waitFor({ timeout: MS_MAX });

      // Now it does: the third file of the source is read as the second was.
      await later.page.goto(`/app/import/leads?flow=${flow.id}&source=${flow.sources[0]?.entity.id}`);
      await upload(later.page, 'First Name,E-Mail,Mobile,Xtra\nAnn,ann@example.com,512-789-4321,x\n');
      await later.page.getByRole('button', { name: 'Check the file' }).click();
      await later.page.getByRole('button', { name: 'Import 1 lead', exact: true }).waitFor({ timeout: MS_MAX });
      await later.page.getByRole('combobox', { name: 'Xtra is imported as' }).click();
      await later.page.getByRole('option', { name: 'comments' }).click();
      await later.page.getByRole('button', { name: 'Check again' }).click();
      await later.page.getByText('you said so').waitFor();
      await later.page.getByRole('button', { name: 'Import 1 lead', exact: true }).click();
      await later.page.getByText('Ended: 1 of 1 succeeded').waitFor();
      await later.page.goto(`/app/import/leads?flow=${flow.id}&source=${flow.sources[0]?.entity.id}`);
      await upload(later.page, 'First Name,E-Mail,Mobile,Xtra\nBob,bob@example.com,512-789-4322,x\n');
      await later.page.getByRole('button', { name: 'Check the file' }).click();
      await later.page.getByText(/A column is read as in your last import/).waitFor({ timeout: MS_MAX });
      await later.page.getByRole('button', { name: 'Discard the import…' }).click();
      await later.page.getByRole('button', { name: 'Discard import' }).click();
      await later.page.getByRole('button', { name: 'Check the file' }).waitFor();
      expectNoFaults(later);
      await later.close();
    },
    MS_MAX * 3,
  );

  it('give the feedback of a file, and end in red where nothing was given', async () => {
    const opened = await ui.openAs('owner', '/app/import/feedback');
    const { page } = opened;
    await page.getByRole('combobox', { name: 'What the file has' }).click();
    await page.getByRole('option', { name: 'Conversions' }).click();
    expect(new URL(page.url()).search).toBe('?type=conversion');
    const ids = Array.from({ length: 6 }, (_, each) => `Ann,5fd0c0de0000000000000${100 + each},Sold`);
    await upload(page, `Name,Event ID,Why\n${ids.join('\n')}\n`);
    await page.getByRole('button', { name: 'Check the file' }).click();
    await page.getByRole('combobox', { name: 'Reason' }).click();
    await page.getByRole('option', { name: 'Why' }).click();
    await checkPage(opened, { title: 'Import feedback · Jobs' });
    await shoot(opened, 'import-feedback');
    await page.getByRole('button', { name: 'Give the conversions' }).click();
    await page.getByText('Ended: 0 of 6 succeeded').waitFor();
    await page.getByText('Failed', { exact: true }).waitFor();
    const why = page.getByRole('table', { name: 'Why rows failed' });
    await why.getByText('There is no delivery with this id that its recipient accepted').waitFor();
    expect(await why.locator('tbody tr td').allTextContents()).toEqual([
      ...['There is no delivery with this id that its recipient accepted', 'Not found', '6', '1'],
    ]);
    await checkPage(opened, { title: /Jobs/ });
    await shoot(opened, 'import-feedback-failed');
    expectNoFaults(opened);
    await opened.close();
  });

  it('add the values of a file to a list', async () => {
    const list = await ui.server.client.createList({ name: LONG_NAME, type: 'phone' });
    const opened = await ui.openAs('owner', '/app/import/lists');
    const { page } = opened;
    await page.getByRole('combobox', { name: 'List' }).click();
    await page.getByRole('option', { name: LONG_NAME }).click();
    expect(new URL(page.url()).search).toBe(`?list=${list.id}`);
    await upload(page, 'Phone\n512-789-4321\n512-789-4322\n', 'phones.csv');
    await page.getByRole('button', { name: 'Import the values' }).waitFor();
    await checkPage(opened, { title: 'Import values · Jobs' });
    await shoot(opened, 'import-lists');
    await page.getByRole('button', { name: 'Import the values' }).click();
    await page.getByText('2 added').waitFor();
    expectNoFaults(opened);
    await opened.close();
  });

  it('say what a role lacks', async () => {
    const opened = await ui.openAs('analyst', '/app/import/leads');
    await opened.page
      .getByText(/leads\.submit/)
      .first()
      .waitFor();
    await checkPage(opened, { title: 'Import leads · Jobs' });
    await opened.close();
  });
});
