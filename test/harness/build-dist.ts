import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { packageRoot } from '../../src/package-root.ts';

/** Writes dist/app unless it is newer than all its sources; rejects with what the build wrote. */
export function buildConsole(): Promise<void> {
  return run(`const { isConsoleStale } = await import('./bin/stale.js');
    const { buildConsole } = await import('./scripts/build-console.js');
    if (isConsoleStale()) await buildConsole();`);
}

/** The same of dist/main.js and what runs in the thread of an integration package. */
export function buildServer(): Promise<void> {
  return run(`const { isServerStale } = await import('./bin/stale.js');
    const { buildServer } = await import('./scripts/build.js');
    if (isServerStale()) await buildServer();`);
}

/** As a start does: the modules have no types, and are for a process without this one's loader. */
async function run(script: string): Promise<void> {
  // What vitest sets would make it a build for development.
  const env = { ...process.env, NODE_ENV: 'production', VITEST: undefined, NODE_OPTIONS: undefined };
  await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script], { cwd: packageRoot, env });
}
