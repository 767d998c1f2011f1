import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { until } from '../harness/until.ts';
import { checkPage, expectNoFaults } from './harness/check-page.ts';
import { isChromiumInstalled } from './harness/chromium.ts';
import { type Filled, fillServer, MARKUP } from './harness/fill.ts';
import { shoot } from './harness/shoot.ts';
import { type StartedConsole, startConsole } from './harness/start-console.ts';

describe.skipIf(!isChromiumInstalled)('the list of events', () => {
  let ui: StartedConsole;
  let filled: Filled;
  beforeAll(async () => {
    ui = await startConsole(async (server) => {
      filled = await fillServer(server);
    });
  });
  afterAll(() => ui?.stop());

  const untilRows = (page: Page) => page.locator('main tbody tr').nth(3).waitFor();
  const textsOf = (page: Page, column: number) => page.locator(`main tbody td:nth-child(${column})`).allTextContents();

  it('shows what happened without a value of a lead, and keeps what every page keeps', async () => {
    const opened = await ui.openAs('owner', '/app/events');
    const { page } = opened;
    const answers: string[] = [];
    page.on('response', async (response) => {
      if (/\/events\?/.test(response.url())) answers.push(await response.text());
    });
    await page.reload();
    await untilRows(page);
    expect(new Set(await textsOf(page, 2))).toEqual(new Set(['Source', 'Recipient']));
    await checkPage(opened, { title: 'Events' });
    await shoot(opened, 'events');
    expect(answers.length).toBeGreaterThan(0);
    expect(answers.join('')).toContain('Mortgage leads');
    expect(answers.join('')).not.toContain('fred@example.com');
    await opened.close();
  });

  it('counts the same leads and deliveries as the API', async () => {
    const opened = await ui.openAs('owner', '/app/events?type=recipient');
    const { page } = opened;
    await untilRows(page);
    const [row] = await ui.server.client.readStatistics({
      column: 'recipient-submitted',
      by_lead: 'false',
      timeframe: 'this_8_days',
    });
    const total = Number(row?.['recipient-submitted']);
    expect(total).toBeGreaterThan(100);
    await page.locator(`[data-total="${total}"]`).waitFor();
    expect(new Set(await textsOf(page, 2))).toEqual(new Set(['Recipient']));
    await opened.close();
  });

  it('narrows by recipient and by reason, and groups by reason', async () => {
    const opened = await ui.openAs('owner', '/app/events');
    const { page } = opened;
    await untilRows(page);
    await page.getByRole('button', { name: /^Reason/ }).click();
    await page.getByRole('dialog').getByLabel('The lead is too old for this campaign of the buyer').check();
    await until('events with the reason', async () =>
      (await page.locator('main tbody tr').allTextContents()).every((text) => text.includes('too old')),
    );
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'By reason' }).click();
    await page.getByRole('columnheader', { name: 'Share' }).waitFor();
    await checkPage(opened, { title: 'Events' });
    await shoot(opened, 'events-reasons');
    await page
      .getByRole('link', { name: /^…[0-9a-f]{8}$/ })
      .first()
      .click();
    await until('the events of one lead', async () => new URL(page.url()).searchParams.has('q'));
    await untilOneLead(page);
    expectNoFaults(opened);
    await opened.close();
  });

  it('has the events of leads that a search finds, and of built-in views', async () => {
    const opened = await ui.openAs('owner', `/app/events?q=${filled.success}`);
    const { page } = opened;
    await untilOneLead(page);
    expect((await textsOf(page, 2)).toSorted()).toEqual(['Recipient', 'Source']);
    await page.getByRole('searchbox').fill('');
    await page.getByRole('button', { name: /^Views/ }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Sold', exact: true }).click();
    await until('sold', async () => (await textsOf(page, 2)).every((text) => text === 'Recipient'));
    expect(new URL(page.url()).search).toBe('?type=recipient&outcome=success&view_id=events-sold');
    await page.getByRole('button', { name: 'Views, Sold' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Returned' }).click();
    await page.getByText('No events match').waitFor();
    await checkPage(opened, { title: 'Events' });
    expectNoFaults(opened);
    await opened.close();
  });

  it('follows new events behind a button, pauses, and goes on where it was', async () => {
    const opened = await ui.openAs('owner', '/app/events');
    const { page } = opened;
    await untilRows(page);
    await page.getByRole('switch', { name: 'Live' }).press(' ');
    await page.getByText('New events show here as they come.').waitFor();
    const { body } = await ui.server.submit(filled.flow, { state: 'TX', email: 'live@example.com' });
    await page.getByRole('button', { name: /^Show \d+ new$/ }).waitFor();
    const link = page.locator(`main a[data-lead="${body.lead.id}"]`);
    expect(await link.count(), 'rows do not move by themselves').toBe(0);
    await checkPage(opened, { title: 'Events' });
    await shoot(opened, 'events-live');
    await page.getByRole('button', { name: /^Show \d+ new$/ }).click();
    await link.first().waitFor();
    expect(await page.locator('main tbody tr[data-mark="new"]').count()).toBeGreaterThan(0);
    await page.getByRole('button', { name: 'Pause' }).click();
    await page.getByText('Paused.').waitFor();
    const later = await ui.server.submit(filled.flow, { state: 'TX', email: 'later@example.com' });
    await page.getByRole('button', { name: 'Go on' }).click();
    await page.getByRole('button', { name: /^Show \d+ new$/ }).click();
    await page.locator(`main a[data-lead="${later.body.lead.id}"]`).first().waitFor();
    expect(await page.content()).not.toContain('live@example.com');
    expect(new URL(page.url()).searchParams.get('live')).toBe('1');
    expectNoFaults(opened);
    await opened.close();
  });

  it('exports with the same filters, and says which it cannot keep', async () => {
    const opened = await ui.openAs('owner', '/app/events?type=recipient&outcome=failure');
    const { page } = opened;
    await untilRows(page);
    await page.getByRole('button', { name: 'Export' }).click();
    await page.getByText('The export has started, with').waitFor();
    const [made] = await ui.server.client.listExports();
    expect(made).toMatchObject({ rows: 'events', filters: { type: ['recipient'], outcome: ['failure'] } });
    await page.goto('/app/events?reason_class=duplicate');
    await page.getByRole('button', { name: 'Export' }).click();
    await page.getByText('An export cannot be narrowed by reason').waitFor();
    expectNoFaults(opened);
    await opened.close();
  });

  it('keeps filters over a reload, and back undoes one', async () => {
    const opened = await ui.openAs('analyst', '/app/events');
    const { page } = opened;
    await untilRows(page);
    for (const [filter, value] of [
      ['Type', 'Recipient'],
      ['Outcome', 'Failure'],
    ] as const) {
      await page.getByRole('button', { name: new RegExp(`^${filter}`) }).click();
      await page.getByRole('dialog').getByLabel(value).check();
      await page.keyboard.press('Escape');
    }
    await until('both', async () => new URL(page.url()).search === '?type=recipient&outcome=failure');
    await page.reload();
    await untilRows(page);
    expect(new Set(await textsOf(page, 3))).toEqual(new Set(['Failure']));
    await page.goBack();
    await until('one', async () => new URL(page.url()).search === '?type=recipient');
    await opened.close();
  });

  it('shows markup as text, and what a vendor may not see not at all', async () => {
    const opened = await ui.openAs('owner', '/app/events');
    const { page } = opened;
    await page.getByText(MARKUP).first().waitFor();
    expect(await page.locator('img').count()).toBe(0);
    await opened.close();
    const vendor = await ui.openAs('vendor', '/app/events');
    await vendor.page.getByText('You may not see events').waitFor();
    await checkPage(vendor, { title: 'Events' });
    await vendor.close();
  });

  async function untilOneLead(page: Page): Promise<void> {
    await until('one lead', async () => {
      const ids = await page
        .locator('main a[data-lead]')
        .evaluateAll((links) => links.map((link) => link.getAttribute('data-lead')));
      return ids.length > 0 && new Set(ids).size === 1;
    });
  }
});
