import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import type { OpenedPage, Scheme } from './open-page.ts';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
/** Names of rules, or of tags that many have. */
type AxeRules = readonly string[];
const TAGS: AxeRules = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];
/** The other scheme differs in colors alone. */
const SCHEMES: readonly (readonly [Scheme, AxeRules])[] = [
  ['light', TAGS],
  ['dark', ['color-contrast', 'link-in-text-block']],
];
/** WCAG 1.4.10: a page of this width has no second direction to scroll in. */
const NARROW = { width: 320, height: 640 };

/** Lines that fields and labels of a form may begin at, when it is as wide as a desktop. */
const EDGES_MAX = 4;

export interface PageBar {
  /** Of the document, without ` · Sluice`; an expression is looked for in it. */
  title: string | RegExp;
}

/**
 * Fails unless the page, as it is shown now, keeps what every page of the console keeps: axe finds nothing in both color
 * schemes, targets are large enough, there is one h1, landmarks and a title, nothing went wrong in the browser or was
 * asked of another origin, and at 320 px nothing scrolls sideways.
 */
export async function checkPage(opened: OpenedPage, { title }: PageBar): Promise<void> {
  const { page } = opened;
  if (typeof title === 'string') expect(await page.title(), 'title').toBe(`${title} · Sluice`);
  else expect(await page.title(), 'title').toMatch(title);
  expect(await page.locator('h1:visible').count(), 'one h1').toBe(1);
  expect(await page.locator('main').count(), 'one main landmark').toBe(1);
  expect(await findBareTables(opened), 'header cells without scope').toEqual([]);
  expect(await findSmallTargets(opened), 'targets below 24 px').toEqual([]);
  for (const [scheme, rules] of SCHEMES) {
    await showScheme(opened, scheme);
    expect(await findBarriers(opened, rules), `axe, ${scheme}`).toEqual([]);
  }
  await showScheme(opened, null);
  const size = page.viewportSize();
  await page.setViewportSize(NARROW);
  await settle(page);
  expect(await findSideways(opened), 'scrolls sideways at 320 px').toEqual([]);
  if (size) await page.setViewportSize(size);
  expectNoFaults(opened);
}

/** Fails unless one button stands out at most, and the fields of a form begin at few lines. */
export async function checkForms(opened: OpenedPage): Promise<void> {
  const primary = await findPrimaryButtons(opened);
  expect(primary, 'what stands out most: one solid button').toEqual(primary.slice(0, 1));
  const edges = await findFormEdges(opened);
  expect(edges.slice(0, EDGES_MAX), 'where fields of a form begin').toEqual(edges);
}

/** Fails when something went wrong in the browser since it was asked last. */
export function expectNoFaults({ faults }: OpenedPage): void {
  expect(faults.splice(0), 'faults in the browser').toEqual([]);
}

/**
 * What axe finds on the page as it is shown, as `rule: selector`. What an open panel or pinned totals cover in part is no small target: it
 * scrolls or is covered for a moment, and `findSmallTargets` measures it whole.
 */
export async function findBarriers({ page }: OpenedPage, rules = TAGS): Promise<string[]> {
  // As an expression of the inspector it is no script of the page, which the Content-Security-Policy would refuse.
  if (!(await page.evaluate('globalThis.axe !== undefined'))) await page.evaluate(`${AXE}; 0`);
  return page.evaluate(`axe.run(document, ${JSON.stringify({ runOnly: rules })}).then(({ violations }) =>
    violations.flatMap(({ id, nodes }) => nodes
      .filter(({ any }) => id !== 'target-size' || !any.some(({ message }) => message.includes('partially obscured')))
      .map(({ target, any }) => id + ': ' + target.join(' ') + ' ' + any.map(({ message }) => message).join('; '))))`);
}

/** What the system of a page prefers, as it was opened. */
const SYSTEMS = new WeakMap<Page, Scheme>();

/**
 * As if the person and the system had chosen it: the console follows the one, pages for vendors the other. null: as the page was
 * opened. Transitions of colors end before.
 */
export async function showScheme({ page }: OpenedPage, scheme: Scheme | null): Promise<void> {
  const system = SYSTEMS.get(page) ?? (await readScheme(page));
  SYSTEMS.set(page, system);
  const shown = scheme ?? system;
  await page.emulateMedia({ colorScheme: shown });
  await page.evaluate(`document.documentElement.setAttribute('data-mantine-color-scheme', '${shown}')`);
  await settle(page);
}

function readScheme(page: Page): Promise<Scheme> {
  return page.evaluate(`matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light'`);
}

/** Resolves once what was changed is shown and nothing moves that ends. */
export async function settle(page: Page): Promise<void> {
  await page.evaluate(`new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))`);
  await page.evaluate(`Promise.all(document.getAnimations()
    .filter((each) => each.effect.getComputedTiming().endTime !== Infinity)
    .map((each) => each.finished.catch(() => 0))).then(() => 0)`);
}

