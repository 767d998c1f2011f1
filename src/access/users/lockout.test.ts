import { describe, expect, it } from 'vitest';
import { addressKey, beginsLockOut, computeWaitMs, emailKey, FORGET_MS, WAIT_MS_MAX } from './lockout.ts';

describe('the wait after failures', () => {
  it.each([
    ['email', 0, 0],
    ['email', 4, 0],
    ['email', 5, 1_000],
    ['email', 6, 2_000],
    ['email', 9, 16_000],
    ['email', 15, WAIT_MS_MAX],
    ['email', 2_000_000_000, WAIT_MS_MAX],
    ['address', 29, 0],
    ['address', 30, 1_000],
  ] as const)('of one %s, %i of them, is %i ms', (kind, failures, waitMs) => {
    expect(computeWaitMs(kind, { failures, lastAt: 1_000 }, 1_000)).toBe(waitMs);
  });

  it('begins once: at the first failure that makes the next attempt wait', () => {
    const beginnings = Array.from({ length: 40 }, (_, failures) => failures).filter((failures) =>
      beginsLockOut('email', failures),
    );
    expect(beginnings).toEqual([5]);
    const waits = (failures: number) => computeWaitMs('email', { failures, lastAt: 0 }, 0) > 0;
    expect([waits(4), waits(5)]).toEqual([false, true]);
  });

  it('passes with time', () => {
    expect(computeWaitMs('email', { failures: 6, lastAt: 1_000 }, 2_500)).toBe(500);
    expect(computeWaitMs('email', { failures: 6, lastAt: 1_000 }, 3_000)).toBe(0);
  });

  it('is forgotten in the end', () => {
    expect(computeWaitMs('email', { failures: 99, lastAt: 0 }, FORGET_MS)).toBe(0);
  });
});

describe('what failures are counted under', () => {
  it.each([
    ['203.0.113.7', 'address:203.0.113.7'],
    ['::ffff:203.0.113.7', 'address:203.0.113.7'],
    ['2001:db8:0:1:aaaa:bbbb:cccc:dddd', 'address:2001:db8:0:1::/64'],
    ['2001:DB8:0:1::5', 'address:2001:db8:0:1::/64'],
    ['2001:db8::5', 'address:2001:db8:0:0::/64'],
    ['::1', 'address:0:0:0:0::/64'],
  ])('of the address %s is %s', (ip, key) => {
    expect(addressKey(ip).text).toBe(key);
  });

  it('holds no e-mail address', () => {
    expect(emailKey('ann@example.com').text).toMatch(/^email:[0-9a-f]{64}$/);
  });
});
