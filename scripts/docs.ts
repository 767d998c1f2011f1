import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { packageRoot } from '../src/package-root.ts';
import { staleFiles } from './docs/generated-files.ts';

/**
 * `npm run docs` writes the files that are generated from tables in the code; with --check (`npm run verify`) it only
 * says which are stale and fails.
 */
const isCheck = process.argv.includes('--check');
const stale = await staleFiles();

for (const { path, text } of stale) {
  if (isCheck) {
    process.stderr.write(`${path} is stale: run "npm run docs".\n`);
    continue;
  }
  const file = join(packageRoot, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
  process.stdout.write(`${path} written\n`);
}
if (isCheck && stale.length > 0) process.exitCode = 1;
