import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { processIdentity } from '../process-identity.ts';
import { acquireLock, currentOwner } from './embedded-lock.ts';

let dataDir: string;
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'sluice-lock-'));
});
afterEach(() => rmSync(dataDir, { recursive: true, force: true }));

const lockFiles = () => readdirSync(dataDir).sort();
const leave = (name: string, text: string) => writeFileSync(join(dataDir, name), text);

describe('acquireLock', () => {
  it('gives the lock once and says who has it', () => {
    const first = acquireLock(dataDir);
    expect(first.kind).toBe('owned');
    if (first.kind === 'owned') first.lock.publish('/run/here');
    expect(acquireLock(dataDir)).toMatchObject({ kind: 'taken', owner: { pid: process.pid, socketDir: '/run/here' } });
  });

  it('gives a released lock to the next', () => {
    const first = acquireLock(dataDir);
    if (first.kind === 'owned') first.lock.release();
    expect(currentOwner(dataDir)).toBeUndefined();
    expect(acquireLock(dataDir).kind).toBe('owned');
    expect(lockFiles()).toEqual(['lock.2']);
  });

  it.each([
    ['of a process that is gone', JSON.stringify({ pid: 4_194_000, identity: 'boot:1', socketDir: null })],
    [
      'of an earlier process with a recycled pid',
      JSON.stringify({ pid: process.pid, identity: 'boot:1', socketDir: '/x' }),
    ],
    ['cut short by a full disk', '{"pid":'],
    ['of another shape', '[]'],
    ['that is empty', ''],
  ])('takes over a lock %s', (_, text) => {
    leave('lock.7', text);
    expect(acquireLock(dataDir).kind).toBe('owned');
    expect(lockFiles()).toEqual(['lock.8']);
  });

  it('leaves files of other names alone', () => {
    for (const name of ['lock.old', 'lock.01', 'lock']) leave(name, '');
    expect(acquireLock(dataDir).kind).toBe('owned');
    expect(lockFiles()).toEqual(['lock', 'lock.01', 'lock.1', 'lock.old']);
  });
});

describe('processIdentity', () => {
  it('is stable for a live process and absent for one that is gone', () => {
    expect(processIdentity(process.pid)).toBe(processIdentity(process.pid));
    expect(processIdentity(process.ppid)).not.toBe(processIdentity(process.pid));
    expect(processIdentity(4_194_000)).toBeUndefined();
  });
});
