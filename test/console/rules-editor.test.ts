import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RuleSet } from '../../src/model/rule-set.ts';
import { flowOf, sourceNamed } from '../system/flows.ts';
import { findLostFocus } from './harness/check-keyboard.ts';
import { checkPage, expectNoFaults, settle } from './harness/check-page.ts';
import { isChromiumInstalled } from './harness/chromium.ts';
import { LONG_NAME, MARKUP } from './harness/fill.ts';
import type { OpenedPage } from './harness/open-page.ts';
import { openPart, type PartPlace, readPartDocument, readPartSaid } from './harness/open-part.ts';
import { shoot } from './harness/shoot.ts';
import { type StartedConsole, startConsole } from './harness/start-console.ts';

const NESTED: RuleSet = {
  op: 'and',
  rules: [
    { lhv: 'lead.state', op: 'is included in', rhv: ['TX', 'OK'] },
    {
      op: 'or',
      rules: [
        { lhv: 'lead.email', op: 'is not blank' },
        {
          op: 'and',
          rules: [
            { lhv: 'lead.phone_1.area', op: 'is equal to', rhv: '512' },
            { lhv: '{{lowercase lead.last_name}}', op: 'is not equal to', rhv: '{{lead.first_name}}' },
          ],
        },
      ],
    },
  ],
};
/** As another system writes them, and as people do in JSON. */
const ODD = {
  op: 'and',
  rules: [
    { lhv: 'lead.state', op: 'sounds like', rhv: MARKUP, note: 'mine' },
    { mode: 'any', rules: [{ lhv: 'lead.email', op: 'is blank' }] },
    { lhv: 'lead.no_such_field_of_the_flow', op: 'is blank', rhv: 'x' },
    { lhv: 'lead.email', op: 'is equal to', rhv: { a: 1 } },
  ],
};

const CODES = Array.from({ length: 500 }, (_, index) => String(70_000 + index));

