import { describe, expect, it } from 'vitest';
import { fillIds } from './fill-ids.ts';
import { listMergeParts } from './merge-documents.ts';

const GIVEN = {
  name: 'Solar',
  sources: [{ id: 's1', entity: { id: 'e1', name: 'Acme' }, caps: [{ id: 'c1', name: 'Daily', maximum: 50 }] }],
  steps: [
    { id: 't1', type: 'filter', rule_set: { op: 'and', rules: [{ id: 'r1', lhv: 'a' }] } },
    { id: 't2', type: 'recipient', entity: { id: 'e2', name: 'Lender' } },
  ],
};
const BARE = {
  name: 'Solar',
  sources: [{ entity: { name: 'Acme' }, caps: [{ name: 'Daily', maximum: 50 }] }],
  steps: [
    { type: 'filter', rule_set: { op: 'and', rules: [{ lhv: 'a' }] } },
    { type: 'recipient', entity: { name: 'Lender' } },
  ],
};

describe('ids that the server gave', () => {
  it('are no change of the one who saved', () => {
    expect(listMergeParts({ base: BARE, mine: BARE, theirs: GIVEN })).not.toEqual([]);
    expect(listMergeParts(fillIds({ base: BARE, mine: BARE, theirs: GIVEN }))).toEqual([]);
    expect(fillIds({ base: BARE, mine: BARE, theirs: GIVEN })).toEqual({ base: GIVEN, mine: GIVEN, theirs: GIVEN });
  });

  it('leave what a person changed as the only part', () => {
    const mine = { ...BARE, sources: [{ ...BARE.sources[0], caps: [{ name: 'Daily', maximum: 60 }] }] };
    const parts = listMergeParts(fillIds({ base: BARE, mine, theirs: GIVEN }));
    expect(parts.map(({ key, suggestion }) => [key, suggestion])).toEqual([['sources.s1.caps.c1', 'mine']]);
  });

  it('are never taken from a member of another name, or from one that is there itself', () => {
    const mine = { caps: [{ id: 'c1', name: 'Daily' }, { name: 'Daily' }, { name: 'Weekly' }] };
    const theirs = {
      caps: [
        { id: 'c1', name: 'Daily' },
        { id: 'c2', name: 'Monthly' },
      ],
    };
    expect(fillIds({ base: null, mine, theirs }).mine).toEqual(mine);
    const renamed = { entity: { name: 'Zen' } };
    expect(fillIds({ base: null, mine: renamed, theirs: { entity: { id: 'e1', name: 'Acme' } } }).mine).toEqual(
      renamed,
    );
  });
});
