import { chownSync, existsSync, mkdirSync, mkdtempSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fail, ok, type Result } from '../../lib/result.ts';
import type { StartRefusal } from '../start-refusal.ts';
import { type Binaries, copyBinaries, whyNotRunnable } from './embedded-binaries.ts';
import { type OsAccount, runCommand } from './run-command.ts';
import { makeEnterableDir } from './server-dirs.ts';

/** Where the embedded server lives and under whom it runs. */
export interface ServerPlace {
  /** Holds data/, run/ and server.log; private to the account. */
  home: string;
  binaries: Binaries;
  /** Absent: the account of this process. */
  account?: OsAccount;
  /** What an operator should know: who runs it and what is kept elsewhere. */
  notices: string[];
}

/** Where things go that the dropped account could not reach below the data directory. */
export const FALLBACK_DIR = '/var/lib/sluice';
/** PostgreSQL refuses to run as root; these are tried in this order. */
const ACCOUNTS = ['postgres', 'nobody'];
/** A file in the data directory with the path of a home that is elsewhere, so that it is found again after a move. */
const POINTER = 'postgres-location';

interface PlaceOptions {
  /** Absolute and real. */
  dataDir: string;
  binaries: Binaries;
  fallbackDir: string;
}

/** Decides place and account. Data that exists is always used where it is; only a first start has a choice. */
export async function choosePlace(options: PlaceOptions): Promise<Result<ServerPlace, StartRefusal>> {
  const existing = existingHome(options.dataDir);
  return process.getuid?.() === 0 ? placeOfRoot(options, existing) : placeOfUser(options, existing);
}

async function placeOfUser(
  { dataDir, binaries }: PlaceOptions,
  existing: string | undefined,
): Promise<Result<ServerPlace, StartRefusal>> {
  const home = existing ?? join(dataDir, 'postgres');
  // A private home of another user hides whether it holds data, so the home itself is judged.
  const owner = existsSync(home) ? statSync(home).uid : process.getuid?.();
  if (owner !== process.getuid?.()) {
    const message = `The database in ${home} belongs to another user (uid ${owner}): start Sluice as that user or as root.`;
    return fail({ code: 'data-dir-not-ours', message });
  }
  const obstacle = await whyNotRunnable(binaries.root);
  if (obstacle !== undefined) return fail(cannotRun(obstacle));
  mkdirSync(home, { recursive: true, mode: 0o700 });
  return ok({ home, binaries, notices: [] });
}

async function placeOfRoot(
  options: PlaceOptions,
  existing: string | undefined,
): Promise<Result<ServerPlace, StartRefusal>> {
  const { dataDir, fallbackDir } = options;
  const account = existing === undefined ? await firstAccount() : await ownerOf(existing);
  if (!account) {
    const message = `PostgreSQL does not run as root and there is no user ${ACCOUNTS.join(' or ')}: start Sluice as an ordinary user or set DATABASE_URL.`;
    return fail({ code: 'no-account', message });
  }
  const notices: string[] = [];
  const homeDir = existing ?? (await newHome({ dataDir, fallbackDir, account }));
  if (!(await mayEnter(homeDir, account))) {
    const message = `The database in ${homeDir} runs as ${account.name}, who cannot enter that directory: allow it with chmod o+x on the directories above.`;
    return fail({ code: 'data-dir-not-ours', message });
  }
  if (!homeDir.startsWith(`${dataDir}/`))
    notices.push(`${account.name} cannot enter ${dataDir}: the data is kept in ${homeDir}.`);
  const binaries = await runnableBinaries(options, account);
  if (!binaries.ok) return binaries;
  if (binaries.value !== options.binaries) {
    notices.push(
      `${account.name} cannot enter ${options.binaries.root}: PostgreSQL is run from ${binaries.value.root}.`,
    );
  }
  return ok({
    home: homeDir,
    binaries: binaries.value,
    account,
    notices: [`PostgreSQL runs as ${account.name}.`, ...notices],
  });
}

async function runnableBinaries(options: PlaceOptions, account: OsAccount): Promise<Result<Binaries, StartRefusal>> {
  if ((await whyNotRunnable(options.binaries.root, account)) === undefined) return ok(options.binaries);
  const copy = copyBinaries(options.binaries, options.fallbackDir);
  const obstacle = await whyNotRunnable(copy.root, account);
  return obstacle === undefined ? ok(copy) : fail(cannotRun(obstacle));
}

function cannotRun(obstacle: string): StartRefusal {
  const message = `The embedded PostgreSQL does not run on this machine (${obstacle}): set DATABASE_URL to a PostgreSQL 15 to 18.`;
  return { code: 'no-binaries', message };
}

function existingHome(dataDir: string): string | undefined {
  const pointer = join(dataDir, POINTER);
  if (existsSync(pointer)) return readFileSync(pointer, 'utf8').trim();
  const home = join(dataDir, 'postgres');
  return existsSync(join(home, 'data')) ? home : undefined;
}

async function newHome(options: { dataDir: string; fallbackDir: string; account: OsAccount }): Promise<string> {
  const { dataDir, fallbackDir, account } = options;
  const isNear = await mayEnter(dataDir, account);
  const home = isNear ? join(dataDir, 'postgres') : homeElsewhere(fallbackDir);
  mkdirSync(home, { recursive: true, mode: 0o700 });
  chownSync(home, account.uid, account.gid);
  if (!isNear) writeFileSync(join(dataDir, POINTER), `${home}\n`);
  return home;
}

function homeElsewhere(fallbackDir: string): string {
  makeEnterableDir(fallbackDir);
  return mkdtempSync(join(fallbackDir, 'data-'));
}

/** Asked of the system, because only it knows every mode bit, access list and mount on the way. */
async function mayEnter(directory: string, account: OsAccount): Promise<boolean> {
  const { exitCode } = await runCommand({ file: '/bin/sh', args: ['-c', 'cd "$1"', 'sh', directory], account });
  return exitCode === 0;
}

async function firstAccount(): Promise<OsAccount | undefined> {
  for (const name of ACCOUNTS) {
    const [uid, gid] = await Promise.all([idOf('-u', name), idOf('-g', name)]);
    if (uid !== undefined && gid !== undefined) return { name, uid, gid };
  }
  return undefined;
}

async function idOf(flag: '-u' | '-g', name: string): Promise<number | undefined> {
  const { exitCode, output } = await runCommand({ file: 'id', args: [flag, name] });
  const id = Number(output.trim());
  return exitCode === 0 && Number.isInteger(id) && id !== 0 ? id : undefined;
}

async function ownerOf(home: string): Promise<OsAccount | undefined> {
  const { uid, gid } = statSync(home);
  if (uid === 0) return undefined;
  const { exitCode, output } = await runCommand({ file: 'id', args: ['-un', String(uid)] });
  return { name: exitCode === 0 ? output.trim() : `uid ${uid}`, uid, gid };
}