describe.skipIf(!isChromiumInstalled)('rules in the editor', () => {
  let ui: StartedConsole;
  const flows: Record<'nested' | 'empty' | 'odd' | 'codes', string> = { nested: '', empty: '', odd: '', codes: '' };
  const open = async (flow: keyof typeof flows, more: Partial<PartPlace> = {}) => {
    const opened = await ui.openAs('owner');
    await openPart(opened.page, { flow: flows[flow], part: 'criteria', path: 'acceptance_criteria', ...more });
    return opened;
  };
  const rulesOf = async ({ page }: OpenedPage) => (await readPartDocument(page)).acceptance_criteria?.rule_set;

  beforeAll(async () => {
    ui = await startConsole(async (server) => {
      const deployed = await server.deploy(
        flowOf([], { acceptance_criteria: { rule_set: NESTED }, sources: [sourceNamed(LONG_NAME)] }),
      );
      flows.nested = deployed.id;
      await server.submit(deployed, { state: 'OH', email: 'ann@example.com', phone_1: '512-789-4321' });
      const saved = await Promise.all([
        server.client.createFlow(flowOf([]) as never),
        server.client.createFlow(flowOf([], { acceptance_criteria: { rule_set: ODD as never } }) as never),
        server.client.createFlow(
          flowOf([], {
            acceptance_criteria: {
              rule_set: { op: 'and', rules: [{ lhv: 'lead.state', op: 'is included in', rhv: CODES }] },
            },
          }) as never,
        ),
      ]);
      [flows.empty, flows.odd, flows.codes] = saved.map(({ id }) => String(id)) as [string, string, string];
    });
  });
  afterAll(() => ui.stop());

  it('say in one sentence and in groups what must hold', async () => {
    const opened = await open('nested');
    const { page } = opened;
    await page
      .getByText('A lead is taken when State is TX or OK, and either Email is not blank, or (Phone 1 Area is 512')
      .waitFor();
    expect(await page.getByRole('group').count()).toBe(3);
    await shoot(opened, 'rules-nested');
    await checkPage(opened, { title: 'Part' });
    expect(await findLostFocus(page)).toEqual([]);
    expect(await rulesOf(opened)).toMatchObject(NESTED);
    await opened.close();
  });

  it('are made by keyboard alone, and moved, copied, grouped and removed', async () => {
    const opened = await open('empty');
    const { page } = opened;
    const { keyboard } = page;
    // Focus follows in the frame after what was pressed.
    const press = async (key: string) => {
      await keyboard.press(key);
      await settle(page);
    };
    await page.getByText('Every lead is taken.').waitFor();
    await page.getByRole('button', { name: 'Add a rule' }).focus();
    await press('Enter');
    // The new rule has the focus on its field.
    await press('Enter');
    await page.getByRole('textbox', { name: 'Find a field' }).waitFor();
    await keyboard.type('state');
    await page.getByRole('option', { name: 'State lead.state · state' }).waitFor();
    await page.getByRole('listbox', { name: 'Fields' }).waitFor();
    await shoot(opened, 'rules-picker');
    await press('Enter');
    await press('Tab');
    await keyboard.type('is included');
    await press('Tab');
    await keyboard.type('TX');
    await press('Enter');
    await keyboard.type('OK,');
    const first = { lhv: 'lead.state', op: 'is included in', rhv: ['TX', 'OK'] };
    await expect.poll(() => rulesOf(opened)).toEqual({ op: 'and', rules: [first] });

    await press('Control+Enter');
    await press('Enter');
    await keyboard.type('email');
    await page.getByRole('option', { name: 'Email lead.email · email' }).waitFor();
    await press('Enter');
    await press('Tab');
    await keyboard.type('is not blank');
    const second = { lhv: 'lead.email', op: 'is not blank' };
    await expect.poll(() => rulesOf(opened)).toEqual({ op: 'and', rules: [first, second] });

    await press('Alt+ArrowUp');
    await expect.poll(() => rulesOf(opened)).toEqual({ op: 'and', rules: [second, first] });
    // What was moved keeps the focus: the next key moves it back.
    await press('Alt+ArrowDown');
    await expect.poll(() => rulesOf(opened)).toEqual({ op: 'and', rules: [first, second] });
    await press('Alt+Shift+ArrowDown');
    await expect.poll(async () => (await rulesOf(opened))?.rules.length).toBe(3);
    await press('Alt+KeyG');
    await expect.poll(async () => (await rulesOf(opened))?.rules[2]).toEqual({ op: 'or', rules: [second] });
    await press('Alt+Delete');
    await expect.poll(() => rulesOf(opened)).toEqual({ op: 'and', rules: [first, second] });
    expect(await readPartSaid(page)).toEqual(
      expect.arrayContaining([
        'Added a rule',
        'The rule reads State',
        'Moved up',
        'Duplicated',
        'Put into a group',
        'Removed',
      ]),
    );
    expectNoFaults(opened);
    await opened.close();
  });

  it('are changed by mouse, and the last one that goes takes the criteria with it', async () => {
    const opened = await open('nested');
    const { page } = opened;
    await page.getByRole('combobox', { name: 'How many of these rules must hold' }).first().selectOption('or');
    await expect.poll(async () => (await rulesOf(opened))?.op).toBe('or');
    await page.getByRole('button', { name: 'Actions of this group' }).first().click();
    await page.getByRole('menuitem', { name: 'Dissolve the group' }).click();
    await expect.poll(async () => (await rulesOf(opened))?.rules.length).toBe(3);
    await page.getByRole('button', { name: 'Actions of this rule' }).first().click();
    await shoot(opened, 'rules-menu');
    await page.getByRole('menuitem', { name: 'Add rules that must hold, too' }).click();
    await expect.poll(async () => (await rulesOf(opened))?.rules[0]).toHaveProperty('rule_set');
    for (let left = 5; left > 0; left -= 1) {
      const actions = page.getByRole('button', { name: 'Actions of this rule' });
      if ((await actions.count()) === 0) break;
      await actions.first().click();
      await page.getByRole('menuitem', { name: /^Remove/ }).click();
    }
    await page.getByText('Every lead is taken.').waitFor();
    expect((await readPartDocument(page)).acceptance_criteria).toBeUndefined();
    await opened.close();
  });

  it('take five hundred values at once, count repeated ones, and collapse them', async () => {
    const opened = await open('codes');
    const { page } = opened;
    const { context } = opened;
    await context.grantPermissions(['clipboard-read', 'clipboard-write']);
    await page.getByText('500 values').waitFor();
    expect(await page.getByRole('list', { name: 'Values, 500' }).getByRole('listitem').count()).toBeLessThan(20);
    await page.getByRole('textbox', { name: 'Values' }).focus();
    const pasted = ['70499', '80001', '80002', '80002'].join('\n');
    await page.evaluate(`navigator.clipboard.writeText(${JSON.stringify(pasted)})`);
    await page.keyboard.press('Control+V');
    await page.getByText('Added 2 values, 2 repeated').first().waitFor();
    const members = async () => readMembers(await rulesOf(opened));
    expect(await members()).toEqual([...CODES, '80001', '80002']);
    await shoot(opened, 'rules-values');
    await checkPage(opened, { title: 'Part' });
    await page.getByRole('button', { name: 'Edit as text' }).click();
    await page.getByRole('textbox', { name: 'Values, one a line' }).fill('TX\tOK\nNM');
    await page.getByRole('button', { name: 'Take these values' }).click();
    await expect.poll(members).toEqual(['TX', 'OK', 'NM']);
    await page.getByRole('button', { name: 'Remove OK' }).click();
    await expect.poll(members).toEqual(['TX', 'NM']);
    await opened.close();
  });

  it('that the editor does not know are shown and kept, and markup is a text', async () => {
    const faults = [
      {
        path: 'acceptance_criteria.rule_set.rules.0.op',
        message: '"sounds like" is not an operator.',
        level: 'error' as const,
      },
      { path: 'acceptance_criteria.rule_set.rules.1', message: 'A rule set needs "op".', level: 'error' as const },
      {
        path: 'acceptance_criteria.rule_set.rules.2.lhv',
        message: 'The flow keeps no such field.',
        level: 'warning' as const,
      },
    ];
    const opened = await open('odd', { faults });
    const { page } = opened;
    await page.getByText('The server cannot read this rule.').waitFor();
    for (const { message } of faults) expect(await page.getByText(message).count()).toBe(1);
    const operator = page.getByRole('combobox', { name: 'Operator' }).first();
    expect(await operator.locator('option:checked').textContent()).toBe('sounds like (not an operator)');
    expect(await page.locator('img').count()).toBe(0);
    await shoot(opened, 'rules-odd');
    await checkPage(opened, { title: 'Part' });
    await operator.selectOption('is equal to');
    await expect
      .poll(async () => (await rulesOf(opened))?.rules)
      .toMatchObject([{ ...ODD.rules[0], op: 'is equal to' }, ...ODD.rules.slice(1)]);
    await opened.close();
  });

  it('are tried with a lead, and say which of them failed and by which value', async () => {
    const opened = await open('nested');
    const { page } = opened;
    await page.getByRole('button', { name: 'Try with a lead' }).click();
    await page.getByRole('textbox', { name: 'A lead' }).fill('state=OH\nemail=ann@example.com');
    await page.getByText('This lead does not pass.').waitFor();
    await page.getByText('State must be included in TX,OK').waitFor();
    await page.getByText('was OH').waitFor();
    await shoot(opened, 'rules-trial');
    await checkPage(opened, { title: 'Part' });
    await page
      .getByRole('textbox', { name: 'A lead' })
      .fill('{"state": "texas", "phone_1": "512-789-4321", "first_name": "x"}');
    await page.getByText('This lead passes.').waitFor();
    await page.getByText('was 512').waitFor();

    await page.getByRole('combobox', { name: 'One of the last leads' }).click();
    await page.locator('[role=option]:visible').first().click();
    await page.getByText('This lead does not pass.').waitFor();
    expect(await page.getByRole('textbox', { name: 'A lead' }).inputValue()).toContain('state=OH');
    const activity = await ui.server.client.listActivity({ kind: ['lead'] } as never);
    expect(JSON.stringify(activity)).toContain('reveal');
    expectNoFaults(opened);
    await opened.close();
  });

  it('say how many of the last leads a change flips, with the leads', async () => {
    const opened = await open('nested');
    const { page } = opened;
    await page.getByRole('button', { name: 'Effect on the last leads' }).click();
    await page.getByText('The last lead would end as it did.').waitFor();
    await page.getByRole('textbox', { name: 'Values' }).fill('OH');
    await page.keyboard.press('Enter');
    await page.getByText('The last lead would end otherwise.').waitFor();
    await page.getByRole('button', { name: 'Show them' }).click();
    const row = page.getByRole('table', { name: 'Leads that would end otherwise' }).getByRole('row').nth(1);
    expect(await row.textContent()).toMatch(/Failure.*State must be included in TX,OK.*Success/);
    const [lead] = await ui.server.client.listLeads({});
    expect(await row.getByRole('link').getAttribute('href')).toBe(`/app/leads/${lead?.id}`);
    await page.getByRole('region', { name: 'Effect on the last leads' }).scrollIntoViewIfNeeded();
    await shoot(opened, 'rules-flips');
    await checkPage(opened, { title: 'Part' });
    expectNoFaults(opened);
    await opened.close();
  });

  it('are read by those who may not change them', async () => {
    const opened = await open('nested', { isReadOnly: true });
    const { page } = opened;
    await page.getByText('A lead is taken when').waitFor();
    expect(await page.getByRole('button', { name: /^(?:Add|Actions|Remove)/ }).count()).toBe(0);
    expect(await page.getByRole('combobox', { name: 'Operator' }).first().isDisabled()).toBe(true);
    await checkPage(opened, { title: 'Part' });
    await opened.close();
  });
});

function readMembers(ruleSet: RuleSet | undefined): unknown {
  const [first] = ruleSet?.rules ?? [];
  return first !== undefined && 'rhv' in first ? first.rhv : undefined;
}
