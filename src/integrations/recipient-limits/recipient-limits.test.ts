import { describe, expect, it } from 'vitest';
import type { Blame, Deliver, DeliveryResult } from '../contract.ts';
import type { Circuit } from './circuit.ts';
import type { RecipientHealthStore, RecipientKey } from './recipient-health.ts';
import { createRecipientLimits } from './recipient-limits.ts';
import { createHealthReport } from './report-health.ts';

const FINE: DeliveryResult = {
  kind: 'answered',
  response: { status: 200, version: '1.1', headers: {}, body: '' },
  truncated: false,
  url: 'http://buyer.test/',
  sentAt: 0,
  receivedAt: 0,
};
const failing = (blame: Blame): DeliveryResult => ({ kind: 'unsent', reason: 'x', blame, sentAt: 0, receivedAt: 0 });
const BOUNDS = { timeoutMs: 30_000, accountId: 'a', recipientId: 'r' };
const request = (url = 'http://buyer.test/leads?email=ann') => ({ url, method: 'POST', headers: {} });

/** Limits over a clock and a client that a test moves by hand. */
function stage(options: { runningMax?: number; waitingMax?: number; recipientsMax?: number } = {}) {
  let now = 1_000_000;
  const timers = new Map<() => void, number>();
  const sent: { timeoutMs: number; url: string; end(result: DeliveryResult): void }[] = [];
  const changes: { key: RecipientKey; host: string; circuit: Circuit }[] = [];
  const limits = createRecipientLimits({
    clock: { now: () => now, monotonic: () => now },
    deliver: ({ url }, { timeoutMs }) => new Promise((end) => sent.push({ url, timeoutMs, end })),
    startTimer: (ms, onEnd) => {
      timers.set(onEnd, now + ms);
      return () => timers.delete(onEnd);
    },
    waitingMax: 2,
    onChange: (change) => changes.push(change),
    ...options,
  });
  const pass = (ms: number) => {
    now += ms;
    for (const [onEnd, at] of timers) if (at <= now && timers.delete(onEnd)) onEnd();
  };
  /** Sends one after the other, each ending so. */
  const runThrough = async (count: number, result: DeliveryResult, bounds: Parameters<Deliver>[1] = BOUNDS) => {
    for (let i = 0; i < count; i += 1) {
      const delivered = limits.deliver(request(), bounds);
      sent.at(-1)?.end(result);
      await delivered;
    }
  };
  return { limits, sent, changes, timers, pass, runThrough };
}

