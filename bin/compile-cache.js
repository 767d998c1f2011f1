// Plain JavaScript: it runs before the bundle, so that the cache has a part of all that is loaded after it.
import { existsSync, lstatSync, mkdirSync } from 'node:fs';
import nodeModule from 'node:module';
import { join } from 'node:path';

/** As `SLUICE_DATA_DIR` has it in src/config.ts. */
const DATA_DIR = '.sluice';

/**
 * Lets Node keep the bytecode of a server between its starts, in the data directory, where Node can (22.1 and newer) and
 * `SLUICE_COMPILE_CACHE` is not false. Returns the directory, or null where nothing is kept.
 *
 * Node writes the cache when the process ends and does not write a module again that it has read from there. So commands
 * do not share it: they would keep the little code that they have compiled. Code in the cache runs, so a directory that
 * others may write to is not used. What cannot be made costs nothing but time.
 */
export function useCompileCache({
  argv,
  env,
  enable = nodeModule.enableCompileCache ?? null,
  uid = process.getuid?.(),
}) {
  const isServer = argv[2] === 'start' || env.NODE_UNIQUE_ID !== undefined;
  if (enable === null || !isServer || env.SLUICE_COMPILE_CACHE === 'false') return null;
  const dataDir = env.SLUICE_DATA_DIR || DATA_DIR;
  // A first start makes it, with a mode of its own.
  if (!existsSync(dataDir)) return null;
  const directory = join(dataDir, 'compile-cache');
  try {
    if (!isPrivateDirectory(directory, uid)) return null;
    enable(directory);
    return directory;
  } catch {
    return null;
  }
}

/** Makes it where it is absent. Windows has no owners and modes of this kind. */
function isPrivateDirectory(directory, uid) {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const there = lstatSync(directory);
  return there.isDirectory() && (uid === undefined || (there.uid === uid && (there.mode & 0o077) === 0));
}
