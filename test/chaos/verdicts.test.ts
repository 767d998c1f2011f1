import { describe, expect, it } from 'vitest';
import type { Books, Delivery, StoredEvent, StoredRetry, StoredUnknown } from './books.ts';
import { judge } from './verdicts.ts';

const event = (leadId: string, parts: Partial<StoredEvent>): StoredEvent => ({
  id: `${parts.type} of ${leadId}`,
  leadId,
  type: 'recipient',
  outcome: 'success',
  stepId: null,
  isUnknown: false,
  retryId: null,
  attempt: null,
  ...parts,
});
const source = (leadId: string): StoredEvent => event(leadId, { type: 'source' });
const delivery = (leadId: string, parts: Partial<StoredEvent> = {}): StoredEvent =>
  event(leadId, { type: 'recipient', stepId: 's', ...parts });
const lost = (leadId: string): StoredEvent => delivery(leadId, { outcome: 'error', isUnknown: true });
const failed = (leadId: string): StoredEvent => delivery(leadId, { stepId: 'r', outcome: 'error' });
const attempt = (leadId: string, parts: Partial<StoredEvent> = {}): StoredEvent =>
  event(leadId, { type: 'retry', stepId: 'r', retryId: 'again', attempt: 1, ...parts });

const sent = (leadId: string, parts: Partial<Delivery> = {}): Delivery => ({
  leadId,
  stepId: 's',
  phone: `phone-of-${leadId}`,
  isBought: true,
  key: null,
  ...parts,
});
const again: StoredRetry = { id: 'again', eventId: 'recipient of r', status: 'succeeded', attempts: 1 };
const asked: StoredUnknown = { eventId: 'recipient of b', leadId: 'b', stepId: 's', resolution: null };

/**
 * Three leads: one acknowledged, one interrupted while its delivery was under way, and one whose delivery failed and
 * came through at the second attempt; caps with all places used.
 */
function goodBooks(): Books {
  return {
    flows: [
      {
        kind: 'flaky',
        id: 'f',
        path: '/',
        limits: [
          { capId: 'c', maximum: 3, stepId: null, countedStepIds: ['s', 'r'] },
          { capId: 'd', maximum: 1, stepId: 'r', countedStepIds: ['r'] },
        ],
        retried: [{ stepId: 'r', isKeyed: false }],
      },
    ],
    acknowledged: new Map([['a', 'success']]),
    leads: new Map([
      ['a', { outcome: 'success', flowId: 'f' }],
      ['b', { outcome: 'error', flowId: 'f' }],
      ['r', { outcome: 'success', flowId: 'f' }],
    ]),
    events: [delivery('a'), source('a'), lost('b'), source('b'), failed('r'), source('r'), attempt('r')],
    deliveries: [sent('a'), sent('b'), sent('r', { stepId: 'r', isBought: false }), sent('r', { stepId: 'r' })],
    windows: [
      { capId: 'c', count: 3, held: 0 },
      { capId: 'd', count: 1, held: 0 },
    ],
    runs: [],
    listHolds: [],
    retries: [again],
    unknowns: [asked],
  };
}

/** The good books, with the events of one lead replaced. */
const withEvents = (leadId: string, events: StoredEvent[]): StoredEvent[] => [
  ...goodBooks().events.filter((each) => each.leadId !== leadId),
  ...events,
];
const withCount = (capId: string, count: number, held = 0): Books['windows'] =>
  goodBooks().windows.map((window) => (window.capId === capId ? { capId, count, held } : window));

