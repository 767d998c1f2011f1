import { EventEmitter } from 'node:events';
import type { ServerResponse } from 'node:http';
import { expect, it } from 'vitest';
import type { Heard } from '../../events/event-feed.ts';
import { openEventStream } from './event-stream.ts';

/** A reader that takes what it is allowed to: the rest waits in the memory of the server. */
class SlowResponse extends EventEmitter {
  written: string[] = [];
  writableLength = 0;
  isEnded = false;
  isDestroyed = false;
  socket = null;
  writeHead(): void {}
  write(text: string): void {
    this.written.push(text);
    this.writableLength += text.length;
  }
  end(): void {
    this.isEnded = true;
  }
  destroy(): void {
    this.isDestroyed = true;
  }
}

const MIB = 1024 * 1024;
/** Of one look at its bound. */
const EVENTS = 50;
const EVENT_CHARACTERS = 8 * 1024;

function openTo(res: SlowResponse) {
  let now = 0;
  const ended: number[] = [];
  const stream = openEventStream({
    res: res as unknown as ServerResponse, // what the stream uses of it
    clock: { now: () => now, monotonic: () => now },
    select: (event) => event,
    onEnd: () => ended.push(now),
  });
  let look = 0;
  return {
    ended,
    hear(leftOut = 0) {
      now += 1_000;
      look += 1;
      const events = Array.from({ length: EVENTS }, (_, index) => ({
        id: `${look}-${index}`,
        event: { id: `${look}-${index}`, text: 'x'.repeat(EVENT_CHARACTERS) },
      }));
      const heard: Heard = { events, leftOut, isCut: false, resumeId: `${look}` };
      stream.hear(heard);
    },
  };
}

const sampledOf = (res: SlowResponse) =>
  res.written
    .filter((text) => text.startsWith('event: sampled'))
    .map((text) => JSON.parse(text.split('data: ')[1] ?? ''));

it('what waits for a reader that takes nothing is bounded, whatever comes', () => {
  const res = new SlowResponse();
  const { hear } = openTo(res);
  for (let look = 0; look < 25; look += 1) hear();
  // One look may be written on top of what waited.
  expect(res.writableLength).toBeLessThan(MIB + EVENTS * (EVENT_CHARACTERS + 200));
});

it('a reader that takes again is sent how many were left out, once, and goes on behind them', () => {
  const res = new SlowResponse();
  const { hear } = openTo(res);
  for (let look = 0; look < 10; look += 1) hear();
  const sent = res.written.filter((text) => text.includes('data: {"id"')).length;
  const left = 10 * EVENTS - sent;
  expect(left).toBeGreaterThan(0);
  res.writableLength = 0;
  hear(7);
  expect(sampledOf(res)).toEqual([{ left_out: left + 7, at_least: false }]);
  expect(res.written.findLast((text) => text.includes('data: {"id"'))).toContain('id: 11\n');
  res.writableLength = 0;
  hear();
  expect(sampledOf(res)).toHaveLength(1);
});

it('a reader that takes nothing for 30 seconds is let go, and nothing is written afterwards', () => {
  const res = new SlowResponse();
  const { hear, ended } = openTo(res);
  for (let look = 0; look < 60; look += 1) hear();
  expect([res.isEnded, res.isDestroyed, ended.length]).toEqual([true, true, 1]);
  expect(ended[0]).toBeGreaterThan(30_000);
  const { length } = res.written;
  hear();
  expect(res.written).toHaveLength(length);
});
