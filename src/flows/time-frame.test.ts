import { describe, expect, it } from 'vitest';
import { parseTimeFrame } from './time-frame.ts';

/** Wednesday, 12 March 2025, 10:30:15 in Chicago, three days after the clocks went forward. */
const NOW = Date.UTC(2025, 2, 12, 15, 30, 15);

describe('timeFrameOf', () => {
  it.each([
    ['today', '2025-03-12T05:00:00Z', '2025-03-12T15:30:15.001Z'],
    ['yesterday', '2025-03-11T05:00:00Z', '2025-03-12T05:00:00Z'],
    ['this_1_day', '2025-03-12T05:00:00Z', '2025-03-12T15:30:15.001Z'],
    ['this_14_days', '2025-02-27T06:00:00Z', '2025-03-12T15:30:15.001Z'],
    ['previous_30_days', '2025-02-10T06:00:00Z', '2025-03-12T05:00:00Z'],
    ['previous_2_hours', '2025-03-12T13:00:00Z', '2025-03-12T15:00:00Z'],
    ['this_5_minutes', '2025-03-12T15:26:00Z', '2025-03-12T15:30:15.001Z'],
    ['this_1_weeks', '2025-03-10T05:00:00Z', '2025-03-12T15:30:15.001Z'],
    ['previous_1_months', '2025-02-01T06:00:00Z', '2025-03-01T06:00:00Z'],
    ['this_1_years', '2025-01-01T06:00:00Z', '2025-03-12T15:30:15.001Z'],
  ])('%s', (name, startsAt, endsAt) => {
    const timeFrame = parseTimeFrame(name, { now: NOW, timeZone: 'America/Chicago' });
    expect(timeFrame).toEqual({ startsAt: Date.parse(startsAt), endsAt: Date.parse(endsAt) });
  });

  it.each([
    '',
    'tomorrow',
    'previous_0_days',
    'previous_days',
    'next_3_days',
    'previous_3_decades',
    'previous_99999_days',
    'constructor',
    'previous_-1_days',
    'TODAY',
  ])('%j is no time frame', (name) => {
    expect(parseTimeFrame(name, { now: NOW, timeZone: 'America/Chicago' })).toBeUndefined();
  });
});
