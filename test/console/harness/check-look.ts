import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { settle } from './check-page.ts';

/** Whole rows of a list at 1440 × 900. */
const ROWS_MIN = { comfortable: 20, compact: 26 } as const;
/** Two lines of fields, px. */
const TOOLBAR_MAX = 64;

/** Of the width of a page: what is wider ends where lists end. */
const NEARLY = 0.85;

/** Fails unless the texts of the page have few sizes and weights, what is wide ends at one edge, and a list shows many rows at once in either density. */
export async function checkLook(page: Page, { isList, isEmpty = false }: { isList: boolean; isEmpty?: boolean }) {
  expect(await page.evaluate(FIND_ODD_TYPE), 'type that the console does not have').toEqual([]);
  expect(await page.evaluate(FIND_ODD_EDGES), 'blocks that end beside the right edge of the page').toEqual([]);
  if (!isList || isEmpty) return;
  for (const [density, wanted] of Object.entries(ROWS_MIN)) {
    await page.evaluate(`document.documentElement.dataset.density = '${density}'`);
    await settle(page);
    const { rows, toolbar } = await page.evaluate<{ rows: number; toolbar: number }>(MEASURE_LIST);
    expect(rows, `whole ${density} rows`).toBeGreaterThanOrEqual(wanted);
    expect(toolbar, 'height of the filters').toBeLessThanOrEqual(TOOLBAR_MAX);
  }
  await page.evaluate(`document.documentElement.dataset.density = 'comfortable'`);
}

/** Five sizes of six, three weights, no capitals by style, and paragraphs that begin at one edge. */
const FIND_ODD_TYPE = `(() => {
  const sizes = new Map(), odd = [];
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const text = walk.currentNode, element = text.parentElement;
    if (text.data.trim() === '' || !element.checkVisibility({ visibilityProperty: true, opacityProperty: true })) continue;
    const range = document.createRange();
    range.selectNodeContents(text);
    const { width, height } = range.getBoundingClientRect();
    // What screen readers alone say is a pixel large.
    if (width < 2 || height < 2) continue;
    const { fontSize, fontWeight, textTransform, textAlign } = getComputedStyle(element);
    const shown = element.localName + ' "' + text.data.slice(0, 40) + '"';
    sizes.set(fontSize, shown);
    if (!['12px', '13px', '14px', '16px', '20px', '28px'].includes(fontSize)) odd.push(fontSize + ': ' + shown);
    if (!['400', '500', '600'].includes(fontWeight)) odd.push(fontWeight + ': ' + shown);
    if (textTransform === 'uppercase') odd.push('capitals: ' + shown);
    if (textAlign === 'center' && text.data.length > 80) odd.push('centred: ' + shown);
  }
  if (sizes.size > 5) odd.push('sizes: ' + [...sizes.keys()].sort().join(', '));
  return odd;
})()`;

/**
 * What begins at the left edge of the page, has an edge that is seen and is nearly as wide as the page ends at its right edge, as lists
 * and tabs do. A form and its fields are narrower than that, and have no edge beside those of others.
 */
const FIND_ODD_EDGES = `(() => {
  const main = document.querySelector('main.mantine-AppShell-main'), odd = [];
  // Posting pages and shared reports are no pages of the console.
  if (main === null) return odd;
  const style = getComputedStyle(main), box = main.getBoundingClientRect();
  const left = box.left + parseFloat(style.paddingLeft), right = box.right - parseFloat(style.paddingRight);
  for (const element of main.querySelectorAll('*')) {
    const { left: begin, right: end, width, height } = element.getBoundingClientRect();
    if (Math.abs(begin - left) > 1 || width < (right - left) * ${NEARLY} || height < 8 || Math.abs(end - right) <= 1) continue;
    const { borderRightWidth, borderBottomWidth, borderRightStyle, borderBottomStyle } = getComputedStyle(element);
    const isSeen = (size, kind) => parseFloat(size) > 0 && kind !== 'none';
    if (!isSeen(borderRightWidth, borderRightStyle) && !isSeen(borderBottomWidth, borderBottomStyle)) continue;
    if (element.closest('table') !== null && element.localName !== 'table') continue;
    odd.push(Math.round(end - right) + ' px: ' + element.localName + '.' + element.className + ' "' + element.textContent.slice(0, 30) + '"');
  }
  return odd;
})()`;

/** Rows that are whole within the window; of a list that has fewer, how many of its highest row would be. */
const MEASURE_LIST = `(() => {
  const rows = [...document.querySelectorAll('main tbody tr')].map((row) => row.getBoundingClientRect());
  const whole = rows.filter(({ bottom }) => bottom <= innerHeight).length;
  const highest = Math.max(...rows.map(({ height }) => height));
  const room = rows.length === 0 ? 0 : Math.floor((innerHeight - rows[0].top) / highest);
  return {
    rows: whole < rows.length ? whole : room,
    toolbar: document.querySelector('main search')?.getBoundingClientRect().height ?? 0,
  };
})()`;
