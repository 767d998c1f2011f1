import { expect, it } from 'vitest';
import { formatMinute, formatWindow } from './format-window.ts';

it.each([
  ['a day', '2026-11-28T06:00:00Z', '2026-11-29T06:00:00Z', 'Nov 28, 00:00 – Nov 29, 00:00 CST'],
  ['two hours', '2026-11-28T14:00:00Z', '2026-11-28T16:00:00Z', 'Nov 28, 08:00 – 10:00 CST'],
  [
    'a day on which clocks change',
    '2026-11-01T05:00:00Z',
    '2026-11-02T06:00:00Z',
    'Nov 1, 00:00 CDT – Nov 2, 00:00 CST',
  ],
])('a window of %s is printed with its zone', (_, from, to, text) => {
  expect(formatWindow(new Date(from), new Date(to), 'America/Chicago')).toBe(text);
  expect(text).toContain(formatMinute(new Date(to), 'America/Chicago').split(', ')[1]);
});
