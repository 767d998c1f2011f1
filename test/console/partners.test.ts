import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ComposedServer, SubmitTarget } from '../harness/server.ts';
import { until } from '../harness/until.ts';
import { deliveryTo, flowOf, sourceNamed } from '../system/flows.ts';
import { checkPage, expectNoFaults } from './harness/check-page.ts';
import { isChromiumInstalled } from './harness/chromium.ts';
import { LONG_NAME, MARKUP } from './harness/fill.ts';
import type { OpenedPage } from './harness/open-page.ts';
import { shoot } from './harness/shoot.ts';
import { type StartedConsole, startConsole } from './harness/start-console.ts';

/** By vendor: leads that are sold for 12.50 each, and how many of them come back. */
const VENDORS = {
  [LONG_NAME]: { sold: 5, returned: 0 },
  'Partner site': { sold: 3, returned: 0 },
  'מקור הלידים הראשי': { sold: 4, returned: 3 },
} as const;
/** Half of twenty requests that fail in a minute open a circuit. */
const FAILING = 24;
const SALE = { pricing: { override: true, prices: [] }, feedback: { returns: { enabled: true } } };

interface Partners {
  flow: SubmitTarget;
  brokenId: string;
}

async function fill(server: ComposedServer): Promise<Partners> {
  server.recipient.answerWith(({ path }) =>
    path.includes('broken') ? { status: 500, body: 'down' } : { body: { outcome: 'success', price: 12.5 } },
  );
  const sells = deliveryTo(server.recipient.url, { entity: { name: MARKUP }, ...SALE }, { price_path: 'price' });
  const flow = await server.deploy(
    flowOf([sells], { name: 'Solar leads', sources: Object.keys(VENDORS).map((name) => sourceNamed(name)) }),
  );
  const broken = await server.deploy(
    flowOf([deliveryTo(`${server.recipient.url}broken`, { entity: { name: 'Broken CRM' } })], { name: 'Roof leads' }),
  );
  let people = 0;
  for (const [place, { sold, returned }] of Object.values(VENDORS).entries())
    for (let each = 0; each < sold; each += 1) {
      people += 1;
      const source = flow.sources[place] ?? flow.sources[0];
      const { body } = await server.submit(
        { ...flow, sources: source === undefined ? [] : [source] },
        { email: `person${people}@example.com` },
      );
      if (each < returned) await sendBack(server, body.lead.id);
    }
  for (let each = 0; each < FAILING; each += 1) await server.submit(broken, { email: `broken${each}@example.com` });
  await until('returns are counted', async () => {
    const [total] = await server.client.readStatistics({ column: ['return-received-success'] });
    return total?.['return-received-success'] === 3;
  });
  const [health] = await server.client.listRecipientHealth();
  return { flow, brokenId: health?.recipient_id ?? '' };
}

async function sendBack(server: ComposedServer, leadId: string): Promise<void> {
  const events = await server.client.listEvents({ lead_id: [leadId], type: ['recipient'] });
  const body = new URLSearchParams({ type: 'return' });
  const answer = await fetch(`${server.url}/feedback?event_id=${events[0]?.id}`, { method: 'POST', body });
  expect(answer.status).toBeLessThan(300);
}

