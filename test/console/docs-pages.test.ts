import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkPage, expectNoFaults } from './harness/check-page.ts';
import { isChromiumInstalled } from './harness/chromium.ts';
import { SIZES } from './harness/open-page.ts';
import { shoot } from './harness/shoot.ts';
import { type StartedConsole, startConsole } from './harness/start-console.ts';

/** Each kind of text: commands, long tables, many chapters, lists within lists, a long index. */
const PAGES = [
  ['/docs/', 'The documents', 'docs-index'],
  ['/docs/guides/console', 'The console', 'docs-guide'],
  ['/docs/guides/deploy', 'Deploying', 'docs-commands'],
  ['/docs/reference/flow-document', 'Flow document', 'docs-reference'],
  ['/docs/decisions/0067-statements-that-can-spread', /^0067 /, 'docs-decision'],
] as const;

describe.skipIf(!isChromiumInstalled)('the documentation', () => {
  let ui: StartedConsole;
  beforeAll(async () => {
    ui = await startConsole();
  });
  afterAll(() => ui?.stop());

  it.each(PAGES)('%s keeps what pages keep, without a script', async (path, title, name) => {
    const opened = await ui.open();
    await opened.page.goto(path);
    const suffix = ' · Documentation';
    await checkPage(opened, { title: typeof title === 'string' ? title + suffix : title });
    expect(await opened.page.locator('script').count()).toBe(0);
    const menu = await opened.page.getByRole('navigation', { name: 'Pages' }).boundingBox();
    const text = await opened.page.locator('main').boundingBox();
    if (!menu || !text) throw new Error('the page has no menu or no text');
    expect(menu.x + menu.width, 'where the menu ends').toBeLessThan(text.x);
    await shoot(opened, name);
    await opened.close();
  });

  it('goes to a section by its link, and to another page by the menu', async () => {
    const opened = await ui.open();
    const { page } = opened;
    await page.goto('/docs/guides/jobs');
    await page.getByRole('navigation', { name: 'Pages' }).getByRole('link', { name: 'Integration packages' }).click();
    await page.getByRole('heading', { level: 1, name: 'Integration packages' }).waitFor();
    expect(await page.locator('[aria-current="page"]').textContent()).toBe('Integration packages');
    const chapter = page.getByRole('navigation', { name: 'On this page' }).getByRole('link').last();
    const name = (await chapter.textContent()) ?? '';
    await chapter.click();
    const heading = page.getByRole('heading', { level: 2, name });
    expect((await heading.boundingBox())?.y).toBeLessThan(SIZES.desktop.height);
    expect(page.url()).toContain('#');
    expectNoFaults(opened);
    await opened.close();
  });

  it.each([
    ['/app/jobs', 'guides/console#jobs', 'The console'],
    ['/app/settings/api-keys', 'guides/access#make-a-key', 'API keys: who may do what'],
  ])('is opened from %s at %s, in a tab of its own', async (path, address, title) => {
    const opened = await ui.openAs('owner', path);
    const help = opened.page.getByRole('link', { name: 'Help with this page' });
    await help.waitFor();
    await expect.poll(() => help.getAttribute('href')).toBe(`/docs/${address}`);
    const [tab] = await Promise.all([opened.context.waitForEvent('page'), help.click()]);
    await tab.getByRole('heading', { level: 1, name: title }).waitFor();
    expect(opened.page.url()).toContain(path);
    await opened.close();
  });

  it('has its menu below the text on a phone, a link away', async () => {
    const opened = await ui.open({ viewport: SIZES.phone });
    const { page } = opened;
    await page.goto('/docs/guides/jobs');
    await page.getByRole('link', { name: 'All pages' }).click();
    const menu = await page.getByRole('navigation', { name: 'Pages' }).boundingBox();
    expect(menu?.y).toBeLessThan(SIZES.phone.height);
    await opened.close();
  });

  it('is printed without its menu', async () => {
    const opened = await ui.open();
    const { page } = opened;
    await page.goto('/docs/guides/jobs');
    await page.emulateMedia({ media: 'print' });
    expect(await page.getByRole('navigation', { name: 'Pages' }).isVisible()).toBe(false);
    expect(await page.getByRole('heading', { level: 1 }).isVisible()).toBe(true);
    await opened.close();
  });
});
