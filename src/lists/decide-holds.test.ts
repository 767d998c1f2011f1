import { describe, expect, it } from 'vitest';
import { decideHolds, type HoldRequest, type HoldVerdict, type ListRow } from './decide-holds.ts';

const check = (leadId: string, key: string, options: Partial<HoldRequest> = {}): HoldRequest => ({
  leadId,
  key,
  cutoff: null,
  hold: true,
  ...options,
});

const UNIQUE: HoldVerdict = { kind: 'unique' };
const heldBy = (leadId: string): HoldVerdict => ({
  kind: 'duplicate',
  because: 'held',
  by: { leadId, isRetried: false },
});
const added = (since: number): HoldVerdict => ({ kind: 'duplicate', because: 'added', since });

describe('decideHolds', () => {
  const cases: {
    name: string;
    requests: HoldRequest[];
    rows: Record<string, ListRow>;
    verdicts: HoldVerdict[];
    written: Record<string, ListRow>;
  }[] = [
    {
      name: 'a new value is unique and held for its lead',
      requests: [check('a', 'k')],
      rows: {},
      verdicts: [UNIQUE],
      written: { k: { addedAt: null, holder: 'a' } },
    },
    {
      name: 'of two simultaneous leads only the first is unique',
      requests: [check('a', 'k'), check('b', 'k')],
      rows: {},
      verdicts: [UNIQUE, heldBy('a')],
      written: { k: { addedAt: null, holder: 'a' } },
    },
    {
      name: 'a value on the list is a duplicate since it was added',
      requests: [check('a', 'k')],
      rows: { k: { addedAt: 1000, holder: null } },
      verdicts: [added(1000)],
      written: {},
    },
    {
      name: 'an entry older than the look-back does not count and is held anew',
      requests: [check('a', 'k', { cutoff: 1001 })],
      rows: { k: { addedAt: 1000, holder: null } },
      verdicts: [UNIQUE],
      written: { k: { addedAt: 1000, holder: 'a' } },
    },
    {
      name: 'an entry added exactly at the cut-off counts',
      requests: [check('a', 'k', { cutoff: 1000 })],
      rows: { k: { addedAt: 1000, holder: null } },
      verdicts: [added(1000)],
      written: {},
    },
    {
      name: 'an expired entry held by another lead is held',
      requests: [check('a', 'k', { cutoff: 1001 })],
      rows: { k: { addedAt: 1000, holder: 'z' } },
      verdicts: [heldBy('z')],
      written: {},
    },
    {
      name: 'a lead is not a duplicate of itself',
      requests: [check('a', 'k'), check('a', 'k')],
      rows: {},
      verdicts: [UNIQUE, UNIQUE],
      written: { k: { addedAt: null, holder: 'a' } },
    },
    {
      name: 'who only looks holds nothing',
      requests: [check('a', 'k', { hold: false }), check('b', 'k')],
      rows: {},
      verdicts: [UNIQUE, UNIQUE],
      written: { k: { addedAt: null, holder: 'b' } },
    },
    {
      name: 'who only looks still sees what is held',
      requests: [check('b', 'k', { hold: false })],
      rows: { k: { addedAt: null, holder: 'a' } },
      verdicts: [heldBy('a')],
      written: {},
    },
    {
      name: 'different values do not meet',
      requests: [check('a', 'constructor'), check('b', '__proto__')],
      rows: {},
      verdicts: [UNIQUE, UNIQUE],
      written: { constructor: { addedAt: null, holder: 'a' }, ['__proto__']: { addedAt: null, holder: 'b' } },
    },
  ];

  it.each(cases)('$name', ({ requests, rows, verdicts, written }) => {
    const decision = decideHolds(requests, new Map(Object.entries(rows)));
    expect(decision.verdicts).toEqual(verdicts);
    expect([...decision.rows].sort()).toEqual(Object.entries(written).sort());
  });
});
