import { execFile } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { packageRoot } from '../../src/package-root.ts';

/** What dist/app is made of. */
const SOURCES = [
  'console/src',
  'console/public',
  'console/index.html',
  'console/vite.config.ts',
  'client/src',
  'package-lock.json',
];

/** Writes dist/app, unless it is newer than all its sources; rejects with what the build wrote. */
export async function buildConsole(): Promise<void> {
  const built = join(packageRoot, 'dist/app/index.html');
  const newest = Math.max(...SOURCES.map((path) => readNewest(join(packageRoot, path))));
  if (existsSync(built) && statSync(built).mtimeMs >= newest) return;
  await promisify(execFile)('npm', ['run', '-s', 'build', '-w', 'console'], { cwd: packageRoot });
}

/** When the file, or the newest file in the folder, was changed. */
function readNewest(path: string): number {
  const { mtimeMs } = statSync(path);
  if (!statSync(path).isDirectory()) return mtimeMs;
  const entries = readdirSync(path, { recursive: true, encoding: 'utf8' });
  return Math.max(mtimeMs, ...entries.map((entry) => statSync(join(path, entry)).mtimeMs));
}
