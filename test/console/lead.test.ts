import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { until } from '../harness/until.ts';
import { checkPage, expectNoFaults } from './harness/check-page.ts';
import { isChromiumInstalled } from './harness/chromium.ts';
import { type OpenedPage, SIZES } from './harness/open-page.ts';
import { shoot } from './harness/shoot.ts';
import { type StartedConsole, startConsole } from './harness/start-console.ts';
import { type LeadsToShow, LONG_NAME, submitLeadsToShow, VALUES_OF_PERSON } from './lead-fixture.ts';

describe.skipIf(!isChromiumInstalled)('the page of a lead', () => {
  let ui: StartedConsole;
  let leads: LeadsToShow;
  let owner: OpenedPage;
  beforeAll(async () => {
    ui = await startConsole(async (server) => {
      leads = await submitLeadsToShow(server);
    });
    owner = await ui.openAs('owner');
  });
  afterAll(async () => {
    await owner?.close();
    await ui?.stop();
  });

  const open = async (name: keyof LeadsToShow, query = '', { page } = owner) => {
    await page.goto(`/app/leads/${leads[name]}${query}`);
    await page.getByRole('tab', { name: 'Explain' }).waitFor();
    return page;
  };
  const textOf = ({ page }: OpenedPage) => page.locator('main').textContent();

  it.each<[keyof LeadsToShow, RegExp[]]>([
    [
      'sold',
      [
        /accepted: nothing stopped it/,
        /Nevada Roofs\s*Skipped\s*State must be equal to NV/,
        /Sun Power\s*Success\s*22\.50/,
        /Profit\s*\$17\.50/,
        /HTTP 201/,
      ],
    ],
    [
      'nested',
      [
        /rejected by the acceptance criteria of the source/,
        /What decided/,
        /Any of these/,
        /was\s*hidden/,
        /A lead whose State is equal to TX/,
      ],
    ],
    ['duplicate', [/The lead is a duplicate/, /It passes when the lead is not a duplicate/]],
    ['cap', [/daily cap "Texas" was full \(1 of 1\)/, /has room again at/, /Caps\s*stopped here/]],
    [
      'filter',
      [
        /step 2 \(the filter "Not sold"\)/,
        /A filter stops a lead when its rules pass/,
        /Moon Power Outcome is equal to success/,
      ],
    ],
    ['rejected', [/accepted; Moon Power refused it: Roof too old/, /Moon Power\s*Failure\s*Roof too old for …/]],
    ['failed', [/accepted; delivery to Cloud CRM failed: Server error/, /Cloud CRM\s*Error\s*Server error/]],
    ['retried', [/accepted; delivery to Cloud CRM is tried again/, /Cloud CRM\s*Retry pending/]],
    ['unknown', [/accepted; it is unknown whether it arrived at Slow CRM/, /Slow CRM\s*Unknown/]],
    ['masked', [/accepted/]],
    ['long', [new RegExp(LONG_NAME), /declined by underwriting/]],
    ['rightToLeft', [/عملاء الطاقة الشمسية/]],
    ['unpriced', [/Cost\s*\$0\.00/, /Sun Power\s*Success\s*–/]],
  ])('tells of a lead that is %s', async (name, sentences) => {
    const page = await open(name);
    await page.getByRole('table', { name: 'Recipients' }).waitFor();
    if (name === 'retried') await page.getByText('Retry pending').waitFor();
    const text = await textOf(owner);
    for (const sentence of sentences) expect(text).toMatch(sentence);
    await checkPage(owner, { title: `Lead ${leads[name]} · Leads` });
    if (SHOT.includes(name)) await shoot(owner, `lead-${name}`);
  });
  const SHOT: readonly string[] = ['sold', 'nested', 'cap', 'filter', 'retried', 'long', 'rightToLeft'];

  it.each<[keyof LeadsToShow, string, RegExp]>([
    ['cap', 'Show the cap', /\/caps\?cap=/],
    ['nested', 'Show sources of the flow', /\/edit\/sources$/],
    ['failed', 'Open the problem', /\/problems\/[0-9a-f]+$/],
    ['retried', 'Open the problem', /\/problems\/[0-9a-f]+$/],
    ['unknown', 'Show unknown results', /\/unknowns$/],
  ])(
    'has the next step of a lead that is %s as its one solid button, in the first window of a phone',
    async (name, label, to) => {
      const page = await open(name);
      await page.setViewportSize(SIZES.phone);
      const button = page.getByRole('group', { name: 'Actions' }).getByRole('link', { name: label });
      await until('it has its address', async () => to.test((await button.getAttribute('href')) ?? ''));
      const box = await button.boundingBox();
      expect((box?.y ?? SIZES.phone.height) + (box?.height ?? 0)).toBeLessThan(SIZES.phone.height);
      expect(await page.locator('main .mantine-Button-root[data-variant=filled]').allTextContents()).toEqual([label]);
      await page.setViewportSize(SIZES.desktop);
    },
  );

  it.each(['timeline', 'data', 'raw', 'feedback'])('has the view %s at an address of its own', async (tab) => {
    const page = await open('sold', `?tab=${tab}`);
    await checkPage(owner, { title: `Lead ${leads.sold} · Leads` });
    await shoot(owner, `lead-tab-${tab}`);
    await page.getByRole('tab', { name: 'Explain' }).click();
    expect(new URL(page.url()).search).toBe('');
  });

  it('has no value of the lead in the document, the address, the title or an answer before the reveal, and all after it', async () => {
    const { page } = owner;
    const answers: string[] = [];
    const listen = async (response: { url(): string; text(): Promise<string> }) => {
      if (/\/leads\//.test(response.url()) && !response.url().includes('/app/'))
        answers.push(await response.text().catch(() => ''));
    };
    page.on('response', listen);
    for (const tab of ['', '?tab=timeline', '?tab=data', '?tab=raw', '?tab=feedback']) {
      await open('rejected', tab);
      expect(await page.content()).not.toMatch(VALUES_OF_PERSON);
      expect(`${page.url()} ${await page.title()}`).not.toMatch(VALUES_OF_PERSON);
    }
    expect(answers.length).toBeGreaterThan(0);
    expect(answers.filter((text) => VALUES_OF_PERSON.test(text))).toEqual([]);
    page.off('response', listen);
    await open('rejected', '?tab=data');
    await page.getByRole('button', { name: 'Reveal values' }).last().click();
    await page.getByRole('table', { name: 'Values of the lead' }).waitFor();
    expect(await textOf(owner)).toMatch(/wilhelmina@quux\.example/);
    await checkPage(owner, { title: `Lead ${leads.rejected} · Leads` });
    await shoot(owner, 'lead-revealed-data');
    await page.getByRole('tab', { name: 'Raw' }).click();
    await page.getByText('POST /flows/').waitFor();
    await checkPage(owner, { title: `Lead ${leads.rejected} · Leads` });
    await shoot(owner, 'lead-revealed-raw');
    expect(`${page.url()} ${await page.title()}`).not.toMatch(VALUES_OF_PERSON);
    const log = (await ui.server.api('GET', `/activity?kind=lead&subject_id=${leads.rejected}`)).body;
    expect(log).toMatchObject([{ action: 'reveal', actor: { kind: 'session' } }]);
    await page.getByRole('button', { name: 'Hide values' }).click();
    await page.getByText('are hidden').waitFor();
    expect(await page.content()).not.toMatch(VALUES_OF_PERSON);
    expectNoFaults(owner);
  });

  it('simulates a revealed lead on the published flow', async () => {
    const page = await open('filter');
    await page.getByRole('button', { name: 'Reveal values' }).first().click();
    await page.getByRole('button', { name: 'Simulate again' }).click();
    await page.getByRole('button', { name: 'Simulate on the published flow' }).click();
    await page.getByText('On the published flow it would come to').waitFor();
    expect(await page.getByRole('dialog').textContent()).toMatch(/Success[\s\S]*It came to something else/);
    await checkPage(owner, { title: `Lead ${leads.filter} · Leads` });
    await shoot(owner, 'lead-simulated');
  });

  it('sends a lead again after a confirmation, and links to the new one', async () => {
    const page = await open('filter');
    await page.getByRole('button', { name: 'Resubmit…' }).click();
    await page.getByRole('button', { name: 'Resubmit the lead' }).click();
    const link = page.getByRole('link', { name: 'The new lead' });
    await link.waitFor();
    await link.click();
    await page.getByText('Sent again').waitFor();
    expect(page.url()).not.toContain(leads.filter);
  });

  it('reports a conversion after a confirmation, and shows it', async () => {
    const page = await open('sold', '?tab=feedback');
    await page.getByRole('button', { name: 'Report a conversion…' }).click();
    await page.getByRole('dialog').waitFor();
    await checkPage(owner, { title: `Lead ${leads.sold} · Leads` });
    await page.getByRole('button', { name: 'Report a conversion', exact: true }).click();
    await page.getByText('conversion from Sun Power').waitFor();
    expectNoFaults(owner);
  });

  it('lists other leads with the same reason', async () => {
    const reasonClass = encodeURIComponent('No buyer wanted it');
    await until('two leads are counted', async () => {
      const { body } = await ui.server.api('GET', `/leads?reason_class=${reasonClass}`);
      return body.length === 2;
    });
    const page = await open('filter');
    await page.getByRole('button', { name: 'Show the newest' }).click();
    const table = page.getByRole('table', { name: 'Other leads with this reason' });
    await table.waitFor();
    expect(await table.getByRole('link').count()).toBe(1);
    await checkPage(owner, { title: `Lead ${leads.filter} · Leads` });
  });

  it('says what to do about a lead that is not there, and goes to another one', async () => {
    const { page } = owner;
    await page.goto(`/app/leads/${'0'.repeat(24)}`);
    await page.getByRole('heading', { name: 'There is no such lead' }).waitFor();
    await checkPage(owner, { title: `Lead ${'0'.repeat(24)} · Leads` });
    await shoot(owner, 'lead-missing');
    await page.getByLabel('Another lead').fill(`see http://x/app/leads/${leads.sold}?tab=raw`);
    await page.getByRole('button', { name: 'Go to the lead' }).click();
    await page.getByText('nothing stopped it').waitFor();
  });

  it('shows a person who may not see values the decision, and how to get the permission', async () => {
    const analyst = await ui.openAs('analyst');
    await analyst.context.route('**/session', async (asked) => {
      const answer = await asked.fetch();
      const session = await answer.json();
      const permissions = session.permissions.filter((each: string) => each !== 'personal_data.read');
      await asked.fulfill({ response: answer, json: { ...session, permissions } });
    });
    const page = await open('rejected', '?tab=data', analyst);
    await page.getByText('personal_data.read').waitFor();
    expect(await page.getByRole('button', { name: 'Reveal values' }).count()).toBe(0);
    await checkPage(analyst, { title: `Lead ${leads.rejected} · Leads` });
    await analyst.close();
  });
});
