import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Cap } from '../../src/model/cap.ts';
import type { FlowDocument } from '../../src/model/flow.ts';
import type { SubmitTarget } from '../harness/server.ts';
import { deliveryTo, flowOf, sourceNamed, when } from '../system/flows.ts';
import { checkPage } from './harness/check-page.ts';
import { isChromiumInstalled } from './harness/chromium.ts';
import { shoot } from './harness/shoot.ts';
import { type StartedConsole, startConsole } from './harness/start-console.ts';

/** Of a month, so that no test runs over its end but at the end of one. */
const MONTH = { type: 'volume', duration: 1, duration_units: 'month' } as const;

describe.skipIf(!isChromiumInstalled)('caps, prices and hours in the flow editor', () => {
  let ui: StartedConsole;
  let flow: SubmitTarget;
  let texas: string;

  beforeAll(async () => {
    ui = await startConsole(async (server) => {
      // `agreed` is no property of a cap: it has a warning, and stays.
      const cap: Cap & { agreed: string } = {
        ...{ ...MONTH, name: 'Texas', maximum: 50, rule_set: when('lead.state', 'is equal to', 'TX') },
        agreed: 'by mail',
      };
      const { type: _type, ...buyer } = deliveryTo(server.recipient.url);
      flow = await server.deploy(
        flowOf(
          [
            {
              ...{ type: 'distribution', name: 'Buyers', method: 'weighted' },
              recipients: [
                { ...buyer, entity: { name: 'First buyer' }, weight: 7 },
                { ...buyer, key: 'second', entity: { name: 'Second buyer' }, weight: 3 },
              ],
            },
          ],
          {
            ...{ name: 'Solar leads', caps: [cap], pricing: { prices: [{ amount: 4.5 }] } },
            sources: [sourceNamed('Search ads')],
          },
        ),
      );
      for (let sent = 0; sent < 3; sent++) await server.submit(flow, { email: `ann${sent}@example.com`, state: 'TX' });
      const [live] = await server.client.listCaps({ flow_id: flow.id });
      texas = live?.id ?? '';
    });
  });
  afterAll(() => ui.stop());

  const readDraft = async (): Promise<FlowDocument | undefined> =>
    (await ui.server.api('GET', `/flows/${flow.id}/draft`)).body.document;

  it('raise a cap in three clicks, and its count goes on', async () => {
    const opened = await ui.openAs('owner', `/app/flows/${flow.id}/edit/caps`);
    const { page } = opened;
    const maximum = page.getByRole('textbox', { name: 'At most, of Texas' });
    await page.locator('strong', { hasText: '3 used · 47 left' }).waitFor();
    await checkPage(opened, { title: 'Caps · Solar leads · Flows' });
    await shoot(opened, 'edit-caps');
    await page.evaluate(`window.pressed = 0; addEventListener('pointerdown', () => window.pressed++, true)`);
    await maximum.click({ clickCount: 3 });
    await page.keyboard.type('80');
    await page.getByRole('link', { name: 'Publish 1 change' }).click();
    await page.getByRole('button', { name: /^Publish/ }).click();
    await page.getByRole('heading', { name: /^Revision \d+ is published/ }).waitFor();
    // Three presses choose the text of the field; a person chooses it with one and the keyboard.
    expect(Number(await page.evaluate(`window.pressed`)) - 2).toBeLessThanOrEqual(4);
    const counter = await ui.server.client.readCap(texas);
    expect(counter).toMatchObject({ maximum: 80, count: 3 });
    const live = (await ui.server.api('GET', `/flows/${flow.id}`)).body;
    expect(live.caps).toMatchObject([{ id: texas, maximum: 80, agreed: 'by mail', name: 'Texas' }]);
    await opened.close();
  });

  it('keep what cannot be read in the field, and say what is wrong with it', async () => {
    const opened = await ui.openAs('owner', `/app/flows/${flow.id}/edit/caps`);
    const { page } = opened;
    await page.getByRole('textbox', { name: 'At most, of Texas' }).fill('ten');
    await page.getByText('Write a whole number from 0 to').waitFor();
    await checkPage(opened, { title: 'Caps · Solar leads · Flows' });
    expect((await ui.server.api('GET', `/flows/${flow.id}/draft`)).status).toBe(404);
    await opened.close();
  });

  it('add a cap with an id of its own, by the keyboard alone', async () => {
    const opened = await ui.openAs('owner', `/app/flows/${flow.id}/edit/caps`);
    const { page } = opened;
    await page.getByRole('button', { name: 'Add cap', exact: true }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('group', { name: 'Cap 2' }).waitFor();
    // The focus is in the number of the new cap.
    await page.keyboard.press('Control+a');
    await page.keyboard.type('12');
    await expect
      .poll(async () => (await readDraft())?.caps)
      .toMatchObject([
        { id: texas, agreed: 'by mail' },
        { maximum: 12, id: expect.stringMatching(/^[0-9a-f]{24}$/) },
      ]);
    await page.getByRole('button', { name: 'Remove: Cap 2' }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('group', { name: 'Cap 2' }).waitFor({ state: 'detached' });
    const focused = page.locator(':focus');
    expect(await focused.textContent()).toContain('Add cap');
    await opened.close();
  });

  it('set prices to the last decimal, the last that matches counts', async () => {
    const opened = await ui.openAs('owner', `/app/flows/${flow.id}/edit/pricing`);
    const { page } = opened;
    await page.getByRole('button', { name: 'Add price' }).click();
    await page.getByRole('textbox', { name: 'Price 2' }).fill('0.0125');
    await page.getByText('It never counts: price 2 below it is for every lead').waitFor();
    await expect
      .poll(async () => (await readDraft())?.pricing?.prices)
      .toMatchObject([{ amount: 4.5 }, { amount: 0.0125 }]);
    await checkPage(opened, { title: 'Price · Solar leads · Flows' });
    await shoot(opened, 'edit-pricing');
    await page.getByRole('button', { name: 'Up: Price 2' }).click();
    await expect.poll(async () => (await readDraft())?.pricing?.prices?.[0]?.amount).toBe(0.0125);
    await opened.close();
  });

  it('write the hours of a day and copy them to others', async () => {
    const opened = await ui.openAs('owner', `/app/flows/${flow.id}/edit/hours`);
    const { page } = opened;
    await page.getByRole('radio', { name: 'At these times of the week' }).click();
    const monday = page.getByRole('textbox', { name: 'Hours of Monday' });
    await monday.fill('9am-5:30pm, 19-20');
    await monday.press('Tab');
    expect(await monday.inputValue()).toBe('09:00–17:30, 19:00–20:00');
    await page.getByRole('button', { name: 'Copy to…: Monday' }).click();
    await page.getByRole('menuitem', { name: 'Every day' }).click();
    await expect
      .poll(async () => (await readDraft())?.hours_of_operation?.days?.sunday)
      .toEqual([
        { start: '09:00', end: '17:30' },
        { start: '19:00', end: '20:00' },
      ]);
    await checkPage(opened, { title: 'Hours · Solar leads · Flows' });
    await shoot(opened, 'edit-hours');
    await opened.close();
  });

  it('share a distribution out, and look duplicates up', async () => {
    const opened = await ui.openAs('owner', `/app/flows/${flow.id}/edit/steps?panel=steps.0`);
    const { page } = opened;
    await page.getByText('= 70 % of the turns').waitFor();
    await page.getByRole('textbox', { name: 'Weight of Second buyer' }).fill('7');
    await page.getByText('= 50 % of the turns').first().waitFor();
    await checkPage(opened, { title: /Solar leads/ });
    await shoot(opened, 'edit-distribution');
    await page.goto(`/app/flows/${flow.id}/edit/checks`);
    await page.getByRole('switch', { name: 'Check duplicates' }).click();
    await page.getByText('No rule of the flow reads suppressionlist.is_duplicate').waitFor();
    await expect.poll(async () => (await readDraft())?.list_checks?.duplicate?.lookback?.value).toBe(30);
    await checkPage(opened, { title: 'List checks · Solar leads · Flows' });
    await shoot(opened, 'edit-checks');
    await opened.close();
  });
});
