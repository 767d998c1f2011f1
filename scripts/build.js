// Bundles the server to dist/main.js, and beside it what runs in the thread of an integration package. Plain JavaScript,
// because bin/sluice.js runs it before anything is built.
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, stop } from 'esbuild';
import { isConsoleStale } from '../bin/stale.js';
import { buildConsole } from './build-console.js';

const root = dirname(dirname(fileURLToPath(import.meta.url)));

/**
 * Written beside and renamed, so that two starts at once cannot read half a bundle. Maps go first, `main.js` last: it
 * is what a start looks for.
 */
export async function buildServer() {
  const { outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: {
      main: 'src/main.ts',
      'package-worker': 'src/integrations/packages/worker/package-worker.ts',
    },
    outdir: 'dist',
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20.19',
    packages: 'external',
    sourcemap: true,
    logLevel: 'warning',
    write: false,
  });
  // Its helper process would otherwise live as long as the server.
  await stop();
  await mkdir(join(root, 'dist'), { recursive: true });
  for (const { path, contents } of outputFiles.toSorted((a, b) => b.path.length - a.path.length)) {
    const draft = join(dirname(path), `.${process.pid}.${basename(path)}`);
    await writeFile(draft, contents);
    await rename(draft, path);
  }
}

/** `npm run build` builds all; without `--all` the console is left as it is while no source has changed. */
if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await buildServer();
  if (process.argv.includes('--all') || isConsoleStale()) await buildConsole();
}
