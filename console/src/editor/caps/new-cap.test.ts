import { expect, it } from 'vitest';
import type { Cap } from '../../../../src/model/cap.ts';
import { copyCap, makeCap, makeCapId, type RandomBytes } from './new-cap.ts';

const counting = (): RandomBytes => {
  let next = 0;
  return (count) => Uint8Array.from({ length: count }, () => next++);
};

it('gives a cap that is made an id from the start', () => {
  expect(makeCapId(counting())).toBe('000102030405060708090a0b');
  expect(makeCap(counting()).id).toMatch(/^[0-9a-f]{24}$/);
});

it('copies a cap as a new one, with the caps in it', () => {
  const cap: Cap & { unknown: number } = {
    ...{ id: 'a'.repeat(24), type: 'volume', name: 'Texas', maximum: 5, duration: 1, duration_units: 'day' },
    ...{ created_at: '2026-01-01T00:00:00Z', unknown: 7 },
    caps: [{ id: 'b'.repeat(24), type: 'volume', name: 'Dallas', maximum: 2, duration: 1, duration_units: 'day' }],
  };
  const copied = copyCap(cap, counting());
  expect(copied).toMatchObject({ name: 'Texas (copy)', maximum: 5, unknown: 7, caps: [{ name: 'Dallas' }] });
  expect(copied).not.toHaveProperty('created_at');
  const ids = [cap.id, cap.caps?.[0]?.id, copied.id, copied.caps?.[0]?.id];
  expect(new Set(ids).size).toBe(4);
});
