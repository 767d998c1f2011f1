import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import type { SIZES } from '../harness/open-page.ts';

/** Pictures side by side on a sheet, and how wide each is. A phone is narrow, so that more go into a row. */
const COLUMNS: Record<keyof typeof SIZES | 'paper', { count: number; width: number }> = {
  desktop: { count: 3, width: 620 },
  laptop: { count: 3, width: 560 },
  phone: { count: 6, width: 300 },
  paper: { count: 4, width: 420 },
};
const SHEET_PADDING = 16;

/**
 * One picture a size and color scheme of all that was shot to `folder`: `sheet.desktop.light.png` and so on. Returns their
 * names.
 */
export async function writeContactSheets(browser: Browser, folder: string): Promise<string[]> {
  mkdirSync(folder, { recursive: true });
  const shots = readdirSync(folder).filter((name) => name.endsWith('.png') && !name.startsWith('sheet.'));
  const page = await browser.newPage();
  const written: string[] = [];
  for (const [size, { count, width }] of Object.entries(COLUMNS))
    for (const scheme of ['light', 'dark']) {
      const ending = `.${size}.${scheme}.png`;
      const shown = shots.filter((name) => name.endsWith(ending)).sort();
      if (shown.length === 0) continue;
      await page.setViewportSize({ width: count * (width + SHEET_PADDING) + SHEET_PADDING, height: 800 });
      const figures = shown.map((name) => {
        const bytes = readFileSync(join(folder, name)).toString('base64');
        return `<figure><img alt="" width="${width}" src="data:image/png;base64,${bytes}">
          <figcaption>${name.slice(0, -ending.length)}</figcaption></figure>`;
      });
      await page.setContent(
        `<style>body{margin:${SHEET_PADDING}px;background:#888;font:14px sans-serif;display:grid;align-items:start;
          gap:${SHEET_PADDING}px;grid-template-columns:repeat(${count},${width}px)}figure{margin:0}</style>${figures.join('')}`,
      );
      const name = `sheet${ending}`;
      await page.screenshot({ path: join(folder, name), fullPage: true });
      written.push(name);
    }
  await page.close();
  return written;
}
