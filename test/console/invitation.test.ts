import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkPage } from './harness/check-page.ts';
import { isChromiumInstalled } from './harness/chromium.ts';
import { shoot } from './harness/shoot.ts';
import { PASSWORD } from './harness/sign-in.ts';
import { type StartedConsole, startConsole } from './harness/start-console.ts';

describe.skipIf(!isChromiumInstalled)('an invitation', () => {
  let ui: StartedConsole;
  beforeAll(async () => {
    ui = await startConsole();
  });
  afterAll(() => ui?.stop());

  it('asks for a password and signs the person in; its token leaves the address at once', async () => {
    const { invitation } = await ui.server.client.inviteUser({ email: 'ben@example.com', role: 'analyst' });
    const opened = await ui.open();
    const { page } = opened;
    await page.goto(`/app/invitation#${invitation.url.split('#')[1]}`);
    await page.getByRole('heading', { name: /^Join .* on Sluice$/ }).waitFor();
    expect(new URL(page.url()).hash).toBe('');
    await checkPage(opened, { title: 'Invitation' });
    await shoot(opened, 'invitation');
    await page.getByLabel('First name').fill('Ben');
    await page.getByRole('textbox', { name: 'Password' }).fill(PASSWORD);
    await page.getByRole('button', { name: 'Join' }).click();
    await page.getByRole('heading', { name: 'Home', level: 1 }).waitFor();
    await page.getByText('No leads yet').waitFor();
    await checkPage(opened, { title: 'Home' });
    await shoot(opened, 'home-empty');
    await opened.close();
  });

  it('says what is wrong with a password, and with a link that was used', async () => {
    const { invitation } = await ui.server.client.inviteUser({ email: 'cleo@example.com', role: 'analyst' });
    const token = invitation.url.split('#')[1] ?? '';
    const opened = await ui.open();
    const { page } = opened;
    await page.goto(`/app/invitation#${token}`);
    await page.getByRole('textbox', { name: 'Password' }).fill('password1234');
    await page.getByRole('button', { name: 'Join' }).click();
    await page.getByRole('alert').waitFor();
    await ui.server.client.acceptInvitation({ token, password: PASSWORD });
    await page.goto('/app/sign-in');
    await page.goto(`/app/invitation#${token}`);
    await page.getByRole('alert').waitFor();
    await checkPage(opened, { title: 'Invitation' });
    await opened.close();
  });
});
