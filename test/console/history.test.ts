import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Flow } from '../../client/src/client.ts';
import type { FlowDocument } from '../../src/model/flow.ts';
import { deliveryTo, flowOf, sourceNamed, when } from '../system/flows.ts';
import { checkPage, expectNoFaults } from './harness/check-page.ts';
import { isChromiumInstalled } from './harness/chromium.ts';
import { LONG_NAME, MARKUP } from './harness/fill.ts';
import { shoot } from './harness/shoot.ts';
import { type StartedConsole, startConsole } from './harness/start-console.ts';

const NO_ID = '000000000000000000000000';
const CAP = { name: 'Texas daily', type: 'volume', maximum: 50, duration: 1, duration_units: 'day' } as const;

describe.skipIf(!isChromiumInstalled)('the history of a flow in the console', () => {
  let ui: StartedConsole;
  let flowId = '';
  const save = async (edit: (document: FlowDocument) => FlowDocument) => {
    // The document as a client sends it; one of the two types is generated.
    const document = (await ui.server.client.readFlow(flowId)) as unknown as FlowDocument;
    await ui.server.client.replaceFlow(flowId, edit(document) as Flow);
  };

  beforeAll(async () => {
    ui = await startConsole();
    const { recipient } = ui.server;
    const delivery = deliveryTo(recipient.url, { entity: { name: 'Summit Home Buyers' } });
    const source = sourceNamed('Search ads', { pricing: { prices: [{ amount: 4 }] } });
    ({ id: flowId } = await ui.server.deploy(flowOf([delivery], { sources: [source], caps: [CAP] })));
    await save((flow) => ({ ...flow, caps: flow.caps?.map((cap) => ({ ...cap, maximum: 80 })) ?? null }));
    await ui.server.client.deployFlow(flowId);
    await save(({ sources, ...flow }) => ({
      ...flow,
      acceptance_criteria: { rule_set: when('lead.state', 'is included in', 'TX,CA') },
      sources: [
        ...sources.map((each) => ({ ...each, pricing: { prices: [{ amount: 5.5 }] } })),
        sourceNamed(MARKUP),
        sourceNamed(LONG_NAME),
      ],
    }));
    await ui.server.client.deployFlow(flowId);
    await save((flow) => ({ ...flow, name: 'Mortgage leads, west' }));
  });
  afterAll(() => ui.stop());

  it('lists revisions with who saved them, what they changed, and what runs', async () => {
    const opened = await ui.openAs('owner', `/app/flows/${flowId}/history`);
    const { page } = opened;
    await page.getByRole('row').nth(4).waitFor();
    const rows = await page.getByRole('row').allTextContents();
    expect(rows).toHaveLength(5);
    expect(rows[1]).toMatch(/Revision 4.*Saved, not published.*Name: "Mortgage leads" → "Mortgage leads, west"/);
    expect(rows[2]).toMatch(/Revision 3.*Published/);
    expect(rows[2]).toContain('and 1 more');
    expect(rows[3]).toMatch(/Revision 2.*Was published.*Cap "Texas daily" 50 → 80/);
    expect(rows[4]).toMatch(/Revision 1.*The first one/);
    await checkPage(opened, { title: 'History · Mortgage leads, west · Flows' });
    await shoot(opened, 'history');
    await opened.close();
  });

  it('compares any two, by words and as JSON, at an address of its own', async () => {
    const opened = await ui.openAs('owner', `/app/flows/${flowId}/history`);
    const { page } = opened;
    await page.getByRole('radio', { name: 'Compare from revision 1' }).click();
    await page.getByRole('radio', { name: 'Compare to revision 3' }).click();
    await page.getByRole('button', { name: 'Compare 1 with 3' }).click();
    await page.getByRole('heading', { name: 'From revision 1 to 3' }).waitFor();
    expect(new URL(page.url()).search).toBe('?from=1&to=3');
    await page.getByRole('heading', { name: '5 changes' }).waitFor();
    const groups = await page.getByRole('heading', { level: 3 }).allTextContents();
    expect(groups).toEqual([
      'The flow',
      'Source "Search ads"',
      `Source "${MARKUP.replace('"', "'")}"`,
      `Source "${LONG_NAME}"`,
    ]);
    expect(
      await page
        .getByRole('listitem')
        .filter({ hasText: /^Price/ })
        .textContent(),
    ).toMatch(/4.*5\.5/);
    await page.getByRole('button', { name: 'Compare as JSON' }).click();
    await page.getByRole('region', { name: 'The same as JSON' }).waitFor();
    expect(await page.getByRole('region', { name: 'The same as JSON' }).textContent()).toContain('"maximum": 80');
    await checkPage(opened, { title: 'Revisions 1 and 3 · History · Mortgage leads, west · Flows' });
    await shoot(opened, 'history-compared');
    await page.reload();
    await page.getByRole('heading', { name: '5 changes' }).waitFor();
    await page.getByRole('button', { name: 'Change after' }).click();
    await page.getByRole('heading', { name: 'What revision 4 changed' }).waitFor();
    await page.goBack();
    await page.getByRole('heading', { name: 'From revision 1 to 3' }).waitFor();
    expectNoFaults(opened);
    await opened.close();
  });

  it('says when there is no such flow or revision, and what the first one is', async () => {
    const opened = await ui.openAs('analyst', `/app/flows/${NO_ID}/history`);
    const { page } = opened;
    await page.getByRole('heading', { name: 'There is no such flow' }).waitFor();
    await page.goto(`/app/flows/${flowId}/history?from=1&to=99`);
    await page.getByText('The flow has revisions 1 to 4.').waitFor();
    await page.goto(`/app/flows/${flowId}/history?to=1`);
    await page.getByText('It is the first revision').waitFor();
    await checkPage(opened, { title: 'Revision 1 · History · Mortgage leads, west · Flows' });
    // Who only reads goes back to nothing.
    expect(await page.getByRole('button', { name: /the draft/ }).count()).toBe(0);
    await opened.close();
  });
});
