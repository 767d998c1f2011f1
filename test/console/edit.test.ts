import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { deliveryTo, flowOf, sourceNamed, when } from '../system/flows.ts';
import { checkPage } from './harness/check-page.ts';
import { isChromiumInstalled } from './harness/chromium.ts';
import { LONG_NAME } from './harness/fill.ts';
import { shoot } from './harness/shoot.ts';
import { type StartedConsole, startConsole } from './harness/start-console.ts';

const NO_ID = '000000000000000000000000';

describe.skipIf(!isChromiumInstalled)('the flow editor', () => {
  let ui: StartedConsole;
  let flowId: string;

  beforeAll(async () => {
    ui = await startConsole(async (server) => {
      const texas = { rule_set: when('lead.state', 'is equal to', 'TX') };
      const day = { duration: 1, duration_units: 'day' as const, type: 'volume' as const };
      const flow = await server.deploy(
        flowOf(
          [
            { type: 'filter', reason: 'No phone', rule_set: when('lead.phone_1', 'is blank') },
            deliveryTo(server.recipient.url, { ...texas, caps: [{ ...day, maximum: 50 }], retry_enabled: true }),
          ],
          {
            name: 'Solar leads',
            acceptance_criteria: { rule_set: when('lead.email', 'is not blank') },
            sources: [
              sourceNamed('Search ads', { acceptance_criteria: texas, pricing: { prices: [{ amount: 12 }] } }),
              sourceNamed(LONG_NAME, { enabled: false, authentication_required: true }),
            ],
          },
        ),
      );
      flowId = flow.id;
    });
  });
  afterAll(() => ui.stop());

  it('shows in a matrix what is set of the flow and of each source', async () => {
    const opened = await ui.openAs('owner', `/app/flows/${flowId}/edit`);
    const { page } = opened;
    await page.getByRole('row', { name: /^All sources/ }).waitFor();
    expect(new URL(page.url()).pathname).toBe(`/app/flows/${flowId}/edit/sources`);
    const rows = (await page.getByRole('row').allInnerTexts()).map((row) => row.replace(/\s+/g, ' '));
    expect(rows.find((row) => row.startsWith('All sources'))).toContain('1 rule None None Always None');
    expect(rows.find((row) => row.startsWith('Search ads'))).toContain('1 rule $12.00 None');
    expect(rows.find((row) => row.startsWith(LONG_NAME))).toMatch(/Off.*Any API key/);
    await checkPage(opened, { title: 'Sources · Solar leads · Flows' });
    await shoot(opened, 'edit-sources');
    await opened.close();
  });

  it('lists the steps from top to bottom with what is set of each', async () => {
    const opened = await ui.openAs('owner', `/app/flows/${flowId}/edit/steps`);
    const { page } = opened;
    await page.locator('ol > li').nth(1).waitFor();
    const texts = (await page.locator('ol > li').allInnerTexts()).map((text) => text.replace(/\s+/g, ' '));
    expect(texts[0]).toContain('Filter No phone 1 rule');
    expect(texts[1]).toContain('Recipient Buyer 1 rule · 50 a day · retried');
    await checkPage(opened, { title: 'Steps · Solar leads · Flows' });
    await shoot(opened, 'edit-steps');
    await opened.close();
  });

  it('says when there is no such flow or page', async () => {
    const opened = await ui.openAs('owner', `/app/flows/${NO_ID}/edit/sources`);
    const { page } = opened;
    await page.getByRole('heading', { name: 'There is no such flow' }).waitFor();
    await checkPage(opened, { title: 'Flow · Flows' });
    await page.goto(`/app/flows/${flowId}/edit/nothing`);
    await page.getByRole('link', { name: 'Edit the sources' }).click();
    await page.getByRole('row', { name: /^Search ads/ }).waitFor();
    await opened.close();
  });
});
