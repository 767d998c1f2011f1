import { existsSync, linkSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fail, ok, type Result } from '../lib/result.ts';

const KEY_BYTES = 32;
const FILE = 'secret-key';

/**
 * The key stored credentials are encrypted with: from the data directory, made there (readable by its owner only) when
 * there is none. It is one line of 64 hexadecimal characters, as SLUICE_SECRET_KEY is.
 */
export function readOrMakeSecretKey(dataDir: string, randomBytes: (count: number) => Buffer): Result<Buffer, string> {
  const path = join(dataDir, FILE);
  if (!existsSync(path)) make(path, randomBytes(KEY_BYTES));
  const key = readSecretKey(dataDir);
  if (key) return ok(key);
  return fail(`The file ${path} is damaged (not 64 hexadecimal characters): put it back from a backup.`);
}

/** The key of the data directory; null when there is none or its file is damaged. */
export function readSecretKey(dataDir: string): Buffer | null {
  const path = join(dataDir, FILE);
  const text = existsSync(path) ? readFileSync(path, 'utf8').trim() : '';
  return /^[0-9a-f]{64}$/i.test(text) ? Buffer.from(text, 'hex') : null;
}

/** Linked into place whole, so that two processes that start at once end up with one key. */
function make(path: string, key: Buffer): void {
  const draft = `${path}.${process.pid}.draft`;
  writeFileSync(draft, `${key.toString('hex')}\n`, { mode: 0o600 });
  try {
    linkSync(draft, path);
  } catch (error) {
    if (!existsSync(path)) throw error;
  } finally {
    rmSync(draft, { force: true });
  }
}
