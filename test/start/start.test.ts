import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { packageRoot } from '../../src/package-root.ts';
import { processIdentity } from '../../src/store/process-identity.ts';
import { createTestDatabase } from '../harness/database.ts';
import { buildSluice, environmentOf } from '../harness/sluice-process.ts';

let folder: string;
let running: Sluice[];

// Built once, so that no single test waits for it.
beforeAll(buildSluice);
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-start-'));
  chmodSync(folder, 0o711);
  running = [];
});
afterEach(async () => {
  for (const sluice of running) await sluice.stop('SIGTERM');
  rmSync(folder, { recursive: true, force: true });
});

interface Sluice {
  process: ChildProcess;
  /** Everything it wrote so far. */
  output(): string;
  /** The exit code. */
  stop(signal: NodeJS.Signals): Promise<number | null>;
}

/** Starts `sluice start` with these settings beside a data directory of its own. */
function launch(env: Record<string, string>, args: string[] = []): Sluice {
  const child = spawn(process.execPath, [join(packageRoot, 'bin', 'sluice.js'), 'start', ...args], {
    cwd: folder,
    env: { PATH: process.env['PATH'] ?? '', SLUICE_DATA_DIR: join(folder, 'data'), SLUICE_WARM_SECONDS: '0', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let text = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8');
    stream.on('data', (chunk: string) => {
      text += chunk;
    });
  }
  const sluice: Sluice = {
    process: child,
    output: () => text,
    async stop(signal) {
      if (child.exitCode === null && child.signalCode === null) {
        child.kill(signal);
        await once(child, 'exit');
      }
      return child.exitCode;
    },
  };
  running.push(sluice);
  return sluice;
}

/** Until the banner; the test's own time limit is the bound. */
async function ready(sluice: Sluice): Promise<void> {
  while (!sluice.output().includes('is ready')) {
    if (sluice.process.exitCode !== null) throw new Error(sluice.output());
    await wait(20);
  }
}

async function refusal(env: Record<string, string>, args: string[] = []): Promise<string> {
  const sluice = launch(env, args);
  const [exitCode] = await once(sluice.process, 'close');
  expect(exitCode).toBe(1);
  return sluice.output();
}

async function freePort(): Promise<string> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo; // a TCP server has a port
  await new Promise((resolve) => server.close(resolve));
  return String(port);
}

/** As a person would: into a shell. */
const paste = (line: string) => execFileSync('/bin/sh', ['-c', `${line} -s`], { encoding: 'utf8' });

const statusOf = async (port: string) => (await fetch(`http://127.0.0.1:${port}/status`)).json();

describe('sluice start', () => {
  it('brings everything up, says who holds its port, shares its database and takes everything down', async () => {
    const [port, otherPort, demoPort] = await Promise.all([freePort(), freePort(), freePort()]);
    const first = launch({ SLUICE_PORT: port, SLUICE_DEMO_PORT: demoPort }, ['--demo']);
    await ready(first);
    const said = [
      'Creating a database and starting PostgreSQL …',
      'Creating tables …',
      'Starting the server …',
      'is ready',
    ];
    const places = said.map((sentence) => first.output().indexOf(sentence));
    expect(places, 'what it does while it is waited for, in order').toEqual(places.toSorted((a, b) => a - b));
    expect(places).not.toContain(-1);
    expect(first.output()).toMatch(/Admin API key +slk_[0-9a-f]{64} \(shown this once\)/);
    expect(first.output()).toContain(`http://127.0.0.1:${port}/flows/`);
    expect(await statusOf(port)).toMatchObject({ product: 'sluice' });
    const page = await fetch(`http://127.0.0.1:${port}/`, { headers: { Accept: 'text/html' } });
    expect([page.status, page.url]).toEqual([200, `http://127.0.0.1:${port}/app/`]);
    const script = /src="(\/app\/assets\/[^"]+)"/.exec(await page.text())?.[1] ?? '';
    expect((await fetch(`http://127.0.0.1:${port}${script}`)).headers.get('content-encoding')).toBe('gzip');
    const curl = /^curl .*$/m.exec(first.output())?.[0] ?? '';
    expect(JSON.parse(paste(curl))).toMatchObject({ outcome: 'success', price: 5 });
    expect(JSON.parse(paste(curl))).toMatchObject({ outcome: 'failure', reason: 'duplicate' });
    expect(statSync(join(folder, 'data', 'secret-key')).mode & 0o777).toBe(0o600);
    const pid = Number(readFileSync(join(folder, 'data', 'postgres', 'data', 'postmaster.pid'), 'utf8').split('\n')[0]);

    expect(await refusal({ SLUICE_PORT: port })).toContain(`Port ${port} is used by a Sluice that already runs (pid `);

    const second = launch({ SLUICE_PORT: otherPort, SLUICE_DEMO_PORT: demoPort }, ['--demo']);
    await ready(second);
    expect(second.output()).toContain(`Attached to the database of the Sluice with pid ${first.process.pid}`);
    expect(await second.stop('SIGINT')).toBe(0);

    expect(await statusOf(port)).toMatchObject({ product: 'sluice' });
    expect(await first.stop('SIGINT')).toBe(0);
    expect(processIdentity(pid)).toBeUndefined();
  });

  it('shares the port between workers, replaces one that dies and ends them all', async () => {
    const port = await freePort();
    const sluice = launch({ SLUICE_PORT: port, SLUICE_WORKERS: '2', SLUICE_WARM_SECONDS: '1' });
    await ready(sluice);
    // Each has connected to itself alone; the log is written within a second.
    while (sluice.output().split('warmed up with made-up leads').length < 3) await wait(20);
    expect(sluice.output()).not.toContain('made-up leads of the warm-up failed');
    const workers = listChildren(sluice.process.pid ?? 0);
    expect(workers.length).toBeGreaterThanOrEqual(2);
    process.kill(workers[0] ?? 0, 'SIGKILL');
    while (!sluice.output().includes('a worker exited; a new one starts')) await wait(20);
    expect(await statusOf(port)).toMatchObject({ product: 'sluice' });
    expect(await sluice.stop('SIGTERM')).toBe(0);
    expect(workers.map((pid) => processIdentity(pid))).toEqual(workers.map(() => undefined));
  });

  it('takes a PostgreSQL it is given', async () => {
    const database = await createTestDatabase();
    const port = await freePort();
    const sluice = launch({ SLUICE_PORT: port, ...environmentOf(database), SLUICE_SECRET_KEY: 'ab'.repeat(32) });
    await ready(sluice);
    expect(await statusOf(port)).toMatchObject({ product: 'sluice' });
    expect(await sluice.stop('SIGTERM')).toBe(0);
    await database.drop();
  });
});

