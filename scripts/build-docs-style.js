// Builds the style of the pages below /docs. Plain JavaScript, because bin/sluice.js runs it.
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readTokens, TARGET } from './build-posting-page.js';

const sources = join(dirname(dirname(fileURLToPath(import.meta.url))), 'console', 'src');

/** Writes `page.css` into a folder: what posting pages look like, and what the documentation adds. */
export async function buildDocsStyle(folder) {
  const { transform, stop } = await import('esbuild');
  try {
    const tokens = readTokens(await readFile(join(sources, 'theme', 'tokens.css'), 'utf8'));
    const base = await readFile(join(sources, 'posting-page', 'page.css'), 'utf8');
    const own = await readFile(join(sources, 'docs-page', 'page.css'), 'utf8');
    const options = { loader: 'css', minify: true, target: TARGET, charset: 'utf8' };
    const { code } = await transform(tokens + base + own, options);
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, 'page.css'), code);
  } finally {
    // Its helper process would otherwise live as long as the server.
    await stop();
  }
}
