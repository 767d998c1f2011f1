import type { CDPSession, Page } from 'playwright-core';
import type { OpenedPage } from '../harness/open-page.ts';
import { waitUntilFilled } from './screens.ts';
import type { Demo } from './start-demo.ts';

/** Something a person presses on the way through the console, and what the page does until the next frame. */
interface Interaction {
  name: string;
  /** Where it begins; absent: where the one before ended. */
  path?(demo: Demo): string;
  act(page: Page): Promise<unknown>;
}

const press = (key: string) => (page: Page) => page.keyboard.press(key);
const click = (role: 'button' | 'link' | 'tab' | 'checkbox', name: string | RegExp) => (page: Page) =>
  page.getByRole(role, { name }).first().click();
const type = (text: string) => (page: Page) => page.keyboard.type(text, { delay: 80 });

/** In the order of a morning: from Home to a lead, a search, an editor, a report and a library. */
export const INTERACTIONS: readonly Interaction[] = [
  { name: 'from Home to the leads', path: () => '/app/', act: click('link', 'Leads') },
  { name: 'open a filter', act: click('button', /^Outcome/) },
  { name: 'choose its value', act: (page) => page.getByRole('dialog').getByLabel('Failure').click() },
  { name: 'close it', act: press('Escape') },
  { name: 'choose a row', act: click('checkbox', /^Select lead/) },
  { name: 'choose all rows', act: click('checkbox', /^Select all/) },
  { name: 'to the next page', act: click('button', 'Next page') },
  { name: 'to the next row', act: press('j') },
  { name: 'type in the search', act: (page) => page.getByRole('searchbox').pressSequentially('ann', { delay: 80 }) },
  {
    ...{ name: 'open a lead', path: () => '/app/leads?range=30d' },
    act: (page) => page.locator('main a[data-lead]').first().click(),
  },
  ...['Timeline', 'Data', 'Raw', 'Feedback'].map((tab) => ({ name: `its tab ${tab}`, act: click('tab', tab) })),
  { name: 'open the palette', path: () => '/app/', act: press('Control+k') },
  { name: 'type in the palette', act: type('flow') },
  { name: 'close the palette', act: press('Escape') },
  {
    ...{ name: 'to the steps of a draft', path: ({ flowId }) => `/app/flows/${flowId}/edit/settings` },
    act: (page) =>
      page.getByRole('navigation', { name: 'Parts of the flow' }).getByRole('link', { name: /Steps/ }).click(),
  },
  {
    name: 'to its sources',
    act: (page) =>
      page
        .getByRole('navigation', { name: 'Parts of the flow' })
        .getByRole('link', { name: /Sources/ })
        .click(),
  },
  {
    ...{ name: 'sort a report', path: () => '/app/reports/stats-by-source?range=this_30_days' },
    act: (page) => page.locator('main th button').first().click(),
  },
  {
    ...{ name: 'find a field', path: () => '/app/fields' },
    act: (page) => page.getByLabel('Find').last().pressSequentially('pho', { delay: 80 }),
  },
];

export interface Interacted {
  name: string;
  /** Of the slowest key or click: to the frame after it. 0: below 16 ms. */
  ms: number;
  /** That the thread of the page took for all of it, with what was read. */
  cpuMs: number;
}

/** What is asked and drawn later has ended by then. */
const SETTLED_MS = 700;

/** Each of `INTERACTIONS` once, after all of them once to compile and to fill caches. */
export async function measureInteractions({ page, context }: OpenedPage, demo: Demo): Promise<Interacted[]> {
  const session = await context.newCDPSession(page);
  await session.send('Performance.enable', { timeDomain: 'threadTicks' });
  await page.addInitScript(`globalThis.keys = []; new PerformanceObserver((list) => {
    for (const { interactionId, duration } of list.getEntries()) if (interactionId) keys.push(duration);
  }).observe({ type: 'event', durationThreshold: 16 });`);
  await interact(page, { demo, session });
  return interact(page, { demo, session });
}

async function interact(page: Page, { demo, session }: { demo: Demo; session: CDPSession }): Promise<Interacted[]> {
  const seen: Interacted[] = [];
  for (const { name, path, act } of INTERACTIONS) {
    if (path) {
      await page.goto(path(demo));
      await page.locator('h1:visible').waitFor();
      await waitUntilFilled(page);
    }
    await page.evaluate('keys.splice(0)');
    const before = await readTaskMs(session);
    await act(page);
    await page.waitForTimeout(SETTLED_MS);
    const durations = await page.evaluate<number[]>('keys.splice(0)');
    seen.push({ name, ms: Math.max(0, ...durations), cpuMs: (await readTaskMs(session)) - before });
  }
  return seen;
}

async function readTaskMs(session: CDPSession): Promise<number> {
  const { metrics } = await session.send('Performance.getMetrics');
  return (metrics.find(({ name }) => name === 'TaskDuration')?.value ?? 0) * 1_000;
}
