import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FlowDocument } from '../../src/model/flow.ts';
import { deliveryTo, flowOf, NO_DUPLICATES, sourceNamed, when } from '../system/flows.ts';
import { checkPage, expectNoFaults } from './harness/check-page.ts';
import { isChromiumInstalled } from './harness/chromium.ts';
import { MARKUP } from './harness/fill.ts';
import { shoot } from './harness/shoot.ts';
import { type StartedConsole, startConsole } from './harness/start-console.ts';

describe.skipIf(!isChromiumInstalled)('test leads in the console', () => {
  let ui: StartedConsole;
  let flowId = '';

  beforeAll(async () => {
    ui = await startConsole();
    const flow: FlowDocument = flowOf(
      [deliveryTo(ui.server.recipient.url, { entity: { name: 'Summit Home Buyers' } })],
      {
        ...NO_DUPLICATES,
        sources: [
          sourceNamed('Search ads', {
            pricing: { prices: [{ amount: 4 }] },
            acceptance_criteria: { rule_set: when('lead.state', 'is equal to', 'TX'), reason: 'Only Texas' },
          }),
          sourceNamed(MARKUP),
        ],
      },
    );
    ({ id: flowId } = await ui.server.deploy(flow));
  });
  afterAll(() => ui.stop());

  it('run on the live flow, from fields with samples, and send nothing', async () => {
    const opened = await ui.openAs('owner', `/app/flows/${flowId}/test`);
    const { page } = opened;
    await page.getByRole('button', { name: 'Fill with samples' }).click();
    await page.getByRole('button', { name: 'Run the test lead' }).click();
    await page.getByRole('heading', { name: 'Answer' }).waitFor();
    await page.getByText('HTTP 201').waitFor();
    await page.getByRole('heading', { name: 'Rules that were asked' }).waitFor();
    await page.getByText('1 request that would be sent').click();
    await page.getByRole('region', { name: 'Request to Summit Home Buyers', exact: true }).waitFor();
    await checkPage(opened, { title: 'Test · Mortgage leads · Flows' });
    await shoot(opened, 'test-lead');
    expect(ui.server.recipient.deliveries).toEqual([]);
    expect(await ui.server.client.listLeads()).toEqual([]);
    expectNoFaults(opened);
    await opened.close();
  });

  it('are pasted as a curl command, and say why they end as they do', async () => {
    const opened = await ui.openAs('owner', `/app/flows/${flowId}/test`);
    const { page } = opened;
    await page.getByText('Paste', { exact: true }).click();
    const text = page.getByRole('textbox', { name: 'JSON, a form body, or a curl command' });
    await text.fill('curl -d @lead.json https://x.example/');
    await page.getByText('Paste the content of the file instead.').waitFor();
    expect(await page.getByRole('button', { name: 'Run the test lead' }).isDisabled()).toBe(true);
    await text.fill("curl -u :key -d 'email=ann%40example.com&state=OH' https://x.example/flows/f/sources/s/submit");
    await page.getByText('Read as a curl command.').waitFor();
    await page.getByRole('button', { name: 'Run the test lead' }).click();
    await page.getByText('Only Texas', { exact: true }).first().waitFor();
    await checkPage(opened, { title: 'Test · Mortgage leads · Flows' });
    await shoot(opened, 'test-lead-rejected');
    await opened.close();
  });

  it('say who of a distribution bids and who takes the lead', async () => {
    const buyer = (name: string) => {
      const { type: _type, ...recipient } = deliveryTo(ui.server.recipient.url, { entity: { name } });
      return { ...recipient, bid: recipient.integration };
    };
    const { id } = await ui.server.deploy(
      flowOf([
        {
          ...{ type: 'distribution', name: 'Auction', method: 'highest_bid' },
          recipients: [buyer('Alpha Homes'), buyer('Beta Homes')],
        },
      ]),
    );
    const opened = await ui.openAs('owner', `/app/flows/${id}/test`);
    const { page } = opened;
    await page.getByText('What lists and recipients say').click();
    await page.getByRole('group', { name: 'Auction' }).waitFor();
    await page.getByRole('textbox', { name: 'Bid of Alpha Homes, dollars' }).fill('28');
    await page.getByRole('textbox', { name: 'Bid of Beta Homes, dollars' }).fill('31.5');
    await page.getByRole('combobox', { name: 'Beta Homes' }).click();
    await page.getByRole('option', { name: 'rejects' }).click();
    await page.getByRole('button', { name: 'Run the test lead' }).click();
    await page.getByRole('heading', { name: 'Answer' }).waitFor();
    await page.getByText('1 request that would be sent').or(page.getByText('2 requests that would be sent')).waitFor();
    await checkPage(opened, { title: 'Test · Mortgage leads · Flows' });
    await shoot(opened, 'test-lead-auction');
    expectNoFaults(opened);
    await opened.close();
  });

  it('are saved with what they should come to, run together, and removed', async () => {
    const opened = await ui.openAs('owner', `/app/flows/${flowId}/test`);
    const { page } = opened;
    await page.getByText('None yet.').waitFor();
    await page.getByText('Paste', { exact: true }).click();
    await page
      .getByRole('textbox', { name: 'JSON, a form body, or a curl command' })
      .fill('{"email":"ann@example.com","state":"TX"}');
    await page.getByText('What lists and recipients say').click();
    await page.getByRole('checkbox', { name: 'The duplicate check finds it' }).check();
    await page.getByRole('button', { name: 'Run the test lead' }).click();
    await page.getByText('duplicate', { exact: true }).first().waitFor();
    await page.getByRole('textbox', { name: 'Name' }).fill('A duplicate is rejected');
    await page.getByRole('checkbox', { name: 'With this reason: duplicate' }).check();
    await page.getByRole('button', { name: 'Save test lead' }).click();
    await page.getByText('Saved. It is in the list below.').waitFor();
    await page.getByRole('button', { name: 'Run all' }).click();
    await page.getByText('1 of 1 pass').waitFor();
    const [test] = await ui.server.client.listTestLeads(flowId);
    expect(test).toMatchObject({
      ...{ name: 'A duplicate is rejected', expected: { outcome: 'failure', reason: 'duplicate' } },
      assume: { lists: { duplicate: true } },
    });
    await checkPage(opened, { title: 'Test · Mortgage leads · Flows' });
    await shoot(opened, 'test-leads-saved');
    await page.reload();
    await page.getByRole('button', { name: 'Load A duplicate is rejected' }).click();
    await page.getByText('"ann@example.com"').waitFor();
    await page.getByRole('button', { name: 'Remove A duplicate is rejected' }).click();
    await page.getByText('None yet.').waitFor();
    expectNoFaults(opened);
    await opened.close();
  });
});
