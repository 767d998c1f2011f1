import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { staleFiles } from '../scripts/docs/generated-files.ts';
import { packageRoot } from '../src/package-root.ts';
import { isAsShown, shBlocks } from './docs/sh-blocks.ts';

/*
 * Every command of the README and of the guides is run against one demo server, in the order they are read, and what
 * it prints is compared with what the document shows. Ports and the data directory are replaced by free ones.
 */

const GUIDES = join(packageRoot, 'docs', 'guides');
/** The README first: its leads are the first of the demo flow. */
const DOCUMENTS = [
  'README.md',
  ...readdirSync(GUIDES)
    .sort()
    .map((name) => join('docs', 'guides', name)),
];
const README = readFileSync(join(packageRoot, 'README.md'), 'utf8');
/** All commands of one document; ends what hangs, on a busy machine too. */
const DOCUMENT_MS_MAX = 240_000;
const BETWEEN = '@@@ next block @@@';

const execute = promisify(execFile);

/** Stands for the checkout: what documents name of it is linked in. */
let folder: string;
let server: ChildProcess;
let said = '';
let ports: { server: string; demo: string };
const key = randomBytes(16).toString('hex');

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-docs-'));
  chmodSync(folder, 0o711);
  // The guide imports the client by its name, which leads to what is built of it.
  await execute(process.execPath, [join(packageRoot, 'node_modules', 'typescript', 'bin', 'tsc'), '-p', 'client'], {
    cwd: packageRoot,
  });
  for (const name of ['examples', 'node_modules']) symlinkSync(join(packageRoot, name), join(folder, name));
  ports = { server: await freePort(), demo: await freePort() };
  server = spawn(process.execPath, [join(packageRoot, 'bin', 'sluice.js'), 'start', '--demo'], {
    cwd: folder,
    env: {
      ...environment(),
      SLUICE_PORT: ports.server,
      SLUICE_DEMO_PORT: ports.demo,
      SLUICE_WARM_SECONDS: '0',
      SLUICE_ADMIN_API_KEY: key,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  for (const stream of [server.stdout, server.stderr]) stream?.on('data', (chunk) => (said += chunk));
  // The hook's own time limit is the bound.
  while (!said.includes('is ready')) {
    if (server.exitCode !== null) throw new Error(said);
    await wait(20);
  }
});

afterAll(async () => {
  server.kill('SIGTERM');
  if (server.exitCode === null) await once(server, 'exit');
  rmSync(folder, { recursive: true, force: true });
});

describe('the documents', () => {
  it('show the line that is printed at the start', () => {
    const printed = said.split('\n').find((line) => line.trim().startsWith('curl ')) ?? '(none)';
    expect(README).toContain(unrewritten(printed.trim()));
  });

  it.each(DOCUMENTS)('%s shows commands that print what it says', { timeout: 300_000 }, async (path) => {
    const blocks = shBlocks(readFileSync(join(packageRoot, path), 'utf8')).filter(({ notRun }) => notRun === null);
    const outputs = await run(blocks.map(({ script }) => script));
    const wrong = blocks.flatMap(({ line, expected }, index) => {
      const output = outputs[index] ?? '(not reached)';
      return expected === null || isAsShown(output, expected) ? [] : [{ line, expected, output }];
    });
    expect(wrong).toEqual([]);
  });

  it('that are generated are what the tables make of them', async () => {
    expect((await staleFiles()).map(({ path }) => path)).toEqual([]);
  });
});

/** Runs the blocks one after another in one shell; answers what each printed. Rejects when a command fails. */
async function run(scripts: readonly string[]): Promise<string[]> {
  if (scripts.length === 0) return [];
  const script = scripts.map((each) => `${each}\necho; echo '${BETWEEN}'\n`).join('');
  const rewritten = script.replaceAll(':8400', `:${ports.server}`).replaceAll(':8401', `:${ports.demo}`);
  const { stdout } = await execute('bash', ['-euo', 'pipefail', '-c', rewritten], {
    cwd: folder,
    env: { ...environment(), KEY: key },
    timeout: DOCUMENT_MS_MAX,
  });
  return unrewritten(stdout).split(BETWEEN).slice(0, scripts.length);
}

function unrewritten(text: string): string {
  return text.replaceAll(`:${ports.server}`, ':8400').replaceAll(`:${ports.demo}`, ':8401');
}

/** Nothing of this machine's settings reaches the documents. */
function environment(): Record<string, string> {
  return { PATH: process.env['PATH'] ?? '', HOME: process.env['HOME'] ?? '' };
}

async function freePort(): Promise<string> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve));
  const { port } = probe.address() as AddressInfo; // a TCP server has a port
  await new Promise((resolve) => probe.close(resolve));
  return String(port);
}