describe('sluice start refuses', () => {
  it('an unknown setting and a bad value, all in one go', async () => {
    const said = await refusal({ SLUICE_PROT: '1', SLUICE_WORKERS: 'many' });
    expect(said).toContain('There is no setting SLUICE_PROT: did you mean SLUICE_PORT?');
    expect(said).toContain('SLUICE_WORKERS must be a whole number from 1 to 16, not "many".');
  });

  it('a port another program has', async () => {
    const other = createServer((_req, res) => res.end('hello'));
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const { port } = other.address() as AddressInfo; // as above
    expect(await refusal({ SLUICE_PORT: String(port) })).toContain(`Port ${port} is used by another program`);
    await new Promise((resolve) => {
      other.close(resolve);
      other.closeAllConnections();
    });
  });

  it('a database that is not there', async () => {
    const env = { DATABASE_URL: 'postgres://127.0.0.1:1/none', SLUICE_SECRET_KEY: 'ab'.repeat(32) };
    expect(await refusal({ ...env, SLUICE_PORT: await freePort() })).toMatch(
      /^The database cannot be reached \(.*\): check DATABASE_URL\.\n$/,
    );
  });
});

/** Linux keeps the list; elsewhere ps does. */
function listChildren(pid: number): number[] {
  const list = execFileSync('ps', ['-A', '-o', 'pid=,ppid=,args='], { encoding: 'utf8' });
  return list.split('\n').flatMap((line) => {
    const [, child, parent, args] = /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line) ?? [];
    return Number(parent) === pid && args?.includes('sluice.js') ? [Number(child)] : [];
  });
}
