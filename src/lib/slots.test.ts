import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createSlots } from './slots.ts';

describe('slots', () => {
  it('have the members that entered and did not leave, whatever the order', () => {
    fc.assert(
      fc.property(fc.array(fc.option(fc.nat(20), { nil: null })), (steps) => {
        const slots = createSlots<{ name: number }>();
        const inside: { slot: number; member: { name: number } }[] = [];
        let next = 0;
        for (const step of steps) {
          if (step === null || inside.length === 0) {
            const member = { name: next++ };
            inside.push({ slot: slots.enter(member), member });
          } else {
            const [left] = inside.splice(step % inside.length, 1);
            if (left) slots.leave(left.slot, left.member);
          }
          expect(slots.count()).toBe(inside.length);
          expect(new Set(slots.list())).toEqual(new Set(inside.map(({ member }) => member)));
        }
      }),
    );
  });

  it('take no more room than members at once', () => {
    const slots = createSlots<object>();
    const taken = new Set<number>();
    for (let times = 0; times < 1_000; times += 1) {
      const members = [{}, {}];
      const entered = members.map((member) => slots.enter(member));
      for (const [index, slot] of entered.entries()) {
        taken.add(slot);
        slots.leave(slot, members[index] ?? {});
      }
    }
    expect(taken.size).toBe(2);
    expect(slots.count()).toBe(0);
  });

  it('stay with the member that has them now when one leaves twice', () => {
    const slots = createSlots<object>();
    const [first, second] = [{}, {}];
    const slot = slots.enter(first);
    slots.leave(slot, first);
    expect(slots.enter(second)).toBe(slot);
    slots.leave(slot, first);
    expect(slots.list()).toEqual([second]);
  });
});
