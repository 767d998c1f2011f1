import { describe, expect, it } from 'vitest';
import type { RuleSet } from '../../../../src/model/rule-set.ts';
import {
  countRules,
  duplicateAt,
  insertAt,
  moveAt,
  type RulePath,
  readEntry,
  removeAt,
  setAt,
  unwrapAt,
  wrapAt,
} from './rule-tree.ts';

const rule = (lhv: string) => ({ lhv, op: 'is blank' });
const all = (...rules: RuleSet['rules']): RuleSet => ({ op: 'and', rules });
const any = (...rules: RuleSet['rules']): RuleSet => ({ op: 'or', rules });
const [a, b, c, d] = ['a', 'b', 'c', 'd'].map(rule) as [object, object, object, object];

describe('a rule set is changed without losing anything', () => {
  it('a rule goes into groups and out of them, as in an outline', () => {
    const cases: [string, RuleSet, RulePath, 'up' | 'down', RuleSet | undefined, RulePath?][] = [
      ['down, past the next rule', all(a, b), ['rules', 0], 'down', all(b, a), ['rules', 1]],
      ['up, past the one before', all(a, b), ['rules', 1], 'up', all(b, a), ['rules', 0]],
      ['up, the first of all', all(a, b), ['rules', 0], 'up', undefined],
      ['down, the last of all', all(a, b), ['rules', 1], 'down', undefined],
      ['down, into a group', all(a, any(b, c)), ['rules', 0], 'down', all(any(a, b, c)), ['rules', 0, 'rules', 0]],
      ['up, into a group', all(any(b, c), a), ['rules', 1], 'up', all(any(b, c, a)), ['rules', 0, 'rules', 2]],
      ['down, out of a group', all(any(b, c), a), ['rules', 0, 'rules', 1], 'down', all(any(b), c, a), ['rules', 1]],
      ['up, out of a group', all(a, any(b, c)), ['rules', 1, 'rules', 0], 'up', all(a, b, any(c)), ['rules', 1]],
      ['out of a group that it leaves empty', all(a, any(b)), ['rules', 1, 'rules', 0], 'up', all(a, b), ['rules', 1]],
      [
        'out of the rules of a rule, of which it is the only one',
        all({ ...a, rule_set: all(b) }, c),
        ['rules', 0, 'rule_set', 'rules', 0],
        'down',
        all(a, b, c),
        ['rules', 1],
      ],
      [
        'out of the rules of a rule, upwards',
        all({ ...a, rule_set: all(b, c) }),
        ['rules', 0, 'rule_set', 'rules', 0],
        'up',
        all(b, { ...a, rule_set: all(c) }),
        ['rules', 0],
      ],
    ];
    for (const [name, root, path, direction, next, nextPath] of cases) {
      const moved = moveAt(root, path, direction);
      expect(moved?.root, name).toEqual(next);
      expect(moved?.path, name).toEqual(nextPath);
    }
  });

  it('every way up from the last place is the way down again', () => {
    let root = all(a, any(b, all(c, b)), d);
    let path: RulePath = ['rules', 2];
    const seen = [JSON.stringify(root)];
    for (let moved = moveAt(root, path, 'up'); moved; moved = moveAt(root, path, 'up')) {
      ({ root, path } = moved);
      seen.push(JSON.stringify(root));
    }
    expect(path).toEqual(['rules', 0]);
    expect(seen.length).toBeGreaterThan(5);
    for (let moved = moveAt(root, path, 'down'); moved; moved = moveAt(root, path, 'down')) ({ root, path } = moved);
    expect(JSON.stringify(root)).toBe(seen[0]);
  });

  it('a group that loses its last rule goes, too, and the rule set itself stays', () => {
    expect(removeAt(all(a, any(all(b))), ['rules', 1, 'rules', 0, 'rules', 0])).toEqual(all(a));
    expect(removeAt(all(a), ['rules', 0])).toEqual(all());
    expect(removeAt(all({ ...a, rule_set: all(b) }), ['rules', 0, 'rule_set', 'rules', 0])).toEqual(all(a));
  });

  it('a copy has no ids, and stands behind what it is of', () => {
    const set = all({ id: 'x', ...a, rule_set: { id: 'y', ...all(b) } } as object);
    const { root, path } = duplicateAt(set, ['rules', 0]);
    expect(root.rules[0]).toBe(set.rules[0]);
    expect(root.rules[1]).toEqual({ ...a, rule_set: all(b) });
    expect(path).toEqual(['rules', 1]);
  });

  it('a group of one beside all holds any, and beside any all', () => {
    expect(wrapAt(all(a, b), ['rules', 1])).toEqual({ root: all(a, any(b)), path: ['rules', 1, 'rules', 0] });
    expect(wrapAt(any(a), ['rules', 0]).root).toEqual(any(all(a)));
    expect(unwrapAt(all(a, any(b, c), d), ['rules', 1])).toEqual(all(a, b, c, d));
  });

  it('properties that the editor does not know stay', () => {
    const set = { ...all({ ...a, note: 'mine' } as object), owner: 'Ann' };
    expect(setAt(set, ['rules', 0, 'op'], 'is not blank')).toEqual({
      ...all({ ...a, note: 'mine', op: 'is not blank' } as object),
      owner: 'Ann',
    });
    expect(insertAt(set, ['rules', 0], b)).toEqual({ ...set, rules: [b, set.rules[0]] });
  });

  it('shapes that the server cannot read are told from rules and groups', () => {
    const kinds = [
      rule('a'),
      {},
      all(a),
      { mode: 'any', rules: [] },
      { op: 'and', rules: 1 },
      [a],
      'x',
      null,
      { if: 1 },
    ];
    expect(kinds.map((value) => readEntry(value).kind)).toEqual([
      ...['rule', 'rule', 'group', 'unreadable', 'unreadable', 'unreadable', 'unreadable', 'unreadable', 'unreadable'],
    ]);
  });

  it('rules are counted, groups are not', () => {
    expect(countRules(all(a, any(b, { ...c, rule_set: all(d) })))).toBe(4);
    expect(countRules(undefined)).toBe(0);
  });
});
