// Builds the console to dist/app, compressed beside itself. Plain JavaScript, because bin/sluice.js runs it.
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import { buildDocsStyle } from './build-docs-style.js';
import { buildPostingPage, buildReportPage } from './build-posting-page.js';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const built = join(root, 'dist', 'app');
/** Built beside and renamed, so that two starts at once cannot read half a console. */
export async function buildConsole() {
  const { build } = await import('vite');
  // Under another one, as that of a test run, Vite bundles React for development: larger, slower, and kept for the next start.
  const before = process.env.NODE_ENV;
  process.env.NODE_ENV = 'production';
  const draft = join(root, 'dist', `.app-${process.pid}`);
  const former = join(root, 'dist', `.former-app-${process.pid}`);
  await mkdir(join(root, 'dist'), { recursive: true });
  try {
    await build({
      configFile: join(root, 'console', 'vite.config.ts'),
      logLevel: 'warn',
      build: { outDir: draft },
    });
    await buildPostingPage(join(draft, 'posting'));
    await buildDocsStyle(join(draft, 'docs'));
    await buildReportPage(join(draft, 'report'));
    await compressFiles(draft);
    await rename(built, former).catch(unless('ENOENT'));
    await rename(draft, built).catch(unless('ENOTEMPTY', 'EEXIST'));
  } finally {
    if (before === undefined) delete process.env.NODE_ENV;
    else process.env.NODE_ENV = before;
    for (const folder of [draft, former]) await rm(folder, { recursive: true, force: true });
  }
}

/** There was none, or another start has just built the same. */
function unless(...codes) {
  return (error) => {
    if (!codes.includes(error.code)) throw error;
  };
}

/** Below, a packet carries the file as it is. */
const BYTES_MIN = 1_024;
const TEXTS = new Set(['.js', '.css', '.svg', '.json', '.txt']);
/** 7 % larger than at level 11, for a thirtieth of the time that a first start waits. */
const BROTLI = { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } };

async function compressFiles(folder) {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true });
  for (const entry of entries) {
    if (!entry.isFile() || !TEXTS.has(extname(entry.name))) continue;
    const path = join(entry.parentPath ?? entry.path, entry.name);
    const bytes = await readFile(path);
    if (bytes.length < BYTES_MIN) continue;
    await writeFile(`${path}.gz`, await promisify(gzip)(bytes, { level: constants.Z_BEST_COMPRESSION }));
    await writeFile(`${path}.br`, await promisify(brotliCompress)(bytes, BROTLI));
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    await buildConsole();
  } catch (error) {
    const isReadOnly = error.code === 'EACCES' || error.code === 'EROFS';
    if (error.code === 'ERR_MODULE_NOT_FOUND') fail('its build tools are missing: run "npm ci"');
    else if (!isReadOnly || !existsSync(join(built, 'index.html'))) fail(error.message);
  }
}

/** A server starts with the console that is there, or with none. */
function fail(why) {
  process.stderr.write(`The console could not be built: ${why}.\n`);
  process.exitCode = 1;
}
