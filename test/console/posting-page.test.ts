import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Log } from '../../src/observe/log.ts';
import type { ComposedServer, SubmitTarget } from '../harness/server.ts';
import { deliveryTo, flowOf, sourceNamed, when } from '../system/flows.ts';
import { checkPage, expectNoFaults } from './harness/check-page.ts';
import { checkPaper } from './harness/check-paper.ts';
import { isChromiumInstalled } from './harness/chromium.ts';
import type { OpenedPage } from './harness/open-page.ts';
import { shoot } from './harness/shoot.ts';
import { type StartedConsole, startConsole } from './harness/start-console.ts';

const STATES = 'AL,AZ,CA,CO,CT,FL,GA,IL,IN,MA,MI,NJ,NY,OH,TX';
/** Runs in every place that it is not escaped for. */
const MARKUP = `"><img src=x onerror="window.hacked=1"><script>window.hacked=2</script>'</style></title>{{state}}`;

/** A flow with rules, hours, renamed parameters and a long list of values. */
const vendorFlow = (url: string, name = 'Solar leads') =>
  flowOf([deliveryTo(url)], {
    name,
    ping_enabled: true,
    acceptance_criteria: { rule_set: when('lead.state', 'is included in', STATES), reason: 'State is not bought' },
    sources: [
      sourceNamed('Search ads', {
        integration: {
          module_id: 'leadconduit-default.inbound',
          mappings: [{ property: 'lead.phone_1', value: '{{phoneNumber}}' }],
        },
        acceptance_criteria: { rule_set: when('lead.phone_1', 'is not blank'), reason: 'No phone' },
      }),
    ],
  });

const hostileFlow = () =>
  flowOf([], {
    name: MARKUP,
    acceptance_criteria: { rule_set: when('lead.state', 'is equal to', MARKUP), reason: MARKUP },
    sources: [
      sourceNamed(MARKUP, {
        acceptance_criteria: { rule_set: when('lead.email', 'is included in', `${MARKUP},a,b,c,d,e,f,g,h,i,j,k`) },
      }),
    ],
  });

interface LinkedFlow extends SubmitTarget {
  link: string;
}

