import { describe, expect, it } from 'vitest';
import type { DeliveryResult } from '../contract.ts';
import { admit, afterOutcome, afterProbe, type Circuit, CLOSED, readSignal, refusalReason } from './circuit.ts';

const AT = { sentAt: 0, receivedAt: 0 };
const answered = (status: number): DeliveryResult => ({
  kind: 'answered',
  response: { status, version: '1.1', headers: {}, body: '' },
  truncated: false,
  url: 'http://buyer.test/',
  ...AT,
});
const OPEN: Exclude<Circuit, { kind: 'closed' }> = {
  kind: 'open',
  openedAt: 0,
  probeAt: 5_000,
  pauseMs: 5_000,
  requests: 20,
  errors: 10,
};

describe('a closed circuit', () => {
  it.each([
    [{ requests: 19, errors: 19 }, 'closed'],
    [{ requests: 20, errors: 9 }, 'closed'],
    [{ requests: 20, errors: 10 }, 'open'],
    [{ requests: 1_000, errors: 499 }, 'closed'],
    [{ requests: 1_000, errors: 500 }, 'open'],
  ] as const)('after %o is %s', (counts, kind) => {
    expect(afterOutcome(counts, 7).kind).toBe(kind);
  });

  it('opens for five seconds', () => {
    expect(afterOutcome({ requests: 20, errors: 10 }, 7)).toMatchObject({ openedAt: 7, probeAt: 5_007 });
  });
});

describe('an open circuit', () => {
  it.each([
    ['closed', CLOSED, 0, 'pass'],
    ['open before its time', OPEN, 4_999, 'refuse'],
    ['open when it is time', OPEN, 5_000, 'probe'],
    ['half open: one probe is enough', { ...OPEN, kind: 'half_open' as const }, 9_000, 'refuse'],
  ])('%s', (_name, circuit, now, way) => {
    expect(admit(circuit, now)).toBe(way);
  });

  it('doubles its pause with each probe that fails, up to a minute', () => {
    const pauses: number[] = [];
    let circuit: Circuit = OPEN;
    for (let probe = 0; probe < 6 && circuit.kind !== 'closed'; probe += 1) {
      circuit = afterProbe({ ...circuit, kind: 'half_open' }, { signal: 'error', now: 0 });
      if (circuit.kind !== 'closed') pauses.push(circuit.probeAt);
    }
    expect(pauses).toEqual([10_000, 20_000, 40_000, 60_000, 60_000, 60_000]);
  });

  it('closes after a probe that is answered, and tries again at once after one without a result', () => {
    expect(afterProbe(OPEN, { signal: 'fine', now: 9_000 })).toEqual(CLOSED);
    const unanswered = afterProbe({ ...OPEN, kind: 'half_open' }, { signal: 'nothing', now: 9_000 });
    expect([admit(unanswered, 9_000), unanswered.kind]).toEqual(['probe', 'open']);
  });

  it.each([
    [OPEN, 600, 'The circuit to b.test is open after 10 of 20 requests failed; next try in 5 s'],
    [OPEN, 4_999, 'The circuit to b.test is open after 10 of 20 requests failed; next try in 1 s'],
    [
      { ...OPEN, kind: 'half_open' as const },
      5_001,
      'The circuit to b.test is open after 10 of 20 requests failed; a try is under way',
    ],
  ])('says so', (circuit, now, reason) => {
    expect(refusalReason(circuit, { host: 'b.test', now })).toBe(reason);
  });
});

describe('what a delivery shows about its recipient', () => {
  const unsent = { kind: 'unsent', reason: '', ...AT } as const;
  const unknown = { kind: 'unknown', reason: '', ...AT } as const;
  it.each<[string, DeliveryResult, number, string]>([
    ['200', answered(200), 1, 'fine'],
    ['404', answered(404), 30_000, 'fine'],
    ['500', answered(500), 30_000, 'error'],
    ['503', answered(503), 30_000, 'error'],
    ['refused connection', { ...unsent, blame: 'recipient' }, 1, 'error'],
    ['reset after sending', { ...unknown, blame: 'recipient' }, 1, 'error'],
    ['a header that cannot be sent', { ...unsent, blame: 'us' }, 30_000, 'nothing'],
    ['no answer in 30 s', { ...unknown, blame: 'time' }, 30_000, 'error'],
    ['no answer in 1 s', { ...unknown, blame: 'time' }, 1_000, 'error'],
    ['no answer in the 200 ms a lead had left', { ...unknown, blame: 'time' }, 200, 'nothing'],
    ['no connection in the 200 ms a lead had left', { ...unsent, blame: 'time' }, 200, 'nothing'],
  ])('%s', (_name, result, timeoutMs, signal) => {
    expect(readSignal(result, timeoutMs)).toBe(signal);
  });
});