describe('places', () => {
  it('are as many as the bound; who comes later waits in turn, who comes after them is refused', async () => {
    const { limits, sent } = stage({ runningMax: 1, waitingMax: 2 });
    const [first, second, third, fourth] = [1, 2, 3, 4].map((n) =>
      limits.deliver(request(`http://b.test/${n}`), BOUNDS),
    );
    expect(await fourth).toMatchObject({ kind: 'unsent', reason: 'Too many requests to b.test are waiting' });
    expect(limits.health()).toMatchObject([{ origin: 'http://b.test', running: 1, waiting: 2, waited: 2 }]);
    for (const [index, each] of [first, second, third].entries()) {
      sent[index]?.end(FINE);
      expect(await each).toBe(FINE);
    }
    expect(sent.map(({ url }) => url)).toEqual([1, 2, 3].map((n) => `http://b.test/${n}`));
    expect(limits.health()).toMatchObject([{ running: 0, waiting: 0, requests: 3 }]);
  });

  it('are waited for no longer than the exchange may take, and what is left is the exchange’s', async () => {
    const { limits, sent, pass, timers } = stage({ runningMax: 1 });
    const first = limits.deliver(request(), BOUNDS);
    const hurried = limits.deliver(request(), { ...BOUNDS, timeoutMs: 2_000 });
    const patient = limits.deliver(request(), { ...BOUNDS, timeoutMs: 9_000 });
    pass(2_000);
    expect(await hurried).toMatchObject({ reason: '1 requests to buyer.test were under way for 2 s', blame: 'us' });
    pass(3_000);
    sent[0]?.end(FINE);
    await first;
    expect(sent[1]?.timeoutMs).toBe(4_000);
    sent[1]?.end(FINE);
    expect([await patient, timers.size]).toEqual([FINE, 0]);
  });

  it('that come free too late are not used', async () => {
    const { limits, sent, pass } = stage({ runningMax: 1 });
    const first = limits.deliver(request(), BOUNDS);
    const late = limits.deliver(request(), { ...BOUNDS, timeoutMs: 1_000 });
    pass(960);
    sent[0]?.end(FINE);
    expect([(await first).kind, (await late).kind, sent.length]).toEqual(['answered', 'unsent', 1]);
  });

  it('are not waited for by who gives up', async () => {
    const { limits, sent } = stage({ runningMax: 1 });
    const stop = new AbortController();
    const first = limits.deliver(request(), BOUNDS);
    const waiting = limits.deliver(request(), { ...BOUNDS, signal: stop.signal });
    stop.abort();
    expect(await waiting).toMatchObject({ kind: 'unsent' });
    sent[0]?.end(FINE);
    await first;
    expect([sent.length, limits.health()[0]?.waiting]).toEqual([1, 0]);
  });

  it('of one recipient, origin and account are not shared', () => {
    const { limits, sent } = stage({ runningMax: 1 });
    for (const bounds of [BOUNDS, { ...BOUNDS, recipientId: 's' }, { ...BOUNDS, accountId: 'b' }]) {
      for (const url of ['http://a.test/', 'https://a.test/', 'http://a.test:81/'])
        void limits.deliver(request(url), bounds);
    }
    expect(sent).toHaveLength(9);
  });

  it('do not exist for who has no recipient, or no URL', () => {
    const { limits, sent } = stage({ runningMax: 1 });
    for (const url of ['', 'no url', 'file:///etc', 'http://b.test/'])
      void limits.deliver(request(url), { timeoutMs: 1 });
    for (const url of ['', 'no url', 'file:///etc']) void limits.deliver(request(url), BOUNDS);
    expect([sent.length, limits.health()]).toEqual([7, []]);
  });

  it('are kept for a bounded number of recipients: an idle one makes room, else it is refused', async () => {
    const { limits, sent } = stage({ recipientsMax: 1 });
    const first = limits.deliver(request('http://a.test/'), BOUNDS);
    expect(await limits.deliver(request('http://b.test/'), BOUNDS)).toMatchObject({
      reason: 'Too many recipients at once',
    });
    sent[0]?.end(FINE);
    await first;
    void limits.deliver(request('http://b.test/'), BOUNDS);
    expect(limits.health().map(({ origin }) => origin)).toEqual(['http://b.test']);
  });
});

