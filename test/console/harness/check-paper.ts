import { execFile } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { settle, showScheme } from './check-page.ts';
import type { OpenedPage, Viewport } from './open-page.ts';
import { SHOTS, TAKES_SHOTS } from './shoot.ts';

/** What lies between margins of 14 mm, in CSS px. */
const A4 = { width: 688, height: 1_017 };
/** A4 across, between margins of 10 mm: reports with many columns. */
export const A4_ACROSS = { width: 1_047, height: 718 };

interface PaperOptions {
  /** Of its picture, `NAME.paper.light.png`, and of its file, `NAME.pdf`. */
  name: string;
  /** Each is read on the paper. */
  says: readonly string[];
  paper?: Viewport;
  folder?: string;
}

/**
 * Fails unless the page, as it is shown now in the dark, is a clean print: dark on white, nothing to press, nothing wider than the
 * paper or cut, rows in one piece, heads of tables on every page, and links that leave it with their address. Returns the
 * number of its pages; pictures are taken unless `CI` is set.
 */
export async function checkPaper(opened: OpenedPage, options: PaperOptions): Promise<number> {
  const { name, says, paper = A4, folder = SHOTS } = options;
  const { page } = opened;
  const size = page.viewportSize();
  await showScheme(opened, 'dark');
  await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
  await page.setViewportSize(paper);
  await settle(page);
  expect(await findOnPaper(page), `${name}, printed`).toEqual([]);
  // Of hidden parts it has nothing.
  const text = String(await page.evaluate('document.body.innerText')).replace(/\s+/g, ' ');
  for (const part of says) expect(text, `${name}, printed`).toContain(part);
  if (TAKES_SHOTS) {
    mkdirSync(folder, { recursive: true });
    await page.screenshot({ path: join(folder, `${name}.paper.light.png`), fullPage: true });
  }
  const file = await page.pdf({ preferCSSPageSize: true, format: 'A4' });
  if (TAKES_SHOTS) {
    writeFileSync(join(folder, `${name}.pdf`), file);
    await shootPages(join(folder, name));
  }
  await page.emulateMedia({ media: 'screen' });
  await showScheme(opened, null);
  if (size) await page.setViewportSize(size);
  return countPages(file);
}

/** Pages whose pictures are taken, and of how many dots an inch. */
const SHOT_PAGES_MAX = 8;
const SHOT_DPI = 72;

/** Of `NAME.pdf` a picture of each page, `NAME.page-1.png` and so on, where poppler is installed: breaks are seen in no other. */
async function shootPages(path: string): Promise<void> {
  const options = ['-png', '-r', String(SHOT_DPI), '-l', String(SHOT_PAGES_MAX)];
  try {
    await promisify(execFile)('pdftoppm', [...options, `${path}.pdf`, `${path}.page`]);
  } catch (error) {
    // Without it there are the print in one piece and the file.
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
  }
}

/** Chromium writes the objects of pages in plain text. */
function countPages(file: Buffer): number {
  return file.toString('latin1').match(/\/Type\s*\/Page\b/g)?.length ?? 0;
}

/** What no print has. */
function findOnPaper(page: Page): Promise<string[]> {
  return page.evaluate(`(() => {
    const width = document.documentElement.clientWidth;
    const say = (what) => (element) => what + ': ' + element.outerHTML.slice(0, 140);
    const isSeen = (element) => {
      const { width, height } = element.getBoundingClientRect();
      return width > 1 && height > 1 && element.checkVisibility({ visibilityProperty: true, opacityProperty: true });
    };
    const seen = [...document.querySelectorAll('body, body *')].filter(isSeen);
    const lightness = (color) => {
      const [red, green, blue, alpha = 1] = color.match(/[\\d.]+/g)?.map(Number) ?? [];
      return alpha === 0 ? null : (0.2126 * red + 0.7152 * green + 0.0722 * blue) / 255;
    };
    const ownText = (element) => [...element.childNodes].some((each) => each.nodeType === 3 && each.data.trim() !== '');
    const style = (element) => getComputedStyle(element);
    // The head of a column that can be sorted is its name, and is no more than that on paper.
    const pressed = 'button:not(th button), input, select, textarea, [role=button], [role=switch], nav, [data-copy], .mantine-AppShell-navbar, .mantine-AppShell-header';
    return [
      ...seen.filter((each) => each.getBoundingClientRect().right > width + 1).map(say('wider than the paper')),
      ...seen
        .filter((each) => style(each).overflowX !== 'visible' && each.scrollWidth > each.clientWidth + 1)
        .map(say('cut')),
      ...seen
        .filter((each) => style(each).overflowY !== 'visible' && each.scrollHeight > each.clientHeight + 1 && each.tagName !== 'HTML')
        .map(say('cut below')),
      ...seen.filter((each) => each.matches(pressed)).map(say('can be pressed')),
      ...seen
        .filter((each) => !each.closest('svg') && (lightness(style(each).backgroundColor) ?? 1) < 0.8 && each.textContent.trim() !== '')
        .map(say('dark ground')),
      ...seen.filter((each) => ownText(each) && (lightness(style(each).color) ?? 0) > 0.5).map(say('light text')),
      ...seen
        .filter((each) => each.tagName === 'THEAD' && style(each).display !== 'table-header-group')
        .map(say('a head that is on one page alone')),
      // Chromium paints what is a button on the first page alone.
      ...seen.filter((each) => each.matches('th button')).map(say('a head that is blank on later pages')),
      ...seen
        .filter((each) => each.tagName === 'TFOOT' && style(each).display === 'table-footer-group')
        .map(say('totals on every page')),
      ...seen
        .filter((each) => each.tagName === 'TR' && style(each).breakInside !== 'avoid')
        .map(say('a row that breaks')),
      // Those of the console lead to its own screens, which no paper has.
      ...seen
        .filter((each) => each.matches('a[href]:not([href^="#"], [href^="/app"], [href^="mailto:"])'))
        // A table of links has a column of addresses.
        .filter((each) => !(each.closest('tr') ?? each).textContent.includes(each.getAttribute('href')))
        .map(say('a link without its address')),
    ];
  })()`);
}
