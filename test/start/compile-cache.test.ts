import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { useCompileCache } from '../../bin/compile-cache.js';

let dataDir: string;
let used: string[];

beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'sluice-cache-'));
  used = [];
});
afterEach(() => rmSync(dataDir, { recursive: true, force: true }));

/** What a start of the command uses. */
function startWith(env: Record<string, string> = {}, command = 'start'): string | null {
  const enable = (directory: string) => void used.push(directory);
  return useCompileCache({ argv: ['node', 'sluice', command], env: { SLUICE_DATA_DIR: dataDir, ...env }, enable });
}

describe('useCompileCache', () => {
  it('keeps code in a directory of the data directory that only its owner may enter', () => {
    const directory = join(dataDir, 'compile-cache');
    expect(startWith()).toBe(directory);
    expect(statSync(directory).mode & 0o777).toBe(0o700);
    expect(startWith()).toBe(directory);
    expect(used).toEqual([directory, directory]);
  });

  it('serves workers, too', () => {
    expect(startWith({ NODE_UNIQUE_ID: '1' }, '')).not.toBeNull();
  });

  it.each([
    ['is switched off', () => startWith({ SLUICE_COMPILE_CACHE: 'false' })],
    ['is for servers: a command keeps nothing', () => startWith({}, 'keys')],
    [
      'leaves it to a first start to make the data directory',
      () => startWith({ SLUICE_DATA_DIR: join(dataDir, 'none') }),
    ],
  ])('%s', (_, start) => {
    expect(start()).toBeNull();
    expect(used).toEqual([]);
  });

  it.each([
    ['others may write to', (directory: string) => chmodSync(directory, 0o770)],
    [
      'is a link',
      (directory: string) => {
        rmSync(directory, { recursive: true });
        symlinkSync(dataDir, directory);
      },
    ],
  ])('does not use a directory that %s', (_, change) => {
    const directory = join(dataDir, 'compile-cache');
    mkdirSync(directory, { mode: 0o700 });
    change(directory);
    expect(startWith()).toBeNull();
    expect(used).toEqual([]);
  });

  it('does not use a directory of another user', () => {
    const given = { argv: ['node', 'sluice', 'start'], env: { SLUICE_DATA_DIR: dataDir }, enable: () => undefined };
    expect(useCompileCache({ ...given, uid: 54_321 })).toBeNull();
  });

  it('leaves a Node without one as it is', () => {
    const given = { argv: ['node', 'sluice', 'start'], env: { SLUICE_DATA_DIR: dataDir }, enable: null };
    expect(useCompileCache(given)).toBeNull();
    expect(existsSync(join(dataDir, 'compile-cache'))).toBe(false);
  });
});
