import { chmodSync, existsSync, mkdirSync, realpathSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fail, ok, type Result } from '../../lib/result.ts';
import type { StartRefusal, StartRefusalCode } from '../start-refusal.ts';

/** A fresh database takes 40 MB and its log 16 MB a piece; with less it would stop at the first busy minute. */
const FREE_BYTES_MIN = 64 * 1024 * 1024;
const MEGABYTE = 1_000_000;

/**
 * Makes the data directory where it is absent, proves that it can be written and answers its real path. Root leaves
 * it passable (0711) so that the account the server drops to reaches its own part; everyone else keeps it private.
 */
export function prepareDataDir(dataDir: string): Result<string, StartRefusal> {
  const path = resolve(dataDir);
  try {
    if (!existsSync(path)) {
      mkdirSync(path, { recursive: true });
      chmodSync(path, process.getuid?.() === 0 ? 0o711 : 0o700);
    }
    const probe = join(path, `.probe.${process.pid}`);
    writeFileSync(probe, 'Sluice asks whether this directory can be written.\n');
    rmSync(probe);
    return ok(realpathSync(path));
  } catch (error) {
    return fail(refusalOfFileError(error, path));
  }
}

/** A refusal when the disk a directory is on is as good as full. */
export function refuseFullDisk(directory: string): StartRefusal | undefined {
  const { bavail, bsize } = statfsSync(directory);
  const freeBytes = bavail * bsize;
  if (freeBytes >= FREE_BYTES_MIN) return undefined;
  const free = `${Math.floor(freeBytes / MEGABYTE)} MB`;
  const needed = `${Math.ceil(FREE_BYTES_MIN / MEGABYTE)} MB`;
  const message = `The disk of ${directory} has ${free} left and Sluice needs at least ${needed} to start: free some space or set SLUICE_DATA_DIR to another disk.`;
  return { code: 'disk-full', message };
}

const FILE_ERRORS: Record<string, { code: StartRefusalCode; fault: string; remedy: string }> = {
  EROFS: {
    code: 'data-dir-not-writable',
    fault: 'is on a read-only file system',
    remedy: 'set SLUICE_DATA_DIR to a directory that can be written',
  },
  // What Node says of a folder that cannot be made where its parent is.
  ENOENT: {
    code: 'data-dir-not-writable',
    fault: 'cannot be made: what holds it is read-only or not there',
    remedy: 'mount its disk for writing or set SLUICE_DATA_DIR to another directory',
  },
  EACCES: {
    code: 'data-dir-not-writable',
    fault: 'cannot be written by this user',
    remedy: 'change its owner or set SLUICE_DATA_DIR to another directory',
  },
  EPERM: {
    code: 'data-dir-not-writable',
    fault: 'does not allow what this user needs to do there',
    remedy: 'change its owner or set SLUICE_DATA_DIR to another directory',
  },
  ENOTDIR: {
    code: 'data-dir-not-writable',
    fault: 'is not a directory',
    remedy: 'set SLUICE_DATA_DIR to a directory',
  },
  ENOSPC: {
    code: 'disk-full',
    fault: 'has no space left',
    remedy: 'free some or set SLUICE_DATA_DIR to another disk',
  },
  EDQUOT: {
    code: 'disk-full',
    fault: 'has used up its quota',
    remedy: 'raise it or set SLUICE_DATA_DIR to another disk',
  },
};

/** The sentence for a failed file operation below the data directory; throws on what an operator cannot correct. */
export function refusalOfFileError(error: unknown, directory: string): StartRefusal {
  const name = error instanceof Error && 'code' in error ? String(error.code) : '';
  const known = Object.hasOwn(FILE_ERRORS, name) ? FILE_ERRORS[name] : undefined;
  if (!known) throw error;
  return { code: known.code, message: `The data directory ${directory} ${known.fault}: ${known.remedy} (${name}).` };
}
