import { expect, it } from 'vitest';
import type { CompiledFlow } from '../flow-compiler/compiled-flow.ts';
import { createEventFeed, type FeedListener, type Heard, takeEvenly } from './event-feed.ts';
import type { NewsPosition } from './news-store.ts';

const POSITION: NewsPosition = { floor: '00000010', seen: new Set(), running: [] };

function startFeed() {
  const timers = new Set<() => void>();
  const looks: string[] = [];
  const feed = createEventFeed({
    news: {
      begin: async () => POSITION,
      readNews: async (accountId) => {
        looks.push(accountId);
        return { events: [], isCut: false, position: POSITION };
      },
    },
    events: { findLeads: async () => new Map() },
    findRevision: async () => ({}) as CompiledFlow, // no event is built
    clock: { now: () => 0 },
    startTimer: (_ms, onEnd) => {
      timers.add(onEnd);
      return () => timers.delete(onEnd);
    },
  });
  const passSecond = async () => {
    for (const end of [...timers]) {
      timers.delete(end);
      end();
    }
    for (let turn = 0; turn < 50; turn += 1) await Promise.resolve();
  };
  return { feed, timers, looks, passSecond };
}

function listenerOf(accountId: string, receive: (heard: Heard) => void = () => {}): FeedListener {
  const asked = { test: undefined, needsDocuments: false };
  return { accountId, filter: {}, asked, timeZone: 'UTC', withDocuments: false, receive };
}

it('looks once a second and account, however many listen, and waits for nothing while nobody does', async () => {
  const { feed, timers, looks, passSecond } = startFeed();
  expect(timers.size).toBe(0);
  const heard: Heard[] = [];
  const stops = [
    await feed.listen(listenerOf('one', (each) => heard.push(each))),
    await feed.listen(listenerOf('one')),
    await feed.listen(listenerOf('two')),
  ];
  await passSecond();
  await passSecond();
  expect(looks).toEqual(['one', 'two', 'one', 'two']);
  expect(heard[0]).toEqual({ events: [], leftOut: 0, isCut: false, resumeId: '00000010'.padEnd(24, '0') });
  for (const stop of stops) stop();
  expect(timers.size).toBe(0);
  await passSecond();
  expect(looks).toHaveLength(4);
  const stop = await feed.listen(listenerOf('one'));
  await passSecond();
  expect(looks).toHaveLength(5);
  stop();
});

it('takes the first, the last and even steps between', () => {
  expect(takeEvenly([1, 2, 3], 3)).toEqual([1, 2, 3]);
  expect(takeEvenly([1, 2, 3, 4, 5, 6, 7], 4)).toEqual([1, 3, 5, 7]);
});
