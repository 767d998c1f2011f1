import { expect, it } from 'vitest';
import { withMember, withMoved, withProperty } from './with-property.ts';

it('keeps what it does not know, and takes a property out', () => {
  const owner: { name?: string; unknown: number } = { unknown: 7 };
  expect(withProperty(owner, 'name', 'x')).toEqual({ unknown: 7, name: 'x' });
  expect(withProperty({ ...owner, name: 'x' }, 'name', undefined)).toEqual({ unknown: 7 });
  expect(withProperty({ ...owner, name: 'x' }, 'name', undefined)).not.toHaveProperty('name');
});

it('replaces, removes and moves members', () => {
  expect(withMember(['a', 'b'], 1, 'c')).toEqual(['a', 'c']);
  expect(withMember(['a', 'b'], 0, undefined)).toEqual(['b']);
  expect([withMoved(['a', 'b', 'c'], 2, 0), withMoved(['a', 'b'], 0, 2), withMoved(['a', 'b'], 0, -1)]).toEqual([
    ['c', 'a', 'b'],
    ['a', 'b'],
    ['a', 'b'],
  ]);
});
