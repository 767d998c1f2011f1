import type { IncomingMessage } from 'node:http';
import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { createBodyBudget, SMALL_BYTES } from './body-budget.ts';
import { readBytes, STALL_MS_MAX } from './read-bytes.ts';

const MIB = 1024 * 1024;

/** A body that arrives piece by piece, and a clock that strikes on request. */
function openReading(budget = createBodyBudget(8 * MIB)) {
  const stream = new PassThrough({ highWaterMark: MIB });
  // Of a request only the stream and the length are looked at.
  const req = Object.assign(stream, { headers: {} }) as unknown as IncomingMessage;
  const timers: (() => void)[] = [];
  const share = budget.open();
  const read = readBytes(req, {
    bytesMax: MIB,
    share,
    startTimer: (ms, onEnd) => {
      expect(ms).toBe(STALL_MS_MAX);
      timers.push(onEnd);
      return () => undefined;
    },
  });
  const arrive = (text: string) => new Promise<void>((resolve) => stream.write(text, () => setImmediate(resolve)));
  return { stream, share, budget, read, arrive, strike: () => timers.at(-1)?.() };
}

describe('readBytes', () => {
  it('a sender that stalls is given up, one that goes on is not until its time is over', async () => {
    const stalled = openReading();
    await stalled.arrive('a');
    stalled.strike();
    stalled.strike();
    expect(await stalled.read).toEqual({ ok: false, error: 'slow' });

    const steady = openReading();
    for (let strikes = 0; strikes < 5; strikes += 1) {
      await steady.arrive('a');
      steady.strike();
    }
    expect(await steady.read).toEqual({ ok: false, error: 'slow' });

    const done = openReading();
    await done.arrive('a');
    done.strike();
    done.stream.end('b');
    expect(await done.read).toEqual({ ok: true, value: Buffer.from('ab') });
  });

  it('a body that ends before it is whole is cut off, a longer one too large', async () => {
    const cut = openReading();
    cut.stream.destroy();
    expect(await cut.read).toEqual({ ok: false, error: 'cut_off' });
    const long = openReading();
    await long.arrive('a'.repeat(MIB + 1));
    expect(await long.read).toEqual({ ok: false, error: 'too_large' });
  });

  it('counts what has arrived, not what was announced, and refuses beyond the room', async () => {
    const budget = createBodyBudget(2 * MIB);
    const first = openReading(budget);
    await first.arrive('a'.repeat(1_000_000));
    const second = openReading(budget);
    await second.arrive('a'.repeat(1_000_000));
    expect(await second.read).toEqual({ ok: false, error: 'crowded' });
    expect(budget.bytes()).toBe(1_000_000);
    first.share.release();
    expect(budget.bytes()).toBe(0);
  });
});

describe('the budget', () => {
  it('large bodies leave a quarter of it for ordinary ones', () => {
    const budget = createBodyBudget(4 * MIB);
    const large = Array.from({ length: 10 }, () => budget.open()).filter((share) => share.grow(MIB));
    expect(large).toHaveLength(3);
    const small = Array.from({ length: 100 }, () => budget.open()).filter((share) => share.grow(SMALL_BYTES));
    expect(small).toHaveLength((MIB - 3 * SMALL_BYTES) / SMALL_BYTES);
    expect(budget.bytes()).toBeLessThanOrEqual(4 * MIB);
    for (const share of [...large, ...large, ...small]) share.release();
    expect(budget.bytes()).toBe(0);
  });
});
