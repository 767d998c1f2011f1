/**
 * Writes the files that are generated from tables in the code; with --check it only says which are stale and fails.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { envExample, settingsReference } from '../src/cli/settings-reference.ts';
import { packageRoot } from '../src/package-root.ts';

const GENERATED: readonly { path: string; make: () => string }[] = [
  { path: '.env.example', make: envExample },
  { path: 'docs/reference/settings.md', make: settingsReference },
];

const isCheck = process.argv.includes('--check');
const stale = GENERATED.filter(({ path, make }) => {
  const file = join(packageRoot, path);
  return !existsSync(file) || readFileSync(file, 'utf8') !== make();
});

for (const { path, make } of stale) {
  if (isCheck) {
    process.stderr.write(`${path} is stale: run "npm run docs".\n`);
    continue;
  }
  const file = join(packageRoot, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, make());
  process.stdout.write(`${path} written\n`);
}
if (isCheck && stale.length > 0) process.exitCode = 1;
