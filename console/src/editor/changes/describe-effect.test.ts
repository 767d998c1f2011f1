import { expect, it } from 'vitest';
import { describeEffect } from './describe-effect.ts';
import { listChangeRows } from './list-change-rows.ts';

const SOURCE = { id: 's1', entity: { id: 'e1', name: 'Ads' } };
const FLOW = { name: 'Loans', sources: [SOURCE], steps: [], fields: ['email'] };
const RULES = { op: 'and', rules: [{ lhv: 'lead.state', op: 'is equal to', rhv: 'TX' }] };
const HOURS = { time_zone: 'America/Chicago', days: { monday: [{ start: '08:00', end: '17:00' }] } };

it.each<[string, object, string]>([
  ['hours', { hours_of_operation: HOURS }, 'Leads that come outside these hours are refused.'],
  ['a price', { pricing: { prices: [{ amount: 4 }] } }, 'Leads are counted at this price from then on.'],
  ['criteria', { acceptance_criteria: { rule_set: RULES } }, 'Leads that do not meet them are refused.'],
  ['a field', { fields: ['email', 'state'] }, 'Leads keep it from then on.'],
  [
    'a source',
    { sources: [SOURCE, { id: 's2', entity: { id: 'e2', name: 'Mail' } }] },
    'It can send leads from then on. Its senders need its URL.',
  ],
  ['a name', { name: 'Credits' }, 'A name alone: leads go as before.'],
  [
    'a length of time',
    { timeout_seconds: 9 },
    'Not simulated by itself: the last leads are replayed with all changes together.',
  ],
])('says what %s does to leads, or why it does not', (_, changed, said) => {
  const { rows } = listChangeRows(FLOW, { ...FLOW, ...changed });
  expect(rows.map((row) => describeEffect(row))).toEqual([{ level: 'note', text: said }]);
});
