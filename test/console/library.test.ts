import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { flowOf } from '../system/flows.ts';
import { checkForms, checkPage, expectNoFaults } from './harness/check-page.ts';
import { isChromiumInstalled } from './harness/chromium.ts';
import { LONG_NAME, MARKUP } from './harness/fill.ts';
import { shoot } from './harness/shoot.ts';
import { type StartedConsole, startConsole } from './harness/start-console.ts';

const NO_ID = '000000000000000000000000';
const SECRET = 'correct horse battery';

describe.skipIf(!isChromiumInstalled)('lists, fields and credentials in the console', () => {
  let ui: StartedConsole;
  beforeAll(async () => {
    ui = await startConsole(async ({ client, deploy }) => {
      await client.createList({ name: 'Do not call', type: 'phone', ttl: 2_592_000 });
      await client.addListItems('do_not_call', { values: ['512-789-4321', '512-789-4322'] });
      await client.createList({ name: LONG_NAME, type: 'md5' });
      await client.createList({ name: `${MARKUP} list`, type: 'email' });
      await client.createField({ id: 'shoe_size_acme', name: 'Shoe size', type: 'number', description: MARKUP });
      await deploy(
        flowOf([], {
          name: 'Mortgage leads',
          fields: ['email', 'phone_1', 'shoe_size_acme'],
          list_checks: { dnc: { value: '{{lead.phone_1}}', list_name: 'Do not call' } },
        }),
      );
    });
  });
  afterAll(() => ui?.stop());

  const textOf = (page: Page) => page.evaluate<string>('document.documentElement.outerHTML + location.href');

  it('show lists, filtered in the address', async () => {
    const opened = await ui.openAs('owner', '/app/lists');
    const { page } = opened;
    await page.getByRole('link', { name: 'Do not call' }).waitFor();
    const rows = await page.getByRole('row').allTextContents();
    expect(rows.find((row) => row.startsWith('Do not call'))).toMatch(/do_not_callPhones230 days0/);
    await checkPage(opened, { title: 'Lists · Library' });
    await shoot(opened, 'lists');
    await page.getByRole('combobox', { name: 'Values' }).click();
    await page.getByRole('option', { name: 'Phones', exact: true }).click();
    await page.getByText('1 of 3 lists').waitFor();
    await page.goBack();
    await page.getByText('3 of 3 lists').waitFor();
    await opened.close();
  });

  it('make a list, fill it, ask it, and empty it', async () => {
    const opened = await ui.openAs('editor', '/app/lists');
    const { page } = opened;
    await page.getByRole('button', { name: 'Create a list' }).click();
    await page.getByLabel('Name').fill('Bought before');
    await checkPage(opened, { title: 'Lists · Library' });
    await shoot(opened, 'list-form');
    await page.getByRole('button', { name: 'Create list' }).click();
    await page.getByRole('heading', { name: 'Bought before', level: 1 }).waitFor();
    await page.getByLabel('Values', { exact: true }).fill('512-789-4321\nnot a phone\n(512) 789-4323');
    await page.getByRole('button', { name: 'Add 3 values' }).click();
    await page.getByText('2 added, 1 did not fit the list.').waitFor();
    await page.getByLabel('Value', { exact: true }).fill('+1 512 789 4321');
    await page.getByRole('button', { name: 'Check', exact: true }).click();
    await page.getByText('On the list', { exact: true }).waitFor();
    await checkPage(opened, { title: 'Bought before · Lists' });
    await shoot(opened, 'list');
    expect(new URL(page.url()).search).toBe('');
    await page.getByLabel('Value', { exact: true }).fill('512-789-9999');
    await page.getByRole('button', { name: 'Check', exact: true }).click();
    await page.getByText('Not on the list').waitFor();
    await page.getByLabel('Values', { exact: true }).fill('512-789-4321');
    await page.getByRole('button', { name: 'Remove from the list' }).click();
    await page.getByText('1 removed.').waitFor();
    expect(await ui.server.client.readList('bought_before')).toMatchObject({ count: 1, type: 'phone' });
    expectNoFaults(opened);
    await opened.close();
  });

  it('import a file as a job, after they said how it is read', async () => {
    await ui.server.client.createList({ name: 'Imported', type: 'phone' });
    await ui.server.client.addListItems('imported', { values: ['512-789-4321'] });
    const opened = await ui.openAs('editor', '/app/lists/imported');
    const { page } = opened;
    await page.getByRole('heading', { name: 'Import a file' }).waitFor();
    const csv = 'id,phone\n1,512-789-5001\n2,512-789-5002\n3,nothing\n';
    await page
      .locator('input[type=file]')
      .setInputFiles({ name: 'phones.csv', mimeType: 'text/csv', buffer: Buffer.from(csv) });
    await page.getByText('2 columns, in ascii.').waitFor();
    await checkPage(opened, { title: 'Imported · Lists' });
    await shoot(opened, 'list-import');
    await page.getByRole('button', { name: 'Import the values' }).click();
    await page.getByRole('link', { name: 'Download rejected.csv' }).waitFor();
    await shoot(opened, 'list-imported');
    expect(await ui.server.client.readList('imported')).toMatchObject({ count: 3, total_jobs: 1 });
    await opened.close();
  });

  it('say which flow keeps a list, and remove one that nothing uses', async () => {
    const opened = await ui.openAs('owner', '/app/lists/do_not_call');
    const { page } = opened;
    await page.getByRole('link', { name: 'Mortgage leads' }).waitFor();
    await page.getByRole('button', { name: 'Remove list…' }).click();
    await page.getByRole('button', { name: 'Remove list', exact: true }).click();
    await page.getByText('The list is used by the flow "Mortgage leads"').waitFor();
    await checkPage(opened, { title: 'Do not call · Lists' });
    await shoot(opened, 'list-used');
    const { id } = await ui.server.client.createList({ name: 'Spare' });
    await page.goto(`/app/lists/${id}`);
    await page.getByRole('button', { name: 'Remove list…' }).click();
    await page.getByRole('button', { name: 'Remove list', exact: true }).click();
    await page.getByText(/^\d of \d lists$/).waitFor();
    await page.goto(`/app/lists/${NO_ID}`);
    await page.getByRole('heading', { name: 'There is no such list' }).waitFor();
    await checkPage(opened, { title: 'List · Lists' });
    await shoot(opened, 'list-gone');
    await opened.close();
  });

  it('show fields, with the flows that have them', async () => {
    const opened = await ui.openAs('editor', '/app/fields?kind=own');
    const { page } = opened;
    await page.getByRole('button', { name: 'Shoe size' }).waitFor();
    expect(await page.getByRole('row', { name: /^Shoe size/ }).textContent()).toMatch(/numberOwnNo1$/);
    await page.getByRole('button', { name: 'Add a field' }).click();
    await page.getByLabel('Name').fill('Hat size');
    await page.getByLabel('Parameter').fill('hat size');
    await page.getByRole('button', { name: 'Add field' }).click();
    await page.getByText('Must be made of letters, digits and underscores').first().waitFor();
    await checkPage(opened, { title: 'Fields · Library' });
    await page.getByLabel('Parameter').fill('hat_size_acme');
    await shoot(opened, 'field-form');
    await page.getByRole('button', { name: 'Add field' }).click();
    await page.getByRole('button', { name: 'Hat size' }).waitFor();
    await page.getByRole('button', { name: 'Shoe size' }).click();
    await page.getByRole('button', { name: 'Remove…' }).click();
    await page.getByText('One flow has it: Mortgage leads.').waitFor();
    await checkPage(opened, { title: 'Fields · Library' });
    await shoot(opened, 'field');
    await page.getByRole('button', { name: 'Keep it' }).click();
    await page.getByRole('button', { name: 'Change field' }).click();
    await page.getByLabel('Name').fill('Size of the shoe');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('heading', { name: 'Size of the shoe', level: 2 }).waitFor();
    await page.goto('/app/fields?q=phone&kind=standard');
    await page.getByRole('button', { name: 'Phone 1', exact: true }).click();
    await page.getByText('Standard fields cannot be changed or removed.').waitFor();
    await shoot(opened, 'field-standard');
    await page.keyboard.press('Escape');
    await checkPage(opened, { title: 'Fields · Library' });
    await opened.close();
  });

  it('store a credential whose secret no page shows again', async () => {
    const opened = await ui.openAs('owner', '/app/credentials');
    const { page } = opened;
    await page.getByRole('heading', { name: 'No credentials yet' }).waitFor();
    await checkPage(opened, { title: 'Credentials · Library' });
    await shoot(opened, 'credentials-none');
    await page.getByRole('button', { name: 'Add a credential' }).first().click();
    await page.getByRole('textbox', { name: 'Name', exact: true }).fill(LONG_NAME);
    await page.getByRole('button', { name: 'Add credential' }).click();
    // What is missing is named as in the form, and has the focus.
    await page.getByRole('alert').getByText('Username: Is required.').waitFor();
    expect(await page.getByLabel('Username').evaluate((field) => field.matches(':focus'))).toBe(true);
    await checkForms(opened);
    await page.getByLabel('Username').fill('acme');
    await page.getByRole('textbox', { name: 'Password' }).fill(SECRET);
    await checkPage(opened, { title: 'Credentials · Library' });
    await shoot(opened, 'credential-form');
    await page.getByRole('button', { name: 'Add credential' }).click();
    await page.getByRole('heading', { name: LONG_NAME, level: 1 }).waitFor();
    await page.getByText('Nothing uses this credential.').waitFor();
    expect(await textOf(page)).not.toContain(SECRET);
    await checkPage(opened, { title: `${LONG_NAME} · Credentials` });
    await page.getByLabel('URL').fill('https://127.0.0.1/me');
    await page.getByRole('button', { name: 'Test', exact: true }).click();
    await page.getByRole('alert').or(page.getByText('It does not work')).first().waitFor();
    await shoot(opened, 'credential');
    await page.getByRole('button', { name: 'Change or rotate' }).click();
    await page.getByRole('textbox', { name: 'Password' }).fill('another secret of the CRM');
    await checkPage(opened, { title: `${LONG_NAME} · Credentials` });
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    expect(await textOf(page)).not.toContain('another secret');
    expect(await ui.server.client.listCredentials()).toMatchObject([{ username: 'acme', password: null }]);
    await page.getByRole('link', { name: 'Credentials', exact: true }).first().click();
    await page.getByText('1 of 1 credential').waitFor();
    await checkPage(opened, { title: 'Credentials · Library' });
    await shoot(opened, 'credentials');
    await page.getByRole('link', { name: LONG_NAME }).click();
    await page.getByRole('button', { name: 'Remove credential…' }).click();
    await page.getByRole('button', { name: 'Remove credential', exact: true }).click();
    await page.getByRole('heading', { name: 'No credentials yet' }).waitFor();
    await opened.close();
  });

  it('are for those who may: an analyst reads, a vendor sees who can grant it', async () => {
    const reader = await ui.openAs('analyst', '/app/lists/do_not_call');
    await reader.page.getByText('Changing a list takes the permission lists.write.').waitFor();
    for (const name of ['Change', 'Remove list…', 'Import the values'])
      expect(await reader.page.getByRole('button', { name }).count(), name).toBe(0);
    await checkPage(reader, { title: 'Do not call · Lists' });
    await reader.page.goto('/app/fields');
    await reader.page.getByRole('row').nth(3).waitFor();
    expect(await reader.page.getByRole('button', { name: 'Add a field' }).count()).toBe(0);
    await reader.close();
    const vendor = await ui.openAs('vendor', '/app/lists');
    await vendor.page.getByText('You may not see lists').waitFor();
    await checkPage(vendor, { title: 'Lists · Library' });
    await vendor.page.goto('/app/credentials/x');
    await vendor.page.getByText('You may not see credentials').waitFor();
    await vendor.close();
  });

  it('show what failed, with a way on', async () => {
    const opened = await ui.openAs('owner', '/app/settings/profile');
    const { page } = opened;
    let isBroken = true;
    await page.route('**/lists', async (route) => {
      if (!isBroken || route.request().resourceType() !== 'fetch') return route.continue();
      return route.fulfill({ status: 400, json: { error: 'No such page.', code: 'invalid_query' } });
    });
    await page.getByRole('link', { name: 'Library' }).click();
    await page.getByRole('heading', { name: 'The server did not understand the request' }).waitFor();
    await shoot(opened, 'lists-error');
    isBroken = false;
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.getByRole('link', { name: 'Do not call' }).waitFor();
    await opened.close();
  });
});