/** WCAG 2.5.8: 24 × 24 px, but for links in a sentence, and for targets whose circle of 24 px meets no other. */
function findSmallTargets({ page }: OpenedPage): Promise<string[]> {
  return page.evaluate(`(() => {
    // What scrolls and hides the middle of a target: until it is scrolled to, no place outside of that meets it.
    const findClip = ({ element, box }) => {
      const x = box.x + box.width / 2, y = box.y + box.height / 2;
      for (let above = element.parentElement; above !== null && above !== document.body; above = above.parentElement) {
        const { overflowX, overflowY } = getComputedStyle(above);
        const { left, right, top, bottom } = above.getBoundingClientRect();
        if ((overflowX !== 'visible' && (x < left || x > right)) || (overflowY !== 'visible' && (y < top || y > bottom))) return above;
      }
      return null;
    };
    // What lies below a panel or a dialog cannot be pressed.
    const isCovered = (element, box) => {
      const places = [[0.5, 0.5], [0.05, 0.1], [0.95, 0.1], [0.05, 0.9], [0.95, 0.9]];
      return places.some(([x, y]) => {
        const top = document.elementFromPoint(box.x + box.width * x, box.y + box.height * y);
        return top !== null && !element.contains(top) && !top.contains(element) && top.closest('[role=dialog], [data-above], .mantine-Overlay-root, .mantine-Modal-inner') !== null && !top.closest('[role=dialog], [data-above]')?.contains(element);
      });
    };
    const targets = [...document.querySelectorAll('a[href], button, input, select, textarea, [role=button], [role=menuitem], [role=tab], [role=option]')]
      .filter((each) => each.checkVisibility({ visibilityProperty: true, opacityProperty: true }) && !each.closest('p, [data-inline]'))
      .map((element) => ({ element, box: element.getBoundingClientRect() }))
      .filter(({ box }) => box.width > 1 && box.height > 1)
      .map((each) => ({ ...each, scrolls: findClip(each) }))
      .filter(({ element, box }) => !isCovered(element, box));
    const middle = (box) => [box.x + box.width / 2, box.y + box.height / 2];
    const meets = (one, other) => {
      const [x, y] = middle(one), [ox, oy] = middle(other);
      const dx = Math.max(other.x - x, 0, x - other.right), dy = Math.max(other.y - y, 0, y - other.bottom);
      const isSmall = other.width < 24 || other.height < 24;
      return isSmall ? Math.hypot(x - ox, y - oy) < 24 : Math.hypot(dx, dy) < 12;
    };
    const isApart = ({ scrolls }, { element }) => scrolls !== null && !scrolls.contains(element);
    return targets
      .filter(({ box }) => box.width < 23.5 || box.height < 23.5)
      .filter((one) => targets.some((other) => other.element !== one.element && !other.element.contains(one.element) && !one.element.contains(other.element) && !isApart(one, other) && !isApart(other, one) && meets(one.box, other.box)))
      .map(({ element, box }) => element.outerHTML.slice(0, 120) + ' ' + Math.round(box.width) + '×' + Math.round(box.height));
  })()`);
}

/** What is in front: a dialog covers the buttons and fields of the page. A popover has its own button beside them. */
const FRONT = `const isShown = (each) => each.checkVisibility({ visibilityProperty: true, opacityProperty: true }) && each.getBoundingClientRect().width > 1;
  const front = [...document.querySelectorAll('.mantine-Modal-content, .mantine-Drawer-content')].filter(isShown).at(-1) ?? document.querySelector('main');
  const listIn = (selector) => [...(front?.querySelectorAll(selector) ?? [])].filter((each) => isShown(each) && !each.closest('.mantine-Popover-dropdown, .mantine-Menu-dropdown'));`;

/** The solid buttons, by what they say: the one thing that a page or a dialog is for. A question in its place (AskFirst) has its own answer. */
function findPrimaryButtons({ page }: OpenedPage): Promise<string[]> {
  return page.evaluate(`(() => { ${FRONT}
    return listIn('.mantine-Button-root[data-variant=filled], .mantine-Button-root:not([data-variant])').filter((each) => each.closest('[data-asks]') === null).map((each) => each.textContent);
  })()`);
}

/**
 * The left edges of fields, their labels and boxes, each with one that begins there; nothing on a page that is narrower than a desktop.
 * Cells of tables and filters of lists, which stand in one line, are no form; rules are indented by how deep they nest.
 */
function findFormEdges({ page }: OpenedPage): Promise<string[]> {
  return page.evaluate(`(() => { ${FRONT}
    if (innerWidth < 1280 || document.querySelector('.mantine-AppShell-main') === null) return [];
    const parts = '.mantine-InputWrapper-label, .mantine-Input-wrapper, textarea, input[type=checkbox], input[type=radio]';
    const found = new Map();
    for (const each of listIn(parts)) {
      if (each.closest('table, search, [data-rule]') !== null) continue;
      const edge = Math.round(each.getBoundingClientRect().left);
      const near = [...found.keys()].find((other) => Math.abs(other - edge) <= 2) ?? edge;
      if (!found.has(near)) found.set(near, (each.textContent || each.querySelector('input, select, textarea')?.getAttribute('aria-label') || each.outerHTML).slice(0, 60));
    }
    return [...found].sort(([one], [other]) => one - other).map(([edge, what]) => edge + ' px: ' + what);
  })()`);
}

function findBareTables({ page }: OpenedPage): Promise<string[]> {
  return page.evaluate(`[...document.querySelectorAll('th:not([scope])')].map((each) => each.outerHTML.slice(0, 120))`);
}

/** What reaches over the right edge, when the page scrolls sideways. */
function findSideways({ page }: OpenedPage): Promise<string[]> {
  return page.evaluate(`(() => {
    const { scrollWidth, clientWidth } = document.documentElement;
    if (scrollWidth <= clientWidth) return [];
    const wide = [...document.querySelectorAll('body *')].filter((each) => each.getBoundingClientRect().right > clientWidth);
    return [scrollWidth - clientWidth + ' px', ...wide.slice(0, 8).map((each) => each.outerHTML.slice(0, 160))];
  })()`);
}
