import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkPage, expectNoFaults } from './harness/check-page.ts';
import { isChromiumInstalled } from './harness/chromium.ts';
import { type Filled, fillServer, LONG_NAME } from './harness/fill.ts';
import { shoot } from './harness/shoot.ts';
import { type StartedConsole, startConsole } from './harness/start-console.ts';

describe.skipIf(!isChromiumInstalled)('settings of the account in the console', () => {
  let ui: StartedConsole;
  let filled: Filled;
  beforeAll(async () => {
    ui = await startConsole(async (server) => {
      filled = await fillServer(server);
      await server.client.createField({ id: 'shoe_size_acme', name: 'Shoe size', type: 'number' });
      await server.client.replaceField('shoe_size_acme', { name: 'Size of the shoe', type: 'number' });
    });
  });
  afterAll(() => ui?.stop());

  const readSecret = async (place: Locator) => ((await place.textContent()) ?? '').trim();
  const textOf = (page: Page) => page.evaluate<string>('document.documentElement.outerHTML + location.href');

  it('show who changed what, with each place before and after', async () => {
    const opened = await ui.openAs('owner', '/app/activity?kind=field');
    const { page } = opened;
    await page.getByRole('button', { name: 'Field: Changed' }).click();
    const panel = page.getByRole('dialog');
    await panel.getByText('Size of the shoe').first().waitFor();
    await panel.getByText('Before').first().waitFor();
    await checkPage(opened, { title: 'Activity · Settings' });
    await shoot(opened, 'activity-change');
    await page.keyboard.press('Escape');
    await page.getByRole('combobox', { name: 'What' }).click();
    await page.getByRole('option', { name: 'All', exact: true }).click();
    await page.getByRole('button', { name: 'Flow: Published' }).first().waitFor();
    await checkPage(opened, { title: 'Activity · Settings' });
    await shoot(opened, 'activity');
    await page.goto('/app/activity?action=erase');
    await page.getByRole('heading', { name: 'No changes match' }).waitFor();
    await page.getByRole('button', { name: 'Show all changes' }).click();
    await page.getByRole('button', { name: 'Flow: Published' }).first().waitFor();
    await opened.close();
  });

  it('make a webhook whose secret is shown once, test it, rotate the secret and remove it', async () => {
    const opened = await ui.openAs('owner', '/app/settings/webhooks');
    const { page } = opened;
    await page.getByRole('heading', { name: 'No webhooks yet' }).waitFor();
    await checkPage(opened, { title: 'Webhooks · Settings' });
    await page.getByRole('button', { name: 'Add a webhook' }).first().click();
    await page.getByRole('textbox', { name: 'Name' }).fill(LONG_NAME);
    await page.getByRole('textbox', { name: 'URL' }).fill(ui.server.recipient.url);
    await page.getByRole('checkbox', { name: 'Recipients' }).check();
    await page.getByRole('checkbox', { name: 'Error' }).check();
    await checkPage(opened, { title: 'Webhooks · Settings' });
    await shoot(opened, 'webhook-form');
    await page.getByRole('button', { name: 'Add webhook' }).click();
    const secret = await readSecret(page.getByRole('region', { name: 'Secret', exact: true }));
    expect(secret).toMatch(/^whsec_/);
    await page.getByRole('button', { name: 'I have copied it' }).click();
    await page.getByRole('button', { name: LONG_NAME }).click();
    expect(await textOf(page)).not.toContain(secret);
    await page.getByRole('button', { name: 'Show the body' }).click();
    const body = page.getByRole('region', { name: 'Body of the event' });
    await body.getByText('"normal": "ada@example.com"').waitFor();
    // Other webhooks and recipients of the server post there, too.
    const tests = () =>
      ui.server.recipient.deliveries.filter(({ headers }) => String(headers['webhook-id']).startsWith('webhook_test_'));
    expect(tests()).toHaveLength(0);
    await page.getByRole('button', { name: 'Send this event' }).click();
    await page.getByText('Received', { exact: true }).waitFor();
    await page.getByRole('region', { name: 'Headers that were sent' }).getByText('webhook-signature: v1,').waitFor();
    expect(tests().map(({ body: posted }) => JSON.parse(posted).type)).toEqual(['recipient']);
    expect(await textOf(page)).not.toContain(secret);
    await page.getByText('The newest event', { exact: true }).click();
    await page.getByText('The activity log notes that you saw them.').waitFor();
    await page.getByText('An example', { exact: true }).click();
    await page.getByRole('button', { name: 'Show the body' }).click();
    await page.getByRole('button', { name: 'Send this event' }).click();
    await page.getByText('Received', { exact: true }).waitFor();
    await checkPage(opened, { title: 'Webhooks · Settings' });
    await shoot(opened, 'webhook');
    await page.getByRole('button', { name: 'New secret…' }).click();
    await page.getByRole('button', { name: 'Make a secret' }).click();
    const rotated = await readSecret(page.getByRole('region', { name: 'Secret', exact: true }));
    expect(rotated).not.toBe(secret);
    await page.keyboard.press('Escape');
    await page.getByText('1 of 1 webhook').waitFor();
    expect(await textOf(page)).not.toContain(rotated);
    await checkPage(opened, { title: 'Webhooks · Settings' });
    await shoot(opened, 'webhooks');
    await page.getByRole('button', { name: LONG_NAME }).click();
    await page.getByRole('button', { name: 'Remove…' }).click();
    await page.getByRole('button', { name: 'Remove webhook' }).click();
    await page.getByRole('heading', { name: 'No webhooks yet' }).waitFor();
    expect(await ui.server.client.listWebhooks()).toEqual([]);
    expectNoFaults(opened);
    await opened.close();
  });

  it('erase a person: preview, then confirmed, then with a receipt; a hold keeps another', async () => {
    const opened = await ui.openAs('owner', '/app/settings/privacy');
    const { page } = opened;
    await page.getByText('Nobody was erased yet.').waitFor();
    await checkPage(opened, { title: 'Privacy · Settings' });
    await page.getByRole('button', { name: 'Hold leads' }).click();
    await page.getByRole('dialog').getByRole('textbox', { name: 'E-mail address' }).fill('ann7@example.com');
    await page.getByRole('dialog').getByRole('textbox', { name: 'Note' }).fill('Case 2026-118');
    await checkPage(opened, { title: 'Privacy · Settings' });
    await shoot(opened, 'privacy-hold');
    await page.getByRole('dialog').getByRole('button', { name: 'Hold leads' }).click();
    await page.getByRole('cell', { name: 'Case 2026-118' }).waitFor();

    const form = page.getByRole('form', { name: 'Erase a person' });
    await form.getByRole('textbox', { name: 'E-mail address' }).fill('fred@example.com');
    await form.getByRole('button', { name: 'Preview what would go' }).click();
    await page.getByRole('link', { name: 'Download preview.json' }).waitFor();
    expect((await ui.server.client.readLead(filled.success)).outcome).toBe('success');
    await page.getByRole('button', { name: 'Erase for good…' }).click();
    await checkPage(opened, { title: 'Privacy · Settings' });
    await shoot(opened, 'privacy-erase');
    await page.getByRole('button', { name: 'Erase for good', exact: true }).click();
    await page.getByRole('link', { name: 'Download receipt.json' }).waitFor();
    await page.getByRole('link', { name: /^Download receipt [0-9a-f]{24}$/ }).waitFor();
    await checkPage(opened, { title: 'Privacy · Settings' });
    await shoot(opened, 'privacy');
    expect(page.url()).not.toContain('fred');
    expect(await page.title()).not.toContain('fred');
    await page.getByRole('button', { name: 'Release…' }).click();
    await page.getByRole('button', { name: 'Release hold' }).click();
    await page.getByText('Nothing is held.').waitFor();
    const [receipt] = await ui.server.client.listReceipts();
    const whole = await ui.server.client.readReceipt(receipt?.id ?? '');
    expect(await ui.server.client.verifyReceipt({ statement: whole.statement, signature: whole.signature })).toEqual({
      valid: true,
    });
    await opened.close();
  });

  it('change periods, and ask before they are shortened', async () => {
    const opened = await ui.openAs('owner', '/app/settings/retention');
    const { page } = opened;
    const days = page.getByRole('textbox', { name: 'Personal data, days' });
    await days.fill('120');
    await page.getByRole('button', { name: 'Save periods' }).click();
    await page.getByText('120 days').first().waitFor();
    await days.fill('30');
    await page.getByRole('button', { name: 'Shorten periods…' }).click();
    await checkPage(opened, { title: 'Retention · Settings' });
    await shoot(opened, 'retention');
    await page.getByRole('button', { name: 'Shorten periods', exact: true }).click();
    await page.getByRole('row', { name: /^Values of leads.*30 days after the lead/ }).waitFor();
    expect(await ui.server.client.readAccount()).toMatchObject({ data_retention_in_days: 30 });
    await opened.close();
  });

  it('change the account: its name is in the bar at once', async () => {
    const opened = await ui.openAs('owner', '/app/settings/account');
    const { page } = opened;
    await page.getByRole('textbox', { name: 'Name' }).fill('Acme Leads');
    await page.getByRole('combobox', { name: 'Time zone of the account' }).fill('America/Chi');
    await page.getByRole('option', { name: 'America/Chicago' }).click();
    await checkPage(opened, { title: 'Account · Settings' });
    await shoot(opened, 'account');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('banner').getByText('Acme Leads').waitFor();
    await page
      .getByRole('banner')
      .getByText(/^America\/Chicago/)
      .waitFor();
    await opened.close();
  });

  it('have a theme, rows and keys of one’s own, and say which server it is', async () => {
    const opened = await ui.openAs('editor', '/app/settings/appearance');
    const { page } = opened;
    await page.getByRole('radio', { name: 'Dark' }).check();
    expect(await page.locator('html').getAttribute('data-mantine-color-scheme')).toBe('dark');
    await page.getByRole('radio', { name: 'As the system' }).check();
    // Not `check`, which fails where the choice is shown a turn later.
    await page.getByRole('radio', { name: /^Compact/ }).click();
    await page.getByText('Rows are compact').waitFor({ state: 'attached' });
    expect(await page.getByRole('radio', { name: /^Compact/ }).isChecked()).toBe(true);
    await page.getByRole('switch', { name: 'Single keys' }).press(' ');
    await page.getByText('Single keys are off').waitFor({ state: 'attached' });
    await checkPage(opened, { title: 'Appearance · Settings' });
    await shoot(opened, 'appearance');
    await page.goto('/app/leads');
    await page.locator('[data-density=compact] table').waitFor();
    await page.goto('/app/settings/about');
    await page.getByText('Takes leads', { exact: true }).waitFor();
    await checkPage(opened, { title: 'About · Settings' });
    await shoot(opened, 'about');
    await opened.close();
  });

  it('say to who may not change them who can grant it', async () => {
    const opened = await ui.openAs('editor', '/app/activity');
    const { page } = opened;
    await page.getByText('Your role lacks the permission activity.read.').waitFor();
    await page.goto('/app/settings/privacy');
    await page.getByText('Your role lacks the permission privacy.manage.').waitFor();
    await checkPage(opened, { title: 'Privacy · Settings' });
    await page.goto('/app/settings/account');
    await page.getByText('Changing it takes the permission account.manage.').waitFor();
    await checkPage(opened, { title: 'Account · Settings' });
    await page.goto('/app/settings/retention');
    await page.getByText('Changing the periods takes the permission account.manage.').waitFor();
    await page.goto('/app/settings/webhooks');
    await page.getByRole('heading', { name: 'No webhooks yet' }).waitFor();
    expect(await page.getByRole('button', { name: 'Add a webhook' }).count()).toBe(0);
    await opened.close();
  });
});
