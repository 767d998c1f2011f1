import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isChromiumInstalled } from './harness/chromium.ts';
import type { OpenedPage } from './harness/open-page.ts';
import { shoot } from './harness/shoot.ts';
import { type StartedConsole, startConsole } from './harness/start-console.ts';

/** Lists, by the page and by what it asks the API for. */
const PAGES = [
  ['/problems', 'problems'],
  ['/retries', 'retries'],
  ['/unknowns', 'unknowns'],
  ['/jobs', 'jobs'],
  ['/exports', 'exports'],
] as const;

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';

/** What the server may say, or that it says nothing; the heading and what the text must name: why, what next, and by what it is found. */
const FAILURES: readonly [name: string, status: number | null, heading: string, text: RegExp][] = [
  ['500', 500, 'The server could not answer', new RegExp(`Try again;.*GET /\\w+.* answered 500, trace ${TRACE}`)],
  ['403', 403, 'You may not see this', /Said by the server\. An owner can give it to you\./],
  ['409', 409, 'It was changed meanwhile, or is in use', /Said by the server.*answered 409/],
  ['413', 413, 'It is too large', /Said by the server.*answered 413/],
  ['no answer', null, 'The server was not reached', /connection failed.*Check your connection, then try again/],
];

describe.skipIf(!isChromiumInstalled)('a list that cannot be read', () => {
  let ui: StartedConsole;
  let owner: OpenedPage;
  beforeAll(async () => {
    ui = await startConsole(async () => undefined);
    owner = await ui.openAs('owner');
  });
  afterAll(async () => {
    await owner?.close();
    await ui?.stop();
  });

  it.each(PAGES.flatMap(([path, asked]) => FAILURES.map((failure) => [path, asked, ...failure] as const)))(
    '%s: of %s, %s: says what, why and what next, and tries again',
    async (path, asked, _name, status, heading, text) => {
      const { page } = owner;
      const isAsked = (url: URL) => url.pathname === `/${asked}`;
      await page.route(isAsked, (route) =>
        status === null
          ? route.abort()
          : route.fulfill({
              status,
              headers: status === 500 ? { 'X-Trace-Id': TRACE } : {},
              json: { error: 'Said by the server.', code: 'said' },
            }),
      );
      await page.goto(`/app${path}`);
      const alert = page.getByRole('alert').filter({ hasText: heading });
      await alert.waitFor();
      expect(await alert.textContent()).toMatch(text);
      if (status === 500) await shoot(owner, `failure${path.replaceAll('/', '-')}`);
      await page.unroute(isAsked);
      await page.getByRole('button', { name: 'Try again' }).first().click();
      await alert.waitFor({ state: 'detached' });
    },
  );

  it('a time in what the server says is in the zone of the account, which is printed', async () => {
    const { page } = owner;
    const given = new Date().toISOString();
    await page.route('**/problems?*', (route) =>
      route.fulfill({
        status: 409,
        json: { error: `Given up at ${given}: ask for less.`, code: 'conflict' },
      }),
    );
    await page.goto('/app/problems');
    const alert = page.getByRole('alert').filter({ hasText: 'Given up at' });
    await alert.waitFor();
    expect(await alert.textContent()).toMatch(
      /Given up at [A-Z][a-z]{2} \d{1,2}, \d\d:\d\d:\d\d [A-Z+\d:-]{3,}: ask for less\./,
    );
  });
});
