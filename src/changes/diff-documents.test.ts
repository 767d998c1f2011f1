import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CHANGES_MAX, diffDocuments } from './diff-documents.ts';

const places = (before: unknown, after: unknown) =>
  diffDocuments(before, after).changes.map(({ action, path }) => `${action} ${path.join('.')}`);

describe('the difference of two documents', () => {
  it.each([
    ['a value', { a: 1 }, { a: 2 }, ['changed a']],
    ['a member that came', {}, { a: 1 }, ['added a']],
    ['a member that went', { a: 1 }, {}, ['removed a']],
    ['null for nothing', { a: null }, {}, []],
    ['null in a list, which is a member', { a: [null, 1] }, { a: [1, null] }, ['removed a.0', 'added a.1']],
    ['a list that got null', { a: [] }, { a: [null] }, ['added a.0']],
    ['a type', { a: [1] }, { a: { b: 1 } }, ['changed a']],
    [
      'texts of a list',
      { fields: ['a', 'b', 'c'] },
      { fields: ['a', 'c', 'd'] },
      ['removed fields.1', 'added fields.2'],
    ],
    [
      'members with ids, wherever they stand',
      {
        caps: [
          { id: 'x', maximum: 50 },
          { id: 'y', maximum: 1 },
        ],
      },
      {
        caps: [
          { id: 'z', maximum: 1 },
          { id: 'x', maximum: 80 },
        ],
      },
      ['removed caps.1', 'added caps.0', 'changed caps.1.maximum'],
    ],
    [
      'one that moved, not the others that gave way',
      { steps: [{ id: 'a' }, { id: 'b' }, { id: 'c' }] },
      { steps: [{ id: 'c' }, { id: 'a' }, { id: 'b' }] },
      ['moved steps.0'],
    ],
    [
      'rules without ids: the equal ones stay, the others are paired',
      {
        rules: [
          { lhv: 'state', rhv: 'TX' },
          { lhv: 'age', rhv: 18 },
        ],
      },
      { rules: [{ lhv: 'state', rhv: 'TX' }, { lhv: 'age', rhv: 21 }, { lhv: 'zip' }] },
      ['changed rules.1.rhv', 'added rules.2'],
    ],
  ])('tells %s', (_name, before, after, expected) => {
    expect(places(before, after)).toEqual(expected);
  });

  it('has the places of members in their lists', () => {
    const { changes } = diffDocuments({ list: [{ id: 'a' }, { id: 'b' }] }, { list: [{ id: 'b' }, { id: 'a' }] });
    expect(changes).toMatchObject([{ action: 'moved', previous: { index: 1 }, current: { index: 0 } }]);
  });

  it('tells of so many changes and counts the others', () => {
    const members = (value: number) =>
      Object.fromEntries(Array.from({ length: CHANGES_MAX + 7 }, (_, n) => [`m${n}`, value]));
    const { changes, more } = diffDocuments(members(1), members(2));
    expect([changes.length, more]).toEqual([CHANGES_MAX, 7]);
  });

  it('of any two documents: none exactly where they are the same', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4 }), fc.jsonValue({ maxDepth: 4 }), (before, after) => {
        expect(diffDocuments(before, before).changes).toEqual([]);
        const isSame = JSON.stringify(tidy(before)) === JSON.stringify(tidy(after));
        expect(diffDocuments(before, after).changes.length === 0).toBe(isSame);
      }),
    );
  });
});

/** Members in order, and none that is null. */
function tidy(value: unknown): unknown {
  if (Array.isArray(value)) return value.map((member) => tidy(member) ?? null);
  if (typeof value !== 'object' || value === null) return Object.is(value, -0) ? 0 : value;
  const members = Object.entries(value).filter(([, member]) => member !== null);
  return Object.fromEntries(
    members.sort(([one], [other]) => (one < other ? -1 : 1)).map(([name, member]) => [name, tidy(member)]),
  );
}
