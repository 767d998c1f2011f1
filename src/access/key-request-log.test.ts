import { describe, expect, it } from 'vitest';
import { createKeyRequestLog, WAITING_MAX } from './key-request-log.ts';
import type { KeyRequest } from './key-requests.ts';

const AWAY = new Error('away');

/** A log whose store fails with the errors given, one for each write; undefined: it takes the rows. */
function createLog() {
  const written: KeyRequest[] = [];
  const failures: (Error | undefined)[] = [];
  let id = 0;
  const log = createKeyRequestLog({
    store: {
      write: async (rows) => {
        const failure = failures.shift();
        if (failure) throw failure;
        written.push(...rows);
      },
    },
    ids: {
      next: () => {
        id += 1;
        return String(id);
      },
    },
    isUnavailable: (error) => error === AWAY,
  });
  const add = (keyId: string, times = 1) => {
    for (let n = 0; n < times; n += 1) log.add({ ...REQUEST, keyId });
  };
  return { ...log, add, written, failures };
}

const REQUEST = {
  ...{ accountId: 'a', keyId: 'k', at: 0, operation: 'listFlows', method: 'GET', path: '/flows', status: 200, ms: 1 },
  ...{ traceId: 't', bytes: 2 },
};

describe('the request log of keys', () => {
  it('writes all that waits, in the order it came, and once', async () => {
    const log = createLog();
    log.add('a', 2_400);
    expect(await log.write()).toEqual({ written: 2_400, skipped: 0 });
    expect(log.written.map(({ id }) => Number(id))).toEqual(Array.from({ length: 2_400 }, (_, n) => n + 1));
    expect(await log.write()).toEqual({ written: 0, skipped: 0 });
  });

  it('counts what does not fit: in the sum, and in the next request of the key', async () => {
    const log = createLog();
    log.add('a', WAITING_MAX);
    log.add('a', 3);
    log.add('b', 2);
    expect(await log.write()).toEqual({ written: WAITING_MAX, skipped: 5 });
    log.add('b');
    log.add('a', 2);
    expect(await log.write()).toEqual({ written: 3, skipped: 0 });
    expect(log.written.slice(WAITING_MAX).map(({ keyId, skipped }) => [keyId, skipped])).toEqual([
      ['b', 2],
      ['a', 3],
      ['a', 0],
    ]);
    expect(log.written.slice(0, WAITING_MAX).every(({ skipped }) => skipped === 0)).toBe(true);
  });

  it('keeps what waits while the database is away', async () => {
    const log = createLog();
    log.add('a', 1_500);
    log.failures.push(undefined, AWAY);
    await expect(log.write()).rejects.toBe(AWAY);
    log.add('a');
    expect(await log.write()).toEqual({ written: 501, skipped: 0 });
    expect(log.written.length).toBe(1_501);
  });

  it('loses the rows that the database refuses, counts them, and goes on', async () => {
    const log = createLog();
    log.add('a', 1_002);
    log.failures.push(new Error('refused'));
    await expect(log.write()).rejects.toThrow('refused');
    expect(await log.write()).toEqual({ written: 2, skipped: 1_000 });
    log.add('a');
    await log.write();
    expect(log.written.map(({ skipped }) => skipped)).toEqual([0, 0, 1_000]);
  });
});
