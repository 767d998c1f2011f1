import { expect, it } from 'vitest';
import { createIds } from '../lib/ids.ts';
import { compileEventFilter, QUESTION_RULES_MAX } from './compile-event-filter.ts';

const CTX = { now: 0, timeZone: 'UTC', random: () => 0 };
const EVENT = {
  id: createIds({ now: () => 0, random: () => 0 }).next(),
  outcome: 'success',
  vars: {
    lead: {
      email: { normal: 'a@example.com', raw: 'A@example.com', domain: 'example.com', valid: true },
      age: { normal: null, raw: 'old', valid: false },
      amount: { normal: 100_000, raw: '100,000', valid: true },
      mortgage: { property: { state: { normal: 'TX', raw: 'Texas', name: 'Texas', valid: true } } },
      odd: { normal: 'x', length: 3, toString: 'y', ['__proto__']: 1 },
    },
    buyer: { outcome: 'skip' },
  },
};

it.each([
  ['outcome', 'is equal to', 'SUCCESS', true],
  ['vars.lead.email', 'is equal to', 'a@example.com', true],
  ['vars.lead.email.domain', 'is equal to', 'example.com', true],
  ['vars.lead.email.normal', 'is equal to', 'a@example.com', true],
  ['vars.lead.email', 'format is valid', undefined, true],
  ['vars.lead.age', 'format is valid', undefined, false],
  ['vars.lead.age', 'is equal to', 'old', true],
  ['vars.lead.amount', 'is greater than', '99999', true],
  ['vars.lead.mortgage.property.state', 'is equal to', 'tx', true],
  ['vars.lead.mortgage.property.state.raw', 'is equal to', 'texas', true],
  ['vars.lead.odd', 'is equal to', 'x', true],
  ['vars.buyer.outcome', 'is equal to', 'skip', true],
  ['vars.lead.constructor', 'is blank', undefined, true],
  ['{{vars.lead.email}} {{outcome}}', 'is equal to', 'a@example.com success', true],
])('%s %s %s: %s', (lhv, op, rhv, isWanted) => {
  const filter = compileEventFilter([{ lhv, op, rhv }]);
  expect(filter).toMatchObject({ ok: true });
  if (filter.ok) expect(filter.value(EVENT, CTX)).toBe(isWanted);
});

it('all rules must hold, and there are not too many', () => {
  const rule = { lhv: 'outcome', op: 'is equal to', rhv: 'success' };
  const both = compileEventFilter([rule, { ...rule, rhv: 'failure' }]);
  expect(both.ok && both.value(EVENT, CTX)).toBe(false);
  expect(compileEventFilter(Array.from({ length: QUESTION_RULES_MAX + 1 }, () => rule))).toMatchObject({
    ok: false,
    error: [{ path: 'rules' }],
  });
});
