import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { untilCounted } from '../harness/counting.ts';
import { deliveryTo, flowOf, sourceNamed, when } from '../system/flows.ts';
import { checkPage, expectNoFaults } from './harness/check-page.ts';
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
  // Each begins with the flow as it is live; most leave a draft.
  afterEach(async () => {
    await ui.server.client.discardDraft(flowId).catch(() => undefined);
  });
  afterAll(() => ui.stop());

  it('shows in a matrix what is set of the flow and of each source', async () => {
    const opened = await ui.openAs('owner', `/app/flows/${flowId}/edit`);
    const { page } = opened;
    await page.getByRole('row', { name: /^All sources/ }).waitFor();
    expect(new URL(page.url()).pathname).toBe(`/app/flows/${flowId}/edit/sources`);
    const rows = (await page.getByRole('row').allInnerTexts()).map((row) => row.replace(/\s+/g, ' '));
    expect(rows.find((row) => row.startsWith('All sources'))).toContain('Email is not blank None None Always None');
    expect(rows.find((row) => row.startsWith('Search ads'))).toContain('State is TX $12.00 None');
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
    expect(texts[0]).toContain('Filter No phone Stops a lead when Phone 1 is blank, which ends as failure');
    expect(texts[1]).toMatch(
      /Recipient Buyer Gets a lead when State is TX, at most 50 a day in \S+, is tried again when it fails/,
    );
    await checkPage(opened, { title: 'Steps · Solar leads · Flows' });
    await shoot(opened, 'edit-steps');
    await opened.close();
  });

  it('says what happens to a lead, and how many came to each step and source in 24 hours', async () => {
    const { client, query } = ui.server;
    const busy = await ui.server.deploy(
      flowOf([
        { type: 'filter', reason: 'No phone', rule_set: when('lead.phone_1', 'is blank') },
        deliveryTo(ui.server.recipient.url, {
          caps: [{ type: 'volume', maximum: 3, duration: 1, duration_units: 'day' }],
        }),
      ]),
    );
    for (const phone_1 of ['512-555-0123', '', '512-555-0124'])
      await ui.server.submit(busy, { email: 'ann@example.com', phone_1 });
    await untilCounted(query);
    const opened = await ui.openAs('owner', `/app/flows/${busy.id}/edit/steps`);
    const { page } = opened;
    await page.getByText('1 stopped (33 %)').waitFor();
    const texts = (await page.locator('ol > li').allInnerTexts()).map((text) => text.replace(/\s+/g, ' '));
    expect(texts[0]).toContain('3 leads in 24 h 2 went on (67 %) 1 stopped (33 %)');
    expect(texts[1]).toMatch(/Cap: 1 of 3 left 2 leads in 24 h 2 accepted \(all\) half within \d+ ms/);
    await page.getByRole('region', { name: 'Before the steps' }).getByText('Leads come from Search ads.').waitFor();
    await checkPage(opened, { title: 'Steps · Mortgage leads · Flows' });
    await page.getByRole('navigation', { name: 'Parts of the flow' }).getByRole('link', { name: 'Sources' }).click();
    const row = page.getByRole('row', { name: /^Search ads/ });
    expect(await row.textContent()).toContain('3 leads in 24 h, 2 accepted (67 %)');
    await page
      .getByRole('region', { name: 'What happens to a lead' })
      .getByText('Step 2, Buyer, gets every lead')
      .waitFor();
    await client.removeFlow(busy.id);
    await opened.close();
  });

  it('chooses by which of its actions a destination gets leads', async () => {
    const { client } = ui.server;
    const url = `${ui.server.recipient.url}copy`;
    const made = await client.createDestination({
      name: 'Warehouse',
      actions: [
        { name: 'Add lead', webhook_url: url },
        { name: 'Tell sales', webhook_url: url },
      ],
    });
    const [add, tell] = made.actions.map(({ action_id }) => action_id);
    const opened = await ui.openAs('owner', `/app/flows/${flowId}/edit/settings`);
    const { page } = opened;
    const draft = async () => (await client.readDraft(flowId)).document;
    await page.getByLabel('Destinations').first().click();
    await page.getByRole('option', { name: 'Warehouse' }).click();
    await page.keyboard.press('Escape');
    const group = page.getByRole('group', { name: 'Actions of Warehouse' });
    await group.getByRole('switch', { name: 'By all its actions' }).uncheck();
    await expect.poll(draft).toMatchObject({ destinations: [{ actions: [{ action_id: add }, { action_id: tell }] }] });
    await group.getByRole('checkbox', { name: 'Add lead' }).uncheck();
    await expect.poll(draft).toMatchObject({ destinations: [{ actions: [{ action_id: tell }] }] });
    // Without any action nothing would be sent, and nobody would notice.
    expect(await group.getByRole('checkbox', { name: 'Tell sales' }).isDisabled()).toBe(true);
    await checkPage(opened, { title: 'Settings · Solar leads · Flows' });
    await shoot(opened, 'edit-destinations');
    await opened.close();
  });

  it('saves a change by itself, undoes it by a key, and says how the draft differs from what is live', async () => {
    const opened = await ui.openAs('owner', `/app/flows/${flowId}/edit/steps`);
    const { page } = opened;
    await page.getByText('Same as published').waitFor();
    await page.getByRole('button', { name: 'Move Buyer up' }).click();
    await page.getByText('Draft differs from what is published: 1 change').waitFor();
    expect((await ui.server.client.readDraft(flowId)).document).toMatchObject({
      steps: [{ type: 'recipient' }, { type: 'filter' }],
    });
    // The button moved with its row, and at the top there is nothing to move up to.
    expect(await focused(page)).toMatch(/Buyer/);
    await page.keyboard.press('Control+z');
    await page.getByText('Same as published').waitFor();
    await page.keyboard.press('Control+Shift+z');
    await page.getByRole('link', { name: 'Publish 1 change' }).waitFor();
    await page.reload();
    await page.getByText('Draft differs from what is published: 1 change').waitFor();
    expect(await page.locator('ol > li').first().textContent()).toContain('Buyer');
    expectNoFaults(opened);
    await opened.close();
  });

  it('edits a source in a panel with an address, which Esc closes, and gives the focus back', async () => {
    const opened = await ui.openAs('owner', `/app/flows/${flowId}/edit/sources`);
    const { page } = opened;
    await page.getByRole('link', { name: 'Price of Search ads: $12.00' }).focus();
    await page.keyboard.press('Enter');
    const panel = page.getByRole('dialog');
    await panel.getByRole('heading', { name: 'Source Search ads' }).waitFor();
    expect(new URL(page.url()).search).toBe('?panel=sources.0.pricing');
    for (const tab of ['Source', 'Criteria', 'Price', 'Caps', 'Mappings', 'Access', 'Feedback', 'As JSON']) {
      await panel.getByRole('link', { name: tab, exact: true }).click();
      await panel.locator(`nav a[aria-current=page]`).filter({ hasText: tab }).waitFor();
      await page.waitForLoadState('networkidle');
      await checkPage(opened, { title: 'Sources · Solar leads · Flows' });
    }
    await panel.getByRole('link', { name: 'Source', exact: true }).click();
    await panel.getByLabel('Name').fill('Search ads West');
    await panel.getByRole('heading', { name: 'Source Search ads West' }).waitFor();
    await shoot(opened, 'edit-source-panel');
    await page.keyboard.press('Escape');
    await panel.waitFor({ state: 'detached' });
    expect(new URL(page.url()).search).toBe('');
    expect(await focused(page)).toContain('$12.00');
    await page.getByText('Draft differs from what is published: 1 change').waitFor();
    await opened.close();
  });

  it('adds a source of somebody new, duplicates it, and asks before it is removed', async () => {
    const opened = await ui.openAs('owner', `/app/flows/${flowId}/edit/sources`);
    const { page } = opened;
    await page.getByRole('link', { name: 'Add source' }).click();
    const panel = page.getByRole('dialog');
    await panel.getByLabel('Who sends leads').fill('Search ads');
    await panel.getByText('This flow has a source of this sender already').waitFor();
    await panel.getByLabel('Who sends leads').fill('Radio');
    await panel.getByText('Somebody new').waitFor();
    await page.keyboard.press('Escape');
    await panel.waitFor();
    await shoot(opened, 'edit-new-source');
    await checkPage(opened, { title: 'Sources · Solar leads · Flows' });
    await panel.getByRole('button', { name: 'Add source' }).click();
    await panel.getByText(`${ui.server.url}/flows/${flowId}/sources/`).waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('row', { name: /^Radio/ }).waitFor();
    await page.getByRole('button', { name: 'More for Radio' }).click();
    await page.getByRole('menuitem', { name: 'Duplicate' }).click();
    await panel.getByRole('heading', { name: 'Source Radio copy' }).waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'More for Radio copy' }).click();
    await page.getByRole('menuitem', { name: 'Remove…' }).click();
    await page.getByRole('dialog', { name: 'Remove Radio copy?' }).waitFor();
    await shoot(opened, 'edit-remove-source');
    await page.getByRole('button', { name: 'Remove source' }).click();
    await page.getByRole('row', { name: /^Radio copy/ }).waitFor({ state: 'detached' });
    await page.getByText('Draft differs from what is published: 1 change').waitFor();
    await opened.close();
  });

  it('adds steps, and says what reads a step before it goes', async () => {
    const opened = await ui.openAs('owner', `/app/flows/${flowId}/edit/steps`);
    const { page } = opened;
    await page.getByRole('button', { name: 'Add step' }).click();
    await page.getByRole('menuitem', { name: /^Filter/ }).click();
    const panel = page.getByRole('dialog');
    await panel.getByRole('heading', { name: 'Step 3, Filter' }).waitFor();
    await panel.getByRole('link', { name: 'Filter', exact: true }).click();
    await panel.getByLabel('Reason').fill('Buyer said {{buyer.reason}}');
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'More for Buyer', exact: true }).click();
    await page.getByRole('menuitem', { name: 'Remove', exact: true }).click();
    const question = page.getByRole('dialog', { name: 'Remove Buyer?' });
    await question.getByText('Step 3, Buyer said {{buyer.reason}}').waitFor();
    await checkPage(opened, { title: 'Steps · Solar leads · Flows' });
    await shoot(opened, 'edit-remove-step');
    await question.getByRole('button', { name: 'Cancel' }).click();
    await page.getByRole('button', { name: 'Add step' }).click();
    await page.getByRole('menuitem', { name: /^Distribution/ }).click();
    await panel.getByRole('heading', { name: 'Step 4, Buyers' }).waitFor();
    await shoot(opened, 'edit-distribution');
    await checkPage(opened, { title: 'Steps · Solar leads · Flows' });
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'More for No phone' }).click();
    await page.getByRole('menuitem', { name: 'Duplicate' }).click();
    await page.getByText('Duplicated No phone.').waitFor();
    await page.getByRole('button', { name: 'Undo' }).last().click();
    await page.getByText('Draft differs from what is published: 2 changes').waitFor();
    await shoot(opened, 'edit-steps-changed');
    await opened.close();
  });

  it('copies a step to the draft of another flow, with the fields that it lacks', async () => {
    const other = await ui.server.client.createFlow({
      name: 'Other',
      enabled: true,
      fields: [],
      sources: [],
      steps: [],
    });
    const opened = await ui.openAs('owner', `/app/flows/${flowId}/edit/steps?panel=copy-steps.1`);
    const { page } = opened;
    const panel = page.getByRole('dialog');
    await panel.getByRole('combobox', { name: 'Flow' }).click();
    await page.getByRole('option', { name: 'Other' }).click();
    await panel.getByRole('button', { name: 'Copy step' }).click();
    await panel.getByText('Copied to Other with 2 fields').waitFor();
    await checkPage(opened, { title: 'Steps · Solar leads · Flows' });
    await shoot(opened, 'edit-copied-step');
    expect((await ui.server.client.readDraft(other.id)).document).toMatchObject({
      fields: expect.arrayContaining(['email', 'state']),
      steps: [{ type: 'recipient', entity: { name: 'Buyer' } }],
    });
    await opened.close();
  });

  it('orders, adds and removes fields, with what reads them', async () => {
    const opened = await ui.openAs('owner', `/app/flows/${flowId}/edit/fields`);
    const { page } = opened;
    await page.getByRole('row', { name: /^State/ }).waitFor();
    expect(await page.getByRole('row', { name: /^State/ }).textContent()).toMatch(/Source Search ads and 1 more/);
    await page.getByRole('button', { name: 'Move State up' }).click();
    await page.getByRole('combobox', { name: 'Add a field' }).fill('city');
    await page.getByRole('option', { name: /^City \(city\)/ }).click();
    await page.getByRole('row', { name: /^City/ }).waitFor();
    await page.getByRole('button', { name: 'Remove the field State' }).click();
    await page.getByText('Read by Source Search ads').waitFor();
    await checkPage(opened, { title: 'Fields · Solar leads · Flows' });
    await page.getByRole('button', { name: 'Remove field', exact: true }).click();
    await page.getByText('The flow reads state').waitFor();
    await checkPage(opened, { title: 'Fields · Solar leads · Flows' });
    await shoot(opened, 'edit-fields');
    await page.getByRole('button', { name: 'Keep it' }).click();
    await page.getByText('The flow reads state').waitFor({ state: 'detached' });
    await page.getByText(/Draft differs from what is published/).waitFor();
    await opened.close();
  });

  it('has settings, the flow as JSON, and a part for each thing that holds for all sources', async () => {
    const opened = await ui.openAs('owner', `/app/flows/${flowId}/edit/settings`);
    const { page } = opened;
    await page.getByRole('switch', { name: 'Answers pings' }).check();
    await page.getByLabel('A ping’s price holds for seconds').fill('120');
    await page.getByRole('button', { name: 'Copy events to Azure' }).click();
    await page.getByRole('button', { name: 'Copy events to S3' }).click();
    await page.getByRole('group', { name: 'S3' }).getByRole('textbox', { name: 'Bucket' }).fill('acme-leads');
    await page.getByRole('group', { name: 'S3' }).getByRole('textbox', { name: 'Prefix' }).fill('events');
    await page.getByRole('switch', { name: 'Copies to S3' }).uncheck();
    await page.getByRole('button', { name: 'Remove Azure' }).click();
    await page.getByText(/Draft differs from what is published/).waitFor();
    await checkPage(opened, { title: 'Settings · Solar leads · Flows' });
    await shoot(opened, 'edit-settings');
    await expect
      .poll(async () => (await ui.server.client.readDraft(flowId)).document)
      .toMatchObject({
        ping_enabled: true,
        firehose: { services: { aws: { enabled: false, bucket: 'acme-leads', prefix: 'events' } } },
      });
    await page.getByRole('button', { name: 'Remove S3' }).click();
    await page.getByRole('button', { name: 'Copy events to S3' }).waitFor();
    for (const part of ['Criteria', 'Price', 'Caps', 'Hours', 'List checks']) {
      await page.getByRole('navigation', { name: 'Parts of the flow' }).getByRole('link', { name: part }).click();
      await page.waitForLoadState('networkidle');
      await page.locator('h2').first().waitFor();
      await checkPage(opened, { title: `${part} · Solar leads · Flows` });
      await shoot(opened, `edit-${part.toLowerCase().replace(' ', '-')}`);
    }
    await opened.close();
  });

  it('shows faults beside their places and in the bar, from where each leads to its place', async () => {
    const opened = await ui.openAs('owner', `/app/flows/${flowId}/edit/settings`);
    const { page } = opened;
    await page.getByRole('button', { name: 'The whole flow as JSON' }).click();
    const text = page.getByLabel('Flow as JSON');
    const document = JSON.parse(await text.inputValue());
    document.steps[1].caps = [{ type: 'volume', maximum: -1, duration: 1, duration_units: 'day' }];
    await text.fill(JSON.stringify(document));
    await page.getByRole('button', { name: 'Apply' }).click();
    await page.getByRole('button', { name: /1 error/ }).click();
    await shoot(opened, 'edit-faults');
    await page.getByRole('link', { name: 'Step 2, Buyer' }).first().click();
    const panel = page.getByRole('dialog', { name: 'Step 2, Buyer' });
    await panel.getByText('Must be at least 0.').first().waitFor();
    expect(new URL(page.url()).search).toBe('?panel=steps.1.caps');
    await checkPage(opened, { title: 'Steps · Solar leads · Flows' });
    await opened.close();
  });

  it('keeps a draft when the tab is killed, and shows it marked when it is opened again', async () => {
    const opened = await ui.openAs('owner', `/app/flows/${flowId}/edit/settings`);
    const { page } = opened;
    await page.getByLabel('Name').fill('Solar leads 2');
    await page.getByText('Draft saved').first().waitFor();
    // What was typed in the last moment goes out while the tab is closed.
    await page.getByLabel('Name').fill('Solar leads 3');
    await page.close({ runBeforeUnload: false });
    const again = await opened.context.newPage();
    await again.goto(`/app/flows/${flowId}/edit/settings`);
    await again.getByText('Draft differs from what is published: 1 change').waitFor();
    expect(await again.getByLabel('Name').inputValue()).toMatch(/^Solar leads [23]$/);
    await opened.close();
  });

  it('tells two people who edit at once that there is a conflict, and keeps what each has', async () => {
    const ann = await ui.openAs('owner', `/app/flows/${flowId}/edit/settings`);
    const eve = await ui.openAs('editor', `/app/flows/${flowId}/edit/settings`);
    await eve.page.getByLabel('Name').waitFor();
    await ann.page.getByLabel('Name').fill('Name of Ann');
    await ann.page.getByText('Draft saved').first().waitFor();
    await eve.page.getByLabel('Name').fill('Name of Eve');
    await eve.page.getByText('changed this draft while you did').waitFor();
    expect(await eve.page.getByLabel('Name').inputValue()).toBe('Name of Eve');
    await eve.page.getByText('Conflict', { exact: true }).first().waitFor();
    await shoot(eve, 'edit-conflict');
    await checkPage(eve, { title: 'Settings · Name of Eve · Flows' });
    expect((await ui.server.client.readDraft(flowId)).document).toMatchObject({ name: 'Name of Ann' });
    await ann.close();
    await eve.close();
  });

  it('is read only for those who may not change flows', async () => {
    const opened = await ui.openAs('analyst', `/app/flows/${flowId}/edit/steps`);
    const { page } = opened;
    await page.getByText('Read only').first().waitFor();
    for (const name of ['Add step', 'Undo', 'Redo', 'Move Buyer up', 'More for Buyer'])
      expect(await page.getByRole('button', { name }).count(), name).toBe(0);
    await page.getByRole('link', { name: 'Buyer', exact: true }).click();
    expect(await page.getByRole('dialog').getByLabel('Name').getAttribute('readonly')).not.toBeNull();
    await checkPage(opened, { title: 'Steps · Solar leads · Flows' });
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

/** What has the focus, by its name. */
function focused(page: Page): Promise<string> {
  return page.evaluate(`document.activeElement.getAttribute('aria-label') ?? document.activeElement.textContent`);
}
