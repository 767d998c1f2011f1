import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { codeOf } from '../contract/person.ts';
import { flowOf } from '../system/flows.ts';
import { checkPage, expectNoFaults } from './harness/check-page.ts';
import { isChromiumInstalled } from './harness/chromium.ts';
import { LONG_NAME, MARKUP } from './harness/fill.ts';
import { shoot } from './harness/shoot.ts';
import { addPerson, PASSWORD, signIn } from './harness/sign-in.ts';
import { type StartedConsole, startConsole } from './harness/start-console.ts';

const OTHER_PASSWORD = 'green lantern hums softly';

describe.skipIf(!isChromiumInstalled)('people and keys in the console', () => {
  let ui: StartedConsole;
  beforeAll(async () => {
    ui = await startConsole(async (server) => {
      await addPerson(server, 'editor', 'ben@example.com');
      await addPerson(server, 'analyst', 'maria-fernanda.de-la-concepcion@subsidiary.of.a.long.example.com');
      await server.client.inviteUser({
        email: 'late@example.com',
        role: 'vendor',
        first_name: MARKUP,
        last_name: 'שרה',
      });
      const flow = await server.deploy(flowOf([], { name: LONG_NAME }));
      const source = flow.sources[0]?.entity.id ?? '';
      await server.client.createApiKey({ name: LONG_NAME, role: 'vendor', source_ids: [source] });
      const { id } = await server.client.createApiKey({
        name: 'Old program',
        permissions: ['leads.read', 'jobs.read'],
      });
      await server.client.revokeApiKey(id);
    });
  });
  afterAll(() => ui?.stop());

  const readSecret = async (place: Locator) => ((await place.textContent()) ?? '').trim();
  const textOf = (page: Page) => page.evaluate('document.documentElement.outerHTML + location.href') as Promise<string>;

  it('lists users with role, state and last sign-in, filtered in the address', async () => {
    const opened = await ui.openAs('owner', '/app/settings/users');
    const { page } = opened;
    await page
      .getByRole('button', { name: 'ben@example.com' })
      .or(page.getByRole('button', { name: 'editor' }))
      .waitFor();
    const rows = await page.getByRole('row').allTextContents();
    expect(rows.find((row) => row.includes('late@example.com'))).toContain('Invited');
    expect(rows.find((row) => row.includes('late@example.com'))).toContain(MARKUP);
    await checkPage(opened, { title: 'Users · Settings' });
    await shoot(opened, 'users');
    await page.getByRole('combobox', { name: 'State' }).click();
    await page.getByRole('option', { name: 'Invited' }).click();
    await page.getByText('1 of 4 users').waitFor();
    await page.getByLabel('Find').last().fill('nobody');
    await page.getByRole('heading', { name: 'No users match' }).waitFor();
    expect(new URL(page.url()).search).toBe('?state=invited&q=nobody');
    await shoot(opened, 'users-no-match');
    await page.goBack();
    await page.getByText('4 of 4 users').waitFor();
    await opened.close();
  });

  it('invites a user by a link that is shown once', async () => {
    const opened = await ui.openAs('owner', '/app/settings/users');
    const { page } = opened;
    await page.getByRole('button', { name: 'Invite a user' }).click();
    await page.getByLabel('E-mail').fill('nova@example.com');
    await page.getByRole('radio', { name: 'Editor' }).check();
    await checkPage(opened, { title: 'Users · Settings' });
    await shoot(opened, 'user-invite');
    await page.getByRole('button', { name: 'Invite', exact: true }).click();
    const link = await readSecret(page.getByRole('region', { name: 'Invitation link' }));
    expect(link).toMatch(/\/app\/invitation#/);
    await checkPage(opened, { title: 'Users · Settings' });
    await shoot(opened, 'user-invited');
    await page.getByRole('button', { name: 'I have copied it' }).click();
    await page.getByRole('button', { name: 'nova@example.com' }).waitFor();
    expect(await textOf(page)).not.toContain(link.split('#')[1]);
    const made = (await ui.server.client.listUsers()).find(({ email }) => email === 'nova@example.com');
    expect(made).toMatchObject({ role: 'editor', status: 'invited' });
    await opened.close();
  });

  it('says at the field what is wrong with an invitation', async () => {
    const opened = await ui.openAs('owner', '/app/settings/users?panel=new');
    const { page } = opened;
    await page.getByLabel('E-mail').fill('ben@example.com');
    await page.getByRole('button', { name: 'Invite', exact: true }).click();
    await page.getByText('A user with this e-mail address already exists').first().waitFor();
    expect(await page.getByLabel('E-mail').getAttribute('aria-invalid')).toBe('true');
    await checkPage(opened, { title: 'Users · Settings' });
    await opened.close();
  });

  it('changes the role of a user, disables, enables and removes them', async () => {
    const opened = await ui.openAs('owner', '/app/settings/users');
    const { page } = opened;
    const state = async () => (await ui.server.client.listUsers()).find(({ email }) => email === 'ben@example.com');
    const { id } = (await state()) ?? {};
    await page.goto(`/app/settings/users?panel=${id}`);
    await page.getByRole('dialog').getByText('ben@example.com').waitFor();
    await shoot(opened, 'user');
    await page.getByRole('radio', { name: 'Analyst' }).check();
    await page.getByRole('button', { name: 'Change role' }).click();
    await expect.poll(async () => (await state())?.role).toBe('analyst');
    await page.getByRole('button', { name: 'Disable…' }).click();
    await checkPage(opened, { title: 'Users · Settings' });
    await shoot(opened, 'user-disable');
    await page.getByRole('button', { name: 'Disable user' }).click();
    await page.getByRole('button', { name: 'Enable user' }).click();
    await page.getByRole('button', { name: 'Disable…' }).waitFor();
    expect(await state()).toMatchObject({ status: 'active', role: 'analyst' });
    await page.getByRole('button', { name: 'Remove…' }).click();
    await page.getByRole('button', { name: 'Remove user' }).click();
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    expect(await state()).toBeUndefined();
    expectNoFaults(opened);
    await opened.close();
  });

  it('makes a key that is shown once and works, rotates and revokes it', async () => {
    const opened = await ui.openAs('owner', '/app/settings/api-keys');
    const { page } = opened;
    await page.getByRole('button', { name: LONG_NAME }).waitFor();
    expect(await page.getByText('Old program').count(), 'those that ended are hidden at first').toBe(0);
    await checkPage(opened, { title: 'API keys · Settings' });
    await shoot(opened, 'api-keys');
    await page.getByRole('button', { name: 'Create an API key' }).click();
    await page.getByLabel('Name').fill('Reports');
    await page.getByText('Permissions of its own').click();
    await page.getByRole('checkbox', { name: 'leads.read' }).check();
    await checkPage(opened, { title: 'API keys · Settings' });
    await shoot(opened, 'api-key-form');
    await page.getByRole('button', { name: 'Create key' }).click();
    const key = await readSecret(page.getByRole('region', { name: 'API key', exact: true }));
    const ask = (password: string) =>
      fetch(`${ui.server.url}/leads?limit=1`, { headers: { authorization: `Basic ${btoa(`api:${password}`)}` } });
    expect((await ask(key)).status).toBe(200);
    await shoot(opened, 'api-key-shown');
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Reports', exact: true }).click();
    expect(await textOf(page)).not.toContain(key);
    await page.getByRole('combobox', { name: 'The key so far stays valid for' }).click();
    await page.getByRole('option', { name: 'It ends at once' }).click();
    await checkPage(opened, { title: 'API keys · Settings' });
    await shoot(opened, 'api-key');
    await page.getByRole('button', { name: 'Rotate key' }).click();
    const rotated = await readSecret(page.getByRole('region', { name: 'API key', exact: true }));
    expect([(await ask(key)).status, (await ask(rotated)).status]).toEqual([401, 200]);
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Reports', exact: true }).click();
    expect(await textOf(page)).not.toContain(rotated);
    await page.getByRole('button', { name: 'Revoke…' }).click();
    await page.getByRole('button', { name: 'Revoke key' }).click();
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    expect((await ask(rotated)).status).toBe(401);
    await opened.close();
  });

  it('shows what roles may do, and a name that can be changed', async () => {
    const opened = await ui.openAs('owner', '/app/settings/roles');
    const { page } = opened;
    await page.getByRole('columnheader', { name: 'Vendor' }).waitFor();
    expect(await page.getByRole('row', { name: /^leads\.submit/ }).textContent()).toMatch(/YesYesNoYes/);
    await checkPage(opened, { title: 'Roles · Settings' });
    await shoot(opened, 'roles');
    await page.goto('/app/settings');
    await page.getByRole('heading', { name: 'Profile', level: 1 }).waitFor();
    await page.getByLabel('Last name').fill('Miller');
    await checkPage(opened, { title: 'Profile · Settings' });
    await page.getByRole('button', { name: 'Save name' }).click();
    await page.getByRole('button', { name: 'You: owner Miller' }).waitFor();
    await shoot(opened, 'profile');
    await opened.close();
  });

  it('changes the password, sets up a second factor, ends a session, and switches the factor off', async () => {
    const email = await addPerson(ui.server, 'analyst', 'sam@example.com');
    const other = await ui.open();
    await signIn(other.page, email);
    const opened = await ui.open();
    const { page } = opened;
    await signIn(page, email, '/app/settings/security');
    await page.getByRole('button', { name: /^End session of/ }).waitFor();
    await checkPage(opened, { title: 'Security · Settings' });
    await shoot(opened, 'security');
    await page.getByRole('button', { name: /^End session of/ }).click();
    await page.getByRole('button', { name: /^End session of/ }).waitFor({ state: 'detached' });

    await page.getByLabel('Current password').fill('wrong');
    await page.getByLabel('New password').fill(OTHER_PASSWORD);
    await page.getByRole('button', { name: 'Change password' }).click();
    await page.getByText('The password is wrong.').waitFor();
    await checkPage(opened, { title: 'Security · Settings' });
    await page.getByLabel('Current password').fill(PASSWORD);
    await page.getByRole('button', { name: 'Change password' }).click();
    await expect.poll(() => page.getByLabel('New password').inputValue()).toBe('');

    await page.getByRole('button', { name: 'Set up…' }).click();
    await page.getByRole('dialog').getByLabel('Your password').fill(OTHER_PASSWORD);
    await page.getByRole('button', { name: 'Go on' }).click();
    const secret = await readSecret(page.getByRole('region', { name: 'Secret for the app' }));
    await page.getByRole('img', { name: /QR code$/ }).waitFor();
    await checkPage(opened, { title: 'Security · Settings' });
    await shoot(opened, 'second-factor');
    await page.getByRole('textbox', { name: 'Code', exact: true }).fill(codeOf(secret, 0));
    await page.getByRole('button', { name: 'Switch on' }).click();
    const codes = (await readSecret(page.getByRole('region', { name: 'Recovery codes' }))).split('\n');
    expect(codes).toHaveLength(10);
    await shoot(opened, 'recovery-codes');
    await page.getByRole('button', { name: 'I have copied it' }).click();
    await page.getByText('On', { exact: true }).waitFor();
    const seen = await textOf(page);
    for (const each of [secret, OTHER_PASSWORD, ...codes]) expect(seen).not.toContain(each);

    await page.getByRole('button', { name: 'Switch off…' }).click();
    await page.getByRole('dialog').getByLabel('Your password').fill(OTHER_PASSWORD);
    await page.getByLabel('Code of the app').fill(codes[0] ?? '');
    await checkPage(opened, { title: 'Security · Settings' });
    await page.getByRole('button', { name: 'Switch off', exact: true }).click();
    await page.getByText('Off', { exact: true }).waitFor();
    await other.close();
    await opened.close();
  });

  it('says to who may not manage people and keys who can grant it', async () => {
    const opened = await ui.openAs('analyst', '/app/settings/users');
    const { page } = opened;
    await page.getByText('You may not see users').waitFor();
    await page.getByText('Your role lacks the permission users.manage. An owner can give you another role.').waitFor();
    await checkPage(opened, { title: 'Users · Settings' });
    await shoot(opened, 'users-no-permission');
    await page.goto('/app/settings/api-keys');
    await page.getByText('You may not see API keys').waitFor();
    expect(await page.getByRole('button', { name: 'Create an API key' }).count()).toBe(0);
    await opened.close();
  });
});
