import { expect, it } from 'vitest';
import { wordsOfPart } from './part-words.ts';

const DAY = [
  { start: '08:30', end: '12:00' },
  { start: '13:00', end: '17:30' },
];

it.each([
  [
    { time_zone: 'America/Chicago', days: { monday: DAY, tuesday: DAY, wednesday: DAY, thursday: [], friday: DAY } },
    'Monday to Wednesday 08:30–12:00, 13:00–17:30; Thursday closed; Friday 08:30–12:00, 13:00–17:30, America/Chicago',
  ],
  [{ days: {} }, 'no open day'],
  [DAY, '08:30–12:00, 13:00–17:30'],
  [Array(9).fill(DAY[0]), `${Array(7).fill('08:30–12:00').join(', ')} and 2 more`],
  [
    { value: '{{lead.email}}', list_name: 'Leads', lookback: { value: 30, interval: 'day' } },
    '{{lead.email}} in "Leads", 30 days back',
  ],
  [
    { values: ['{{lead.email}}', { value: '{{lead.phone_1}}', list_name: 'Phones' }], list_name: 'Leads' },
    '{{lead.email}} or {{lead.phone_1}} in "Leads"',
  ],
  [
    { dnc: { value: '{{lead.phone_1}}', list_name: 'Do not call' }, duplicate: null },
    'dnc: {{lead.phone_1}} in "Do not call"',
  ],
])('says %j in words', (part, words) => {
  expect(wordsOfPart(part)).toBe(words);
});

it.each([[{}], [[]], [{ anything: 1 }], [[{ start: 1 }]], [{ list_name: 7 }]])('has no words for %j', (value) => {
  expect(wordsOfPart(value)).toBeUndefined();
});
