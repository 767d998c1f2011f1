import { describe, expect, it, vi } from 'vitest';
import { systemClock } from '../lib/clock.ts';
import { withResolvers } from '../lib/with-resolvers.ts';
import { countReadingPlaces, createReadingTurns } from './reading-turns.ts';
import { ROUTES, type RouteDeps } from './routes.ts';
import { createHttpServer } from './server.ts';
import { createSessionCookies } from './session-cookie.ts';

const ignore = () => undefined;
/** No handler is reached. */
const NO_STORES = {} as RouteDeps;

/** Turns over a clock, leads and readings that a test moves by hand. */
function stage({ places = 1 } = {}) {
  let now = 0;
  let leads = 0;
  const timers = new Map<() => void, number>();
  const turns = createReadingTurns({
    places,
    countLeads: () => leads,
    monotonic: () => now,
    startTimer: (ms, onEnd) => {
      timers.set(onEnd, now + ms);
      return () => timers.delete(onEnd);
    },
  });
  const settle = () => new Promise((resolve) => setImmediate(resolve));
  const pass = async (ms: number) => {
    now += ms;
    for (const [onEnd, at] of timers) if (at <= now && timers.delete(onEnd)) onEnd();
    await settle();
  };
  const running: { name: string; end(): void }[] = [];
  const names = () => running.map(({ name }) => name);
  const read = async (name: string) => {
    const end = withResolvers<string>();
    const answer = turns.take(() => {
      running.push({ name, end: () => end.resolve(name) });
      return end.promise;
    });
    await settle();
    return answer;
  };
  /** Starts readings; the oldest that runs ends by `end`. */
  const start = async (...of: string[]) => {
    for (const name of of) void read(name);
    await settle();
  };
  const end = async () => {
    running.shift()?.end();
    await settle();
  };
  /** So many leads a second, for half a second, and a reading that counts them. */
  const leadsAt = async (perSecond: number) => {
    await start('counts');
    await end();
    await pass(500);
    leads += perSecond / 2;
  };
  return { turns, timers, pass, start, end, names, leadsAt };
}

describe('readings', () => {
  it('all run at once while few leads come', async () => {
    const { start, names, leadsAt } = stage();
    await leadsAt(49);
    await start('a', 'b', 'c');
    expect(names()).toEqual(['a', 'b', 'c']);
  });

  it('go one after the other from fifty leads a second on, and a place rests as long as it was taken', async () => {
    const { turns, start, end, pass, names, leadsAt } = stage();
    await leadsAt(50);
    await start('a', 'b', 'c');
    expect(names()).toEqual(['a']);
    expect(turns.waiting()).toBe(2);
    await pass(20);
    await end();
    await pass(19);
    expect(names()).toEqual([]);
    await pass(1);
    expect(names()).toEqual(['b']);
    expect(turns.waiting()).toBe(1);
  });

  it('rest for 50 ms at most', async () => {
    const { start, end, pass, names, leadsAt } = stage();
    await leadsAt(300);
    await start('slow', 'next');
    await pass(400);
    await end();
    await pass(50);
    expect(names()).toEqual(['next']);
  });

  it('take as many places at once as there are', async () => {
    const { start, names, leadsAt } = stage({ places: 3 });
    await leadsAt(300);
    await start('a', 'b', 'c', 'd');
    expect(names()).toEqual(['a', 'b', 'c']);
  });

  it('wait for a second at most, then run beside the one that is slow, without its place', async () => {
    const { turns, timers, start, end, pass, names, leadsAt } = stage();
    await leadsAt(300);
    await start('slow', 'a', 'b');
    await pass(999);
    expect(names()).toEqual(['slow']);
    await pass(1);
    expect(names()).toEqual(['slow', 'a', 'b']);
    expect(turns.waiting()).toBe(0);
    await end();
    expect(timers.size).toBe(1);
  });

  it('leave their place when they fail', async () => {
    const { turns, pass, start, names, leadsAt } = stage();
    await leadsAt(300);
    await expect(turns.take(() => Promise.reject(new Error('no')))).rejects.toThrow('no');
    await pass(50);
    await start('a');
    expect(names()).toEqual(['a']);
  });

  it('do not wait beyond a hundred', async () => {
    const { turns, start, names, leadsAt } = stage();
    await leadsAt(300);
    await start(...Array.from({ length: 102 }, (_, index) => `${index}`));
    expect(turns.waiting()).toBe(100);
    expect(names()).toEqual(['0', '101']);
  });

  it('run at once again when leads stop, and after a pause without any reading', async () => {
    const { start, names, pass, leadsAt } = stage();
    await leadsAt(300);
    await start('a', 'b');
    expect(names()).toEqual(['a']);
    await pass(300);
    await start('c', 'd');
    expect(names()).toEqual(['a', 'c', 'd']);
  });
});

describe('the places of a process', () => {
  it.each([
    [{ cores: 1, processes: 1 }, 1],
    [{ cores: 2, processes: 1 }, 1],
    [{ cores: 16, processes: 1 }, 8],
    [{ cores: 16, processes: 4 }, 2],
    [{ cores: 4, processes: 16 }, 1],
  ])('of %o are %i', (machine, places) => expect(countReadingPlaces(machine)).toBe(places));
});

describe('the routes that take turns', () => {
  it('are run in their turn, and others at once', async () => {
    const taken = vi.fn(() => Promise.reject(new Error('no turn')));
    const app = await createHttpServer({
      ...{ trustedProxies: [], recordCall: ignore, recordFor: () => NO_STORES, api: NO_STORES },
      callers: {
        authenticate: () => Promise.reject(new Error('no request has a key')),
        cookies: createSessionCookies({ isSecure: false }),
        ...{ publicOrigin: null, sessions: NO_STORES.sessions, clock: systemClock },
      },
      readingTurns: { take: taken, waiting: () => 0 },
      ...{ pages: {}, registerIngest: ignore, registerConsole: ignore, registerDocs: ignore },
      isUnavailable: () => true,
      log: { error: ignore, warn: ignore, info: ignore, debug: ignore },
    });
    expect(await app.inject({ url: '/livez' })).toMatchObject({ statusCode: 200 });
    expect(taken).not.toHaveBeenCalled();
    expect(await app.inject({ url: `/reports/shared/${'x'.repeat(43)}` })).toMatchObject({ statusCode: 503 });
    expect(taken).toHaveBeenCalledOnce();
    await app.close();
  });

  it('are those that may read many rows', () => {
    const names = ROUTES.filter((route) => route.takesTurns).map(({ name }) => name);
    expect(names.toSorted()).toMatchInlineSnapshot(`
      [
        "askForFunnel",
        "askForMedian",
        "askForUniqueValues",
        "askHowManyEvents",
        "askHowManyValues",
        "countEvents",
        "countFieldUsage",
        "countFunnel",
        "countUniqueValues",
        "listEventReasons",
        "listEvents",
        "listLeadReasons",
        "listLeads",
        "listPings",
        "listProblems",
        "previewReport",
        "readFlowFunnel",
        "readLatencies",
        "readMedian",
        "readPingStats",
        "readProblem",
        "readSharedReport",
        "readSharedReportCsv",
        "readSharedReportMarkdown",
        "readStatistics",
        "runReport",
        "searchEvents",
        "searchLeads",
        "selectUniqueValues",
      ]
    `);
  });
});
