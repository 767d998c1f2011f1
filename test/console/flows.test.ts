import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkPage, expectNoFaults } from './harness/check-page.ts';
import { isChromiumInstalled } from './harness/chromium.ts';
import { type Filled, fillServer, LONG_NAME, MARKUP } from './harness/fill.ts';
import { shoot } from './harness/shoot.ts';
import { addPerson, PASSWORD } from './harness/sign-in.ts';
import { type StartedConsole, startConsole } from './harness/start-console.ts';

const NO_ID = '000000000000000000000000';

describe.skipIf(!isChromiumInstalled)('flows in the console', () => {
  let ui: StartedConsole;
  let filled: Filled;
  const linksOf = async () => {
    const source = filled.flow.sources[0]?.entity.id ?? '';
    return ui.server.client.listPostingLinks(filled.flow.id, source);
  };

  beforeAll(async () => {
    ui = await startConsole(async (server) => {
      filled = await fillServer(server);
      await server.client.createFlow({ name: 'Draft of a flow', enabled: true, fields: [], sources: [], steps: [] });
    });
  });
  afterAll(() => ui.stop());

  it('are listed by name, with state, sources and last change', async () => {
    const opened = await ui.openAs('owner', '/app/flows');
    const { page } = opened;
    await page.getByRole('link', { name: LONG_NAME }).waitFor();
    // One source, some 146 leads, with the share of accepted ones and how long they took; they come after the flows.
    await page.getByRole('row', { name: /Mortgage leads.*\d\.\d %/ }).waitFor();
    const rows = await page.getByRole('row').allTextContents();
    expect(rows.find((row) => row.includes('Mortgage leads'))).toMatch(/On114\d\d\d\.\d %\d+.*E[SD]TMore$/);
    expect(rows.find((row) => row.includes('Switched off'))).toContain('Off');
    expect(rows.find((row) => row.includes('Draft of a flow'))).toContain('Never published');
    expect(await page.getByRole('link', { name: MARKUP }).count()).toBe(1);
    await checkPage(opened, { title: 'Flows' });
    await shoot(opened, 'flows');
    await opened.close();
  });

  it('are filtered in the address, a choice at a time', async () => {
    const opened = await ui.openAs('owner', '/app/flows');
    const { page } = opened;
    await page.getByRole('combobox', { name: 'State' }).click();
    await page.getByRole('option', { name: 'On', exact: true }).click();
    await page.getByLabel('Find').last().fill('mort');
    await page.getByText('2 of 5 flows').waitFor();
    expect(new URL(page.url()).search).toBe('?q=mort&state=live');
    await page.getByLabel('Find').last().fill('nothing of the kind');
    await page.getByRole('heading', { name: 'No flows match' }).waitFor();
    await checkPage(opened, { title: 'Flows' });
    await shoot(opened, 'flows-no-match');
    // Typing is not undone letter by letter.
    await page.goBack();
    await page.getByText('5 of 5 flows').waitFor();
    await opened.close();
  });

  it('are made without sources, imported, or duplicated, and then edited', async () => {
    const opened = await ui.openAs('owner', '/app/flows');
    const { page } = opened;
    await page.getByRole('link', { name: 'New flow' }).click();
    const panel = page.getByRole('dialog');
    await panel.getByLabel('Name').fill('Roof leads');
    await checkPage(opened, { title: 'Flows' });
    await shoot(opened, 'flows-new');
    await panel.getByRole('button', { name: 'Create flow' }).click();
    await page.getByRole('heading', { name: 'Roof leads', level: 1 }).waitFor();
    const made = await ui.server.client.listFlows({});
    expect(made.find(({ name }) => name === 'Roof leads')).toMatchObject({ deployed_revision: null, sources: [] });

    await page.goto('/app/flows?new=import');
    await panel.getByLabel('Flow as JSON').fill('{"name": "Imported"}');
    await panel.getByRole('button', { name: 'Import flow' }).click();
    await panel.getByText('sources').first().waitFor();
    await checkPage(opened, { title: 'Flows' });
    await shoot(opened, 'flows-import');
    // The id is taken, so the import is another flow.
    const taken = await ui.server.client.readFlow(filled.flow.id);
    await panel.getByLabel('Flow as JSON').fill(JSON.stringify({ ...taken, name: 'Imported' }));
    await panel.getByRole('button', { name: 'Import flow' }).click();
    await page.getByRole('heading', { name: 'Imported', level: 1 }).waitFor();

    await page.goto('/app/flows');
    await page.getByRole('button', { name: 'More for Imported' }).click();
    await page.getByRole('menuitem', { name: 'Duplicate' }).click();
    await panel.getByRole('button', { name: 'Duplicate flow' }).click();
    await page.getByRole('heading', { name: 'Imported copy', level: 1 }).waitFor();
    await page.goto('/app/flows');
    await page.getByText('8 of 8 flows').waitFor();
    for (const { id, name } of await ui.server.client.listFlows({}))
      if (['Roof leads', 'Imported', 'Imported copy'].includes(name ?? '')) await ui.server.client.removeFlow(id ?? '');
    expectNoFaults(opened);
    await opened.close();
  });

  it('that somebody changes are marked, with who it is', async () => {
    const { id } = filled.flow;
    await ui.server.client.replaceDraft(id, { revision: 1, base_revision: 1 });
    const opened = await ui.openAs('owner', '/app/flows');
    await opened.page.getByRole('link', { name: /^Draft of Mortgage leads by/ }).click();
    await opened.page.getByText('Draft saved').waitFor();
    await ui.server.client.discardDraft(id);
    await opened.close();
  });

  it('have a page with sources and their submit URLs', async () => {
    const opened = await ui.openAs('owner', `/app/flows/${filled.flow.id}`);
    const { page } = opened;
    await page.getByRole('cell', { name: 'Search ads', exact: true }).waitFor();
    await checkPage(opened, { title: 'Mortgage leads · Flows' });
    await shoot(opened, 'flow');
    await page.getByRole('link', { name: 'Latest leads' }).click();
    await page.getByRole('heading', { level: 1, name: 'Leads' }).waitFor();
    expect(new URL(page.url()).searchParams.get('flow_id')).toBe(filled.flow.id);
    expectNoFaults(opened);
    await opened.close();
  });

  it('have links to posting pages that are made, copied, opened, changed and revoked', async () => {
    const opened = await ui.openAs('owner', `/app/flows/${filled.flow.id}`);
    const { page } = opened;
    await page.getByRole('link', { name: /^Show links to the posting page of/ }).click();
    await page.getByText('No link yet').waitFor();
    const source = filled.flow.sources[0]?.entity.id;
    await page.getByText(`${ui.server.url}/flows/${filled.flow.id}/sources/${source}/submit`).waitFor();
    await checkPage(opened, { title: 'Mortgage leads · Flows' });
    await page.getByRole('button', { name: 'Create link' }).click();
    await page.getByLabel('Questions to').fill('Ann Ray');
    await page.getByRole('switch', { name: 'Show caps' }).click();
    await shoot(opened, 'posting-link-form');
    await checkPage(opened, { title: 'Mortgage leads · Flows' });
    await page.getByRole('button', { name: 'Create link' }).click();
    await page.getByText('Shows caps. Questions to Ann Ray.').waitFor();
    const [link] = await linksOf();
    expect(link).toMatchObject({ contact: 'Ann Ray', shows_caps: true, shows_prices: false });
    const href = await page.getByRole('link', { name: 'Show page', exact: true }).getAttribute('href');
    expect(href).toBe(link?.url);
    expect((await fetch(href ?? '')).status).toBe(200);
    await checkPage(opened, { title: 'Mortgage leads · Flows' });
    await shoot(opened, 'posting-links');

    await page.getByRole('button', { name: 'Change what it shows' }).click();
    await page.getByRole('switch', { name: 'Hide rules' }).click();
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('Shows caps, hides rules.').waitFor();
    await page.getByRole('button', { name: 'Revoke…' }).click();
    await page.getByText('Revoke this link?').waitFor();
    await checkPage(opened, { title: 'Mortgage leads · Flows' });
    await shoot(opened, 'posting-link-revoke');
    await page.getByRole('button', { name: 'Revoke link' }).click();
    await page.getByText('No link yet').waitFor();
    expect(await linksOf()).toEqual([]);
    expect((await fetch(href ?? '')).status).toBe(404);
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    expect(new URL(page.url()).search).toBe('');
    expectNoFaults(opened);
    await opened.close();
  });

  it('are found in the palette, and their sources', async () => {
    const opened = await ui.openAs('owner');
    const { page } = opened;
    await page.getByRole('row').nth(5).waitFor();
    await page.keyboard.press('Control+k');
    await page.getByPlaceholder('Id, e-mail').fill('Search ads');
    await page.getByText('Source of Mortgage leads: its posting page').click();
    await page.waitForURL(`**/app/flows/${filled.flow.id}?source=*`);
    await page.getByRole('dialog', { name: /^Posting page of / }).waitFor();
    await page.keyboard.press('Escape');
    await page.keyboard.press('Control+k');
    await page.getByPlaceholder('Id, e-mail').fill('refinancing');
    await page.getByRole('button', { name: LONG_NAME }).first().click();
    await page.getByRole('heading', { name: LONG_NAME, level: 1 }).waitFor();
    await checkPage(opened, { title: `${LONG_NAME} · Flows` });
    await shoot(opened, 'flow-long');
    await opened.close();
  });

  it('say when there is no such flow or source, or no source at all', async () => {
    const opened = await ui.openAs('owner', `/app/flows/${NO_ID}`);
    const { page } = opened;
    await page.getByRole('heading', { name: 'There is no such flow' }).waitFor();
    await checkPage(opened, { title: 'Flow · Flows' });
    await page.goto(`/app/flows/${filled.flow.id}?source=${filled.off.id}`);
    await page.getByText('The flow has no source with the id in the address.').waitFor();
    const [draft] = (await ui.server.client.listFlows({})).filter(({ name }) => name === 'Draft of a flow');
    await page.goto(`/app/flows/${draft?.id}`);
    await page.getByRole('heading', { name: 'No sources' }).waitFor();
    await checkPage(opened, { title: 'Draft of a flow · Flows' });
    await opened.close();
  });

  it('are for those who may: an analyst reads links, a vendor sees no flows', async () => {
    const source = filled.flow.sources[0]?.entity.id ?? '';
    await ui.server.client.createPostingLink(filled.flow.id, source, {});
    const reader = await ui.openAs('analyst', `/app/flows/${filled.flow.id}?source=${source}`);
    await reader.page.getByRole('link', { name: 'Show page', exact: true }).waitFor();
    for (const name of ['Create link', 'Change what it shows', 'Revoke…'])
      expect(await reader.page.getByRole('button', { name }).count(), name).toBe(0);
    await reader.close();
    const vendor = await ui.openAs('vendor', '/app/flows');
    await vendor.page.getByText('You may not see flows').waitFor();
    expect(await vendor.page.getByRole('link', { name: 'Flows', exact: true }).count()).toBe(0);
    await checkPage(vendor, { title: 'Flows' });
    await vendor.close();
  });

  it('show what failed, with a way on', async () => {
    await addPerson(ui.server, 'editor', 'eve@example.com');
    const opened = await ui.open();
    const { page } = opened;
    await page.goto('/app/flows');
    await page.getByLabel('E-mail').fill('eve@example.com');
    await page.getByRole('textbox', { name: 'Password' }).fill(PASSWORD);
    let isBroken = true;
    await page.route('**/flows?*', async (route) => (isBroken ? route.abort() : route.continue()));
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('heading', { name: 'The server was not reached' }).waitFor();
    isBroken = false;
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.getByRole('link', { name: LONG_NAME }).waitFor();
    await opened.close();
  });
});
