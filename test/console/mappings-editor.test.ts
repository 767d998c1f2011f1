import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { deliveryTo, flowOf, when } from '../system/flows.ts';
import { checkPage, expectNoFaults } from './harness/check-page.ts';
import { isChromiumInstalled } from './harness/chromium.ts';
import { MARKUP } from './harness/fill.ts';
import { openPart, readPartDocument, readPartSaid } from './harness/open-part.ts';
import { shoot } from './harness/shoot.ts';
import { type StartedConsole, startConsole } from './harness/start-console.ts';

const KEY = 'Bearer sk_live_4242424242424242';

describe.skipIf(!isChromiumInstalled)('mappings in the editor', () => {
  let ui: StartedConsole;
  let flowId: string;
  const PLACE = { part: 'mappings', path: 'steps.1.integration' } as const;

  beforeAll(async () => {
    ui = await startConsole(async (server) => {
      const properties = {
        'json_property.name': '{{lead.first_name}} {{uppercase lead.last_name}}',
        'json_property.markup': MARKUP,
        'json_property.score': '{{scoring.outcome}}',
        'header.Authorization': KEY,
      };
      const scoring = deliveryTo(server.recipient.url, { entity: { name: 'Scoring' } });
      const buyer = deliveryTo(server.recipient.url, { rule_set: when('lead.state', 'is equal to', 'TX') }, properties);
      const [first] = buyer.integration.mappings;
      if (first) first.rule_set = when('lead.state', 'is not equal to', 'ZZ');
      const flow = await server.deploy(flowOf([scoring, buyer]));
      flowId = flow.id;
    });
  });
  afterAll(() => ui.stop());

  it('show what each comes to, and the request that the server would build', async () => {
    const opened = await ui.openAs('owner');
    const { page } = opened;
    await openPart(page, { ...PLACE, flow: flowId });
    await page.getByRole('heading', { name: 'JSON', exact: true }).waitFor();
    await page.getByText('Jane DOE').waitFor();
    await page.getByText('Only when State is not ZZ').waitFor();
    await shoot(opened, 'mappings');
    await page.getByRole('button', { name: 'Show the request' }).click();
    const request = page.getByRole('region', { name: 'Request', exact: true });
    await request.waitFor();
    // It is asked for again once the example values are there.
    await expect.poll(() => request.textContent()).toContain('"name":"Jane DOE"');
    const text = await request.textContent();
    // The recipient above is taken to have accepted the lead.
    expect(text).toContain('"score":"success"');
    expect(text).not.toContain('sk_live');
    await checkPage(opened, { title: 'Part' });
    await page.getByRole('button', { name: 'Close' }).scrollIntoViewIfNeeded();
    await shoot(opened, 'mappings-request');

    await page.getByRole('button', { name: 'Shown with example values' }).click();
    await page.getByRole('textbox', { name: 'A lead' }).fill('first_name=Zoe\nlast_name=Quill');
    await page.getByText('Zoe QUILL').waitFor();
    await expect.poll(() => request.textContent()).toContain('"name":"Zoe QUILL"');
    expect(ui.server.recipient.deliveries).toEqual([]);
    expect(await page.locator('img').count()).toBe(0);
    expectNoFaults(opened);
    await opened.close();
  });

  it('complete names of fields and helpers while a template is written', async () => {
    const opened = await ui.openAs('owner');
    const { page } = opened;
    const { keyboard } = page;
    await openPart(page, { ...PLACE, flow: flowId });
    const value = page.getByRole('textbox', { name: 'Value of json_property.markup' });
    await value.fill('Dear {{upp');
    await page.locator('[role=option]', { hasText: 'uppercase' }).waitFor();
    await shoot(opened, 'mappings-completion');
    await keyboard.press('Tab');
    await expect.poll(() => value.inputValue()).toBe('Dear {{uppercase }}');
    await keyboard.type('first');
    await page.locator('[role=option]', { hasText: 'First Name' }).first().waitFor();
    await keyboard.press('ArrowDown');
    await keyboard.press('Enter');
    await expect.poll(() => value.inputValue()).toBe('Dear {{uppercase lead.first_name}}');
    await page.getByText('Dear JANE').waitFor();
    await value.fill('{{nonsense');
    await page.getByText('This tag is never closed').first().waitFor();
    await opened.close();
  });

  it('are added, found by their help, given to some leads, and taken away', async () => {
    const opened = await ui.openAs('owner');
    const { page } = opened;
    const { keyboard } = page;
    await openPart(page, { ...PLACE, flow: flowId });
    const listMapped = async () => {
      const [, step] = (await readPartDocument(page)).steps;
      return step?.type === 'recipient' ? step.integration.mappings : [];
    };
    await page.getByRole('button', { name: 'Add a property' }).click();
    await keyboard.type('give up after');
    await page.locator('[role=option]', { hasText: 'timeout_seconds' }).click();
    await page.getByRole('textbox', { name: 'Value of timeout_seconds' }).fill('30');
    await page.getByRole('button', { name: 'Add a property' }).click();
    await keyboard.type('header');
    await page.locator('[role=option]', { hasText: 'header.…' }).click();
    await keyboard.type('X-Campaign');
    await page.locator('[role=option]', { hasText: 'header.X-Campaign' }).click();
    expect((await listMapped()).slice(-2)).toEqual([
      { property: 'timeout_seconds', value: '30' },
      { property: 'header.X-Campaign', value: '' },
    ]);
    await page.getByRole('button', { name: 'Actions of header.X-Campaign' }).click();
    await page.getByRole('menuitem', { name: 'Only for some leads' }).click();
    const property = page.getByRole('region', { name: 'header.X-Campaign' });
    await property.getByRole('button', { name: 'Add a rule' }).click();
    expect((await listMapped()).at(-1)).toHaveProperty('rule_set.rules.0.op', 'is equal to');
    await checkPage(opened, { title: 'Part' });
    await page.getByRole('button', { name: 'Actions of timeout_seconds' }).click();
    await page.getByRole('menuitem', { name: 'Remove' }).click();
    expect((await listMapped()).map(({ property: name }) => name)).not.toContain('timeout_seconds');
    await page.getByRole('button', { name: 'Actions of url' }).click();
    await page.getByRole('menuitem', { name: 'Remove' }).click();
    await page.getByText('One required property is not filled.').waitFor();
    await page.getByRole('button', { name: 'Fill url' }).click();
    expect((await listMapped()).at(-1)).toEqual({ property: 'url', value: '' });
    await opened.close();
  });

  it('move their secret into a credential, and the draft keeps a reference', async () => {
    const opened = await ui.openAs('owner');
    const { page } = opened;
    await openPart(page, { ...PLACE, flow: flowId });
    await page.getByRole('button', { name: 'Move into a credential' }).click();
    await page.getByRole('textbox', { name: 'Name of the credential' }).fill('CRM key');
    await page.getByRole('button', { name: 'Store the secret' }).click();
    await expect.poll(async () => JSON.stringify(await readPartDocument(page))).toContain('Bearer {{credential.key}}');
    const document = await readPartDocument(page);
    const [stored] = await ui.server.client.listCredentials();
    expect(stored).toMatchObject({ name: 'CRM key', type: 'api_key', location: 'none', key: null });
    expect(document.steps[1]).toHaveProperty('credential_id', stored?.id);
    expect(JSON.stringify(document)).not.toContain('sk_live');
    // The flow as it is saved is what it was: the draft is published by a person.
    expect(JSON.stringify(await ui.server.client.readFlow(flowId))).toContain('sk_live');
    await opened.close();
  });

  it('are of a module that is found by its name or by what it does', async () => {
    const opened = await ui.openAs('owner');
    const { page } = opened;
    await openPart(page, { ...PLACE, flow: flowId });
    await page.getByRole('button', { name: 'Change module' }).click();
    await page.getByRole('textbox', { name: 'Find a module' }).fill('mail message');
    await shoot(opened, 'mappings-modules');
    await checkPage(opened, { title: 'Part' });
    await page.getByRole('button', { name: /^E-mail/ }).click();
    await page.getByRole('heading', { name: 'E-mail', exact: true }).waitFor();
    // What was mapped stays, and is marked.
    await page.getByText('The module does not declare it.').first().waitFor();
    expect(await readPartSaid(page)).toContain('Chose the module E-mail');
    await opened.close();
  });
});
