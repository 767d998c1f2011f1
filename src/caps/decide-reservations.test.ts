import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type CapCounter, decideReservations, type ReservationRequest } from './decide-reservations.ts';

const counter = (count: number, held: number, failedCount = 0, generation = 0): CapCounter => ({
  count,
  held,
  failedCount,
  generation,
});

const ask = (leadId: string, ...caps: [key: string, maximum: number, generation?: number][]): ReservationRequest => ({
  leadId,
  caps: caps.map(([key, maximum, generation = 0]) => ({ key, maximum, generation })),
});

describe('decideReservations', () => {
  const cases: {
    name: string;
    requests: ReservationRequest[];
    rows: Record<string, CapCounter>;
    granted: boolean[];
    written: Record<string, CapCounter>;
  }[] = [
    {
      name: 'a cap without a row starts at nothing',
      requests: [ask('a', ['day', 2])],
      rows: {},
      granted: [true],
      written: { day: counter(0, 1) },
    },
    {
      name: 'places are handed out in the order of arrival',
      requests: [ask('a', ['day', 2]), ask('b', ['day', 2]), ask('c', ['day', 2])],
      rows: { day: counter(1, 0) },
      granted: [true, false, false],
      written: { day: counter(1, 1, 2) },
    },
    {
      name: 'a held place is as full as a used one',
      requests: [ask('a', ['day', 2])],
      rows: { day: counter(1, 1) },
      granted: [false],
      written: { day: counter(1, 1, 1) },
    },
    {
      name: 'a refused lead takes no place anywhere and is counted by every full cap it met',
      requests: [ask('a', ['open', 9], ['full', 1], ['shut', 0])],
      rows: { open: counter(3, 0), full: counter(1, 0) },
      granted: [false],
      written: { full: counter(1, 0, 1), shut: counter(0, 0, 1) },
    },
    {
      name: 'a lead refused by one cap leaves room for the next lead in the others',
      requests: [ask('a', ['day', 1], ['full', 0]), ask('b', ['day', 1])],
      rows: {},
      granted: [false, true],
      written: { day: counter(0, 1), full: counter(0, 0, 1) },
    },
    {
      name: 'a newer generation starts the counter again',
      requests: [ask('a', ['day', 5, 2])],
      rows: { day: counter(5, 3, 8, 1) },
      granted: [true],
      written: { day: counter(0, 1, 0, 2) },
    },
    {
      name: 'an older generation uses the row as it is',
      requests: [ask('a', ['day', 5, 1])],
      rows: { day: counter(4, 0, 8, 2) },
      granted: [true],
      written: { day: counter(4, 1, 8, 2) },
    },
    {
      name: 'a cap named twice by one lead is one place',
      requests: [ask('a', ['day', 1], ['day', 1])],
      rows: {},
      granted: [true],
      written: { day: counter(0, 1) },
    },
    {
      name: 'a lead without caps is always granted',
      requests: [ask('a')],
      rows: {},
      granted: [true],
      written: {},
    },
    {
      name: 'prototype names are keys like any other',
      requests: [ask('a', ['__proto__', 1]), ask('b', ['constructor', 0])],
      rows: {},
      granted: [true, false],
      written: { ['__proto__']: counter(0, 1), constructor: counter(0, 0, 1) },
    },
  ];

  it.each(cases)('$name', ({ requests, rows, granted, written }) => {
    const decision = decideReservations(requests, new Map(Object.entries(rows)));
    expect(decision.verdicts.map((verdict) => verdict.granted)).toEqual(granted);
    expect([...decision.counters].sort()).toEqual(Object.entries(written).sort());
  });

  it('names the first full cap, in the order asked, with what it held', () => {
    const rows = new Map([['b', counter(2, 1)]]);
    const { verdicts } = decideReservations([ask('x', ['a', 1], ['b', 3], ['c', 0])], rows);
    expect(verdicts[0]).toEqual({ granted: false, full: { key: 'b', count: 2, held: 1, maximum: 3 } });
  });

  it('a place carries the generation of the row it was taken in, not the one the lead knew', () => {
    const { verdicts } = decideReservations([ask('x', ['a', 9, 1])], new Map([['a', counter(0, 0, 0, 4)]]));
    expect(verdicts[0]).toEqual({ granted: true, places: [{ key: 'a', generation: 4 }] });
  });

  const key = fc.constantFrom<string>('a', 'b', 'c');
  const place = fc.record({ key, maximum: fc.nat(4), generation: fc.nat(2) });
  const requests = fc.array(fc.record({ leadId: fc.string(), caps: fc.array(place, { maxLength: 4 }) }), {
    maxLength: 12,
  });
  const row = fc.record({ count: fc.nat(3), held: fc.nat(3), failedCount: fc.nat(3), generation: fc.nat(2) });
  const rows = fc.array(fc.tuple(key, row)).map((entries) => new Map(entries));

  it('grants only below the maximum, all or nothing, and whatever is split into batches ends the same', () => {
    fc.assert(
      fc.property(requests, rows, fc.nat(12), (all, before, at) => {
        const once = decideReservations(all, before);
        const first = decideReservations(all.slice(0, at), before);
        const between = new Map([...before, ...first.counters]);
        const second = decideReservations(all.slice(at), between);
        expect([...first.verdicts, ...second.verdicts]).toEqual(once.verdicts);
        expect(new Map([...between, ...second.counters])).toEqual(new Map([...before, ...once.counters]));
      }),
      { numRuns: 300 },
    );
  });

  it('never lets count + held pass the maximum through a grant', () => {
    fc.assert(
      fc.property(requests, rows, (all, before) => {
        let now = new Map<string, CapCounter>(before);
        for (const request of all) {
          const { verdicts, counters } = decideReservations([request], now);
          now = new Map([...now, ...counters]);
          if (!verdicts[0]?.granted) continue;
          for (const cap of new Map(request.caps.map((each) => [each.key, each])).values()) {
            const after = now.get(cap.key) ?? counter(0, 0);
            expect(after.count + after.held).toBeLessThanOrEqual(cap.maximum);
          }
        }
      }),
      { numRuns: 300 },
    );
  });
});
