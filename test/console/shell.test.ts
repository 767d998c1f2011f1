import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkPage, expectNoFaults } from './harness/check-page.ts';
import { isChromiumInstalled } from './harness/chromium.ts';
import { type Filled, fillServer, LONG_NAME, MARKUP } from './harness/fill.ts';
import { shoot } from './harness/shoot.ts';
import { addPerson, PASSWORD, signIn } from './harness/sign-in.ts';
import { type StartedConsole, startConsole } from './harness/start-console.ts';

describe.skipIf(!isChromiumInstalled)('the frame of the console', () => {
  let ui: StartedConsole;
  let filled: Filled;
  beforeAll(async () => {
    ui = await startConsole(async (server) => {
      filled = await fillServer(server);
    });
  });
  afterAll(() => ui?.stop());

  const untilRows = (page: Page) => page.getByRole('table', { name: 'Latest leads' }).getByRole('row').nth(5).waitFor();

  it('shows the latest leads, and new ones as they come', async () => {
    const opened = await ui.openAs('owner');
    const { page } = opened;
    await untilRows(page);
    for (const word of ['Success', 'Failure', 'Error'])
      expect(await page.getByRole('cell', { name: word, exact: true }).count(), word).toBeGreaterThan(0);
    expect(await page.locator('time').first().textContent()).toMatch(/^[A-Z][a-z]{2} \d+, \d\d:\d\d:\d\d E[SD]T$/);
    await checkPage(opened, { title: 'Home' });
    await shoot(opened, 'home');
    const { body } = await ui.server.submit(filled.flow, { state: 'NY' });
    await page.locator(`a[href$="/leads/${body.lead.id}"]`).waitFor();
    await opened.close();
  });

  it('shows markup in names and values as text', async () => {
    const opened = await ui.openAs('owner');
    const { page } = opened;
    await page.getByRole('cell', { name: MARKUP }).first().waitFor();
    expect(await page.getByRole('cell', { name: MARKUP }).count()).toBe(2);
    await page.keyboard.press('Control+k');
    await page.getByPlaceholder('Id, e-mail').fill(filled.markup);
    await page.getByRole('button', { name: MARKUP }).first().waitFor();
    await page.getByPlaceholder('Id, e-mail').fill('"><img');
    await page.getByRole('button', { name: `${MARKUP} Flow`, exact: true }).waitFor();
    expect(await page.locator('img').count()).toBe(0);
    expectNoFaults(opened);
    await opened.close();
  });

  it('keeps the focus on the screen of a phone, and gives it to the sections when they open', async () => {
    const WIDTH = 390;
    const opened = await ui.openAs('owner', '/app/', { viewport: { width: WIDTH, height: 844 } });
    const { page } = opened;
    const walk = async (presses: number) => {
      const seen: { name: string; isInside: boolean }[] = [];
      for (let press = 0; press < presses; press += 1) {
        await page.keyboard.press('Tab');
        const at = page.locator(':focus');
        const box = (await at.boundingBox()) ?? { x: -1, width: 0 };
        const name = (await at.getAttribute('aria-label')) ?? (await at.textContent()) ?? '';
        seen.push({ name, isInside: box.x >= 0 && box.x + box.width <= WIDTH });
      }
      return seen;
    };
    const closed = await walk(12);
    expect(closed.filter(({ isInside }) => !isInside)).toEqual([]);
    expect(closed.map(({ name }) => name)).not.toContain('Flows');
    const sections = page.getByRole('button', { name: 'Sections' });
    expect(await sections.getAttribute('aria-expanded')).toBe('false');
    await sections.click();
    expect(await sections.getAttribute('aria-expanded')).toBe('true');
    const open = await walk(12);
    expect(open.filter(({ isInside }) => !isInside)).toEqual([]);
    expect(open.map(({ name }) => name)).toContain('Flows');
    await opened.close();
  });

  it('finds a lead from the sign-in on with the keyboard alone', async () => {
    await addPerson(ui.server, 'analyst', 'kay@example.com');
    const opened = await ui.open();
    const { page } = opened;
    await page.goto('/app/');
    await page.getByLabel('E-mail').focus();
    await page.keyboard.type('kay@example.com');
    await page.keyboard.press('Tab');
    await page.keyboard.type(PASSWORD);
    await page.keyboard.press('Enter');
    await untilRows(page);
    await page.keyboard.press('Control+k');
    await page.getByPlaceholder('Id, e-mail').waitFor();
    await page.keyboard.type(filled.success);
    await page.getByText('fred@example.com', { exact: false }).waitFor();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await page.waitForURL(`**/app/leads/${filled.success}`);
    await page.getByRole('heading', { level: 1 }).filter({ hasNotText: 'Home' }).waitFor();
    await opened.close();
  });

  it('opens the palette in place, finds flows by name, and gives the focus back', async () => {
    const opened = await ui.openAs('owner');
    const { page } = opened;
    await untilRows(page);
    const button = page.getByRole('button', { name: /^Find a lead/ });
    await button.focus();
    await page.keyboard.press('Enter');
    await page.getByPlaceholder('Id, e-mail').fill('refinancing');
    await page.getByRole('button', { name: LONG_NAME }).first().waitFor();
    await checkPage(opened, { title: 'Home' });
    await shoot(opened, 'palette');
    await page.keyboard.press('Escape');
    await page.getByPlaceholder('Id, e-mail').waitFor({ state: 'detached' });
    expect(await page.evaluate('document.activeElement.textContent')).toContain('Find a lead');
    await opened.close();
  });

  it('shows jobs with what came of them, the menu of the user and the theme', async () => {
    const opened = await ui.openAs('owner');
    const { page } = opened;
    await untilRows(page);
    await page.getByRole('button', { name: /^Jobs,/ }).click();
    await page.getByText('No jobs yet').waitFor();
    await checkPage(opened, { title: 'Home' });
    await shoot(opened, 'jobs-bell');
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: /^You: owner/ }).click();
    await page.getByRole('menuitemradio', { name: 'Dark' }).waitFor();
    await checkPage(opened, { title: 'Home' });
    await shoot(opened, 'user-menu');
    await page.getByRole('menuitemradio', { name: 'Dark' }).click();
    expect(await page.locator('html').getAttribute('data-mantine-color-scheme')).toBe('dark');
    await page.reload();
    await untilRows(page);
    expect(await page.locator('html').getAttribute('data-mantine-color-scheme')).toBe('dark');
    await opened.close();
  });

  it('lets single keys be turned off, for good', async () => {
    await addPerson(ui.server, 'analyst', 'val@example.com');
    const opened = await ui.open();
    const { page } = opened;
    await signIn(page, 'val@example.com');
    await untilRows(page);
    await page.keyboard.press('?');
    const sheet = page.getByRole('dialog', { name: 'Keyboard shortcuts' });
    await sheet.waitFor();
    await checkPage(opened, { title: 'Home' });
    await shoot(opened, 'keys');
    await sheet.getByRole('switch', { name: 'Single keys' }).press(' ');
    await page.getByText('Single keys are off').waitFor({ state: 'attached' });
    await page.keyboard.press('Escape');
    await sheet.waitFor({ state: 'detached' });
    await page.reload();
    await untilRows(page);
    await page.keyboard.press('?');
    await page.keyboard.press('Control+k');
    await page.getByPlaceholder('Id, e-mail').waitFor();
    expect(await sheet.count()).toBe(0);
    await opened.close();
  });

  it('says that the server is gone, keeps what it shows, and goes on once it is back', async () => {
    const opened = await ui.openAs('owner');
    const { page, context } = opened;
    await untilRows(page);
    await context.setOffline(true);
    await page.getByText('The server cannot be reached').waitFor();
    expect(await page.getByRole('row').count()).toBeGreaterThan(5);
    await shoot(opened, 'connection-lost');
    await context.setOffline(false);
    await page.getByText('The server cannot be reached').waitFor({ state: 'detached' });
    await opened.close();
  });

  it('shows the sign-in when the session has ended', async () => {
    const opened = await ui.openAs('editor');
    const { page, context } = opened;
    await untilRows(page);
    await context.clearCookies();
    await page.getByRole('heading', { name: 'Sign in to Sluice' }).waitFor();
    await opened.close();
  });

  it('never has values of leads for a role that may not see them', async () => {
    const opened = await ui.openAs('vendor');
    const { page } = opened;
    await page.getByText('You may not see leads').waitFor();
    await checkPage(opened, { title: 'Home' });
    await shoot(opened, 'no-permission');
    await page.keyboard.press('Control+k');
    await page.getByPlaceholder('Id, e-mail').fill('fred@example.com');
    await page.getByText('Nothing is called that, and no lead has it').waitFor();
    expect(await page.content()).not.toContain('512-789');
    await opened.close();
  });

  it('shows an error in its place when leads cannot be read, and tries again', async () => {
    const opened = await ui.open();
    const { page, context, faults } = opened;
    // It lasts until the button is pressed: before that, what the page reads every few seconds would heal it.
    const isPressed = () => page.evaluate<boolean>('globalThis.isPressed === true').catch(() => false);
    await context.route(/\/leads\?/, async (route) => {
      if (await isPressed()) return route.continue();
      return route.fulfill({ status: 400, json: { error: 'No such page.', code: 'invalid_query' } });
    });
    await signIn(page, await addPerson(ui.server, 'analyst', 'err@example.com'));
    await page.getByText('The server did not understand the request').waitFor();
    await checkPage(opened, { title: 'Home' });
    await shoot(opened, 'error');
    await page.evaluate(
      "addEventListener('click', () => (globalThis.isPressed = true), { capture: true, once: true })",
    );
    await page.getByRole('button', { name: 'Try again' }).click();
    await untilRows(page);
    await context.unroute(/\/leads\?/);
    expect(faults).toEqual([]);
    await opened.close();
  });
});
