import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addChanges, type Credits, chargeTurn, chooseNext, type Sharer, TURN } from './share-turns.ts';

/** Of rounding: each choice is off by at most a part of a turn a candidate. */
const ROUNDING = 0.001;

const weights = fc.array(fc.integer({ min: 1, max: 1_000 }), { minLength: 1, maxLength: 12 });

function nameAll(given: readonly number[]): Sharer[] {
  return given.map((weight, index) => ({ id: `c${index}`, weight }));
}

function choose(credits: Credits, sharers: readonly Sharer[]): { chosen: string; credits: Credits } {
  const choice = chooseNext(credits, sharers);
  if (!choice) throw new Error('there are sharers');
  return { chosen: choice.chosen, credits: addChanges(credits, choice.changes) };
}

function sumOf(credits: Credits): number {
  return Object.values(credits).reduce((sum, credit) => sum + credit, 0);
}

describe('turns', () => {
  it('no candidate is ever a whole turn off its share while the candidates stay the same', () => {
    fc.assert(
      fc.property(weights, fc.integer({ min: 1, max: 400 }), (given, turns) => {
        const sharers = nameAll(given);
        const total = given.reduce((sum, weight) => sum + weight, 0);
        const counts = new Map<string, number>();
        let credits: Credits = {};
        for (let turn = 1; turn <= turns; turn += 1) {
          const next = choose(credits, sharers);
          credits = next.credits;
          counts.set(next.chosen, (counts.get(next.chosen) ?? 0) + 1);
          for (const { id, weight } of sharers) {
            const off = (counts.get(id) ?? 0) - (turn * weight) / total;
            expect(Math.abs(off)).toBeLessThan(1 + ROUNDING);
          }
        }
        expect(sumOf(credits)).toBe(0);
      }),
    );
  });

  it('equal candidates take turns in the order given, whatever the number', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 20 }), (count) => {
        const sharers = nameAll(Array.from({ length: count }, () => 1));
        let credits: Credits = {};
        for (let turn = 0; turn < 3 * count; turn += 1) {
          const next = choose(credits, sharers);
          credits = next.credits;
          expect(next.chosen).toBe(`c${turn % count}`);
        }
      }),
    );
  });

  it('a sale without a choice is charged like one: the shares of all sales stay exact', () => {
    fc.assert(
      fc.property(weights, fc.array(fc.nat({ max: 11 }), { maxLength: 40 }), (given, late) => {
        const sharers = nameAll(given);
        const total = given.reduce((sum, weight) => sum + weight, 0);
        const counts = new Map<string, number>();
        let credits: Credits = {};
        const sell = (id: string) => counts.set(id, (counts.get(id) ?? 0) + 1);
        for (const index of late) {
          const id = `c${index % given.length}`;
          credits = addChanges(credits, chargeTurn(sharers, id)?.changes ?? {});
          sell(id);
        }
        // Choices make up for what late sales have put out of order.
        const turns = (late.length + 1) * total;
        for (let turn = late.length; turn < Math.min(turns, 3_000); turn += 1) {
          const next = choose(credits, sharers);
          credits = next.credits;
          sell(next.chosen);
        }
        expect(sumOf(credits)).toBe(0);
        const sold = [...counts.values()].reduce((sum, count) => sum + count, 0);
        for (const { id, weight } of sharers)
          expect((credits[id] ?? 0) / TURN).toBeCloseTo((sold * weight) / total - (counts.get(id) ?? 0), 3);
      }),
      { numRuns: 30 },
    );
  });

  it('a late sale without sharers charges nothing, and one of a recipient that shares no more is charged', () => {
    expect(chargeTurn([], 'c0')).toBeNull();
    expect(chargeTurn(nameAll([1, 3]), 'c9')?.changes).toEqual({ c0: TURN / 4, c1: (3 * TURN) / 4, c9: -TURN });
  });

  it('a candidate that is away keeps its credit, and no credit grows without bound', () => {
    const comings = fc.array(fc.array(fc.nat({ max: 11 }), { minLength: 1, maxLength: 12 }), { maxLength: 300 });
    fc.assert(
      fc.property(weights, comings, (given, there) => {
        const sharers = nameAll(given);
        let credits: Credits = {};
        for (const places of there) {
          const present = sharers.filter((_, index) => places.includes(index));
          if (present.length === 0) continue;
          const before = credits;
          const next = choose(credits, present);
          expect(present.map(({ id }) => id)).toContain(next.chosen);
          credits = next.credits;
          for (const sharer of sharers) {
            if (!present.includes(sharer)) expect(credits[sharer.id]).toBe(before[sharer.id]);
            expect(Math.abs(credits[sharer.id] ?? 0) / TURN).toBeLessThanOrEqual(sharers.length);
          }
          expect(sumOf(credits)).toBe(0);
        }
      }),
    );
  });

  it('a pause is followed by no burst: at most a turn more than the share, in any stretch behind it', () => {
    fc.assert(
      fc.property(weights, fc.nat({ max: 200 }), fc.integer({ min: 1, max: 200 }), (given, before, after) => {
        const sharers = nameAll([...given, 7]);
        const paused = sharers.at(-1);
        const others = sharers.slice(0, -1);
        let credits: Credits = {};
        for (let turn = 0; turn < before; turn += 1) credits = choose(credits, sharers).credits;
        for (let turn = 0; turn < 500; turn += 1) credits = choose(credits, others).credits;
        const total = sharers.reduce((sum, { weight }) => sum + weight, 0);
        let count = 0;
        for (let turn = 1; turn <= after; turn += 1) {
          const next = choose(credits, sharers);
          credits = next.credits;
          count += Number(next.chosen === paused?.id);
          expect(count - (turn * 7) / total).toBeLessThan(2);
        }
      }),
    );
  });

  it('a choice that does not count leaves nothing', () => {
    fc.assert(
      fc.property(weights, fc.nat({ max: 50 }), (given, turns) => {
        const sharers = nameAll(given);
        let credits: Credits = {};
        for (let turn = 0; turn < turns; turn += 1) credits = choose(credits, sharers).credits;
        const choice = chooseNext(credits, sharers);
        const undone = addChanges(addChanges(credits, choice?.changes ?? {}), choice?.changes ?? {}, -1);
        for (const { id } of sharers) expect(undone[id] ?? 0).toBe(credits[id] ?? 0);
      }),
    );
  });

  it('a weight of 0 gets nothing while another one has a weight', () => {
    const sharers = [
      { id: 'none', weight: 0 },
      { id: 'some', weight: 1 },
    ];
    expect(chooseNext({}, sharers)).toEqual({ chosen: 'some', changes: { some: 0 } });
    expect(chooseNext({}, [{ id: 'none', weight: 0 }])?.chosen).toBe('none');
    expect(chooseNext({}, [])).toBeNull();
  });
});
