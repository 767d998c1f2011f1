import type { Page } from 'playwright-core';
import { median, percentile } from '../../../bench/statistics.ts';
import type { OpenedPage } from '../harness/open-page.ts';
import { SCREENS } from './screens.ts';
import type { Demo } from './start-demo.ts';

/** Something a person waits for, from the key or the click to the frame that shows what came of it. */
export interface Measure {
  name: string;
  /** p95 in ms on a machine that does nothing else. */
  promised: number;
  /** Its median in medians of `PLAIN`, which every machine can keep. */
  ratioMax: number;
  /** The page it begins on. */
  path(demo: Demo): string;
  ready(page: Page): Promise<unknown>;
  /** JavaScript: what the person does. */
  act(demo: Demo): string;
  /** JavaScript that is true once the page shows it. */
  shows(demo: Demo): string;
}

/** Of each: the p95 of a dozen is the slowest one, so times are judged of more. */
export const ROUNDS = { ofRatios: 12, ofTimes: 40 };
/** The first rounds compile code and fill caches. */
const WARM_ROUNDS = 3;
const WAIT_MS_MAX = 20_000;

const home = SCREENS.find(({ name }) => name === 'home');
const shownRows = `document.querySelectorAll('main tbody tr').length`;
/** What a link of the page does, without its being there: the router takes the address from history. */
const goTo = (path: string) =>
  `history.pushState({}, '', ${JSON.stringify(path)}); dispatchEvent(new PopStateEvent('popstate'))`;

export const MEASURES: readonly Measure[] = [
  {
    name: 'open a lead',
    promised: 200,
    ratioMax: 10,
    path: () => '/app/',
    ready: (page) => home?.ready(page) ?? Promise.resolve(),
    act: ({ leads }) => goTo(`/app/leads/${leads.success}`),
    shows: () => `document.querySelector('[role=tab]') !== null`,
  },
  {
    name: 'change the time of Home',
    promised: 300,
    ratioMax: 10,
    path: () => '/app/',
    ready: (page) => home?.ready(page) ?? Promise.resolve(),
    act: () => goTo('/app/?range=this_30_days'),
    shows: () =>
      `document.querySelector('[data-tile]')?.closest('section')?.textContent.startsWith('Last 30 days') && document.querySelector('main [aria-busy=true]') === null`,
  },
  {
    name: 'change a filter of the list of leads',
    promised: 300,
    ratioMax: 10,
    path: () => '/app/leads?range=30d&outcome=success',
    ready: (page) => page.locator('main tbody tr').nth(20).waitFor(),
    act: () => goTo('/app/leads?range=30d&outcome=failure'),
    shows: () => `${shownRows} > 20 && !document.querySelector('main tbody').textContent.includes('Success')`,
  },
  {
    name: 'change a filter of the list of events',
    promised: 300,
    ratioMax: 10,
    path: () => '/app/events?outcome=success',
    ready: (page) => page.locator('main tbody tr').nth(20).waitFor(),
    act: () => goTo('/app/events?outcome=failure'),
    shows: () => `${shownRows} > 20 && !document.querySelector('main tbody').textContent.includes('Success')`,
  },
  {
    name: 'open the palette',
    promised: 50,
    ratioMax: 4,
    path: () => '/app/',
    // Its code comes after all that Home asks for: pressed in the first moments, it opens when that is there.
    ready: async (page) => {
      await home?.ready(page);
      await page.waitForLoadState('networkidle');
    },
    act: () =>
      `document.documentElement.dispatchEvent(new KeyboardEvent('keydown', { key: 'k', code: 'KeyK', ctrlKey: true, bubbles: true }))`,
    shows: () => `document.querySelector('[role=dialog] input')?.checkVisibility({ opacityProperty: true }) === true`,
  },
];

export interface Measured extends Pick<Measure, 'name' | 'promised' | 'ratioMax'> {
  median: number;
  p95: number;
  /** Medians of `PLAIN`. */
  ratio: number;
}

