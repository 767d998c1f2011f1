import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CapCounter } from '../caps/judge-cap.ts';
import type { ListRow } from '../lists/judge-list-value.ts';
import { type Money, nearestMoney } from '../model/money.ts';
import { type ClaimInGroup, decideClaims, type EndInGroup } from './decide-claims.ts';

const claim = (runId: string, parts: Partial<ClaimInGroup> = {}): ClaimInGroup => ({
  runId,
  lists: [],
  caps: [],
  ...parts,
});
const end = (runId: string, parts: Partial<EndInGroup> = {}): EndInGroup => ({
  runId,
  submittedAt: 500,
  lists: null,
  caps: [],
  ...parts,
});
const value = (key: string, hold = true) => ({ key, cutoff: null, hold });
const place = (key: string, maximum: number, generation = 0) => ({ key, maximum, generation });
const rows = (lists: Record<string, ListRow> = {}, caps: Record<string, CapCounter> = {}) => ({
  lists: new Map(Object.entries(lists)),
  caps: new Map(Object.entries(caps)),
});
const counter = (count: number, held: number, generation = 0): CapCounter => ({ count, held, generation });

const granted = (verdicts: ReturnType<typeof decideClaims>) => verdicts.map((verdict) => verdict.granted);

describe('decideClaims', () => {
  it('grants in the order of arrival', () => {
    const claims = ['a', 'b', 'c'].map((runId) => claim(runId, { caps: [place('day', 2)] }));
    expect(granted(decideClaims(rows({}, { day: counter(1, 0) }), { ends: [], claims }))).toEqual([true, false, false]);
  });

  it('takes all or nothing: a claim that is refused leaves room for the next', () => {
    const claims = [
      claim('a', { lists: [value('person')], caps: [place('day', 1), place('full', 0)] }),
      claim('b', { lists: [value('person')], caps: [place('day', 1)] }),
    ];
    const verdicts = decideClaims(rows(), { ends: [], claims });
    expect(verdicts).toEqual([
      {
        granted: false,
        lists: [{ found: false }],
        caps: [
          { full: null, generation: 0 },
          { full: { count: 0, held: 0, maximum: 0 }, generation: 0 },
        ],
      },
      { granted: true, generations: [0] },
    ]);
  });

  it('of two claims of one value grants the first and tells the second who holds it', () => {
    const claims = ['a', 'b'].map((runId) => claim(runId, { lists: [value('person')] }));
    expect(decideClaims(rows(), { ends: [], claims })[1]).toMatchObject({
      granted: false,
      lists: [{ found: true, because: 'held', by: { leadId: 'a', isRetried: false } }],
    });
  });

  it('a claim that only checks a value holds nothing', () => {
    const claims = [claim('a', { lists: [value('person', false)] }), claim('b', { lists: [value('person')] })];
    expect(granted(decideClaims(rows(), { ends: [], claims }))).toEqual([true, true]);
  });

  it('a lead that names a cap or a value twice takes it once', () => {
    const twice = claim('a', { lists: [value('person'), value('person')], caps: [place('day', 1), place('day', 1)] });
    const claims = [twice, claim('b', { caps: [place('day', 2)] }), claim('c', { caps: [place('day', 2)] })];
    expect(granted(decideClaims(rows(), { ends: [], claims }))).toEqual([true, true, false]);
  });

  it.each([
    { name: 'that is given back is free for the group', isKept: false, free: true },
    { name: 'that is kept is not', isKept: true, free: false },
  ])('a place $name', ({ isKept, free }) => {
    const before = rows({ person: { addedAt: null, holder: 'z' } }, { day: counter(0, 1) });
    const ends = [
      end('z', {
        lists: { keys: ['person'], isKept },
        caps: [{ key: 'day', generation: 0, held: 1, used: Number(isKept) }],
      }),
    ];
    const byValue = decideClaims(before, { ends, claims: [claim('a', { lists: [value('person')] })] });
    const byCap = decideClaims(before, { ends, claims: [claim('a', { caps: [place('day', 1)] })] });
    expect([granted(byValue), granted(byCap)]).toEqual([[free], [free]]);
  });

  it('an end changes neither a value that another lead holds nor a counter of another generation', () => {
    const before = rows({ person: { addedAt: null, holder: 'y' } }, { day: counter(0, 1, 2) });
    const gone = end('z', {
      lists: { keys: ['person'], isKept: false },
      caps: [{ key: 'day', generation: 1, held: 1, used: 0 }],
    });
    const claims = [claim('a', { lists: [value('person')] }), claim('b', { caps: [place('day', 1, 2)] })];
    expect(granted(decideClaims(before, { ends: [gone], claims }))).toEqual([false, false]);
  });

  const money = (key: string, dollars: number) => ({
    key,
    maximum: 100_000,
    generation: 0,
    amount: nearestMoney(dollars),
  });
  it.each<{ name: string; used?: number; ask: number[]; ends?: EndInGroup[]; granted: boolean[] }>([
    { name: 'takes what fits, in the order of arrival', ask: [6, 5, 4, 0.01], granted: [true, false, true, false] },
    { name: 'to the last ten-thousandth', used: 9.9999, ask: [0.0002, 0.0001, 0.0001], granted: [false, true, false] },
    {
      name: 'is free for what an end held and did not use',
      ask: [3, 3],
      ends: [end('z', { caps: [{ key: 'budget', generation: 0, held: 80_000, used: 50_000 }] })],
      granted: [true, false],
    },
    {
      name: 'is free for all that a delivery held that was not sold',
      ask: [6, 4],
      ends: [end('z', { caps: [{ key: 'budget', generation: 0, held: 80_000, used: 0 }] })],
      granted: [true, true],
    },
  ])('of 10 dollars a cap $name', ({ used = 0, ask, ends = [], granted: wanted }) => {
    const before = rows({}, { budget: counter(used * 10_000, ends.length * 80_000) });
    const claims = ask.map((dollars, index) => claim(`${index}`, { caps: [money('budget', dollars)] }));
    expect(granted(decideClaims(before, { ends, claims }))).toEqual(wanted);
  });

  it('a lead that its budget has no room for takes no place of a volume cap either, and the other way round', () => {
    const claims = [
      claim('a', { caps: [place('day', 1), money('budget', 11)] }),
      claim('b', { caps: [place('none', 0), money('budget', 10)] }),
      claim('c', { caps: [place('day', 1), money('budget', 10)] }),
    ];
    expect(granted(decideClaims(rows(), { ends: [], claims }))).toEqual([false, false, true]);
  });

  const key = fc.constantFrom<string>('a', 'b', 'c');
  const amount = fc.constantFrom(undefined, 1 as Money, 2 as Money, 3 as Money);
  const claims = fc.array(
    fc.record({
      runId: fc.constantFrom('1', '2', '3', '4', '5', '6'),
      lists: fc.array(fc.record({ key, cutoff: fc.constantFrom(null, 5), hold: fc.boolean() }), { maxLength: 2 }),
      caps: fc.uniqueArray(fc.record({ key, maximum: fc.nat(4), generation: fc.nat(2), amount }), {
        maxLength: 3,
        selector: (each) => each.key,
      }),
    }),
    { maxLength: 10 },
  );
  const ownMaximum = fc.constantFrom(null, 0, 2, 6, 9);
  const counters = fc.dictionary(
    key,
    fc.record({ count: fc.nat(3), held: fc.nat(3), generation: fc.nat(2), ownMaximum }),
  );

  it('never lets count + held pass a maximum, and never gives one value to two leads', () => {
    fc.assert(
      fc.property(claims, counters, (all, before) => {
        const verdicts = decideClaims(rows({}, before), { ends: [], claims: all });
        const held = new Map<string, string>();
        const taken = new Map(Object.entries(before).map(([name, each]) => [name, { ...each }]));
        all.forEach((each, index) => {
          const verdict = verdicts[index];
          if (!verdict?.granted) return;
          for (const { key: name, hold } of each.lists) {
            expect(held.get(name) ?? each.runId).toBe(each.runId);
            if (hold) held.set(name, each.runId);
          }
          each.caps.forEach(({ key: name, maximum, generation, amount: taking = 1 }) => {
            const known = taken.get(name);
            const none = { count: 0, held: 0, generation, ownMaximum: null };
            const now = known && known.generation >= generation ? known : none;
            now.held += taking;
            taken.set(name, now);
            expect(now.count + now.held).toBeLessThanOrEqual(now.ownMaximum ?? maximum);
          });
        });
      }),
      { numRuns: 300 },
    );
  });
});
