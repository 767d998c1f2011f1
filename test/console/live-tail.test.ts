import type { CDPSession, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SubmitTarget } from '../harness/server.ts';
import { until } from '../harness/until.ts';
import { flowOf } from '../system/flows.ts';
import { expectNoFaults } from './harness/check-page.ts';
import { isChromiumInstalled } from './harness/chromium.ts';
import { type StartedConsole, startConsole } from './harness/start-console.ts';

/** `SLUICE_TEST_TAIL_SECONDS=600` is the tail of the design (console.md, P5). */
const SECONDS = Number(process.env['SLUICE_TEST_TAIL_SECONDS'] ?? 20);
/** What the list of events shows of a tail: `LIVE_ROWS_MAX` of console/src/pages/events. */
const ROWS_MAX = 500;
/** Of more, the server leaves some out. */
const EVENTS_A_SECOND = 50;
const PARTS = 10;
/** A busy machine sends some of a second in the next one, of which the server leaves out what is too much. */
const SHOWN_SHARE_MIN = 0.5;
/** As often a person looks. */
const SHOW_EACH_SECONDS = 5;
const HEAP_GROWTH_MAX = 30e6;
/** Of a table that is as long before as after: texts of other lengths, an announcement. */
const NODES_GROWTH_MAX = 1_000;
const LISTENERS_GROWTH_MAX = 50;
/** A frame of fifty a second. On two busy cores it takes 12 ms. */
const FRAME_CPU_MS_MAX = 20;
const FRAMES = 120;

interface Held {
  JSHeapUsedSize: number;
  Nodes: number;
  JSEventListeners: number;
}

describe.skipIf(!isChromiumInstalled)('a long live tail', () => {
  let ui: StartedConsole;
  let flow: SubmitTarget;
  let sent = 0;
  beforeAll(async () => {
    ui = await startConsole(async (server) => {
      flow = await server.deploy(flowOf());
    });
  });
  afterAll(() => ui?.stop());

  /** A second of the tail, or as long as the server takes; evenly, because the server leaves out what is more in a second. */
  async function sendSecond(): Promise<void> {
    const answers: Promise<unknown>[] = [];
    for (let part = 0; part < PARTS; part += 1) {
      const over = new Promise((resolve) => setTimeout(resolve, 1_000 / PARTS));
      for (let each = 0; each < EVENTS_A_SECOND / PARTS; each += 1) {
        sent += 1;
        answers.push(ui.server.submit(flow, { email: `ann${sent}@example.com`, state: 'TX' }));
      }
      await over;
    }
    await Promise.all(answers);
  }

  /** Returns how many events the page had to show. */
  async function tail(page: Page, seconds: number): Promise<number> {
    let shown = 0;
    for (let second = 1; second <= seconds; second += 1) {
      await sendSecond();
      if (second % SHOW_EACH_SECONDS === 0 || second === seconds) shown += await showWaiting(page);
    }
    return shown;
  }

  async function showWaiting(page: Page): Promise<number> {
    const show = page.getByRole('button', { name: /^Show (\d|the newest)/ });
    const count = Number(/\d+/.exec((await show.textContent()) ?? '')?.[0]);
    await show.click();
    return count;
  }

  it(
    'keeps as much after it as before it, and its longest table scrolls',
    async () => {
      const opened = await ui.openAs('owner', '/app/events?live=1');
      const { page, context } = opened;
      await page.getByText('New events show here as they come.').waitFor();
      const session = await context.newCDPSession(page);
      await session.send('Performance.enable', { timeDomain: 'threadTicks' });
      const rows = page.locator('main tbody tr');
      await until('the table is full', async () => {
        await tail(page, SHOW_EACH_SECONDS);
        return (await rows.count()) === ROWS_MAX;
      });
      const before = await readHeld(session);
      const sentBefore = sent;
      const shown = await tail(page, SECONDS);
      expect(shown / (sent - sentBefore)).toBeGreaterThan(SHOWN_SHARE_MIN);
      // No list of the console has more rows than this one; the others end at 50, 200, 300 or 500.
      expect(await rows.count()).toBe(ROWS_MAX);
      const after = await readHeld(session);
      const frameMs = await measureScroll(page, session);
      console.info(
        `live tail of ${SECONDS} s at ${EVENTS_A_SECOND} events a second: heap ${mega(before)} → ${mega(after)} MB, nodes ${before.Nodes} → ${after.Nodes}, listeners ${before.JSEventListeners} → ${after.JSEventListeners}; ${ROWS_MAX} rows scroll with ${frameMs.toFixed(1)} ms of the page’s CPU a frame`,
      );
      expect(after.JSHeapUsedSize - before.JSHeapUsedSize).toBeLessThanOrEqual(HEAP_GROWTH_MAX);
      expect(after.Nodes - before.Nodes).toBeLessThanOrEqual(NODES_GROWTH_MAX);
      expect(after.JSEventListeners - before.JSEventListeners).toBeLessThanOrEqual(LISTENERS_GROWTH_MAX);
      expect(frameMs).toBeLessThanOrEqual(FRAME_CPU_MS_MAX);
      expectNoFaults(opened);
      await opened.close();
    },
    180_000 + SECONDS * 5_000,
  );
});

function mega({ JSHeapUsedSize }: Held): string {
  return (JSHeapUsedSize / 1e6).toFixed(1);
}

/** After what nobody holds is gone. */
async function readHeld(session: CDPSession): Promise<Held> {
  for (let times = 0; times < 3; times += 1) await session.send('HeapProfiler.collectGarbage');
  return readMetrics<Held>(session);
}

async function readMetrics<Read>(session: CDPSession): Promise<Read> {
  const { metrics } = await session.send('Performance.getMetrics');
  return Object.fromEntries(metrics.map(({ name, value }) => [name, value])) as Read;
}

/** CPU ms of the page's thread for each frame of a scroll from the top to the end. */
async function measureScroll(page: Page, session: CDPSession): Promise<number> {
  await page.evaluate('scrollTo(0, 0)');
  const before = await readMetrics<{ TaskDuration: number }>(session);
  await page.evaluate(`new Promise((done) => {
    const step = (document.documentElement.scrollHeight - innerHeight) / ${FRAMES};
    let frames = 0;
    const scroll = () => {
      scrollBy(0, step);
      frames += 1;
      if (frames < ${FRAMES}) requestAnimationFrame(scroll);
      else done();
    };
    requestAnimationFrame(scroll);
  })`);
  const after = await readMetrics<{ TaskDuration: number }>(session);
  return ((after.TaskDuration - before.TaskDuration) * 1_000) / FRAMES;
}
