import { describe, expect, it } from 'vitest';
import { createIds, instantOfId, isId } from './ids.ts';

const NOON = Date.UTC(2026, 10, 27, 12);

/** Ids of a clock that the test moves; `random` gives the listed numbers, then 0. */
function openIds(numbers: number[] = []) {
  const clock = { now: NOON };
  const ids = createIds({ now: () => clock.now, random: () => numbers.shift() ?? 0 });
  return { clock, ids };
}

describe('the ids of events', () => {
  it('are the second, the place in it, and 40 bits of chance', () => {
    const { clock, ids } = openIds([0, 0, 0, 0, 0.5, 1 - 2 ** -40]);
    clock.now = NOON + 999;
    expect([ids.event(), ids.event()]).toEqual(['6a681fc0f9c0008000000000', '6a681fc0f9c001ffffffffff'].map(ofNoon));
  });

  it('ascend within a millisecond, a second and beyond, also when the clock goes back', () => {
    const { clock, ids } = openIds();
    const given: string[] = [];
    for (const passed of [0, 0, 1, 1, 0, 999, 998, 1_000, 400, 1_000, 5_000]) {
      clock.now = NOON + passed;
      given.push(ids.event());
    }
    expect(given).toEqual([...new Set(given)].sort());
    expect(given.every(isId)).toBe(true);
  });

  it('go on in the next second when all places of one are given', () => {
    const { clock, ids } = openIds();
    clock.now = NOON + 999;
    let last = ids.event();
    for (let count = 1; count < 0x100_0000 - 999 * 0x4000 + 1; count += 1) {
      const next = ids.event();
      if (next <= last) throw new Error(`${next} after ${last}`);
      last = next;
    }
    expect(instantOfId(last)).toBe(NOON + 1_000);
  });

  it('are of no earlier second than the lead before them', () => {
    const { clock, ids } = openIds();
    clock.now = NOON + 2_000;
    const leadId = ids.next();
    clock.now = NOON;
    expect(ids.event().slice(0, 8)).toBe(leadId.slice(0, 8));
  });

  it('share nothing with the id of the lead but the second', () => {
    let state = 1;
    const random = () => {
      state = (state * 48_271) % 2_147_483_647;
      return state / 2_147_483_647;
    };
    const ids = createIds({ now: () => NOON, random });
    const chances = Array.from({ length: 1_000 }, () => ids.event().slice(14));
    expect(new Set(chances).size).toBe(1_000);
    // Each of the 40 bits is set about as often as not.
    for (let bit = 0; bit < 40; bit += 1) {
      const set = chances.filter((chance) => (BigInt(`0x${chance}`) >> BigInt(bit)) & 1n).length;
      expect(set).toBeGreaterThan(400);
      expect(set).toBeLessThan(600);
    }
    expect(chances).not.toContain(ids.next().slice(14));
  });
});

function ofNoon(id: string): string {
  return Math.floor(NOON / 1000).toString(16) + id.slice(8);
}
