import type { Page } from 'playwright-core';

/** Tabs until focus is back at the start of the page, at most so often: enough for the frame and a table's first rows. */
const STOPS_MAX = 60;

/** Where focus rests after a Tab. */
interface Stop {
  /** `button "Reveal values"` */
  what: string;
  isOutlined: boolean;
  /** What lies over its middle and its corners; null: not all of them are covered. */
  cover: string | null;
}

/**
 * What keeps a person with a keyboard from seeing where they are (WCAG 2.4.7, 2.4.11): elements that show no focus, or are hidden
 * behind a bar. Tabs through the page from its start.
 */
export async function findLostFocus(page: Page): Promise<string[]> {
  await page.evaluate('document.activeElement?.blur(); scrollTo(0, 0)');
  const lost: string[] = [];
  for (let stops = 0; stops < STOPS_MAX; stops += 1) {
    await page.keyboard.press('Tab');
    const stop = (await page.evaluate(LOOK)) as Stop | null;
    if (stop === null) break;
    if (!stop.isOutlined) lost.push(`${stop.what}: no outline`);
    if (stop.cover !== null) lost.push(`${stop.what}: behind ${stop.cover}`);
  }
  return lost;
}

/** null: focus has left the page. */
const LOOK = `(() => {
  const element = document.activeElement;
  if (element === null || element === document.body) return null;
  const box = element.getBoundingClientRect();
  const style = getComputedStyle(element);
  const x = (share) => Math.min(Math.max(box.left + box.width * share, 0), innerWidth - 1);
  const y = (share) => Math.min(Math.max(box.top + box.height * share, 0), innerHeight - 1);
  const at = [[0.5, 0.5], [0.1, 0.1], [0.9, 0.9]].map(([right, down]) => document.elementFromPoint(x(right), y(down)));
  const wrapper = element.closest('label, [class*=wrapper], [class*=root]') ?? element;
  const name = element.getAttribute('aria-label') ?? element.textContent ?? '';
  return {
    what: element.tagName.toLowerCase() + ' "' + name.trim().slice(0, 40) + '"',
    // A field shows focus by its border.
    isOutlined: style.outlineStyle !== 'none' || style.boxShadow !== 'none' || /^(INPUT|SELECT|TEXTAREA)$/.test(element.tagName),
    cover: at.some((found) => found !== null && (wrapper.contains(found) || found.contains(element)))
      ? null
      : (at[0]?.outerHTML ?? 'nothing').slice(0, 120),
  };
})()`;

/** Marks of a status that say it by color alone: without an icon, or without a word. Charts have a table beside them. */
export function findBareColors(page: Page): Promise<string[]> {
  return page.evaluate(`[...document.querySelectorAll('main [data-tone]:not(svg *, [aria-hidden] *)')]
    .filter((each) => each.checkVisibility())
    .filter((each) => each.querySelector('svg') === null || each.textContent.trim() === '')
    .map((each) => each.dataset.tone + ' "' + each.textContent.trim() + '"')`);
}
