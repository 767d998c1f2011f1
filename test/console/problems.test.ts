import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ComposedServer } from '../harness/server.ts';
import { until } from '../harness/until.ts';
import { deliveryTo, flowOf, sourceNamed, when } from '../system/flows.ts';
import { checkPage, expectNoFaults } from './harness/check-page.ts';
import { isChromiumInstalled } from './harness/chromium.ts';
import type { OpenedPage } from './harness/open-page.ts';
import { shoot } from './harness/shoot.ts';
import { type StartedConsole, startConsole } from './harness/start-console.ts';
import { LONG_NAME } from './lead-fixture.ts';

const MARKUP = '<img src=x onerror=alert(1)>';
let isCrmDown = true;

/** Recipients with faults of several kinds, a flow that is switched off, a retry that waits, and deliveries that may have arrived. */
async function fill(server: ComposedServer): Promise<void> {
  server.recipient.answerWith(({ path }) => {
    if (path.includes('crm')) return isCrmDown ? { status: 503, body: 'down' } : { body: { outcome: 'success' } };
    if (path.includes('hang')) return 'hangUp';
    if (path.includes('key')) return { body: { outcome: 'failure', reason: `Invalid API key ${MARKUP}` } };
    if (path.includes('retry')) return { status: 500, body: 'down' };
    return { body: { outcome: 'success' } };
  });
  const step = (path: string, name: string, parts = {}) =>
    deliveryTo(`${server.recipient.url}${path}`, { entity: { name }, key: path, ...parts });
  const notSold = (key: string) => ({
    ...{ type: 'filter' as const, outcome: 'failure' as const, reason: 'not sold' },
    rule_set: when(`${key}.outcome`, 'is not equal to', 'success'),
  });
  const flows = {
    crm: await server.deploy(flowOf([step('crm', 'Cloud CRM'), notSold('crm')], { name: 'Solar leads' })),
    hang: await server.deploy(
      flowOf([step('hang', 'Slow CRM', { pricing: { prices: [{ amount: 22.5 }] } })], { name: 'Roof leads' }),
    ),
    key: await server.deploy(flowOf([step('key', MARKUP)], { name: MARKUP })),
    retry: await server.deploy(
      flowOf([step('retry', LONG_NAME, { retry_enabled: true, idempotent: true })], {
        ...{ name: LONG_NAME, sources: [sourceNamed('מקור הלידים הראשי')] },
      }),
    ),
    off: await server.deploy(flowOf([], { name: 'Switched off', enabled: false })),
  };
  let people = 0;
  for (const [name, flow] of Object.entries(flows))
    for (let each = 0; each < (name === 'crm' ? 12 : 2); each += 1) {
      people += 1;
      await server.submit(flow, { email: `person${people}@example.com` });
    }
  await until('all are counted', async () => (await server.client.listProblems()).total >= 5);
}