describe('the circuit', () => {
  it('opens at half of twenty, refuses at once, and releases requests that wait', async () => {
    const { limits, sent, changes, runThrough } = stage({ runningMax: 1 });
    await runThrough(10, FINE);
    await runThrough(9, failing('recipient'));
    const last = limits.deliver(request(), BOUNDS);
    const waiting = limits.deliver(request(), BOUNDS);
    sent.at(-1)?.end(failing('recipient'));
    await last;
    const reason = 'The circuit to buyer.test is open after 10 of 20 requests failed; next try in 5 s';
    expect(await waiting).toMatchObject({ kind: 'unsent', reason });
    expect(await limits.deliver(request(), BOUNDS)).toMatchObject({ kind: 'unsent', reason });
    expect(changes).toMatchObject([{ host: 'buyer.test', key: { recipientId: 'r' }, circuit: { kind: 'open' } }]);
    expect(limits.health()).toMatchObject([
      { state: 'open', requests: 20, errors: 10, openedAt: 1_000_000, nextProbeAt: 1_005_000 },
    ]);
    expect(sent).toHaveLength(20);
  });

  it('lets one probe through while others are refused, also when hung requests hold every place', async () => {
    const { limits, sent, pass, runThrough, changes } = stage({ runningMax: 3 });
    const hung = [limits.deliver(request(), BOUNDS), limits.deliver(request(), BOUNDS)];
    await runThrough(20, failing('recipient'));
    pass(5_000);
    const probe = limits.deliver(request(), BOUNDS);
    expect(await limits.deliver(request(), BOUNDS)).toMatchObject({
      reason: expect.stringMatching(/a try is under way$/),
    });
    sent.at(-1)?.end(FINE);
    expect(await probe).toBe(FINE);
    expect(changes.map(({ circuit }) => circuit.kind)).toEqual(['open', 'half_open', 'closed']);
    // What was sent before the circuit opened shows nothing about the time after it closed.
    for (const each of sent.slice(0, 2)) each.end(failing('recipient'));
    await Promise.all(hung);
    expect(limits.health()).toEqual([]);
  });

  it.each([
    ['faults of ours', failing('us'), BOUNDS],
    ['time limits too short to be fair', failing('time'), { ...BOUNDS, timeoutMs: 300 }],
  ])('does not open for %s', async (_name, result, bounds) => {
    const { limits, runThrough } = stage();
    await runThrough(100, result, bounds);
    expect(limits.health()).toEqual([]);
  });

  it('closes when somebody says so', async () => {
    const { limits, sent, runThrough } = stage();
    await runThrough(20, failing('recipient'));
    const [health] = limits.health();
    if (!health) throw new Error('the recipient is known');
    limits.closeCircuit(health);
    void limits.deliver(request(), BOUNDS);
    expect(sent).toHaveLength(21);
  });
});

describe('the report', () => {
  const CLOCK = { now: () => 7 };

  it('reports what changed, once, and what is gone', async () => {
    const { limits, pass, runThrough } = stage();
    const reports: unknown[] = [];
    const store = { report: async (reported: unknown) => void reports.push(reported), takeAsked: async () => [] };
    const report = createHealthReport(limits, { store, clock: CLOCK });
    await report();
    expect(reports.splice(0)).toEqual([]);
    await runThrough(3, FINE);
    await report();
    await report();
    expect(reports.splice(0)).toMatchObject([{ changed: [{ recipientId: 'r', requests: 3 }], gone: [], now: 7 }]);
    pass(60_000);
    await report();
    await report();
    expect(reports).toMatchObject([
      { changed: [], gone: [{ accountId: 'a', recipientId: 'r', origin: 'http://buyer.test' }] },
    ]);
  });

  it('reports again what could not be reported', async () => {
    const { limits, runThrough } = stage();
    let isAway = true;
    const reported: unknown[] = [];
    const store: Pick<RecipientHealthStore, 'report' | 'takeAsked'> = {
      report: async ({ changed }) => {
        if (isAway) throw new Error('away');
        reported.push(...changed);
      },
      takeAsked: async () => [],
    };
    const report = createHealthReport(limits, { store, clock: CLOCK });
    await runThrough(1, FINE);
    await expect(report()).rejects.toThrow('away');
    isAway = false;
    await report();
    expect(reported).toMatchObject([{ requests: 1 }]);
  });

  it('closes the circuits it was asked to, and asks only while one is open', async () => {
    const { limits, runThrough } = stage();
    let asked = 0;
    const store = {
      report: async () => undefined,
      takeAsked: async () => {
        asked += 1;
        return [{ accountId: 'a', recipientId: 'r', origin: 'http://buyer.test' }];
      },
    };
    const report = createHealthReport(limits, { store, clock: CLOCK });
    await runThrough(1, FINE);
    await report();
    expect(asked).toBe(0);
    await runThrough(20, failing('recipient'));
    await report();
    await report();
    expect([asked, limits.health()]).toEqual([1, []]);
  });
});
