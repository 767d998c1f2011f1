import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { deliveryTo, flowOf } from '../system/flows.ts';
import { checkPage, expectNoFaults } from './harness/check-page.ts';
import { isChromiumInstalled } from './harness/chromium.ts';
import { LONG_NAME, MARKUP } from './harness/fill.ts';
import { shoot } from './harness/shoot.ts';
import { type StartedConsole, startConsole } from './harness/start-console.ts';

describe.skipIf(!isChromiumInstalled)('pricing services and mail in the console', () => {
  let ui: StartedConsole;
  let used: string;
  beforeAll(async () => {
    ui = await startConsole(async ({ client, deploy, recipient }) => {
      const rates = { url: recipient.url, variables: ['lead.state', 'lead.postal_code'] };
      used = (await client.createPricingService({ ...rates, name: 'Rates' })).id;
      await client.createPricingService({ ...rates, name: LONG_NAME, variables: [] });
      await client.createPricingService({ ...rates, name: MARKUP });
      const pricing_service = { service_id: used, fallback_price: 1 };
      await deploy(flowOf([deliveryTo(recipient.url)], { name: 'Mortgage leads', pricing_service }));
    });
  });
  afterAll(() => ui?.stop());

  it('list services, and say what asks one before it is deleted', async () => {
    const opened = await ui.openAs('owner', '/app/pricing-services');
    const { page } = opened;
    await page.getByText('3 of 3 pricing services').or(page.getByText('3 pricing services')).first().waitFor();
    await checkPage(opened, { title: 'Pricing services · Library' });
    await shoot(opened, 'pricing-services');
    await page
      .getByRole('button', { name: 'Rates', exact: true })
      .or(page.getByRole('link', { name: 'Rates', exact: true }))
      .click();
    const panel = page.getByRole('dialog');
    await panel.getByRole('link', { name: 'Mortgage leads' }).waitFor();
    await panel.getByText('The flows above ask it.', { exact: false }).waitFor();
    expect(await panel.getByRole('button', { name: 'Delete…' }).count()).toBe(0);
    await checkPage(opened, { title: 'Pricing services · Library' });
    await shoot(opened, 'pricing-service');
    ui.server.recipient.answerWith(() => ({ status: 200, body: '{"price":4.5,"reason":"Texas"}' }));
    await panel.getByLabel('lead.state').fill('TX');
    await panel.getByRole('button', { name: 'Ask once' }).click();
    await panel.getByText('It answered $4.50, because “Texas”', { exact: false }).waitFor();
    expectNoFaults(opened);
    await opened.close();
  });

  it('are made with a secret that is shown once, changed, and deleted', async () => {
    const opened = await ui.openAs('owner', '/app/pricing-services?panel=new');
    const { page } = opened;
    await page.getByLabel('Name').fill('By the hour');
    await page.getByLabel('URL').fill('ftp://prices.example.com');
    await page.getByRole('combobox', { name: 'Variables it is sent' }).fill('lead.state');
    await page.keyboard.press('Enter');
    await shoot(opened, 'pricing-service-form');
    await page.getByRole('button', { name: 'Add pricing service' }).click();
    await page.getByLabel('URL').and(page.locator('[aria-invalid=true]')).waitFor();
    await page.getByLabel('URL').fill('https://prices.example.com/hour');
    await page.getByRole('button', { name: 'Add pricing service' }).click();
    const secret =
      (await page
        .getByText(/^whsec_/)
        .first()
        .textContent()) ?? '';
    expect(secret).toMatch(/^whsec_/);
    await page.keyboard.press('Escape');
    const [made] = (await ui.server.client.listPricingServices()).filter(({ name }) => name === 'By the hour');
    expect(made).toMatchObject({ url: 'https://prices.example.com/hour', variables: ['lead.state'] });
    await page.goto(`${ui.server.url}/app/pricing-services?panel=${made?.id}`);
    await page.getByRole('button', { name: 'Change', exact: true }).click();
    await page.getByLabel('Name').fill('By the day');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('heading', { name: 'By the day' }).waitFor();
    expect(await page.evaluate('document.documentElement.outerHTML')).not.toContain(secret);
    await page.getByRole('button', { name: 'Delete…' }).click();
    await page.getByRole('button', { name: 'Delete pricing service' }).click();
    await page.getByText('By the day').first().waitFor({ state: 'detached' });
    expect((await ui.server.client.listPricingServices()).map(({ id }) => id)).not.toContain(made?.id);
    await opened.close();
  });

  it('show names as text, and nothing to change to who may not', async () => {
    const opened = await ui.openAs('analyst', '/app/pricing-services');
    const { page } = opened;
    await page.getByText(MARKUP).first().waitFor();
    expect(await page.getByRole('button', { name: 'Add a pricing service' }).count()).toBe(0);
    expectNoFaults(opened);
    await opened.close();
  });

  it('say that no mail server is set, and how the operator sets one', async () => {
    const opened = await ui.openAs('owner', '/app/settings/mail');
    await opened.page.getByRole('heading', { name: 'No mail server is set' }).waitFor();
    await checkPage(opened, { title: 'Mail · Settings' });
    await shoot(opened, 'settings-mail-none');
    await opened.close();
  });
});
