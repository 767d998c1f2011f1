import { describe, expect, it } from 'vitest';
import {
  BUILDS_MAX,
  BUILDS_WAITING_MAX,
  createPostingLimits,
  PAGE_REQUESTS,
  TRIES_OF_ADDRESS,
  TRIES_OF_LINK,
} from './posting-limits.ts';

function openLimits() {
  let now = 0;
  const limits = createPostingLimits({ monotonic: () => now });
  return {
    limits,
    pass: (ms: number) => {
      now += ms;
    },
  };
}

describe('the limits of strangers', () => {
  it.each([
    ['pages of one address', PAGE_REQUESTS, 'takePage'],
    ['dry runs of one address', TRIES_OF_ADDRESS, 'takeTry'],
    ['dry runs by one link', TRIES_OF_LINK, 'takeTryOfLink'],
  ] as const)('%s', (_, { most, perSecond }, take) => {
    const { limits, pass } = openLimits();
    const waits = Array.from({ length: most }, () => limits[take]('192.0.2.1'));
    expect(waits).toEqual(waits.map(() => 0));
    expect(limits[take]('192.0.2.1')).toBe(1_000 / perSecond);
    expect(limits[take]('192.0.2.2')).toBe(0);
    pass(1_000 / perSecond);
    expect([limits[take]('192.0.2.1'), limits[take]('192.0.2.1')]).toEqual([0, 1_000 / perSecond]);
  });

  it('count the addresses of one IPv6 network as one', () => {
    const { limits } = openLimits();
    for (let count = 0; count < PAGE_REQUESTS.most; count += 1) limits.takePage(`2001:db8::${count.toString(16)}`);
    expect(limits.takePage('2001:db8::ffff')).toBeGreaterThan(0);
  });

  it('so much is read at once, so many wait, and others are told', async () => {
    const { limits } = openLimits();
    let running = 0;
    let most = 0;
    const ends: (() => void)[] = [];
    const work = async () => {
      running += 1;
      most = Math.max(most, running);
      await new Promise<void>((resolve) => ends.push(resolve));
      running -= 1;
      return 'read';
    };
    const asked = Array.from({ length: BUILDS_MAX + BUILDS_WAITING_MAX }, () => limits.build(work));
    expect(await limits.build(work)).toBeNull();
    for (let count = 0; count < asked.length; count += 1) {
      ends[count]?.();
      await asked[count];
    }
    expect({ most, running, answers: new Set(await Promise.all(asked)) }).toEqual({
      most: BUILDS_MAX,
      running: 0,
      answers: new Set(['read']),
    });
  });
});
