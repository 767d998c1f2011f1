// Builds the script and the styles of pages for strangers who have a link. Plain JavaScript, because bin/sluice.js runs it.
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const sources = join(dirname(dirname(fileURLToPath(import.meta.url))), 'console', 'src');
/** As old as what the console asks of browsers: vendors choose theirs. */
export const TARGET = ['es2022', 'chrome111', 'firefox121', 'safari16.4'];

/** Writes `page.js` and `page.css` into a folder; the server embeds them in each page. */
export async function buildPostingPage(folder) {
  const { build, stop } = await import('esbuild');
  try {
    const { outputFiles } = await build({
      entryPoints: [join(sources, 'posting-page', 'page.ts')],
      ...{ bundle: true, minify: true, format: 'iife', target: TARGET, charset: 'utf8', write: false },
      logLevel: 'warning',
    });
    const [script] = outputFiles;
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, 'page.js'), script.contents);
    await writeFile(join(folder, 'page.css'), await buildStyle('posting-page'));
  } finally {
    // Its helper process would otherwise live as long as the server.
    await stop();
  }
}

/** Writes `page.css` of shared reports, which have no script. They look as posting pages do, and have a few rules more. */
export async function buildReportPage(folder) {
  const { stop } = await import('esbuild');
  try {
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, 'page.css'), await buildStyle('posting-page', 'report-page'));
  } finally {
    await stop();
  }
}

/** The colors and the rules of `page.css` in each of the folders, in this order. */
async function buildStyle(...folders) {
  const { transform } = await import('esbuild');
  const read = (...path) => readFile(join(sources, ...path), 'utf8');
  const rules = await Promise.all(folders.map((folder) => read(folder, 'page.css')));
  const style = readTokens(await read('theme', 'tokens.css')) + rules.join('\n');
  const { code } = await transform(style, { loader: 'css', minify: true, target: TARGET, charset: 'utf8' });
  return code;
}

/** The console's colors, chosen by the system: there is no switch, because nothing is remembered of a vendor. */
export function readTokens(css) {
  const read = (selector) => {
    const found = css.split('}').find(
      (rule) =>
        rule
          .replace(/\/\*.*?\*\//gs, '')
          .split('{')[0]
          .trim() === selector,
    );
    if (!found) throw new Error(`theme/tokens.css has no rule ${selector}`);
    return found.slice(found.indexOf('{') + 1);
  };
  const light = read(':root[data-mantine-color-scheme="light"]');
  const dark = read(':root[data-mantine-color-scheme="dark"]');
  // On paper the page is light, whatever the screen is.
  return `:root{${read(':root')}}:root{${light}}@media screen and (prefers-color-scheme:dark){:root{${dark}}}\n`;
}
