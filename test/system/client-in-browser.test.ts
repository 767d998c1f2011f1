import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { packageRoot } from '../../src/package-root.ts';
import { isChromiumInstalled, launchChromium } from '../console/harness/chromium.ts';
import { openTestRecipient, type RecipientAnswer, type TestRecipient } from '../harness/recipient.ts';
import { type ComposedServer, startTestServer } from '../harness/server.ts';
import { flowOf } from './flows.ts';

/*
 * The client as it is built, in a browser: a page of the server's own origin, as a console is, and a page of another
 * origin, as a sender's form is.
 */

const PASSWORD = 'purple tractor sings';
const EMAIL = 'ann@example.com';

let folder: string;
let server: ComposedServer;
let elsewhere: TestRecipient;
let browser: Browser;
// biome-ignore lint/suspicious/noExplicitAny: the flow as the server answers it
let flow: any;

/** What a page loads: itself, and the modules of the client below `/built/`. */
function fileAt(path: string): { type: string; text: string } {
  const name = basename(path);
  return path.includes('/built/')
    ? { type: 'text/javascript', text: readFileSync(join(folder, name), 'utf8') }
    : { type: 'text/html', text: '<!doctype html><title>A page</title>' };
}

function serveElsewhere({ path }: { path: string }): RecipientAnswer {
  const { type, text } = fileAt(path);
  return { headers: { 'Content-Type': type }, body: text };
}

describe.skipIf(!isChromiumInstalled)('the built client in a browser', () => {
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'sluice-client-'));
    const compiler = createRequire(import.meta.url).resolve('typescript/bin/tsc');
    execFileSync(process.execPath, [compiler, '-p', 'client', '--outDir', folder], { cwd: packageRoot });
    server = await startTestServer();
    flow = await server.deploy(flowOf([]));
    for (const email of ['ben@example.com', 'cleo@example.com']) await server.submit(flow, { email });
    const { invitation } = await server.client.inviteUser({ email: EMAIL, role: 'analyst' });
    const token = invitation.url.split('#')[1] ?? '';
    await server.client.acceptInvitation({ token, password: PASSWORD });
    elsewhere = await openTestRecipient();
    elsewhere.answerWith(serveElsewhere);
    browser = await launchChromium();
  });
  afterAll(async () => {
    await browser?.close();
    await elsewhere?.close();
    await server?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  /** A page of the server's origin; its files do not come from the server, everything else it asks does. */
  async function openOwnPage(): Promise<Page> {
    const page = await browser.newPage();
    await page.route(/\/(page|built\/[a-z-]+\.js)$/, (each) => {
      const { type, text } = fileAt(new URL(each.request().url()).pathname);
      return each.fulfill({ contentType: type, body: text });
    });
    await page.goto(`${server.url}/page`);
    return page;
  }

  async function openForeignPage(): Promise<Page> {
    const page = await browser.newPage();
    await page.goto(`${elsewhere.url}page`);
    return page;
  }

  /** What a script makes of the two entries; `given` is what it names. */
  async function runIn(page: Page, script: string, given: Readonly<Record<string, string>> = {}): Promise<unknown> {
    const names = JSON.stringify(given);
    return page.evaluate(`(async () => {
      const { createClient, SluiceError } = await import('/built/client.js');
      const { submit } = await import('/built/submit.js');
      const given = ${names};
      const caught = (error) => ({ isSluiceError: error instanceof SluiceError, code: error.code, status: error.status });
      ${script}
    })()`);
  }

  it('reads with a key, page after page', async () => {
    const page = await openOwnPage();
    const found = await runIn(
      page,
      `const client = createClient({ url: location.origin, key: given.key });
       const leads = [];
       for await (const lead of client.listLeads.each({ limit: 1 })) leads.push(lead.outcome);
       return { names: (await client.listFlows()).map(({ name }) => name), leads };`,
      { key: server.key },
    );
    expect(found).toEqual({ names: [flow.name], leads: ['success', 'success'] });
    await page.close();
  });

  it('signs a person in by a cookie the page cannot read, changes something, and signs out', async () => {
    const page = await openOwnPage();
    const found = await runIn(
      page,
      `const client = createClient({ url: location.origin });
       const before = await client.listFlows().catch(caught);
       const session = await client.signIn({ email: given.email, password: given.password });
       const names = (await client.listFlows()).map(({ name }) => name);
       const without = await client.changeOwnUser({ last_name: 'Miller' }).catch(caught);
       const headers = { 'X-CSRF-Token': session.csrf_token };
       const user = await client.changeOwnUser({ last_name: 'Miller' }, { headers });
       await client.signOut({ headers });
       return { before, names, without, name: user.last_name, cookie: document.cookie, after: await client.listFlows().catch(caught) };`,
      { email: EMAIL, password: PASSWORD },
    );
    const refused = { isSluiceError: true, code: 'authentication_failed', status: 401 };
    expect(found).toEqual({
      before: refused,
      names: [flow.name],
      without: { isSluiceError: true, code: 'csrf_token_required', status: 403 },
      name: 'Miller',
      cookie: '',
      after: refused,
    });
    await page.close();
  });

  it('submits a lead from a page of another origin, which may not read the account', async () => {
    const page = await openForeignPage();
    const found = (await runIn(
      page,
      `const lead = await submit(given.url, { first_name: 'Ann', email: 'ann@example.com' });
       const unknown = await submit(given.url.replace(/.{24}\\/submit$/, 'ffffffffffffffffffffffff/submit'), {}).catch(caught);
       const client = createClient({ url: given.origin, key: given.key, attemptsMax: 1 });
       return { lead, unknown, read: await client.listFlows().catch(caught) };`,
      {
        url: `${server.url}/flows/${flow.id}/sources/${flow.sources[0].entity.id}/submit`,
        origin: server.url,
        key: server.key,
      },
    )) as { lead: { lead: { id: string } } }; // checked below
    expect(found).toEqual({
      lead: { outcome: 'success', lead: { id: expect.any(String) }, price: 0 },
      unknown: { isSluiceError: true, code: 'not_found', status: 404 },
      read: { isSluiceError: true, code: 'connection_failed', status: null },
    });
    expect(await server.client.readLead(found.lead.lead.id)).toMatchObject({ outcome: 'success' });
    await page.close();
  });
});