describe.skipIf(!isChromiumInstalled)('the posting page', () => {
  let ui: StartedConsole;
  let solar: LinkedFlow;
  let hostile: LinkedFlow;
  const open = async (link: string, options: Parameters<StartedConsole['open']>[0] = {}): Promise<OpenedPage> => {
    const opened = await ui.open(options);
    await opened.page.goto(link);
    return opened;
  };

  beforeAll(async () => {
    ui = await startConsole(async (server) => {
      solar = await deployLinked(server, vendorFlow(server.recipient.url), {
        contact: 'partners@acme.example',
        shows_caps: true,
        shows_prices: true,
      });
      hostile = await deployLinked(server, hostileFlow(), { contact: MARKUP });
    });
  });
  afterAll(() => ui.stop());

  it('is one page that keeps what pages keep, in both schemes and at 320 px', async () => {
    const opened = await open(solar.link);
    await checkPage(opened, { title: 'Search ads, Solar leads · Posting page' });
    await shoot(opened, 'posting-page');
    await showSection(opened.page, 'fields');
    await shoot(opened, 'posting-page-fields');
    await showSection(opened.page, 'responses');
    await shoot(opened, 'posting-page-responses');
    await opened.close();
  });

  it('says what to send in the names of the vendor', async () => {
    const opened = await open(solar.link);
    const { page } = opened;
    const text = (await page.locator('body').textContent()) ?? '';
    expect(text).toContain(`/flows/${solar.id}/sources/${solar.sources[0]?.entity.id}/submit`);
    expect(text).toContain('phoneNumber must not be blank.');
    expect(text).not.toContain('lead.phone_1');
    // What a request must have is said before anything else is.
    expect(await page.locator('#url').textContent()).toContain('Required: phoneNumber, state.');
    const order = await page.locator('main h2').allTextContents();
    expect(order.slice(0, 9)).toEqual([
      ...['Submit URL', 'Authentication', 'Fields', 'Rules', 'Hours and limits', 'Price'],
      ...['Waiting and sending again', 'Try it', 'Code'],
    ]);
    expect(order.slice(9)).toEqual(expect.arrayContaining(['Responses', 'Ping', 'What changed', 'Downloads']));
    await opened.close();
  });

  it('hides optional fields, and finds a value among many', async () => {
    const opened = await open(solar.link);
    const { page } = opened;
    const rows = page.locator('table.fields tbody tr:visible');
    const all = await rows.count();
    await page.getByLabel('Required only').check();
    expect(await rows.count()).toBe(2);
    expect(all).toBeGreaterThan(4);
    const search = page.getByLabel('Find in the Allowed values of state');
    await search.fill('t');
    expect(await page.locator('.values li:visible').allTextContents()).toEqual(['CT', 'TX']);
    await opened.close();
  });

  it('is read, tried and answered without a script', async () => {
    const opened = await open(solar.link, { hasScript: false });
    const { page } = opened;
    expect(await page.getByRole('button', { name: /^Copy/ }).count()).toBe(0);
    await page.getByText('PHP', { exact: false }).first().click();
    await page.locator('#try-form').getByText('JSON', { exact: true }).click();
    await page.locator('#try-form').getByLabel('state').first().fill('WY');
    await page.getByRole('button', { name: 'Try these values' }).click();
    await page.waitForURL('**/dry-run**');
    const result = (await page.locator('#try-result').textContent()) ?? '';
    expect(result).toContain('State is not bought');
    expect(result).toContain('state must be one of');
    expect(result).toContain('"state": "WY"');
    // What was typed is still there.
    expect(await page.locator('#try-form').getByLabel('state').first().inputValue()).toBe('WY');
    expectNoFaults(opened);
    await opened.close();
  });

  it('tries without leaving the page, and is checked with a result', async () => {
    const opened = await open(solar.link);
    const { page } = opened;
    await page.getByRole('button', { name: 'Try these values' }).click();
    await page.locator('#try-result').getByText('Success', { exact: true }).waitFor();
    expect(page.url()).toBe(solar.link);
    expect(await page.evaluate('document.activeElement.textContent')).toBe('Answer of the dry run');
    await checkPage(opened, { title: 'Search ads, Solar leads · Posting page' });
    await showSection(page, 'try');
    await shoot(opened, 'posting-page-try');
    const { count } = (await ui.server.query('select count(*)::int as count from leads'))[0] ?? {};
    expect(count, 'a dry run makes no lead').toBe(0);
    await opened.close();
  });

  it('posts a real lead only where the owner allows it', async () => {
    const opened = await open(solar.link);
    expect(await opened.page.getByRole('button', { name: /real lead/ }).count()).toBe(0);
    await opened.close();
    const live = await deployLinked(ui.server, vendorFlow(ui.server.recipient.url, 'Live tests'), {
      allows_live_tests: true,
    });
    const tested = await open(live.link);
    const { page } = tested;
    await page.getByRole('button', { name: 'Post these values as a real lead' }).click();
    await page.locator('#try-result').getByText('Status 201').waitFor();
    const { count } = (await ui.server.query('select count(*)::int as count from leads'))[0] ?? {};
    expect(count).toBe(1);
    expectNoFaults(tested);
    await tested.close();
  });

  it('shows markup in every name as text', async () => {
    for (const hasScript of [true, false]) {
      const opened = await open(hostile.link, { hasScript });
      const { page } = opened;
      if (hasScript) {
        expect(await page.locator('img, main script').count()).toBe(0);
        expect(await page.evaluate('window.hacked')).toBeUndefined();
      }
      expect(await page.locator('.facts').textContent()).toContain(MARKUP);
      for (const input of await page.locator('#try-form input[type=text]').all()) await input.fill(MARKUP);
      await page.getByRole('button', { name: 'Try these values' }).click();
      await page.locator('#try-result h3').waitFor();
      expect(await page.locator('#try-result').textContent()).toContain('onerror');
      if (hasScript) {
        expect(await page.locator('img, main script').count()).toBe(0);
        expect(await page.evaluate('window.hacked')).toBeUndefined();
      }
      // A refusal of the Content-Security-Policy would be one.
      expectNoFaults(opened);
      await opened.close();
    }
  });

  it('has a policy that runs nothing but its own script, and no frame', async () => {
    const { headers } = await fetch(solar.link);
    const policy = headers.get('content-security-policy') ?? '';
    expect(policy).toMatch(
      /^default-src 'none'; script-src 'sha256-[\w+/=]{44}'; style-src 'sha256-[\w+/=]{44}'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'$/,
    );
    expect(headers.get('referrer-policy')).toBe('no-referrer');
    expect(headers.get('x-frame-options')).toBe('DENY');
    expect(headers.get('cache-control')).toBe('no-store');
    expect(headers.get('set-cookie')).toBeNull();
  });

  it('prints everything, also what a tab hides on the screen', async () => {
    const opened = await open(solar.link);
    const { page } = opened;
    const pages = await checkPaper(opened, { name: 'posting-page-paper', says: ['How to post leads', solar.link] });
    expect(pages).toBeLessThanOrEqual(12);
    await page.emulateMedia({ media: 'print' });
    const hidden = await page.evaluate(`[...document.querySelectorAll('.panel pre, .answers pre, .values, table')]
      .filter((each) => !each.checkVisibility() || each.scrollWidth > each.clientWidth + 1)
      .map((each) => each.outerHTML.slice(0, 80))`);
    expect(hidden).toEqual([]);
    const pdf = await page.pdf({ format: 'A4' });
    const text = await readPdf(pdf);
    if (text !== null) {
      for (const part of ['How to post leads', 'phoneNumber', 'State is not bought', '/submit', '/openapi.json'])
        expect(text.replace(/\s+/g, ''), part).toContain(part.replace(/\s+/g, ''));
    }
    expect(pdf.length).toBeGreaterThan(10_000);
    await opened.close();
  });

  it('tells who posts to it where leads belong, and who asks for nothing that nothing is there', async () => {
    const refused = await fetch(solar.link, { method: 'POST', body: 'email=a%40b.c', headers: FORM });
    expect(refused.status).toBe(405);
    expect(refused.headers.get('allow')).toBe('GET, HEAD');
    expect(await refused.text()).toContain(`/flows/${solar.id}/sources/`);
    const opened = await open(`${solar.link.slice(0, -4)}AAAA`);
    expect(await opened.page.locator('h1').textContent()).toBe('There is nothing here');
    await checkPage(opened, { title: 'There is nothing here' });
    await shoot(opened, 'posting-page-nothing');
    await opened.close();
    const wrong = await fetch(`${solar.link}/dry-run`, { method: 'POST', body: 'email=a%40b.c', headers: FORM });
    expect([wrong.status, ((await wrong.json()) as { code: string }).code]).toEqual([400, 'malformed_body']);
  });

  it('leaves its token in no log', async () => {
    const lines: string[] = [];
    const note = (...parts: unknown[]) => void lines.push(JSON.stringify(parts));
    const log: Log = { error: note, warn: note, info: note, debug: note };
    const beside = await ui.server.startBeside({ log });
    const token = solar.link.split('/').at(-1) ?? '';
    const url = `${beside.url}/submission/${token}`;
    for (const path of ['', '.json', '/dry-run', '/nothing', '.md']) await fetch(url + path);
    await fetch(url, { method: 'POST', body: 'x' });
    await fetch(`${url}/dry-run`, { method: 'POST', body: 'value.state=TX', headers: FORM });
    await fetch(`${url}/dry-run`, { method: 'POST', body: '{', headers: { 'Content-Type': 'application/json' } });
    await beside.stop();
    expect(lines.length).toBeGreaterThan(0);
    expect(lines.filter((line) => line.includes(token))).toEqual([]);
  });

  it('is all that a vendor needs to go live', async () => {
    const opened = await open(solar.link);
    const { page, context } = opened;
    await context.grantPermissions(['clipboard-read', 'clipboard-write']);
    await page.getByRole('button', { name: 'Try these values' }).click();
    await page.locator('#try-result').getByText('Success', { exact: true }).waitFor();
    await page.getByRole('button', { name: 'Copy: curl' }).click();
    await page.locator('#said').getByText('Copied').waitFor({ state: 'attached' });
    const command = String(await page.evaluate('navigator.clipboard.readText()'));
    const { stdout } = await promisify(execFile)('bash', ['-c', command]);
    const { outcome, lead } = JSON.parse(/\{.*\}/s.exec(stdout)?.[0] ?? '');
    expect(outcome).toBe('success');
    const shortest = await page.locator('#url .code').nth(1).locator('pre').textContent();
    const short = await promisify(execFile)('bash', ['-c', shortest ?? '']);
    expect(JSON.parse(short.stdout).outcome, shortest ?? '').toBe('success');
    expect(await ui.server.client.readLead(lead.id)).toMatchObject({ id: lead.id, flow: { id: solar.id } });
    expectNoFaults(opened);
    await opened.close();
  });
});

const FORM = { 'Content-Type': 'application/x-www-form-urlencoded' };

async function deployLinked(server: ComposedServer, flow: object, settings: object): Promise<LinkedFlow> {
  const deployed = await server.deploy(flow);
  const { url } = await server.client.createPostingLink(deployed.id, deployed.sources[0].entity.id, settings);
  return { ...deployed, link: url ?? '' };
}

async function showSection(page: Page, id: string): Promise<void> {
  await page.evaluate(`document.getElementById('${id}').scrollIntoView({ behavior: 'instant' })`);
}

/** null: the machine has no pdftotext. */
async function readPdf(pdf: Buffer): Promise<string | null> {
  try {
    const running = promisify(execFile)('pdftotext', ['-', '-']);
    running.child.stdin?.end(pdf);
    return (await running).stdout;
  } catch {
    return null;
  }
}
