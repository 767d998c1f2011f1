import { describe, expect, it } from 'vitest';
import { judgeListValue, type ListRow, type ListVerdict } from './judge-list-value.ts';

const heldBy = (leadId: string, isRetried = false): ListVerdict => ({
  found: true,
  because: 'held',
  addedAt: null,
  by: { leadId, isRetried },
});
const added = (addedAt: number): ListVerdict => ({ found: true, because: 'added', addedAt });
const FREE: ListVerdict = { found: false };

describe('judgeListValue', () => {
  const cases: { name: string; row: ListRow | undefined; cutoff?: number; verdict: ListVerdict }[] = [
    { name: 'a value without a row is free', row: undefined, verdict: FREE },
    {
      name: 'a value on the list is found since it was added',
      row: { addedAt: 1000, holder: null },
      verdict: added(1000),
    },
    {
      name: 'an entry older than the look-back does not count',
      row: { addedAt: 1000, holder: null },
      cutoff: 1001,
      verdict: FREE,
    },
    {
      name: 'an entry added exactly at the cut-off counts',
      row: { addedAt: 1000, holder: null },
      cutoff: 1000,
      verdict: added(1000),
    },
    { name: 'a value that another lead holds is found', row: { addedAt: null, holder: 'z' }, verdict: heldBy('z') },
    {
      name: 'by a lead whose delivery is tried again',
      row: { addedAt: null, holder: 'z', isRetried: true },
      verdict: heldBy('z', true),
    },
    {
      name: 'an expired entry that another lead holds is held',
      row: { addedAt: 1000, holder: 'z' },
      cutoff: 1001,
      verdict: heldBy('z'),
    },
    { name: 'a lead is not a duplicate of itself', row: { addedAt: null, holder: 'a' }, verdict: FREE },
  ];

  it.each(cases)('$name', ({ row, cutoff = null, verdict }) => {
    expect(judgeListValue(row, { leadId: 'a', cutoff })).toEqual(verdict);
  });
});
