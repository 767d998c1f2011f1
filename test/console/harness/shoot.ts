import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../../src/package-root.ts';
import { showScheme } from './check-page.ts';
import { type OpenedPage, SIZES } from './open-page.ts';

/** Not in git; `contact-sheet.html` shows all of them. */
export const SHOTS = join(packageRoot, 'test/console/shots');

/** Nobody looks at pictures where nobody sits: with `CI` they are taken for `SHOTS_FOLDER` alone. */
export const TAKES_SHOTS = process.env['CI'] === undefined || process.env['SHOTS_FOLDER'] !== undefined;

/** Pictures of the page as it is, at three sizes and in both color schemes: `NAME.desktop.light.png` and so on. */
export async function shoot(opened: OpenedPage, name: string, { folder = SHOTS } = {}): Promise<void> {
  if (!TAKES_SHOTS) return;
  mkdirSync(folder, { recursive: true });
  const { page } = opened;
  const size = page.viewportSize();
  for (const [sizeName, viewport] of Object.entries(SIZES)) {
    await page.setViewportSize(viewport);
    for (const scheme of ['light', 'dark'] as const) {
      await showScheme(opened, scheme);
      await page.screenshot({ path: join(folder, `${name}.${sizeName}.${scheme}.png`) });
    }
  }
  await showScheme(opened, null);
  if (size) await page.setViewportSize(size);
  if (folder === SHOTS) writeContactSheet();
}

/** Of everything that was shot so far, a row a screen. */
function writeContactSheet(): void {
  const shots = readdirSync(SHOTS).filter((name) => name.endsWith('.png'));
  const screens = new Set(shots.map((name) => name.split('.')[0] ?? ''));
  const rows = [...screens].map((screen) => {
    const images = shots
      .filter((name) => name.startsWith(`${screen}.`))
      .map((name) => `<a href="${name}"><img src="${name}" height="220" alt="${name}"></a>`);
    return `<h2>${screen}</h2><p>${images.join('\n')}</p>`;
  });
  writeFileSync(
    join(SHOTS, 'contact-sheet.html'),
    `<!doctype html><meta charset="utf-8"><title>Shots</title>\n${rows.join('\n')}\n`,
  );
}
