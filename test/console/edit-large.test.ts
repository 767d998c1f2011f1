import type { CDPSession, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { deliveryTo, flowOf, sourceNamed, when } from '../system/flows.ts';
import { isChromiumInstalled } from './harness/chromium.ts';
import { type StartedConsole, startConsole } from './harness/start-console.ts';

const MEMBERS = 50;
const CHANGES = 10;
/** A task of more is a long one: what a person does waits for it (https://w3c.github.io/longtasks/). */
const LONG_TASK_MS = 50;

describe.skipIf(!isChromiumInstalled)('a flow of 50 sources and 50 steps in the editor', () => {
  let ui: StartedConsole;
  let flowId: string;

  beforeAll(async () => {
    ui = await startConsole(async (server) => {
      const rules = when('lead.state', 'is included in', 'TX,CA,OH');
      const caps = [{ type: 'volume' as const, maximum: 50, duration: 1, duration_units: 'day' as const }];
      const numbers = Array.from({ length: MEMBERS }, (_, number) => number);
      const flow = await server.deploy(
        flowOf(
          numbers.map((number) =>
            deliveryTo(server.recipient.url, { entity: { name: `Buyer ${number}` }, rule_set: rules, caps }),
          ),
          {
            sources: numbers.map((number) =>
              sourceNamed(`Vendor ${number}`, { acceptance_criteria: { rule_set: rules }, caps }),
            ),
          },
        ),
      );
      flowId = flow.id;
    });
  });
  afterAll(() => ui.stop());

  it.each([
    [
      'steps',
      (page: Page, number: number) => page.getByRole('switch', { name: `Buyer ${number} is on` }).press('Space'),
    ],
    [
      'sources',
      async (page: Page, number: number) => {
        await page.getByRole('button', { name: `More for Vendor ${number}`, exact: true }).click();
        await page.getByRole('menuitem', { name: 'Switch off' }).click();
      },
    ],
  ])('changes the rows of what was changed alone, and takes less CPU than a long task: %s', async (part, change) => {
    const opened = await ui.openAs('owner', `/app/flows/${flowId}/edit/${part}`);
    const { page } = opened;
    const rows = part === 'steps' ? '[data-step]' : '[data-source]';
    await page
      .locator(rows)
      .nth(MEMBERS - 1)
      .waitFor();
    // Numbers of the last 24 hours and names of fields come after the rows.
    await page.locator('main [aria-busy=true]').waitFor({ state: 'detached' });
    await page.waitForLoadState('networkidle');
    await page.evaluate(`(() => {
      globalThis.changedRows = new Set();
      new MutationObserver((records) => {
        for (const { target } of records) {
          const row = (target.nodeType === 1 ? target : target.parentElement)?.closest('${rows}');
          if (row !== null && row !== undefined) globalThis.changedRows.add(row);
        }
      }).observe(document.querySelector('main'), { subtree: true, childList: true, characterData: true, attributes: true });
    })()`);
    const session = await page.context().newCDPSession(page);
    await session.send('Performance.enable', { timeDomain: 'threadTicks' });
    const before = await readCpuMs(session);
    for (let number = 0; number < CHANGES; number += 1) await change(page, number);
    await page.getByText(`Draft differs from what is published: ${CHANGES} changes`).waitFor();
    const each = ((await readCpuMs(session)) - before) / CHANGES;
    console.info(`${part}: ${each.toFixed(1)} ms of CPU for a change, its save included`);
    expect(await page.evaluate('globalThis.changedRows.size')).toBe(CHANGES);
    expect(each).toBeLessThan(LONG_TASK_MS);
    await ui.server.client.discardDraft(flowId);
    await opened.close();
  });
});

/** Of scripts, styles and layout on the thread of the page. */
async function readCpuMs(session: CDPSession): Promise<number> {
  const { metrics } = await session.send('Performance.getMetrics');
  const names = ['ScriptDuration', 'RecalcStyleDuration', 'LayoutDuration'];
  return metrics.filter(({ name }) => names.includes(name)).reduce((sum, { value }) => sum + value * 1_000, 0);
}
