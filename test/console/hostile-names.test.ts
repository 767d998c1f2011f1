import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Log } from '../../src/observe/log.ts';
import { SCREENS, type Screen, waitUntilFilled } from './demo/screens.ts';
import type { Demo } from './demo/start-demo.ts';
import { checkLook } from './harness/check-look.ts';
import { expectNoFaults } from './harness/check-page.ts';
import { isChromiumInstalled } from './harness/chromium.ts';
import { addHostilePerson, fillHostile, HOSTILE, type HostileDemo } from './harness/fill-hostile.ts';
import type { OpenedPage } from './harness/open-page.ts';
import { PASSWORD, signIn } from './harness/sign-in.ts';
import { type StartedConsole, startConsole } from './harness/start-console.ts';

/** What has no name of anybody, or none that is shown whole. */
const WITHOUT_NAMES: Readonly<Record<string, string>> = {
  'leads-reasons': 'classes of reasons leave out what is quoted',
  'events-reasons': 'classes of reasons leave out what is quoted',
  jobs: 'jobs are named by their kind',
  job: 'jobs are named by their kind',
  'import-leads': 'nothing is chosen; the check of a file is beside these screens',
  'import-feedback': 'nothing is chosen',
  'import-lists': 'nothing is chosen',
  exports: 'exports have no names',
  'cap-alerts': 'has addresses',
  unknowns: 'nothing is unknown',
  fields: 'shows the first 200; the account’s own are beside these screens',
  integrations: 'are the server’s',
  integration: 'is the server’s',
  'settings-security': 'has the person’s browsers',
  'settings-appearance': 'has choices',
  'settings-roles': 'are the server’s',
  'settings-retention': 'has periods',
  'settings-about': 'is about the server',
  'settings-mail': 'is the server’s',
  developers: 'is of the API',
  'developers-operation': 'is of the API',
  'developers-requests': 'is of the key that was used last',
  'developers-set-up': 'is of the API',
  'report-new': 'is empty',
};

/** Lists without a row. */
const EMPTY: ReadonlySet<string> = new Set(['exports', 'unknowns']);

/** Beside those of the demo: what is found, chosen, open, or waits. */
const FURTHER: readonly Pick<Screen, 'name' | 'path'>[] = [
  { name: 'fields-own', path: () => '/app/fields?kind=own' },
  { name: 'field', path: () => '/app/fields?panel=hostile_acme' },
  { name: 'report-today', path: () => '/app/reports/stats-by-source?range=today' },
  { name: 'activity-credentials', path: () => '/app/activity?kind=credential' },
];

/** What the text would make if a page took it for markup; and is it shown below the frame as text, in a field, or as a name? */
const LOOK = `(() => {
  const marks = [...document.querySelectorAll('*')].filter((each) =>
    each.hasAttribute('onerror') || each.hasAttribute('onload') || each.getAttribute('src') === 'x');
  const places = [...document.querySelectorAll('main, [role=dialog]')];
  const within = (selector) => places.flatMap((place) => [...place.querySelectorAll(selector)]);
  const texts = [
    ...places.map((place) => place.textContent),
    ...within('input, textarea').map((each) => each.value),
    ...within('[title], [aria-label]').flatMap((each) => [each.title, each.ariaLabel]),
  ];
  return {
    marks: marks.map((each) => each.outerHTML.slice(0, 200)),
    isShown: texts.some((text) => text?.includes('<img src=x onerror=alert(1)>')),
  };
})()`;

describe.skipIf(!isChromiumInstalled)('names that are markup', () => {
  let ui: StartedConsole;
  let demo: HostileDemo;
  let opened: OpenedPage;
  const dialogs: string[] = [];
  const logged: string[] = [];
  const addressed: string[] = [];

  beforeAll(async () => {
    const note = (...given: unknown[]) => void logged.push(JSON.stringify(given));
    const log: Log = { error: note, warn: note, info: note, debug: note };
    ui = await startConsole(
      async (server) => {
        demo = await fillHostile(server);
      },
      { log },
    );
    opened = await ui.open();
    await signIn(opened.page, await addHostilePerson(ui.server));
    expect(logged.length).toBeGreaterThan(0);
    opened.page.on('dialog', async (dialog) => {
      dialogs.push(dialog.message());
      await dialog.dismiss();
    });
    opened.page.on('request', (request) => addressed.push(request.url()));
  });
  afterAll(async () => {
    await opened?.close();
    await ui?.stop();
  });

  it.each<Pick<Screen, 'name' | 'path' | 'isList'>>([...SCREENS, ...FURTHER])(
    '$name: are shown as text, run nothing, and leave the look as it is',
    async ({ name, path, isList = false }) => {
      const { page } = opened;
      // The screens read ids alone.
      await page.goto(path(demo as Demo));
      await page.locator('h1:visible').waitFor();
      await waitUntilFilled(page);
      const { marks, isShown } = await page.evaluate<{ marks: string[]; isShown: boolean }>(LOOK);
      expect({ dialogs, marks, isShown }).toEqual({
        dialogs: [],
        marks: [],
        isShown: WITHOUT_NAMES[name] === undefined,
      });
      expectNoFaults(opened);
      await checkLook(page, { isList, isEmpty: EMPTY.has(name) });
    },
  );

  it('are read from a file before it is imported, and its columns, too', async () => {
    const { page } = opened;
    const quoted = HOSTILE.replaceAll('"', '""');
    await page.goto(`/app/import/leads?flow=${demo.flowId}&source=${demo.sourceId}`);
    const buffer = Buffer.from(`"${quoted}",email\n"${quoted}",none\n`);
    await page
      .locator('input[type=file]')
      .setInputFiles({ name: '<img src=x onerror=alert(3)>.csv', mimeType: 'text/csv', buffer });
    await page.getByText('<img src=x onerror=alert(3)>').first().waitFor();
    await page.getByRole('button', { name: 'Check the file' }).click();
    await page.getByRole('button', { name: 'No row can be imported' }).waitFor({ timeout: 60_000 });
    const { marks, isShown } = await page.evaluate<{ marks: string[]; isShown: boolean }>(LOOK);
    expect({ dialogs, marks, isShown }).toEqual({ dialogs: [], marks: [], isShown: true });
    expectNoFaults(opened);
  });

  it('and what they are, passwords and tokens are in no line of the log and no address', async () => {
    const cookies = await opened.context.cookies();
    const { csrf_token: csrf } = await opened.page.evaluate<{ csrf_token: string }>(
      `fetch('/session').then((answer) => answer.json())`,
    );
    const secrets = [...cookies.map(({ value }) => value), csrf, PASSWORD, ui.server.key];
    expect(secrets.filter((each) => each.length < 12)).toEqual([]);
    const posting = demo.postingPath.split('/').at(-1) ?? '';
    const has = (texts: readonly string[], secret: string) => texts.filter((text) => text.includes(secret));
    expect(addressed.length).toBeGreaterThan(SCREENS.length);
    for (const secret of secrets) expect(has(addressed, secret)).toEqual([]);
    // Of the address that vendors are given, the log has the route alone.
    for (const secret of [...secrets, posting, 'onerror=alert']) expect(has(logged, secret)).toEqual([]);
  });
});