describe.skipIf(!isChromiumInstalled)('recipients and sources', () => {
  let ui: StartedConsole;
  let owner: OpenedPage;
  let made: Partners;
  beforeAll(async () => {
    ui = await startConsole(async (server) => {
      made = await fill(server);
    });
    owner = await ui.openAs('owner');
  });
  afterAll(async () => {
    await owner?.close();
    await ui?.stop();
  });

  const go = async (path: string, title: string) => {
    await owner.page.goto(`/app${path}`);
    await owner.page.getByRole('heading', { level: 1, name: title }).waitFor();
    return owner.page;
  };

  it('tell which vendor earned least after returns', async () => {
    const page = await go('/', 'Home');
    await page.getByRole('link', { name: 'Partners' }).click();
    await page.getByRole('link', { name: 'Sources', exact: true }).click();
    await page.getByRole('button', { name: 'Time: Last 7 days' }).click();
    await page.getByRole('button', { name: 'Today' }).click();
    const head = page.getByRole('columnheader', { name: 'Profit, USD' }).getByRole('button');
    await head.click();
    await page.locator('th[aria-sort=descending]', { hasText: 'Profit' }).waitFor();
    await head.click();
    await page.locator('th[aria-sort=ascending]', { hasText: 'Profit' }).waitFor();
    const rows = page.getByRole('table', { name: 'Sources' }).locator('tbody tr');
    // The source of the recipient that fails sold nothing: it earned 0.
    await until('the least is first', async () => (await rows.nth(1).textContent())?.includes('מקור') === true);
    expect(await rows.nth(1).textContent()).toMatch(/4100 %075\.0 %.*12\.50/);
    expect(await rows.nth(2).textContent()).toMatch(/Partner site.*37\.50/);
    expect(new URL(page.url()).search).toBe('?range=today&sort=profit&dir=asc');
    await checkPage(owner, { title: 'Sources' });
    await shoot(owner, 'sources');
    await page.reload();
    await page.locator('th[aria-sort=ascending]', { hasText: 'Profit' }).waitFor();
    await page.goBack();
    await page.locator('th[aria-sort=descending]', { hasText: 'Profit' }).waitFor();
    expectNoFaults(owner);
  });

  it('show how recipients are, with one that is stopped until somebody lets it send again', async () => {
    const page = await go('/recipients?range=today', 'Recipients');
    const row = page.getByRole('row', { name: /Broken CRM/ });
    await row.getByText('Stopped').waitFor();
    expect(await row.textContent()).toMatch(/24.*0 %/);
    expect(await page.getByRole('row', { name: /onerror/ }).textContent()).toMatch(/12.*100 %.*112\.50/);
    await checkPage(owner, { title: 'Recipients' });
    await shoot(owner, 'recipients');
    await row.getByRole('link', { name: 'Broken CRM' }).click();
    await page.getByRole('heading', { level: 1, name: 'Broken CRM' }).waitFor();
    await page
      .getByRole('table', { name: 'What fails' })
      .getByText(/500|circuit/i)
      .first()
      .waitFor();
    await page.getByRole('table', { name: 'Flows that use it' }).getByText('Roof leads').waitFor();
    await checkPage(owner, { title: 'Broken CRM · Recipients' });
    await shoot(owner, 'recipient');
    await page.getByRole('button', { name: 'Send again' }).click();
    await page.getByRole('button', { name: 'Send again' }).waitFor({ state: 'detached' });
    expectNoFaults(owner);
  });

  it('lead from a source to its leads and to its posting page', async () => {
    const sourceId = made.flow.sources[1]?.entity.id ?? '';
    const page = await go(`/sources/${sourceId}?range=today`, 'Partner site');
    await page.locator('[data-tile=submitted]', { hasText: '3' }).waitFor();
    await checkPage(owner, { title: 'Partner site · Sources' });
    await shoot(owner, 'source');
    await page.getByRole('link', { name: 'Show links to the posting page in Solar leads' }).click();
    await page.getByText('No link yet').waitFor();
    expect(new URL(page.url()).search).toBe(`?source=${sourceId}`);
  });

  it('are added where they are looked for, by who may change flows', async () => {
    const page = await go('/recipients', 'Recipients');
    const adds = page.getByRole('button', { name: 'Add a recipient' });
    await adds.click();
    expect(new URL(page.url()).search).toBe('?panel=new');
    const form = page.getByRole('form', { name: 'Add a recipient' });
    await form.getByRole('combobox', { name: 'As a recipient' }).waitFor();
    await checkPage(owner, { title: 'Recipients' });
    await shoot(owner, 'recipient-new');
    await form.getByRole('button', { name: 'Add recipient' }).click();
    await form.getByText(/name/i).last().waitFor();
    await page.keyboard.press('Escape');
    await form.waitFor({ state: 'detached' });
    await until('focus is back', () => adds.evaluate((element) => element === element.ownerDocument.activeElement));
    await adds.click();
    await form.getByLabel('Name').fill('Green Roofs');
    await form.getByRole('button', { name: 'Add recipient' }).click();
    await page.getByRole('heading', { level: 1, name: 'Green Roofs' }).waitFor();
    const made = (await ui.server.client.listEntities()).find(({ name }) => name === 'Green Roofs');
    expect([made?.recipient, made?.source]).toEqual(['buyer', null]);
    await page.getByText('No flow names it').waitFor();
    await checkPage(owner, { title: 'Green Roofs · Recipients' });
    await page.goto('/app/sources?panel=new');
    const source = page.getByRole('form', { name: 'Add a source' });
    await source.getByLabel('Name').fill('Spring fair');
    await source.getByRole('button', { name: 'Add source' }).click();
    await page.getByRole('heading', { level: 1, name: 'Spring fair' }).waitFor();
    await page.getByRole('link', { name: 'Sources', exact: true }).first().click();
    await page.getByRole('link', { name: 'Spring fair' }).waitFor();
    expectNoFaults(owner);
    const analyst = await ui.openAs('analyst', '/app/recipients?panel=new');
    await analyst.page.getByRole('heading', { level: 1, name: 'Recipients' }).waitFor();
    await analyst.page.getByRole('link', { name: 'Broken CRM' }).waitFor();
    expect(await analyst.page.getByRole('button', { name: 'Add a recipient' }).count()).toBe(0);
    expect(await analyst.page.getByRole('form').count()).toBe(0);
    await analyst.close();
  });

  it('say what there is not, and who may see it', async () => {
    const page = await go('/recipients/5fd0c0de00000000000000ff', '5fd0c0de00000000000000ff');
    await page.getByText('No flow of the account names this id').waitFor();
    await checkPage(owner, { title: '5fd0c0de00000000000000ff · Recipients' });
    const vendor = await ui.openAs('vendor', '/app/recipients');
    await vendor.page.getByText('You may not see recipients').waitFor();
    await checkPage(vendor, { title: 'Recipients' });
    await vendor.close();
  });

  it('show markup in names as text, and what failed in its place', async () => {
    const page = await go('/recipients?range=today', 'Recipients');
    await page.getByRole('link', { name: MARKUP }).waitFor();
    expect(await page.locator('main img').count()).toBe(0);
    await owner.context.route(/\/events\/stats/, (route) =>
      route.fulfill({ status: 400, json: { error: 'Not now.', code: 'invalid_query' } }),
    );
    await page.reload();
    await page.getByText('Not now.').first().waitFor();
    await owner.context.unroute(/\/events\/stats/);
    await page.getByRole('button', { name: 'Try again' }).first().click();
    await page.getByRole('link', { name: MARKUP }).waitFor();
    expectNoFaults(owner);
  });
});

describe.skipIf(!isChromiumInstalled)('recipients of a server without flows', () => {
  it('say where they come from', async () => {
    const ui = await startConsole();
    try {
      const opened = await ui.openAs('owner', '/app/recipients');
      await opened.page.getByRole('heading', { name: 'No recipients yet' }).waitFor();
      await checkPage(opened, { title: 'Recipients' });
    } finally {
      await ui.stop();
    }
  });
});
