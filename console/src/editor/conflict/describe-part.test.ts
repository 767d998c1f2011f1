import { describe, expect, it } from 'vitest';
import { describePart } from './describe-part.ts';
import { listMergeParts } from './merge-documents.ts';

const CAP = { id: 'c1', name: 'Texas daily', type: 'volume', maximum: 50, duration: 1, duration_units: 'day' };
const FLOW = {
  name: 'Solar',
  sources: [{ id: 's1', entity: { name: 'Acme' }, caps: [CAP] }],
  steps: [
    { id: 't1', type: 'recipient', entity: { name: 'Lender' } },
    { id: 't2', type: 'filter', description: 'Sold?' },
  ],
};
const withCap = (maximum: number) => ({ ...FLOW, sources: [{ ...FLOW.sources[0], caps: [{ ...CAP, maximum }] }] });
const told = (mine: object, theirs: object) => {
  const states = { base: FLOW, mine, theirs };
  return listMergeParts(states).map((part) => describePart(part, states));
};

describe('a part of a conflict in words', () => {
  it.each([
    [
      'a cap in two ways',
      withCap(80),
      withCap(20),
      [
        {
          title: 'Source "Acme" › cap "Texas daily"',
          mine: ['Source "Acme" › cap "Texas daily" 50 → 80'],
          theirs: ['Source "Acme" › cap "Texas daily" 50 → 20'],
        },
      ],
    ],
    [
      'a step that one of them removed',
      { ...FLOW, steps: FLOW.steps.slice(1) },
      FLOW,
      [{ title: 'Step "Lender"', mine: ['Removed step "Lender"'], theirs: [] }],
    ],
    [
      'a field of each',
      { ...FLOW, fields: ['email'] },
      { ...FLOW, fields: ['state'] },
      [
        { title: 'Field email', mine: ['Fields › no. 1: added email'], theirs: [] },
        { title: 'Field state', mine: [], theirs: ['Fields › no. 1: added state'] },
      ],
    ],
    [
      'an order and a name',
      { ...FLOW, steps: FLOW.steps.toReversed() },
      { ...FLOW, name: 'Roofs' },
      [
        { title: 'Name', mine: [], theirs: ['Name: Solar → Roofs'] },
        { title: 'Order of steps', mine: ['Moved filter "Sold?" from place 2 to 1'], theirs: [] },
      ],
    ],
  ])('%s', (_name, mine, theirs, expected) => expect(told(mine, theirs)).toEqual(expected));
});
