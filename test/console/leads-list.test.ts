import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { until } from '../harness/until.ts';
import { checkPage, expectNoFaults } from './harness/check-page.ts';
import { isChromiumInstalled } from './harness/chromium.ts';
import { type Filled, fillServer, LONG_NAME, MARKUP } from './harness/fill.ts';
import { SIZES } from './harness/open-page.ts';
import { shoot } from './harness/shoot.ts';
import { type StartedConsole, startConsole } from './harness/start-console.ts';

describe.skipIf(!isChromiumInstalled)('the list of leads', () => {
  let ui: StartedConsole;
  let filled: Filled;
  beforeAll(async () => {
    ui = await startConsole(async (server) => {
      filled = await fillServer(server);
    });
  });
  afterAll(() => ui?.stop());

  const untilRows = (page: Page) => page.locator('main tbody tr').nth(3).waitFor();
  const rowCount = (page: Page) => page.locator('main tbody tr').count();
  const choose = async (page: Page, filter: string, value: string) => {
    await page.getByRole('button', { name: new RegExp(`^${filter}(:|$)`) }).click();
    await page.getByRole('dialog').getByLabel(value).check();
    await page.keyboard.press('Escape');
  };
  const untilOnly = async (page: Page, outcome: string) => {
    await until(`only ${outcome}`, async () => {
      const words = await page.locator('main tbody td:nth-child(2)').allTextContents();
      return words.length > 0 && words.every((word) => word === outcome);
    });
  };

  it('shows leads with their totals, keeps what every page keeps, and fits twenty rows', async () => {
    const opened = await ui.openAs('owner', '/app/leads');
    const { page } = opened;
    await untilRows(page);
    await page.getByText('184 leads', { exact: true }).waitFor();
    for (const word of ['Success', 'Failure', 'Error'])
      expect(await page.getByRole('cell', { name: word, exact: true }).count(), word).toBeGreaterThan(0);
    await checkPage(opened, { title: 'Leads' });
    await shoot(opened, 'leads');
    expect(await countWholeRows(page)).toBeGreaterThanOrEqual(20);
    await page.getByRole('button', { name: 'Display' }).click();
    await page.getByRole('switch', { name: 'Compact rows' }).press(' ');
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await checkPage(opened, { title: 'Leads' });
    expect(await countWholeRows(page)).toBeGreaterThanOrEqual(26);
    await shoot(opened, 'leads-compact');
    await page.reload();
    await untilRows(page);
    expect(await countWholeRows(page), 'kept for the person').toBeGreaterThanOrEqual(26);
    await page.getByRole('button', { name: 'Display' }).click();
    await page.getByRole('dialog').getByLabel('Revision').check();
    await page.getByRole('columnheader', { name: 'Revision' }).waitFor();
    await opened.close();
  });

  it('has every filter in the address: a reload and a fresh session show the same, back undoes one at a time', async () => {
    const opened = await ui.openAs('owner', '/app/leads');
    const { page } = opened;
    await untilRows(page);
    await choose(page, 'Outcome', 'Failure');
    await untilOnly(page, 'Failure');
    await choose(page, 'Flow', 'Mortgage leads');
    await page.getByRole('button', { name: /^Last 7 days/ }).click();
    await page.getByRole('button', { name: 'Last 24 hours' }).click();
    await until('three filters', async () => new URL(page.url()).search.includes('range=24h'));
    await untilOnly(page, 'Failure');
    const { search } = new URL(page.url());
    const rowsOf = (shown: Page) =>
      shown
        .locator('main tbody a[data-lead]')
        .evaluateAll((links) => links.map((link) => link.getAttribute('data-lead')));
    const shown = await rowsOf(page);
    await page.reload();
    await untilRows(page);
    expect(await rowsOf(page)).toEqual(shown);
    const other = await ui.openAs('analyst', `/app/leads${search}`);
    await untilRows(other.page);
    expect(await rowsOf(other.page)).toEqual(shown);
    await other.close();
    const steps = [];
    for (let step = 0; step < 3; step += 1) {
      await page.goBack();
      steps.push([...new URL(page.url()).searchParams.keys()].sort().join(','));
    }
    expect(steps).toEqual(['flow_id,outcome', 'outcome', '']);
    expectNoFaults(opened);
    await opened.close();
  });

  it('counts values of a filter under the other filters', async () => {
    const opened = await ui.openAs('owner', '/app/leads');
    const { page } = opened;
    await untilRows(page);
    await page.getByRole('button', { name: /^Flow/ }).click();
    const panel = page.getByRole('dialog');
    await panel.getByText('Mortgage leads').waitFor();
    expect(await panel.getByRole('listitem').allTextContents()).toEqual([
      'Mortgage leads146',
      `${LONG_NAME}36`,
      expect.stringContaining('1'),
      expect.stringContaining('1'),
    ]);
    await checkPage(opened, { title: 'Leads' });
    await shoot(opened, 'leads-facet');
    await opened.close();
  });

  it('goes to the page after and back, by cursors', async () => {
    const opened = await ui.openAs('owner', '/app/leads');
    const { page } = opened;
    await untilRows(page);
    const first = () => page.locator('main tbody a').first().getAttribute('href');
    const begin = await first();
    const seen = new Set<string | null>();
    for (let at = 0; at < 3; at += 1) {
      seen.add(await first());
      const before = await first();
      await page.getByRole('button', { name: 'Next page' }).click();
      await until('the next page', async () => (await first()) !== before);
    }
    expect(await rowCount(page)).toBe(184 - 150);
    expect(await page.getByRole('button', { name: 'Next page' }).isDisabled()).toBe(true);
    for (let at = 0; at < 3; at += 1) {
      const before = await first();
      await page.getByRole('button', { name: 'Previous page' }).click();
      await until('the page before', async () => (await first()) !== before);
      expect(seen.has(await first())).toBe(true);
    }
    expect(await first()).toBe(begin);
    await page.getByRole('button', { name: 'Submitted' }).click();
    await until('the oldest first', async () => (await first()) !== begin);
    expect(await page.getByRole('columnheader', { name: 'Submitted' }).getAttribute('aria-sort')).toBe('ascending');
    await opened.close();
  });

  it('groups by reason, and shows the leads of a group', async () => {
    const opened = await ui.openAs('owner', '/app/leads');
    const { page } = opened;
    await untilRows(page);
    await page.getByRole('button', { name: 'By reason' }).click();
    const reason = page.getByRole('button', { name: /^State/ }).first();
    await reason.waitFor();
    await checkPage(opened, { title: 'Leads' });
    await shoot(opened, 'leads-reasons');
    const count = Number(await page.locator('main tbody tr', { has: reason }).locator('td').nth(1).textContent());
    await reason.click();
    await untilOnly(page, 'Failure');
    expect(new URL(page.url()).searchParams.get('reason_class')).not.toBeNull();
    await page.getByText(`${count} leads`, { exact: true }).waitFor();
    await opened.close();
  });

  it('shows time that is drawn over the chart, or typed', async () => {
    const opened = await ui.openAs('owner', '/app/leads');
    const { page } = opened;
    await untilRows(page);
    const chart = page.getByRole('img', { name: /^Leads by outcome/ });
    const box = (await chart.boundingBox()) ?? { x: 0, y: 0, width: 0, height: 0 };
    await page.mouse.move(box.x + box.width * 0.6, box.y + 20);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width - 2, box.y + 20, { steps: 4 });
    await page.mouse.up();
    await until('the time that was drawn', async () => new URL(page.url()).searchParams.has('start'));
    await untilRows(page);
    await page.getByRole('button', { name: / to / }).click();
    await page.getByLabel('From').fill('2026-01-01T08:00');
    await page.getByLabel('To (empty: now)').fill('2026-01-02T08:00');
    await checkPage(opened, { title: 'Leads' });
    await shoot(opened, 'leads-time');
    await page.getByRole('button', { name: 'Show this time' }).click();
    await page.getByText('No leads in this time').waitFor();
    // The account is in New York.
    expect(new URL(page.url()).searchParams.get('start')).toBe('2026-01-01T13:00:00.000Z');
    await shoot(opened, 'leads-empty');
    await page.getByRole('button', { name: 'Show numbers' }).click();
    await page.getByRole('table', { name: /^Leads by outcome/ }).waitFor();
    await checkPage(opened, { title: 'Leads' });
    await opened.close();
  });

  it('finds leads by an address, and keeps what was typed out of views', async () => {
    const opened = await ui.openAs('owner', '/app/leads?outcome=failure');
    const { page } = opened;
    await untilRows(page);
    await page.getByRole('searchbox', { name: 'Find leads' }).fill('fred@example.com');
    await page.getByText('3 leads found').first().waitFor();
    await page.getByText('time and filters count again once it is cleared').waitFor();
    await checkPage(opened, { title: 'Leads' });
    await shoot(opened, 'leads-search');
    await page.getByRole('button', { name: 'Export' }).click();
    await page.getByText('An export cannot be narrowed by search').waitFor();
    await page.getByRole('searchbox', { name: 'Find leads' }).fill('');
    await untilOnly(page, 'Failure');
    await opened.close();
  });

  it('says that nothing matches, and what the address has that is unknown', async () => {
    const opened = await ui.openAs('owner', `/app/leads?flow_id=${'0'.repeat(24)}&outcome=sold`);
    const { page } = opened;
    await page.getByText('No leads match').waitFor();
    await page.getByText('outcome=sold').waitFor();
    await checkPage(opened, { title: 'Leads' });
    await shoot(opened, 'leads-no-match');
    await page.getByRole('button', { name: 'Clear filters' }).last().click();
    await untilRows(page);
    await opened.close();
  });

  it('saves a view, shares it, changes it, and deletes it', async () => {
    const opened = await ui.openAs('owner', '/app/leads?outcome=error');
    const { page } = opened;
    await untilOnly(page, 'Error');
    await page.getByRole('button', { name: 'Views, Errors' }).click();
    await page.getByLabel('Save these filters as a view').fill(MARKUP);
    await page.getByLabel('Share with the account').check();
    await checkPage(opened, { title: 'Leads' });
    await shoot(opened, 'leads-views');
    await page.getByRole('button', { name: 'Save view' }).click();
    await page.getByRole('button', { name: `Views, ${MARKUP}` }).waitFor();
    const other = await ui.openAs('analyst', '/app/leads');
    await other.page.getByRole('button', { name: /^Views/ }).click();
    await other.page.getByRole('dialog').getByRole('button', { name: MARKUP, exact: true }).click();
    await until('the view', async () => new URL(other.page.url()).searchParams.get('outcome') === 'error');
    expect(await other.page.getByRole('button', { name: /^Delete/ }).count(), 'not theirs').toBe(0);
    await other.close();
    await choose(page, 'Outcome', 'Failure');
    await page.getByRole('button', { name: `Views, ${MARKUP} (changed)` }).click();
    await page.getByRole('button', { name: 'Save changes' }).click();
    await page.getByRole('button', { name: `Views, ${MARKUP}`, exact: true }).click();
    await page.getByRole('button', { name: `Delete ${MARKUP}` }).click();
    await page.getByRole('button', { name: `Delete ${MARKUP}` }).waitFor({ state: 'detached' });
    expect(await page.locator('img').count()).toBe(0);
    expectNoFaults(opened);
    await opened.close();
  });

  it('resubmits chosen leads as a job, and exports the list', async () => {
    const opened = await ui.openAs('owner', '/app/leads?outcome=failure');
    const { page } = opened;
    await untilOnly(page, 'Failure');
    await page
      .getByRole('checkbox', { name: /^Select lead / })
      .nth(0)
      .check();
    await page
      .getByRole('checkbox', { name: /^Select lead / })
      .nth(1)
      .check();
    await page.getByRole('button', { name: 'Resubmit 2 leads…' }).click();
    await page.getByRole('dialog', { name: 'Resubmit 2 leads' }).waitFor();
    await checkPage(opened, { title: 'Leads' });
    await shoot(opened, 'leads-resubmit');
    await page.getByRole('button', { name: 'Resubmit 2 leads', exact: true }).click();
    await page.getByText('A job sends 2 leads again').waitFor();
    await checkPage(opened, { title: 'Leads' });
    await page.getByRole('button', { name: 'Close the message' }).click();
    await page.getByRole('button', { name: 'Export' }).click();
    await page.getByText('The export has started').first().waitFor();
    const exports = await ui.server.client.listExports();
    expect(exports[0]).toMatchObject({ rows: 'leads', filters: { outcome: ['failure'] } });
    expectNoFaults(opened);
    await opened.close();
  });

  it('opens a lead with its neighbours, and gives the focus back', async () => {
    const opened = await ui.openAs('owner', '/app/leads?outcome=success');
    const { page } = opened;
    await untilOnly(page, 'Success');
    const ids = await page
      .locator('main a[data-lead]')
      .evaluateAll((links) => links.map((link) => link.getAttribute('data-lead')));
    await page.keyboard.press('j');
    await page.keyboard.press('j');
    await page.keyboard.press('Enter');
    await page.waitForURL(`**/app/leads/${ids[1]}`);
    await page.getByText('2 of 50 on its page').waitFor();
    await page.getByRole('tab', { name: 'Explain' }).waitFor();
    await page.keyboard.press('j');
    await page.waitForURL(`**/app/leads/${ids[2]}`);
    await page.getByText('3 of 50 on its page').waitFor();
    await shoot(opened, 'lead-from-list');
    await page.getByRole('link', { name: 'Back to the list' }).click();
    await untilOnly(page, 'Success');
    await until('the focus', async () => (await page.evaluate('document.activeElement.dataset.lead')) === ids[2]);
    expect(new URL(page.url()).searchParams.get('outcome')).toBe('success');
    expectNoFaults(opened);
    await opened.close();
  });

  it('shows markup as text, long names, and right-to-left names, at a phone, too', async () => {
    const opened = await ui.openAs('owner', '/app/leads', { viewport: SIZES.phone });
    const { page } = opened;
    await untilRows(page);
    await page.getByText(MARKUP).first().waitFor();
    expect(await page.getByRole('cell', { name: MARKUP }).count()).toBe(2);
    expect(await page.locator('img').count()).toBe(0);
    await checkPage(opened, { title: 'Leads' });
    await page.goto('/app/leads?reason_class=%22%3E%3Cimg%20src%3Dx%20onerror%3Dalert(1)%3E');
    await page.getByText('No leads match').waitFor();
    expect(await page.locator('img').count()).toBe(0);
    expectNoFaults(opened);
    await opened.close();
  });

  it('shows an error in its place, and the chart without the table and the other way round', async () => {
    const opened = await ui.openAs('owner', '/app/leads');
    const { page, context, faults } = opened;
    await context.route(/\/leads\?/, (route) =>
      route.fulfill({ status: 400, json: { error: 'No such page.', code: 'malformed_query' } }),
    );
    await page.reload();
    await page.getByText('The server did not understand the request').waitFor();
    await page.locator('[data-total]').waitFor();
    await checkPage(opened, { title: 'Leads' });
    await shoot(opened, 'leads-error');
    await context.unroute(/\/leads\?/);
    await page.getByRole('button', { name: 'Try again' }).click();
    await untilRows(page);
    await context.route(/\/events\/stats/, (route) =>
      route.fulfill({ status: 400, json: { error: 'Too much.', code: 'malformed_query' } }),
    );
    await page.reload();
    await page.getByText('The counts could not be read').waitFor();
    await untilRows(page);
    expect(faults).toEqual([]);
    await opened.close();
  });

  it('is not there for who may not see leads', async () => {
    const opened = await ui.openAs('vendor', '/app/leads');
    const { page } = opened;
    await page.getByText('You may not see leads').waitFor();
    expect(await page.getByRole('link', { name: 'Events' }).count()).toBe(0);
    await checkPage(opened, { title: 'Leads' });
    expect(await page.content()).not.toContain(filled.success);
    await opened.close();
  });
});

/** Rows of the table that are wholly in the window. */
function countWholeRows(page: Page): Promise<number> {
  return page.evaluate(
    `[...document.querySelectorAll('main tbody tr')].filter((row) => row.getBoundingClientRect().bottom <= window.innerHeight).length`,
  );
}
