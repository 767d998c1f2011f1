import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createWelcome } from '../../src/access/users/welcome.ts';
import { demoFlow } from '../../src/demo/demo-flow.ts';
import { systemClock } from '../../src/lib/clock.ts';
import { createWelcomeStore } from '../../src/store/postgres/welcome-links.ts';
import { createTestDatabase, type TestDatabase } from '../harness/database.ts';
import { buildSluice, startSluiceProcess } from '../harness/sluice-process.ts';
import { checkPage } from './harness/check-page.ts';
import { isChromiumInstalled, launchChromium } from './harness/chromium.ts';
import { type OpenedPage, openPage } from './harness/open-page.ts';
import { shoot } from './harness/shoot.ts';
import { PASSWORD } from './harness/sign-in.ts';
import { type StartedConsole, startConsole } from './harness/start-console.ts';

/** From the link that a start prints to the page of the first lead. */
const CLICKS_MAX = 6;

describe.skipIf(!isChromiumInstalled)('the first run', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    await buildSluice();
    database = await createTestDatabase();
  });
  afterAll(() => database?.drop());

  it('takes few clicks from the link that a start prints to the first lead', async () => {
    const began = performance.now();
    const sluice = await startSluiceProcess(database);
    const link = /http:\S+\/app\/welcome#\S+/.exec(sluice.output())?.[0] ?? '';
    const browser = await launchChromium();
    const opened = await openPage(browser, { url: sluice.url, timezoneId: 'Europe/Berlin' });
    const { page } = opened;
    await countClicks(opened);
    const click = (name: string) => page.getByRole('button', { name }).click();
    await page.goto(link);
    await fillIn(opened, 'ann@example.com');
    await click('Create the administrator');
    await page.getByRole('heading', { level: 1, name: 'Set up' }).waitFor();
    expect(page.url()).not.toContain('#');
    await page.getByText('Days begin in Europe/Berlin').waitFor();
    await click('Create a sample flow');
    await click('Send a test lead');
    await page.getByText('Success', { exact: true }).waitFor();
    await page.getByRole('link', { name: 'See what happened to it' }).click();
    await page.waitForURL(/\/app\/leads\/[0-9a-f]{24}$/);
    const clicks = await readClicks(opened);
    console.info(`first run: ${clicks} clicks, ${((performance.now() - began) / 1000).toFixed(1)} s with the start`);
    // Four buttons and links, and no field: those are filled by keyboard.
    expect(clicks).toBe(4);
    expect(clicks).toBeLessThanOrEqual(CLICKS_MAX);
    await page.goto(link);
    await page.getByRole('heading', { name: 'This link does not work' }).waitFor();
    await browser.close();
    sluice.kill('SIGTERM');
    await sluice.exited;
    const again = await startSluiceProcess(database);
    expect(again.output()).not.toContain('/app/welcome');
  });
});

describe.skipIf(!isChromiumInstalled)('the welcome page', () => {
  let ui: StartedConsole;
  let pool: pg.Pool;
  beforeAll(async () => {
    ui = await startConsole();
    pool = new pg.Pool({ ...ui.server.database.connection, max: 1 });
  });
  afterAll(async () => {
    await pool?.end();
    await ui?.stop();
  });

  it('keeps what every page keeps, and says what is wrong at its field', async () => {
    const opened = await ui.open();
    const { page } = opened;
    const welcome = createWelcomeStore(pool);
    const token = await createWelcome({ welcome, clock: systemClock, randomBytes }, ui.server.account.id);
    await page.goto(`/app/welcome#${token}`);
    await page.getByRole('heading', { name: 'Welcome to Sluice' }).waitFor();
    await page.getByLabel('E-mail').waitFor();
    await checkPage(opened, { title: 'Welcome' });
    await shoot(opened, 'welcome');
    await page.getByLabel('E-mail').fill('ann@example.com');
    await page.getByRole('textbox', { name: 'Password' }).fill('short');
    await page.getByRole('button', { name: 'Create the administrator' }).click();
    await page.getByText('Must have at least 12 characters').waitFor();
    await checkPage(opened, { title: 'Welcome' });
    await opened.close();
  });

  it('says of a link that is none what to do', async () => {
    const opened = await ui.open();
    await opened.page.goto('/app/welcome#nothing');
    await opened.page.getByRole('heading', { name: 'This link does not work' }).waitFor();
    await checkPage(opened, { title: 'Welcome' });
    await shoot(opened, 'welcome-used');
    await opened.close();
  });
});

