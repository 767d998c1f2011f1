import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { until } from '../harness/until.ts';
import { findBareColors, findLostFocus } from './harness/check-keyboard.ts';
import { checkPage, expectNoFaults } from './harness/check-page.ts';
import { isChromiumInstalled } from './harness/chromium.ts';
import { fillServer } from './harness/fill.ts';
import type { OpenedPage } from './harness/open-page.ts';
import { shoot } from './harness/shoot.ts';
import { type StartedConsole, startConsole } from './harness/start-console.ts';

const execute = promisify(execFile);

/** What the page says of one operation. */
interface Shown {
  name: string;
  label: string;
  heading: string;
  route: string;
  /** Parts of the page, and their tables. */
  parts: string[];
  permission: string;
  search: string;
}

describe.skipIf(!isChromiumInstalled)('the pages for developers', () => {
  let ui: StartedConsole;
  beforeAll(async () => {
    ui = await startConsole(fillServer);
  });
  afterAll(() => ui?.stop());

  const list = (page: Page) => page.getByRole('navigation', { name: 'Operations' });
  const named = (page: Page) => list(page).getByRole('link');
  const field = (page: Page) => page.getByRole('textbox', { name: 'Find an operation' });
  const focused = (page: Page) => page.evaluate<string>(`document.activeElement?.textContent ?? ''`);
  const open = async (path: string, role: 'owner' | 'vendor' = 'owner'): Promise<OpenedPage> => {
    const opened = await ui.openAs(role, path);
    await opened.page.getByRole('heading', { level: 2 }).first().waitFor();
    return opened;
  };

  it('reach and name every operation of the document, each with its parts', async () => {
    const opened = await open('/app/developers');
    const document = await ui.server.client.readOpenApi();
    const paths = document['paths'] as Record<string, Record<string, Described>>;
    const described = Object.entries(paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]) => ({
        ...operation,
        route: `${method.toUpperCase()} ${path}`,
      })),
    );
    const shown = await opened.page.evaluate<Shown[]>(WALK);
    const tags = [...new Set(described.map(({ tags: [tag] }) => tag))];
    described.sort((one, other) => tags.indexOf(one.tags[0]) - tags.indexOf(other.tags[0]));
    const plain = (text: string) => text.replaceAll('`', '').replaceAll(/\[(.+?)\]\(.+?\)/g, '$1');
    expect(shown.map(({ name, label, heading, route }) => ({ name, label, heading, route }))).toEqual(
      described.map(({ operationId, summary, route }) => ({
        ...{ name: operationId, heading: plain(summary), route },
        label: expect.toSatisfy((label: string) => `${route}${plain(summary)}`.startsWith(label)),
      })),
    );
    expect(described.length).toBeGreaterThan(250);
    expect(shown.map(({ search }) => search)).toEqual(described.map(({ operationId }) => `?operation=${operationId}`));
    for (const [index, { operationId, parameters, requestBody, 'x-permission': permission }] of described.entries()) {
      const { parts = [], permission: words } = shown[index] ?? {};
      expect(parts, operationId).toEqual([
        'Example request',
        ...(parameters.length > 0 ? ['Parameters'] : []),
        ...(requestBody === undefined ? [] : [requestBody.required ? 'Body' : 'Body (may be left out)']),
        'Answers',
        'Errors',
      ]);
      if (permission.includes('.')) expect(words, operationId).toBe(`${permission} (you have it)`);
    }
    expectNoFaults(opened);
    await opened.close();
  });

  it('find operations by path; the address keeps what is looked for and what is open, and back undoes it', async () => {
    const opened = await open('/app/developers');
    const { page } = opened;
    await page.getByText(/^\d+ operations$/).waitFor();
    await field(page).fill('/flows/{id}/draft');
    await page.getByText(/^\d of \d+ operations$/).waitFor();
    expect(await named(page).allTextContents()).toEqual([
      expect.stringMatching(/^GET \/flows\/\{id\}\/draft/),
      expect.stringMatching(/^PUT \/flows\/\{id\}\/draft/),
      expect.stringMatching(/^DELETE \/flows\/\{id\}\/draft/),
      expect.stringMatching(/^POST \/flows\/\{id\}\/draft\/publish/),
    ]);
    await named(page).nth(1).click();
    await page.getByRole('heading', { name: /^Keeps a draft/ }).waitFor();
    await named(page).nth(3).click();
    await page.getByRole('heading', { name: /^Saves the draft/ }).waitFor();
    expect(new URL(page.url()).search).toBe(`?q=${encodeURIComponent('/flows/{id}/draft')}&operation=publishDraft`);
    await page.reload();
    await page.getByRole('heading', { name: /^Saves the draft/ }).waitFor();
    expect(await field(page).inputValue()).toBe('/flows/{id}/draft');
    expect(await named(page).count()).toBe(4);
    await page.goBack();
    await page.getByRole('heading', { name: /^Keeps a draft/ }).waitFor();
    await page.goBack();
    await page.getByRole('heading', { name: 'What holds for every call' }).waitFor();
    await field(page).fill('returns.decide');
    await page.getByText(/^2 of \d+ operations$/).waitFor();
    await field(page).fill('nothing is called so');
    await page.getByText('No operation has all of these words.').waitFor();
    await checkPage(opened, { title: 'API reference · Developers' });
    await page.getByRole('button', { name: 'Show all operations' }).click();
    await page.getByText(/^\d+ operations$/).waitFor();
    expect(new URL(page.url()).search).toBe('');
    await opened.close();
  });

  it('are used by keyboard alone', async () => {
    const opened = await open('/app/developers');
    const { page } = opened;
    await field(page).focus();
    await page.keyboard.type('listleads');
    await page.getByText(/^\d+ of \d+ operations$/).waitFor();
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'A page of leads without their events.' }).waitFor();
    expect(await focused(page)).toBe('A page of leads without their events.');
    // The list is one stop, and the arrows go on within it.
    await field(page).fill('');
    await page.getByText(/^\d+ operations$/).waitFor();
    await field(page).focus();
    await page.keyboard.press('Tab');
    expect(await focused(page)).toMatch(/^GET \/leadsA page of leads/);
    await page.keyboard.press('ArrowDown');
    expect(await focused(page)).toMatch(/^POST \/leads\//);
    await page.keyboard.press('Home');
    expect(await focused(page)).toMatch(/^GET \/flows/);
    await page.keyboard.press('ArrowUp');
    expect(await focused(page)).toMatch(/^GET \/flows/);
    await page.keyboard.press('End');
    await page.keyboard.press('Enter');
    const last = await page.getByRole('heading', { level: 2 }).first().textContent();
    expect(await focused(page)).toBe(last);
    await page.keyboard.press('k');
    await page.waitForFunction(
      `document.activeElement?.tagName === 'H2' && document.activeElement.textContent !== ${JSON.stringify(last)}`,
    );
    await page.keyboard.press('Tab');
    expect(await page.evaluate(`document.activeElement?.getAttribute('aria-label')`)).toBe('Copy the path');
    expectNoFaults(opened);
    await opened.close();
  });

  it('show an operation with a long body: the first level, then what is opened', async () => {
    const opened = await open('/app/developers?operation=createFlow');
    const { page } = opened;
    const body = page.getByRole('region', { name: 'Body', exact: true });
    const rows = body.getByRole('row');
    expect(await rows.filter({ hasText: 'module_id' }).count()).toBe(0);
    await body.getByRole('button', { name: 'sources' }).click();
    await body.getByRole('button', { name: 'integration' }).first().click();
    await rows.filter({ hasText: 'module_id' }).first().waitFor();
    await checkPage(opened, { title: 'createFlow · Developers' });
    await shoot(opened, 'developers-body');
    await body.getByRole('button', { name: /^Show all \d+ rows$/ }).click();
    await body.getByText('The same as above, within itself.').first().waitFor();
    expect(await rows.count()).toBeGreaterThan(500);
    await body.getByRole('button', { name: 'Show the first level alone' }).click();
    await rows.filter({ hasText: 'module_id' }).first().waitFor({ state: 'detached' });
    expect(await rows.filter({ hasText: 'module_id' }).count()).toBe(0);
    expect(await body.getByText('Properties that are not listed are refused with 422.').count()).toBe(1);
    await opened.close();
  });

  it('show commands that a shell runs as they are', async () => {
    const { key } = await ui.server.client.createApiKey({ name: 'Shell', role: 'owner' });
    const opened = await open('/app/developers?operation=listLeads');
    const { page } = opened;
    const run = async (command: string) =>
      (await execute('bash', ['-euo', 'pipefail', '-c', command], { env: { ...process.env, KEY: key } })).stdout;
    const shown = async (label: string) =>
      (await page.getByRole('region', { name: label, exact: true }).textContent()) ?? '';
    expect(JSON.parse(await run(await shown('curl GET /leads')))).toEqual(expect.any(Array));
    await page.goto('/app/developers?operation=createField');
    const made = JSON.parse(await run(await shown('curl POST /fields')));
    expect(made).toMatchObject({ id: expect.any(String) });
    await page.goto('/app/developers/set-up');
    const flows = JSON.parse(await run(await shown('First call')));
    expect(flows).toEqual((await ui.server.client.listFlows()).map(({ id, name }) => ({ id, name })));
    expect(await shown('Address of this server')).toBe(ui.server.url);
    await opened.close();
  });

  it('list what a key asked for, errors alone, and what the panel of the key leads to', async () => {
    const { id, key } = await ui.server.client.createApiKey({ name: 'Nightly report', role: 'analyst' });
    const ask = (path: string) => ui.server.api('GET', path, undefined, { key });
    for (const path of ['/flows', '/flows/5f1c09ab5f1c09ab5f1c09ab', '/api_keys', '/fields']) await ask(path);
    await until('they are written', async () => (await ui.server.client.listApiKeyRequests(id)).length === 4);
    const opened = await open(`/app/settings/api-keys?panel=${id}`);
    const { page } = opened;
    await page.getByRole('link', { name: 'What it asked for' }).click();
    const rows = page.getByRole('table', { name: 'Requests' }).getByRole('row');
    await rows.nth(4).waitFor();
    const shown = async () =>
      (await rows.allInnerTexts()).slice(1).map((row) => row.split(/\s+/).slice(0, 4).join(' '));
    expect(await shown()).toEqual([
      '200 listFields GET /fields',
      '403 listApiKeys GET /api_keys',
      '404 readFlow GET /flows/{id}',
      '200 listFlows GET /flows',
    ]);
    await checkPage(opened, { title: 'Requests · Developers' });
    await shoot(opened, 'developers-requests');
    await page.getByRole('combobox', { name: 'Answers' }).click();
    await page.getByRole('option', { name: 'Errors only' }).click();
    await until('the errors are shown', async () => (await rows.count()) === 3);
    expect(await shown()).toEqual(['403 listApiKeys GET /api_keys', '404 readFlow GET /flows/{id}']);
    expect(new URL(page.url()).search).toBe(`?key=${id}&status=errors`);
    await page.reload();
    await rows.nth(2).waitFor();
    await page.goto(`/app/developers/requests?key=${id}&operation=listNothing`);
    await page.getByRole('heading', { name: 'No requests match' }).waitFor();
    await checkPage(opened, { title: 'Requests · Developers' });
    await page.getByRole('button', { name: 'Show all requests' }).click();
    await rows.nth(4).waitFor();
    await page.getByRole('link', { name: 'readFlow' }).click();
    await page.getByRole('heading', { level: 2, name: /^One flow as saved/ }).waitFor();
    expectNoFaults(opened);
    await opened.close();
    const vendor = await ui.openAs('vendor', '/app/developers/requests');
    await vendor.page.getByText('keys.manage').first().waitFor();
    await checkPage(vendor, { title: 'Requests · Developers' });
    await vendor.close();
  });

  it('lead to pages of the documentation that are there', async () => {
    const opened = await open('/app/developers/set-up');
    const { page } = opened;
    const listLinks = () =>
      page.evaluate<string[]>(`[...document.querySelectorAll('main a[href^="/docs/"]')].map((link) => link.href)`);
    const links = await listLinks();
    await page.goto('/app/developers?operation=readFlow');
    await page.getByRole('heading', { level: 2, name: /^One flow as saved/ }).waitFor();
    links.push(...(await listLinks()));
    expect(links.length).toBeGreaterThan(4);
    for (const link of new Set(links)) {
      const { hash } = new URL(link);
      const answer = await fetch(link);
      expect([answer.status, link]).toEqual([200, link]);
      if (hash !== '') expect(await answer.text()).toContain(`id="${hash.slice(1)}"`);
    }
    await opened.close();
  });

  it('say what is missing: a permission, an operation, the document', async () => {
    const vendor = await open('/app/developers?operation=listLeads', 'vendor');
    await vendor.page.getByText('leads.read (you lack it)').waitFor();
    await checkPage(vendor, { title: 'listLeads · Developers' });
    await vendor.close();
    const opened = await open('/app/developers?operation=listNothing');
    const { page } = opened;
    await page.getByRole('heading', { name: 'There is no such operation' }).waitFor();
    await checkPage(opened, { title: 'listNothing · Developers' });
    await page.getByRole('link', { name: 'Show all operations' }).click();
    await page.getByRole('heading', { name: 'What holds for every call' }).waitFor();
    await page.route('**/openapi.json', (route) => route.fulfill({ status: 500, json: { error: 'It broke.' } }));
    await page.goto('/app/developers');
    await page.getByRole('heading', { name: 'The server could not answer' }).waitFor();
    opened.faults.splice(0);
    await page.unroute('**/openapi.json');
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.getByRole('heading', { name: 'What holds for every call' }).waitFor();
    await opened.close();
  });

  it('keep what every page keeps, and read the document once, packed', async () => {
    const opened = await open('/app/developers');
    const { page } = opened;
    const asked: string[] = [];
    page.on('request', (request) => {
      if (request.url().endsWith('/openapi.json')) asked.push(request.url());
    });
    const [response] = await Promise.all([
      page.waitForResponse((each) => each.url().endsWith('/openapi.json')),
      page.reload(),
    ]);
    expect(response.headers()['content-encoding']).toBe('gzip');
    expect((await response.request().sizes()).responseBodySize).toBeLessThan(300_000);
    await page.getByRole('heading', { name: 'What holds for every call' }).waitFor();
    await checkPage(opened, { title: 'API reference · Developers' });
    await shoot(opened, 'developers');
    await page.getByRole('link', { name: 'Set up' }).last().click();
    await page.getByRole('heading', { level: 1, name: 'Set up' }).waitFor();
    await checkPage(opened, { title: 'Set up · Developers' });
    expect(await findLostFocus(page)).toEqual([]);
    await shoot(opened, 'developers-set-up');
    await page.getByRole('link', { name: 'API reference' }).click();
    await named(page).filter({ hasText: 'GET /leads/{id}' }).first().click();
    await page.getByRole('heading', { level: 3, name: 'Errors' }).waitFor();
    await checkPage(opened, { title: 'readLead · Developers' });
    expect(await findLostFocus(page)).toEqual([]);
    expect(await findBareColors(page)).toEqual([]);
    await shoot(opened, 'developers-operation');
    expect(asked).toHaveLength(1);
    await opened.close();
  });
});

interface Described {
  operationId: string;
  tags: [string];
  summary: string;
  parameters: unknown[];
  requestBody?: { required: boolean };
  'x-permission': string;
}

/** Presses each link of the list, and says what the page shows then. */
const WALK = `(async () => {
  const frame = () => new Promise((done) => requestAnimationFrame(done));
  const text = (element) => (element?.textContent ?? '').trim();
  const shown = [];
  for (const link of document.querySelectorAll('nav[aria-label=Operations] a')) {
    const { name } = link.dataset;
    link.click();
    for (let frames = 0; frames < 600 && !document.title.startsWith(name + ' '); frames += 1) await frame();
    const article = document.querySelector('article');
    shown.push({
      name, label: text(link),
      heading: text(article.querySelector('h2')),
      route: text(article.querySelector('h2 + p > span')),
      parts: [...article.querySelectorAll(':scope > section > h3')].map(text),
      permission: text(article.querySelector('dl dd')),
      search: location.search,
    });
  }
  return shown;
})()`;
