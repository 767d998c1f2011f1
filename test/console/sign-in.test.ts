import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkPage } from './harness/check-page.ts';
import { isChromiumInstalled } from './harness/chromium.ts';
import { shoot } from './harness/shoot.ts';
import { addPerson, PASSWORD } from './harness/sign-in.ts';
import { type StartedConsole, startConsole } from './harness/start-console.ts';

describe.skipIf(!isChromiumInstalled)('signing in', () => {
  let ui: StartedConsole;
  beforeAll(async () => {
    ui = await startConsole();
  });
  afterAll(() => ui?.stop());

  it('keeps what every page keeps', async () => {
    const opened = await ui.open();
    await opened.page.goto('/app/');
    await opened.page.getByRole('heading', { name: 'Sign in to Sluice' }).waitFor();
    await checkPage(opened, { title: 'Sign in' });
    await shoot(opened, 'sign-in');
    await opened.close();
  });

  it('is done with the keyboard alone, and comes back to the page that was asked for', async () => {
    await addPerson(ui.server, 'editor', 'eve@example.com');
    const opened = await ui.open();
    const { page } = opened;
    await page.goto('/app/?x=1');
    await page.getByLabel('E-mail').focus();
    await page.keyboard.type('eve@example.com');
    await page.keyboard.press('Tab');
    await page.keyboard.type(PASSWORD);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: 'Home' }).waitFor();
    expect(new URL(page.url()).pathname).toBe('/app/');
    await opened.close();
  });

  it('says that the password was wrong, and lets it be pasted', async () => {
    const opened = await ui.open();
    const { page } = opened;
    await page.goto('/app/');
    await page.getByLabel('E-mail').fill('eve@example.com');
    await page.getByRole('textbox', { name: 'Password' }).fill('wrong');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('alert').waitFor();
    await checkPage(opened, { title: 'Sign in' });
    await opened.close();
  });
});