describe.skipIf(!isChromiumInstalled)('the setup of an account without a flow', () => {
  let ui: StartedConsole;
  beforeAll(async () => {
    ui = await startConsole();
  });
  afterAll(() => ui?.stop());

  it('offers a sample and takes one as JSON, with the faults at their places', async () => {
    const opened = await ui.openAs('owner', '/app/setup');
    const { page } = opened;
    await page.getByRole('button', { name: 'Create a sample flow' }).waitFor();
    await checkPage(opened, { title: 'Set up' });
    await shoot(opened, 'setup-empty');
    await page.getByRole('button', { name: 'Import a flow' }).click();
    const text = page.getByLabel('Flow as JSON');
    await text.fill('{"name": ');
    await page.getByRole('button', { name: 'Import and deploy' }).click();
    await page.getByText('This is no JSON').waitFor();
    await text.fill(JSON.stringify({ name: 'A', enabled: 'yes', sources: [{ entity: {} }] }));
    await page.getByRole('button', { name: 'Import and deploy' }).click();
    await page.getByText('enabled', { exact: true }).waitFor();
    await checkPage(opened, { title: 'Set up' });
    await shoot(opened, 'setup-import');
    await text.fill(JSON.stringify(demoFlow(ui.server.recipient.url)));
    await page.getByRole('button', { name: 'Import and deploy' }).click();
    await page.getByText('Waiting for the first lead').waitFor();
    expect(new URL(page.url()).searchParams.get('flow')).toMatch(/^[0-9a-f]{24}$/);
    await opened.close();
  });
});

describe.skipIf(!isChromiumInstalled)('the setup of an account with a flow', () => {
  let ui: StartedConsole;
  beforeAll(async () => {
    ui = await startConsole((server) => server.deploy(demoFlow(server.recipient.url)));
  });
  afterAll(() => ui?.stop());

  it('shows a lead that a terminal sends while one watches', async () => {
    const opened = await ui.openAs('owner', '/app/setup');
    const { page } = opened;
    await page.getByText('Waiting for the first lead').waitFor();
    await checkPage(opened, { title: 'Set up' });
    await shoot(opened, 'setup-waiting');
    const command = await page.getByRole('region', { name: 'Command that sends it' }).textContent();
    const { body = '', url = '' } = /-d '(?<body>[^']*)' '(?<url>[^']*)'/.exec(command ?? '')?.groups ?? {};
    expect(url.startsWith(`${ui.server.url}/flows/`)).toBe(true);
    const headers = { 'Content-Type': 'application/x-www-form-urlencoded' };
    expect((await fetch(url, { method: 'POST', headers, body })).status).toBe(201);
    await page.getByRole('link', { name: 'See what happened to it' }).waitFor();
    await checkPage(opened, { title: 'Set up' });
    await shoot(opened, 'setup-arrived');
    await opened.close();
  });

  it('keeps the zone of the account, and changes it', async () => {
    const opened = await ui.openAs('owner', '/app/setup');
    const { page } = opened;
    await page.getByRole('button', { name: 'Change' }).click();
    await page.getByRole('combobox', { name: 'Time zone of the account' }).fill('Lisbon');
    await page.getByRole('option', { name: 'Europe/Lisbon' }).click();
    await page.getByRole('button', { name: 'Use this zone' }).click();
    await page.getByText('Days begin in Europe/Lisbon').waitFor();
    expect((await ui.server.client.readAccount()).time_zone).toBe('Europe/Lisbon');
    await opened.close();
  });

  it('offers an analyst nothing that the role may not do', async () => {
    const opened = await ui.openAs('analyst', '/app/setup');
    await opened.page.getByText('Mortgage leads').first().waitFor();
    expect(await opened.page.getByRole('button', { name: 'Import a flow' }).count()).toBe(0);
    expect(await opened.page.getByRole('button', { name: 'Change' }).count()).toBe(0);
    await opened.close();
  });
});

async function fillIn({ page }: OpenedPage, email: string): Promise<void> {
  await page.getByLabel('First name').fill('Ann');
  await page.getByLabel('E-mail').fill(email);
  await page.getByRole('textbox', { name: 'Password' }).fill(PASSWORD);
}

/** Counts every click that the page gets, over all its documents: what a test forgets to count is counted, too. */
async function countClicks({ page }: OpenedPage): Promise<void> {
  await page.addInitScript(`addEventListener('click', (event) => {
    if (event.isTrusted && event.detail > 0) sessionStorage.setItem('clicks', Number(sessionStorage.getItem('clicks')) + 1);
  }, true)`);
}

function readClicks({ page }: OpenedPage): Promise<number> {
  return page.evaluate(`Number(sessionStorage.getItem('clicks'))`);
}