/** A request that reads nothing, and a table of a hundred rows without any library: what this machine takes at least. */
const PLAIN = {
  act: `fetch('/livez').then(() => {
    const table = document.createElement('table');
    table.id = 'plain';
    table.innerHTML = Array.from({ length: 100 }, (_, row) => '<tr>' + '<td>cell ' + row + '</td>'.repeat(8) + '</tr>').join('');
    document.body.append(table);
  })`,
  shows: `document.getElementById('plain') !== null`,
};

/** Each of `MEASURES`, so many times, beside a plain page of the same round. */
export async function measureAll(page: Page, demo: Demo, rounds: number): Promise<Measured[]> {
  const measured: Measured[] = [];
  for (const measure of MEASURES) {
    const times: number[] = [];
    const plain: number[] = [];
    for (let round = -WARM_ROUNDS; round < rounds; round += 1) {
      await page.goto(measure.path(demo));
      await measure.ready(page);
      const bare = await timeUntilPainted(page, PLAIN);
      await page.evaluate(`document.getElementById('plain').remove()`);
      const took = await timeUntilPainted(page, { act: measure.act(demo), shows: measure.shows(demo) });
      if (round < 0) continue;
      times.push(took);
      plain.push(bare);
    }
    const { name, promised, ratioMax } = measure;
    const middle = median(times);
    measured.push({
      ...{ name, promised, ratioMax, median: middle },
      p95: percentile(times, 0.95),
      ratio: middle / median(plain),
    });
  }
  return measured;
}

/** ms from what is done to the frame after the one that shows it. */
function timeUntilPainted(page: Page, { act, shows }: { act: string; shows: string }): Promise<number> {
  return page.evaluate(`new Promise((resolve, reject) => {
    const startedAt = performance.now();
    const look = () => {
      if (${shows}) requestAnimationFrame(() => resolve(performance.now() - startedAt));
      else if (performance.now() - startedAt > ${WAIT_MS_MAX}) reject(new Error('it was never shown'));
      else requestAnimationFrame(look);
    };
    ${act};
    look();
  })`);
}

export interface ColdLoad {
  /** Cumulative layout shift: a share of the window, 0 when nothing moved. */
  shift: number;
  /** To the largest paint. */
  paintedMs: number;
  /** What tasks took beyond 50 ms each. */
  blockedMs: number;
  /** What moved, as `section "Top reasons": from 400 to 420`; px from the top. */
  moved: string[];
}

const SLOWED = 4;
/** After the last request: what is late would be seen by then. */
const SETTLED_MS = 1_000;

/** Loads a page anew without its cache, with the processor slowed down to a quarter. */
export async function measureColdLoad({ page, context }: OpenedPage, path: string): Promise<ColdLoad> {
  const session = await context.newCDPSession(page);
  await session.send('Network.setCacheDisabled', { cacheDisabled: true });
  await session.send('Emulation.setCPUThrottlingRate', { rate: SLOWED });
  await page.addInitScript(`globalThis.seen = { shift: 0, paintedMs: 0, blockedMs: 0, moved: [] };
    const watch = (type, add) => new PerformanceObserver((list) => list.getEntries().forEach(add)).observe({ type, buffered: true });
    watch('layout-shift', (entry) => { if (!entry.hadRecentInput) {
      seen.shift += entry.value;
      seen.moved.push(...entry.sources.map(({ node, previousRect, currentRect }) =>
        (node?.nodeName ?? '').toLowerCase() + ' "' + (node?.textContent ?? '').slice(0, 40) + '": from ' + Math.round(previousRect.top) + ' to ' + Math.round(currentRect.top)));
    } });
    watch('largest-contentful-paint', (entry) => { seen.paintedMs = entry.startTime; });
    watch('longtask', (entry) => { seen.blockedMs += entry.duration - 50; });`);
  await page.goto(path);
  await page.waitForLoadState('networkidle');
  await page.waitForTimeout(SETTLED_MS);
  return page.evaluate('globalThis.seen');
}