const CASES: { name: string; change: Partial<Books>; broken: string[] }[] = [
  { name: 'nothing is wrong', change: {}, broken: [] },
  {
    name: 'a lead was acknowledged and is not there',
    change: { acknowledged: new Map([['z', 'success']]) },
    broken: ['acknowledged leads missing'],
  },
  {
    name: 'a sender got another outcome',
    change: { acknowledged: new Map([['b', 'success']]) },
    broken: ['acknowledged with another outcome than stored'],
  },
  {
    name: 'a recipient got one lead twice',
    change: { deliveries: [...goodBooks().deliveries, sent('a')] },
    broken: ['deliveries made twice', 'requests without an event of their own'],
  },
  {
    name: 'a person was sold a second time as another lead',
    change: { deliveries: [sent('a'), sent('b', { phone: sent('a').phone })] },
    broken: ['people delivered for two leads, whose sender tried again'],
  },
  {
    name: 'a recipient got a lead the store did not send',
    change: { events: withEvents('a', [source('a')]) },
    broken: ['deliveries the store knows nothing of', 'requests without an event of their own'],
  },
  {
    name: 'a counter passes its maximum',
    change: { windows: withCount('c', 3, 1) },
    broken: ['caps overshot by their counters', 'holds left over'],
  },
  {
    name: 'a recipient got more leads than the cap lets through',
    change: { deliveries: [...goodBooks().deliveries, sent('y')] },
    broken: [
      'deliveries the store knows nothing of',
      'requests without an event of their own',
      'caps overshot by deliveries at the recipient',
    ],
  },
  {
    name: 'a place was released that no lead held',
    change: { windows: withCount('d', 1, -2) },
    broken: ['counters below 0', 'caps of steps that count fewer leads than the recipient took', 'holds left over'],
  },
  {
    name: 'a step was sold to without its place',
    change: { windows: withCount('d', 0) },
    broken: [
      'caps of steps that count fewer leads than the recipient took',
      'places that counters and leads disagree about',
    ],
  },
  {
    name: 'a place was lost',
    change: { windows: withCount('c', 2) },
    broken: ['places that counters and leads disagree about'],
  },
  {
    name: 'a lead has no source event',
    change: { events: withEvents('b', [lost('b')]) },
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
  {
    name: 'a delivery is repeated under another key',
    change: {
      deliveries: goodBooks().deliveries.map((each, index) => ({
        ...each,
        key: each.stepId === 'r' ? `k${index}` : null,
      })),
    },
    broken: ['deliveries repeated under another key'],
  },
  {
    name: 'a delivery that may have arrived is repeated',
    change: {
      events: withEvents('r', [{ ...failed('r'), isUnknown: true }, source('r'), attempt('r')]),
      unknowns: [asked, { eventId: 'recipient of r', leadId: 'r', stepId: 'r', resolution: null }],
    },
    broken: [
      'deliveries repeated although the one before may have arrived',
      'failed deliveries that are not queued exactly once',
    ],
  },
  {
    name: 'a failed delivery is not queued',
    change: { retries: [], events: withEvents('r', [failed('r'), source('r')]), windows: withCount('d', 0) },
    broken: [
      'requests without an event of their own',
      'caps of steps that count fewer leads than the recipient took',
      'failed deliveries that are not queued exactly once',
    ],
  },
  {
    name: 'an attempt is recorded twice',
    change: { events: [...goodBooks().events, attempt('r', { outcome: 'error' })] },
    broken: ['retries whose attempts are not 1, 2, 3 …'],
  },
  {
    name: 'a retry goes on after a success',
    change: { retries: [{ ...again, status: 'waiting' }] },
    broken: ['retries that ended otherwise than their events'],
  },
  {
    name: 'a retry is left running',
    change: {
      retries: [{ ...again, status: 'running' }],
      events: withEvents('r', [failed('r'), source('r'), attempt('r', { outcome: 'error' })]),
      deliveries: goodBooks().deliveries.filter((each) => each.stepId !== 'r' || !each.isBought),
      windows: withCount('d', 0),
    },
    broken: ['retries that run in no process'],
  },
  {
    name: 'a delivery that may have arrived is not listed for resolving',
    change: { unknowns: [] },
    broken: ['deliveries that may have arrived and are not listed for resolving, or twice'],
  },
  {
    name: 'nothing is wrong: what did not arrive waits to be tried again, so its lead keeps its place',
    change: {
      deliveries: goodBooks().deliveries.filter(({ leadId }) => leadId !== 'b'),
      events: withEvents('b', [lost('b'), { ...failed('b'), id: 'failed of b' }, source('b')]),
      unknowns: [{ ...asked, resolution: 'not_delivered' }],
      retries: [again, { id: 'waits', eventId: 'failed of b', status: 'waiting', attempts: 0 }],
    },
    broken: [],
  },
  {
    name: 'a lead keeps its place although nothing of it arrived and nothing is tried again',
    change: {
      deliveries: goodBooks().deliveries.filter(({ leadId }) => leadId !== 'b'),
      unknowns: [{ ...asked, resolution: 'not_delivered' }],
    },
    broken: ['places that counters and leads disagree about'],
  },
  {
    name: 'a delivery that arrived is resolved as if it had not',
    change: { unknowns: [{ ...asked, resolution: 'not_delivered' }], windows: withCount('c', 2) },
    broken: ['deliveries resolved otherwise than the recipient knows'],
  },
];

describe('the verdicts notice', () => {
  it.each(CASES)('when $name', ({ change, broken }) => {
    const verdicts = judge({ ...goodBooks(), ...change });
    expect(verdicts.filter((verdict) => verdict.broken > 0).map(({ name }) => name)).toEqual(broken);
  });
});
