import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { packageRoot } from '../../src/package-root.ts';

/** Writes dist/app unless it is newer than all its sources; rejects with what the build wrote. */
export async function buildConsole(): Promise<void> {
  // As a start does: neither has types, and both are for a process without this one's loader.
  const script = `const { isConsoleStale } = await import('./bin/stale.js');
    const { buildConsole } = await import('./scripts/build-console.js');
    if (isConsoleStale()) await buildConsole();`;
  // What vitest sets would make it a build for development.
  const env = { ...process.env, NODE_ENV: 'production', VITEST: undefined, NODE_OPTIONS: undefined };
  await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script], { cwd: packageRoot, env });
}
