import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isChromiumInstalled } from './harness/chromium.ts';
import { type StartedConsole, startConsole } from './harness/start-console.ts';

/** Enough to come once around a page. */
const STOPS_MAX = 200;
/** More than a menu has items. */
const MENU_KEYS_MAX = 20;

describe.skipIf(!isChromiumInstalled)('from a new flow to a lead that is explained', () => {
  let ui: StartedConsole;
  beforeAll(async () => {
    ui = await startConsole();
  });
  afterAll(() => ui.stop());

  it('goes by keyboard alone, and focus is seen all the way', async () => {
    const opened = await ui.openAs('owner', '/app/flows');
    const { page } = opened;
    const { keyboard } = page;
    const { reach, press, stops } = keysOf(page);
    await page.getByRole('heading', { name: 'No flows yet' }).waitFor();

    // The flow.
    await press('New flow');
    await page.getByRole('textbox', { name: 'Name' }).waitFor();
    await keyboard.type('Solar');
    await keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Solar', level: 1 }).waitFor();

    // A source, with a criterion.
    await press('Add source');
    await page.getByRole('combobox', { name: 'Who sends leads' }).waitFor();
    await reach('Who sends leads');
    await keyboard.type('Search ads');
    await press('Add source');
    await page.getByRole('heading', { name: 'Source Search ads' }).waitFor();
    await press('Criteria');
    await page.getByRole('button', { name: 'Add a rule' }).waitFor();
    await press('Add a rule');
    // The new rule asks for its field at once.
    await keyboard.press('Enter');
    await page.getByRole('textbox', { name: 'Find a field' }).waitFor();
    await keyboard.type('lead.state');
    await page.getByRole('option', { name: 'State lead.state · state' }).waitFor();
    await keyboard.press('Enter');
    // The list of fields closes and gives the focus back, which a busy machine does after the next key.
    await page.getByRole('textbox', { name: 'Find a field' }).waitFor({ state: 'detached' });
    await reach('Operator');
    await keyboard.press('Tab');
    await keyboard.type('TX');
    await page.getByText('A lead is taken when State is TX').waitFor();
    await keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await page.getByRole('link', { name: 'Criteria of Search ads: State is TX' }).waitFor();

    // A recipient.
    await press(/^Steps/);
    await page.getByRole('heading', { name: 'No steps yet' }).waitFor();
    await press('Add step');
    await page.getByRole('menuitem', { name: /^Filter/ }).waitFor();
    // The menu takes the focus a moment after it is seen; a key before that goes elsewhere.
    for (let keys = 0; keys < MENU_KEYS_MAX && !(await focusedName(page)).startsWith('Recipient'); keys += 1)
      await keyboard.press('ArrowDown');
    await keyboard.press('Enter');
    await page.getByRole('combobox', { name: 'Who receives leads' }).waitFor();
    await reach('Who receives leads');
    await keyboard.type('Buyer');
    await press('Add recipient');
    await page.getByRole('button', { name: 'Fill url' }).waitFor();
    await press('Fill url');
    await page.getByRole('textbox', { name: 'Value of url' }).waitFor();
    await reach('Value of url');
    await keyboard.type(ui.server.recipient.url);
    await page.getByText('Draft saved').first().waitFor();
    await keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });

    // Published.
    await page.getByRole('link', { name: /^Publish \d+ change/ }).waitFor();
    await press(/^Publish \d+ change/);
    await page.getByRole('heading', { name: /^Publish the flow/, level: 1 }).waitFor();
    await page.getByRole('button', { name: /^Publish / }).waitFor();
    await reach('Note');
    await keyboard.type('First revision');
    await press('Publish the flow');
    await page.getByRole('heading', { name: /^Revision \d+ is published/ }).waitFor();

    // A test lead, and why it ends as it does.
    await press('Test it');
    await page.getByRole('textbox', { name: 'State' }).waitFor();
    await reach('State');
    await keyboard.press('Control+a');
    await keyboard.type('OH');
    await press('Run the test lead');
    await page
      .getByText(/State must be/)
      .first()
      .waitFor();

    // A real one.
    const [flow] = await ui.server.client.listFlows({});
    const { sources } = flow as unknown as { sources: { entity: { id: string } }[] };
    const target = { id: flow?.id ?? '', sources };
    const { body } = await ui.server.submit(target, { email: 'fred@example.com', state: 'OH' });
    expect(body.outcome).toBe('failure');
    await page.goto(`/app/leads/${body.lead.id}`);
    await page.getByRole('tab', { name: 'Explain' }).waitFor();
    await reach('Explain');
    expect(stops.hidden).toEqual([]);
    await opened.close();
  });
});

/** What a keyboard does on a page: nothing here clicks. `stops` has what took the focus and did not show it. */
function keysOf(page: Page) {
  const stops = { hidden: [] as string[] };
  const reach = async (name: string | RegExp): Promise<void> => {
    const passed: string[] = [];
    for (let stop = 0; stop < STOPS_MAX; stop += 1) {
      const found = await focusedName(page);
      if (typeof name === 'string' ? found === name : name.test(found)) {
        if (!(await isFocusSeen(page))) stops.hidden.push(found);
        return;
      }
      passed.push(found);
      await page.keyboard.press('Tab');
    }
    throw new Error(`Tab does not come to ${name}; it comes to ${[...new Set(passed)].join(' | ')}`);
  };
  return {
    ...{ stops, reach },
    press: async (name: string | RegExp) => {
      await reach(name);
      await page.keyboard.press('Enter');
    },
  };
}

/** The accessible name of what has the focus, as far as names are made here: of a label, or of its text. */
function focusedName(page: Page): Promise<string> {
  return page.evaluate(`(() => {
    const element = document.activeElement;
    const label = element.labels?.[0]?.textContent?.replace(/\\s*\\*$/, '');
    return (element.getAttribute('aria-label') ?? label ?? element.textContent ?? '').trim();
  })()`);
}

function isFocusSeen(page: Page): Promise<boolean> {
  return page.evaluate(`(() => {
    const element = document.activeElement;
    const { outlineStyle, boxShadow } = getComputedStyle(element);
    return outlineStyle !== 'none' || boxShadow !== 'none' || /^(INPUT|SELECT|TEXTAREA)$/.test(element.tagName);
  })()`);
}
