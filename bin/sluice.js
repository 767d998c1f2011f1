#!/usr/bin/env -S node --max-semi-space-size=32
// Plain JavaScript for any Node, so that an old one gets a sentence instead of a syntax error.
// The flag: what a lead allocates lives until its commit, longer than the default young generation lasts under load;
// with a larger one the collector copies it less often. 32 and 64 MiB cost the same CPU, 16 a tenth more for leads that
// are delivered; 64 take 50 MB more memory than 32. It cannot be set once Node runs.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { useCompileCache } from './compile-cache.js';
import { isConsoleStale, isServerStale } from './stale.js';

const NODE_MIN = [20, 19];
const root = dirname(dirname(fileURLToPath(import.meta.url)));
const bundle = join(root, 'dist', 'main.js');

const [major, minor] = process.versions.node.split('.').map(Number);
if (major < NODE_MIN[0] || (major === NODE_MIN[0] && minor < NODE_MIN[1])) {
  refuse(`Sluice needs Node ${NODE_MIN.join('.')} or newer, this is ${process.versions.node}.`);
}
// A worker never builds: its primary has just done so.
const isWorker = process.env.NODE_UNIQUE_ID !== undefined;
if (!isWorker && isServerStale()) await build();
if (!isWorker && process.argv[2] === 'start' && isConsoleStale()) tryToBuildConsole();
useCompileCache({ argv: process.argv, env: process.env });
process.setSourceMapsEnabled(true);
await import(pathToFileURL(bundle).href);

async function build() {
  say('Building the server …');
  try {
    const { buildServer } = await import('../scripts/build.js');
    await buildServer();
  } catch (error) {
    if (error.code === 'ERR_MODULE_NOT_FOUND')
      refuse('Sluice is not built and its build tools are missing: run "npm ci".');
    if (existsSync(bundle) && (error.code === 'EACCES' || error.code === 'EROFS')) return;
    refuse(`Sluice could not be built: ${error.message}`);
  }
}

/**
 * In a process of its own, so that the server holds none of the memory this takes. Leads are taken without a console: a
 * start never fails for it.
 */
function tryToBuildConsole() {
  const script = join(root, 'scripts', 'build-console.js');
  if (!existsSync(script)) return;
  say('Building the console …');
  spawnSync(process.execPath, [script], { stdio: ['ignore', 'ignore', 'inherit'] });
}

/** A start alone: what other commands print is read by programs. */
function say(sentence) {
  if (process.argv[2] === 'start') process.stdout.write(`${sentence}\n`);
}

function refuse(sentence) {
  process.stderr.write(`${sentence}\n`);
  process.exit(1);
}
