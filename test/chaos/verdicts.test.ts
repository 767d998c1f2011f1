import { describe, expect, it } from 'vitest';
import type { Books, Delivery, StoredEvent } from './books.ts';
import { judge } from './verdicts.ts';

const source = (leadId: string): StoredEvent => ({
  leadId,
  type: 'source',
  outcome: 'success',
  stepId: null,
  isUnknown: false,
});
const delivery = (leadId: string, outcome = 'success'): StoredEvent => ({
  leadId,
  type: 'recipient',
  outcome,
  stepId: 's',
  isUnknown: outcome === 'error',
});

const sent = (leadId: string): Delivery => ({ leadId, stepId: 's', phone: `phone-of-${leadId}` });

/** Two leads, one acknowledged, the other interrupted while its delivery was under way; a cap with both places used. */
function goodBooks(): Books {
  return {
    flows: [{ id: 'f', path: '/', limits: [{ capId: 'c', maximum: 2, stepId: null, countedStepIds: ['s'] }] }],
    acknowledged: new Map([['a', 'success']]),
    leads: new Map([
      ['a', { outcome: 'success', flowId: 'f' }],
      ['b', { outcome: 'error', flowId: 'f' }],
    ]),
    events: [delivery('a'), source('a'), delivery('b', 'error'), source('b')],
    deliveries: [sent('a'), sent('b')],
    windows: [{ capId: 'c', count: 2, held: 0 }],
    runs: [],
    listHolds: [],
  };
}

const CASES: { name: string; change: Partial<Books>; broken: string[] }[] = [
  { name: 'nothing is wrong', change: {}, broken: [] },
  {
    name: 'a lead was acknowledged and is not there',
    change: { acknowledged: new Map([['z', 'success']]) },
    broken: ['acknowledged leads missing'],
  },
  {
    name: 'a sender was told another outcome',
    change: { acknowledged: new Map([['b', 'success']]) },
    broken: ['acknowledged with another outcome than stored'],
  },
  {
    name: 'a recipient got one lead twice',
    change: { deliveries: [...goodBooks().deliveries, sent('a')] },
    broken: ['deliveries made twice'],
  },
  {
    name: 'a person was sold a second time as another lead',
    change: { deliveries: [sent('a'), { ...sent('b'), phone: sent('a').phone }] },
    broken: ['people delivered for two leads, whose sender tried again'],
  },
  {
    name: 'a recipient got a lead the store did not send',
    change: { events: [source('a'), delivery('b', 'error'), source('b')] },
    broken: ['deliveries the store knows nothing of'],
  },
  {
    name: 'a counter passes its maximum',
    change: { windows: [{ capId: 'c', count: 2, held: 1 }] },
    broken: ['caps overshot by their counters', 'holds left over'],
  },
  {
    name: 'a recipient got more leads than the cap lets through',
    change: { deliveries: [...goodBooks().deliveries, sent('y')] },
    broken: ['deliveries the store knows nothing of', 'caps overshot by deliveries at the recipient'],
  },
  {
    name: 'a place was lost',
    change: { windows: [{ capId: 'c', count: 1, held: 0 }] },
    broken: ['places that counters and leads disagree about'],
  },
  {
    name: 'a lead has no source event',
    change: { events: [delivery('a'), source('a'), delivery('b', 'error')] },
    broken: ['leads without exactly one source event'],
  },
  {
    name: 'a lead has two source events',
    change: { events: [...goodBooks().events, source('a')] },
    broken: ['leads without exactly one source event'],
  },
  {
    name: 'an event has no lead',
    change: { events: [...goodBooks().events, source('x')] },
    broken: ['events without a lead'],
  },
  { name: 'a run is left', change: { runs: ['a'] }, broken: ['holds left over'] },
  { name: 'a list value is held', change: { listHolds: ['a'] }, broken: ['holds left over'] },
];

describe('the verdicts notice', () => {
  it.each(CASES)('when $name', ({ change, broken }) => {
    const verdicts = judge({ ...goodBooks(), ...change });
    expect(verdicts.filter((verdict) => verdict.broken > 0).map(({ name }) => name)).toEqual(broken);
  });
});
