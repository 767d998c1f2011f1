import type { Page } from 'playwright-core';
import type { ComposedServer } from '../../harness/server.ts';

/** Of every person who signs in here. */
export const PASSWORD = 'purple tractor sings';

export type Role = 'owner' | 'editor' | 'analyst' | 'vendor';

/** Invites a person and accepts the invitation; returns the address. */
export async function addPerson(server: ComposedServer, role: Role, email = `${role}@example.com`): Promise<string> {
  const { invitation } = await server.client.inviteUser({ email, role });
  const token = invitation.url.split('#')[1] ?? '';
  await server.client.acceptInvitation({ token, password: PASSWORD, first_name: role });
  return email;
}

/** By the form, as a person does; the page is the one that was asked for, else Home. */
export async function signIn(page: Page, email: string, path = '/app/'): Promise<void> {
  await page.goto(path);
  await page.getByLabel('E-mail').fill(email);
  await page.getByRole('textbox', { name: 'Password' }).fill(PASSWORD);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await untilFrame(page);
}

/** Without the form, which `signIn` is for: a page is loaded once, signed in, at the path. */
export async function startSession(page: Page, email: string, path = '/app/'): Promise<void> {
  const userAgent = await page.evaluate<string>('navigator.userAgent');
  const answer = await page
    .context()
    .request.post('/session', { data: { email, password: PASSWORD }, headers: { 'User-Agent': userAgent } });
  if (!answer.ok()) throw new Error(`signing in as ${email} was answered ${answer.status()}`);
  await page.goto(path);
  await untilFrame(page);
}

/** On a phone its sections are closed at first. */
async function untilFrame(page: Page): Promise<void> {
  await page.getByRole('navigation', { name: 'Sections', includeHidden: true }).waitFor({ state: 'attached' });
}
