#!/usr/bin/env -S node --max-semi-space-size=32
// Plain JavaScript for any Node, so that an old one gets a sentence instead of a syntax error.
// The flag: what a lead allocates lives until its commit, longer than the default young generation lasts under load;
// with a larger one the collector copies it less often. 32 and 64 MiB cost the same CPU, 16 a tenth more for leads that
// are delivered; 64 take 50 MB more memory than 32. It cannot be set once Node runs.
import { existsSync, readdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { useCompileCache } from './compile-cache.js';

const NODE_MIN = [20, 19];
const root = dirname(dirname(fileURLToPath(import.meta.url)));
const bundle = join(root, 'dist', 'main.js');

const [major, minor] = process.versions.node.split('.').map(Number);
if (major < NODE_MIN[0] || (major === NODE_MIN[0] && minor < NODE_MIN[1])) {
  refuse(`Sluice needs Node ${NODE_MIN.join('.')} or newer, this is ${process.versions.node}.`);
}
// A worker never builds: its primary has just done so.
if (process.env.NODE_UNIQUE_ID === undefined && isStale()) await build();
useCompileCache({ argv: process.argv, env: process.env });
process.setSourceMapsEnabled(true);
await import(pathToFileURL(bundle).href);

/** Is there no bundle, or one older than a source? A package without sources comes with its bundle. */
function isStale() {
  const sources = join(root, 'src');
  if (!existsSync(bundle)) return true;
  return existsSync(sources) && newestChange(sources) > statSync(bundle).mtimeMs;
}

function newestChange(folder) {
  const entries = readdirSync(folder, { withFileTypes: true, recursive: true });
  const files = entries.filter((entry) => entry.isFile() && !entry.name.endsWith('.test.ts'));
  return Math.max(0, ...files.map((entry) => statSync(join(entry.parentPath ?? entry.path, entry.name)).mtimeMs));
}

async function build() {
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

function refuse(sentence) {
  process.stderr.write(`${sentence}\n`);
  process.exit(1);
}
