import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Cap } from '../../src/model/cap.ts';
import { deliveryTo, flowOf, sourceNamed, when } from '../system/flows.ts';
import { checkPage, expectNoFaults } from './harness/check-page.ts';
import { isChromiumInstalled } from './harness/chromium.ts';
import { LONG_NAME } from './harness/fill.ts';
import { shoot } from './harness/shoot.ts';
import { type StartedConsole, startConsole } from './harness/start-console.ts';

/** Of a month, so that no test runs over its end but at the end of one. */
const MONTH = { type: 'volume', duration: 1, duration_units: 'month' } as const;

describe.skipIf(!isChromiumInstalled)('caps in the console', () => {
  let ui: StartedConsole;
  let empty: StartedConsole;
  let texas: string;

  beforeAll(async () => {
    empty = await startConsole();
    ui = await startConsole(async (server) => {
      const caps: Cap[] = [
        { ...MONTH, name: 'Texas', maximum: 4, rule_set: when('lead.state', 'is equal to', 'TX') },
        { ...MONTH, name: LONG_NAME, maximum: 100, time_zone: 'America/Chicago' },
        { ...MONTH, type: 'revenue', name: 'Budget', maximum: 50.5 },
      ];
      const flow = await server.deploy(
        flowOf([deliveryTo(server.recipient.url, { caps: [{ ...MONTH, maximum: 1_000 }] })], {
          ...{ name: 'Solar leads', caps, pricing: { prices: [{ amount: 2.25 }] } },
          ping_enabled: true,
          ping_limits: [{ name: 'Pings of a day', maximum: 1_000, duration: 1, duration_units: 'day' }],
          sources: [sourceNamed('Search ads', { caps: [{ ...MONTH, name: 'Ads', maximum: 0 }] })],
        }),
      );
      const open = await server.deploy(
        flowOf([deliveryTo(server.recipient.url, { caps: [{ ...MONTH, maximum: 1_000 }] })], {
          ...{ name: 'Roof leads', caps, pricing: { prices: [{ amount: 2.25 }] } },
        }),
      );
      for (let sent = 0; sent < 5; sent++) await server.submit(open, { email: `ann${sent}@example.com`, state: 'TX' });
      await server.submit(flow, { email: 'ann@example.com', state: 'TX' });
      texas = open.caps[0].id;
    });
  });
  afterAll(async () => {
    await ui.stop();
    await empty.stop();
  });

  it('are listed with the fullest first, also those that nobody asked yet', async () => {
    const opened = await ui.openAs('owner', '/app/caps');
    const { page } = opened;
    await page.getByText('10 of 10 caps and ping limits').waitFor();
    await page.getByRole('cell', { name: /Roof leads · Buyer/ }).waitFor();
    const rows = await page.getByRole('row').allTextContents();
    expect(rows.slice(1, 3).join()).toContain('Texas');
    expect(rows.find((row) => row.startsWith('Texas') && row.includes('Roof'))).toMatch(/Full4001/);
    expect(rows.find((row) => row.startsWith('Pings of a day'))).toMatch(/· pings.*Not used0–1,0000/);
    expect(rows.find((row) => row.startsWith('Budget') && row.includes('Roof'))).toContain('$9.00$0.00$41.50');
    await checkPage(opened, { title: 'Caps' });
    await shoot(opened, 'caps');
    await opened.close();
  });

  it('are filtered in the address', async () => {
    const opened = await ui.openAs('owner', '/app/caps');
    const { page } = opened;
    await page.getByLabel('Find').last().fill('texas');
    await page.getByText('2 of 10 caps').waitFor();
    await page.getByRole('combobox', { name: 'State' }).click();
    await page.getByRole('option', { name: 'Full', exact: true }).click();
    await page.getByText('1 of 10 caps').waitFor();
    expect(new URL(page.url()).search).toBe('?q=texas&state=full');
    await page.getByLabel('Find').last().fill('nothing of the kind');
    await page.getByRole('heading', { name: 'No caps match' }).waitFor();
    await checkPage(opened, { title: 'Caps' });
    await opened.close();
  });

  it('have a panel from which one takes more in this window alone', async () => {
    const opened = await ui.openAs('owner', '/app/caps?q=texas&state=full');
    const { page } = opened;
    await page.getByRole('link', { name: 'Texas' }).click();
    await page.getByText('None yet. A window without leads').waitFor();
    expect(new URL(page.url()).searchParams.get('cap')).toBe(texas);
    await checkPage(opened, { title: 'Caps' });
    await page.getByRole('button', { name: 'Change for this window only: Texas' }).click();
    // What is there is chosen, so that typing replaces it.
    await page.keyboard.type('2');
    await page.getByText('It is full at once').waitFor();
    await page.keyboard.press('Backspace');
    await page.keyboard.type('80');
    await page.getByText('76 more fit. It holds at once, without publishing').waitFor();
    await checkPage(opened, { title: 'Caps' });
    await shoot(opened, 'cap-raise');
    await page.getByRole('button', { name: 'Take 80 in this window' }).click();
    await page.getByText('of 80 in this window, then 4').waitFor();
    expect(await ui.server.client.readCap(texas)).toMatchObject({ count: 4, maximum: 80, deployed_maximum: 4 });
    await page.getByRole('button', { name: 'Change for this window only: Texas' }).click();
    await page.getByRole('button', { name: 'Back to 4' }).click();
    await page.locator('strong', { hasText: '4 used · full' }).waitFor();
    const href = await page.getByRole('link', { name: 'Edit it in the flow' }).getAttribute('href');
    expect(href).toMatch(/^\/app\/flows\/[0-9a-f]{24}\/edit\/caps$/);
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    expect(new URL(page.url()).search).toBe('?q=texas&state=full');
    expectNoFaults(opened);
    await opened.close();
  });

  it('are not raised by who may not deploy', async () => {
    const opened = await ui.openAs('analyst', `/app/caps?cap=${texas}`);
    await opened.page.getByRole('link', { name: 'Show it in the flow' }).waitFor();
    expect(await opened.page.getByRole('button', { name: /^Change for/ }).count()).toBe(0);
    await opened.close();
  });

  it('tell somebody before they are full', async () => {
    const opened = await ui.openAs('owner', '/app/caps/alerts');
    const { page } = opened;
    await page.getByText('Nobody is told yet').waitFor();
    await checkPage(opened, { title: 'Alerts · Caps' });
    await page.getByLabel('Webhook').fill('https://hooks.example.com/caps');
    await page.getByRole('button', { name: 'Save alerts' }).click();
    await page.getByText('Keep the secret now').waitFor();
    await checkPage(opened, { title: 'Alerts · Caps' });
    await page.getByRole('button', { name: 'I have kept it' }).click();
    await page.getByRole('button', { name: 'Send a test' }).waitFor();
    expect(await ui.server.client.readCapAlerts()).toMatchObject({
      ...{ url: 'https://hooks.example.com/caps', thresholds: [80, 100] },
    });
    await page.getByLabel('At percent of the maximum').first().fill('120');
    await page.keyboard.press('Enter');
    await page.getByText('"120" is no whole number from 1 to 100').waitFor();
    await checkPage(opened, { title: 'Alerts · Caps' });
    await shoot(opened, 'cap-alerts');
    await page.keyboard.press('Backspace');
    await page.getByRole('button', { name: 'Remove alerts' }).click();
    await page.getByText('Nobody is told yet').waitFor();
    await opened.close();
  });

  it('say what they are where there is none', async () => {
    const opened = await empty.openAs('owner', '/app/caps');
    await opened.page.getByRole('heading', { name: 'No caps yet' }).waitFor();
    await checkPage(opened, { title: 'Caps' });
    await opened.close();
    const vendor = await empty.openAs('vendor', '/app/caps');
    await vendor.page.getByRole('heading', { name: 'You may not see caps' }).waitFor();
    await vendor.close();
  });
});
