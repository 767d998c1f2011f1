import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ComposedServer } from '../harness/server.ts';
import { until } from '../harness/until.ts';
import { deliveryTo, flowOf } from '../system/flows.ts';
import { checkPage, expectNoFaults } from './harness/check-page.ts';
import { isChromiumInstalled } from './harness/chromium.ts';
import { type Filled, fillServer, LONG_NAME } from './harness/fill.ts';
import { type OpenedPage, SIZES } from './harness/open-page.ts';
import { shoot } from './harness/shoot.ts';
import { addPerson, signIn } from './harness/sign-in.ts';
import { type StartedConsole, startConsole } from './harness/start-console.ts';

const WEEK_MS = 7 * 86_400_000;
const CAP = '5fd0c0de00000000000000c9';

/** More caps that are full than have room beside the numbers. */
const STATES = ['Texas', 'Ohio', 'Nevada', 'Utah', 'Iowa'];

/** What is filled everywhere, with a cap that is full and a key that ends soon and is in use. */
async function fill(server: ComposedServer): Promise<Filled> {
  const filled = await fillServer(server);
  const capped = await server.deploy(
    flowOf([deliveryTo(server.recipient.url, {}, { price_path: 'price' })], {
      name: 'Capped leads',
      caps: [{ id: CAP, name: LONG_NAME, type: 'volume', maximum: 2, duration: 1, duration_units: 'day' }],
    }),
  );
  for (const email of ['one', 'two', 'three']) await server.submit(capped, { email: `${email}@example.com` });
  const small = { type: 'volume', maximum: 1, duration: 1, duration_units: 'day' } as const;
  const caps = STATES.map((state) => ({ ...small, name: `Leads of ${state}` }));
  await server.submit(await server.deploy(flowOf([], { name: 'Small leads', caps })), { email: 'four@example.com' });
  const { key } = await server.client.createApiKey({
    ...{ name: 'Nightly export', role: 'analyst' },
    expires_at: new Date(Date.now() + WEEK_MS).toISOString(),
  });
  const used = await fetch(`${server.url}/flows`, { headers: { Authorization: `Basic ${btoa(`api:${key}`)}` } });
  expect(used.status).toBe(200);
  await until('all is counted', async () => (await server.client.listProblems()).total >= 1);
  return filled;
}