describe.skipIf(!isChromiumInstalled)('the pages of problems', () => {
  let ui: StartedConsole;
  let owner: OpenedPage;
  beforeAll(async () => {
    ui = await startConsole(fill);
    owner = await ui.openAs('owner');
  });
  afterAll(async () => {
    await owner?.close();
    await ui?.stop();
  });

  const go = async (path: string, text: string | RegExp) => {
    await owner.page.goto(`/app${path}`);
    await owner.page.getByText(text).first().waitFor();
    return owner.page;
  };
  const problemOf = async (title: string) => {
    const page = await go('/problems?state=all', 'Suspected cause');
    await page.getByRole('link', { name: title }).click();
    await page.getByRole('heading', { name: title, level: 1 }).waitFor();
    return page;
  };

  it('list what fails, with the cause and a count in the rail and on Home', async () => {
    const page = await go('/problems', 'Deliveries to Cloud CRM fail');
    const row = page.getByRole('row', { name: /Cloud CRM/ });
    expect(await row.textContent()).toMatch(/Server error.*5xx.*Solar leads.*Open.*12/);
    expect(await page.getByRole('navigation', { name: 'Sections' }).first().textContent()).toMatch(/Problems\s*5 open/);
    await checkPage(owner, { title: 'Problems' });
    await shoot(owner, 'problems');
    await go('/', '2 more open problems');
    await shoot(owner, 'home-problems');
  });

  it('keep the filter in the address: back undoes it, a fresh page shows it', async () => {
    const page = await go('/problems', 'Deliveries to Cloud CRM fail');
    await page.getByRole('link', { name: /^Muted/ }).click();
    await page.getByRole('heading', { name: 'No problems match' }).waitFor();
    expect(page.url()).toContain('state=muted');
    const states = page.getByRole('navigation', { name: 'States' });
    expect(await states.locator('[aria-current=page]').allTextContents()).toEqual(['Muted 0']);
    await checkPage(owner, { title: 'Problems' });
    await page.reload();
    await page.getByRole('heading', { name: 'No problems match' }).waitFor();
    await page.goBack();
    await page.getByText('Deliveries to Cloud CRM fail').waitFor();
    await go('/problems?state=nonsense&flow_id=x', 'Deliveries to Cloud CRM fail');
    expectNoFaults(owner);
  });

  it('show one with its hours, its samples and what is probably wrong', async () => {
    const page = await problemOf('Deliveries to Cloud CRM fail');
    const text = await page.locator('main').textContent();
    for (const expected of [/Server error \(5xx\)/, /Failures in 30 days12/, /Failures by the hour/, /503/])
      expect(text).toMatch(expected);
    await page.getByText('12 failures of 12 leads in 30 days; 12 can be retried').waitFor();
    await checkPage(owner, { title: 'Deliveries to Cloud CRM fail · Problems' });
    await shoot(owner, 'problem');
  });

  it('show markup of reasons and names as text', async () => {
    const page = await problemOf(`Deliveries to ${MARKUP} fail`);
    await page.getByText(`Invalid API key ${MARKUP}`).first().waitFor();
    expect(await page.locator('main img').count()).toBe(0);
    await checkPage(owner, { title: `Deliveries to ${MARKUP} fail · Problems` });
  });

  it('have a note and states that stay', async () => {
    const page = await problemOf(`Deliveries to ${LONG_NAME} fail`);
    await page.getByRole('textbox', { name: 'Note' }).fill('Their certificate ends on Monday');
    await page.getByRole('button', { name: 'Save note' }).click();
    await page.getByRole('button', { name: 'Acknowledge' }).click();
    await page.locator('header, main').getByText('Acknowledged').first().waitFor();
    await page.getByRole('button', { name: 'Mute…' }).click();
    await page.getByRole('radio', { name: 'One day' }).check();
    await shoot(owner, 'problem-mute');
    await page.getByRole('button', { name: 'Mute the problem' }).click();
    await page.getByText('Muted').first().waitFor();
    await page.reload();
    await page.getByText('Muted').first().waitFor();
    expect(await page.getByRole('textbox', { name: 'Note' }).inputValue()).toBe('Their certificate ends on Monday');
    await checkPage(owner, { title: `Deliveries to ${LONG_NAME} fail · Problems` });
    await shoot(owner, 'problem-muted');
  });

  it('retry the failures of the CRM: count, confirm, see the job, resolve', async () => {
    const page = await problemOf('Deliveries to Cloud CRM fail');
    isCrmDown = false;
    await page.getByRole('button', { name: 'Retry affected leads…' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText('12 leads of this time, 12 can be retried').waitFor();
    await dialog.getByRole('combobox', { name: 'Failures of' }).click();
    await page.getByRole('option', { name: 'Yesterday' }).click();
    await dialog.getByText('0 leads of this time, 0 can be retried').waitFor();
    expect(await dialog.getByRole('button', { name: 'Nothing to retry' }).isDisabled()).toBe(true);
    await dialog.getByRole('combobox', { name: 'Failures of' }).click();
    await page.getByRole('option', { name: 'The last 24 hours' }).click();
    await dialog.getByText('go through their flow again').waitFor();
    await shoot(owner, 'problem-retry');
    await dialog.getByRole('button', { name: 'Retry 12 leads' }).click();
    await dialog.getByText('12 leads are being tried again.').waitFor();
    await dialog.getByRole('button', { name: 'Close', exact: true }).last().click();
    await until('the job has sent all', async () => (await ui.server.client.listJobs())[0]?.counters['success'] === 12);
    await page.getByRole('button', { name: 'Resolve', exact: true }).click();
    await page.getByText('When it happens again, it is open again.').waitFor();
    expectNoFaults(owner);
  });

  it('say what there is not', async () => {
    await go(`/problems/${'a'.repeat(24)}`, 'There is no such problem');
    owner.faults.splice(0);
    await checkPage(owner, { title: 'Problem · Problems' });
    await go('/retries?status=succeeded', 'No retries match');
    await checkPage(owner, { title: 'Retries · Problems' });
    await go('/unknowns?resolved=true', 'Nobody has resolved any');
  });

  it('show deliveries that are tried again; one can be due now, or end', async () => {
    const page = await go('/retries', 'Retry now');
    const untilRows = (count: number) =>
      until(`${count} rows`, async () => (await page.getByRole('row').count()) === count);
    await untilRows(3);
    await checkPage(owner, { title: 'Retries · Problems' });
    await shoot(owner, 'retries');
    await page.getByRole('button', { name: 'Retry now' }).first().click();
    await until('an attempt is made', async () =>
      (await ui.server.client.listRetries({})).some((each) => (each.attempts ?? 0) > 0),
    );
    await page.getByRole('button', { name: 'Cancel…' }).last().click();
    await page.getByRole('button', { name: 'Cancel the retry' }).click();
    await until(
      'it is cancelled',
      async () => (await ui.server.client.listRetries({ status: ['cancelled'] })).length === 1,
    );
    await page.getByRole('dialog').waitFor({ state: 'hidden' });
    await untilRows(2);
    expectNoFaults(owner);
  });

  it('resolve a delivery that may have arrived, with a price and a note', async () => {
    const page = await go('/unknowns', 'Slow CRM');
    await checkPage(owner, { title: 'Unknown results · Problems' });
    await shoot(owner, 'unknowns');
    await page.getByRole('button', { name: 'Resolve…' }).first().click();
    await page.getByRole('radio', { name: 'Delivered', exact: true }).check();
    await page.getByLabel('Sold for, USD').fill('20');
    await page.getByRole('textbox', { name: 'Note' }).fill('Ann of the buyer said so by phone');
    await shoot(owner, 'unknown-resolve');
    await page.getByRole('button', { name: 'Resolve as delivered' }).click();
    await page.getByRole('dialog').waitFor({ state: 'hidden' });
    await page.getByRole('link', { name: 'Resolved', exact: true }).click();
    await page.getByText('Ann of the buyer said so by phone').waitFor();
    await checkPage(owner, { title: 'Unknown results · Problems' });
    const [resolved] = await ui.server.client.listUnknowns({ resolved: 'true' });
    expect(resolved).toMatchObject({ resolution: 'delivered', note: 'Ann of the buyer said so by phone' });
  });

  it('change nothing for who may only read', async () => {
    const analyst = await ui.openAs('analyst', '/app/problems?state=all');
    const { page } = analyst;
    await page.getByRole('link', { name: /Cloud CRM/ }).click();
    await page.getByText('takes the permission leads.resubmit').waitFor();
    expect(await page.getByRole('button', { name: 'Retry affected leads…' }).count()).toBe(0);
    await page.getByRole('link', { name: 'Unknown results', exact: true }).click();
    await page.getByText('Slow CRM').waitFor();
    expect(await page.getByRole('button', { name: 'Resolve…' }).count()).toBe(0);
    expectNoFaults(analyst);
    await analyst.close();
  });

  it('say what failed when the server cannot answer, and try again', async () => {
    const { page } = owner;
    await page.route('**/problems?*', (route) =>
      route.fulfill({ status: 500, contentType: 'application/json', body: '{"error":"No.","code":"internal_error"}' }),
    );
    await page.goto('/app/problems');
    await page.getByRole('heading', { name: 'The server could not answer' }).waitFor();
    await page.unroute('**/problems?*');
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.getByRole('table', { name: 'Problems' }).waitFor();
    owner.faults.splice(0);
  });
});
