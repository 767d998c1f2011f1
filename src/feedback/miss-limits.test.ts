import { describe, expect, it } from 'vitest';
import { ADDRESS_MISSES, ADDRESSES_MAX, ALL_MISSES, createMissLimits } from './miss-limits.ts';

function open() {
  const clock = { at: 0 };
  const limits = createMissLimits({ monotonic: () => clock.at });
  const missed = (address: string, count: number) => {
    let answered = 0;
    for (let each = 0; each < count; each += 1) {
      if (limits.waitMs(address) > 0) continue;
      limits.miss(address);
      answered += 1;
    }
    return answered;
  };
  return { clock, limits, missed };
}

describe('wrong ids of events', () => {
  it('are answered 20 times for one address, then once a second', () => {
    const { clock, limits, missed } = open();
    expect(missed('192.0.2.1', 1_000)).toBe(ADDRESS_MISSES.most);
    expect(limits.waitMs('192.0.2.1')).toBe(1_000);
    expect(limits.waitMs('192.0.2.2')).toBe(0);
    clock.at = 5_000;
    expect(missed('192.0.2.1', 1_000)).toBe(5);
  });

  it('count for a whole IPv6 network', () => {
    const { limits, missed } = open();
    expect(missed('2001:db8::1', 1_000)).toBe(20);
    for (const same of ['2001:db8::2', '2001:DB8:0:0:a:b:c:d']) expect(limits.waitMs(same)).toBeGreaterThan(0);
    for (const other of ['2001:db8:0:1::1', '::1']) expect(limits.waitMs(other)).toBe(0);
  });

  it('are 200 of all addresses at once, then 50 a second, but who was right before goes on', () => {
    const { clock, limits, missed } = open();
    limits.hit('198.51.100.1');
    const addresses = Array.from({ length: 100 }, (_, index) => `192.0.2.${index}`);
    const answeredNow = () => addresses.reduce((sum, address) => sum + missed(address, 20), 0);
    expect(answeredNow()).toBe(ALL_MISSES.most);
    expect(limits.waitMs('203.0.113.1')).toBe(20);
    expect(limits.waitMs('198.51.100.1')).toBe(0);
    clock.at = 2_000;
    expect(answeredNow()).toBe(100);
  });

  it('never need more than so many addresses in memory', () => {
    const { clock, limits, missed } = open();
    missed('192.0.2.1', 20);
    clock.at = 1;
    for (let index = 0; index < ADDRESSES_MAX; index += 1) limits.waitMs(`10.${index >> 8}.${index & 255}.1`);
    // The first is forgotten; all together still count.
    expect(limits.waitMs('192.0.2.1')).toBe(0);
  });
});