describe.skipIf(!isChromiumInstalled)('home', () => {
  let ui: StartedConsole;
  let owner: OpenedPage;
  beforeAll(async () => {
    ui = await startConsole(fill);
    owner = await ui.openAs('owner');
  });
  afterAll(async () => {
    await owner?.close();
    await ui?.stop();
  });

  const go = async (path: string) => {
    await owner.page.goto(`/app${path}`);
    await owner.page.getByRole('table', { name: 'Latest leads' }).waitFor();
    await owner.page.getByRole('heading', { name: 'Needs attention' }).waitFor();
    return owner.page;
  };
  const attention = () => owner.page.getByRole('region', { name: 'Needs attention' });

  it('says what needs somebody, each with a link to its place', async () => {
    const page = await go('/');
    await attention()
      .getByRole('link', { name: `${LONG_NAME} is full until` })
      .waitFor();
    await attention()
      .getByRole('button', { name: /^Show all/ })
      .click();
    const text = (await attention().textContent()) ?? '';
    for (const expected of [/Problem.*fail/, /Of Capped leads; it refused 1 so far/, /API key Nightly export ends in/])
      expect(text).toMatch(expected);
    await checkPage(owner, { title: 'Home' });
    await shoot(owner, 'home-attention');
    await attention()
      .getByRole('link', { name: /end in errors$/ })
      .click();
    await page.getByRole('heading', { level: 1, name: /end in errors$/ }).waitFor();
  });

  it('shows whole items of what needs somebody, as many as have room, and all of them when asked', async () => {
    const page = await go('/');
    const seen = () => page.evaluate<{ whole: number; cut: number; all: number }>(COUNT_ITEMS);
    for (const viewport of Object.values(SIZES)) {
      await page.setViewportSize(viewport);
      await until('the items are laid out', async () => (await seen()).whole > 0 && (await seen()).cut === 0);
      const { whole } = await seen();
      const shows = (await attention().getByRole('button').textContent()) ?? '';
      expect(whole).toBeLessThan(Number(/^Show all (\d+)$/.exec(shows)?.[1]));
    }
    await attention()
      .getByRole('button', { name: /^Show all \d+$/ })
      .click();
    await until('all are there', async () => (await seen()).whole === (await seen()).all);
    await page.setViewportSize(SIZES.desktop);
    expectNoFaults(owner);
  });
  const COUNT_ITEMS = `(() => {
    const list = document.querySelector('[data-whole]');
    if (list === null) return { whole: 0, cut: 0, all: 0 };
    const box = list.getBoundingClientRect();
    const shown = [...list.children].filter((each) => each.checkVisibility({ visibilityProperty: true }));
    const isWhole = (each) => each.getBoundingClientRect().bottom <= box.bottom + 1;
    return { whole: shown.filter(isWhole).length, cut: shown.filter((each) => !isWhole(each)).length, all: list.children.length };
  })()`;

  it('has numbers of today that are links to the same leads', async () => {
    const page = await go('/');
    const [stats] = await ui.server.client.readStatistics({ column: ['source-submitted', 'source-success'] });
    await until('the tile has them', async () => {
      const shown = await page.locator('[data-tile=submitted]').textContent();
      return shown === String(stats?.['source-submitted']);
    });
    await page.locator('[data-tile=accepted] a').click();
    await page.getByRole('heading', { level: 1, name: 'Leads' }).waitFor();
    expect(new URL(page.url()).searchParams.get('outcome')).toBe('success');
    await page.locator(`[data-total="${stats?.['source-success']}"]`).waitFor();
    expectNoFaults(owner);
  });

  it('keeps the time in the address, and back undoes it', async () => {
    const page = await go('/');
    await page.getByRole('button', { name: 'Time: Today' }).click();
    await page.getByRole('button', { name: 'Last 7 days' }).click();
    await page.getByRole('heading', { name: 'Leads by outcome and day' }).waitFor();
    expect(new URL(page.url()).search).toBe('?range=this_7_days');
    await checkPage(owner, { title: 'Home' });
    await page.goBack();
    await page.getByRole('heading', { name: 'Leads by outcome and hour' }).waitFor();
    await go('/?range=nonsense&x=1');
    await page.getByRole('heading', { name: 'Leads by outcome and hour' }).waitFor();
    expectNoFaults(owner);
  });

  it('opens the leads behind a reason, and those of the caps', async () => {
    const page = await go('/');
    const reasons = page.getByRole('table', { name: /^Leads that were not accepted/ });
    await reasons.getByRole('link', { name: 'State OH is not bought' }).click();
    await page.getByRole('heading', { level: 1, name: 'Leads' }).waitFor();
    expect(new URL(page.url()).searchParams.get('reason_class')).toBe('State OH is not bought');
    await go('/');
    await page.getByRole('region', { name: 'Fullest caps' }).getByText('2 of 2 leads').waitFor();
  });

  it('says the same as the chart in a table', async () => {
    const page = await go('/');
    await page.getByRole('button', { name: 'Show numbers' }).click();
    await page.getByRole('table', { name: 'Leads by outcome, each bar one hour' }).waitFor();
    await checkPage(owner, { title: 'Home' });
  });

  it('keeps what can be read when a part of it cannot', async () => {
    const opened = await ui.open();
    const { page, context } = opened;
    await context.route(/\/(caps|events\/stats)\b/, (route) =>
      route.fulfill({ status: 400, json: { error: 'Not now.', code: 'invalid_query' } }),
    );
    await signIn(page, await addPerson(ui.server, 'editor', 'part@example.com'));
    await page.getByRole('table', { name: 'Latest leads' }).waitFor();
    await page.getByText('Not now.').nth(3).waitFor();
    await checkPage(opened, { title: 'Home' });
    await shoot(opened, 'home-partial');
    await context.unroute(/\/(caps|events\/stats)\b/);
    for (const title of ['Fullest caps', 'Today', 'Leads by outcome and hour'])
      await page.getByRole('region', { name: title }).getByRole('button', { name: 'Try again' }).click();
    await page.getByText('2 of 2 leads').waitFor();
    await page.locator('[data-tile=submitted]').waitFor();
    expectNoFaults(opened);
    await opened.close();
  });
});

describe.skipIf(!isChromiumInstalled)('home of a server without leads', () => {
  it('shows how the first one is sent', async () => {
    const ui = await startConsole();
    try {
      const opened = await ui.openAs('owner');
      await opened.page.getByRole('link', { name: 'Send the first lead' }).waitFor();
      expect(await opened.page.getByText('Needs attention').count()).toBe(0);
      await checkPage(opened, { title: 'Home' });
      await shoot(opened, 'home-empty');
    } finally {
      await ui.stop();
    }
  });
});
