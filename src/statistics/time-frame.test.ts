import { describe, expect, it } from 'vitest';
import { divideTimeFrame, type Interval } from './intervals.ts';
import { parseTimeFrame } from './time-frame.ts';
import { parseTimeZone } from './time-zone.ts';

/** Wednesday, 12 March 2025, 10:30:15 in Chicago, three days after the clocks went forward. */
const NOW = Date.UTC(2025, 2, 12, 15, 30, 15);
const CHICAGO = { now: NOW, timeZone: 'America/Chicago' };

function utc(ms: number): string {
  return new Date(ms).toISOString().replace('.000Z', 'Z');
}

function frameOf(named: Parameters<typeof parseTimeFrame>[0], context = CHICAGO): string[] | string {
  const frame = parseTimeFrame(named, context);
  return frame.ok ? [utc(frame.value.startsAt), utc(frame.value.endsAt)] : frame.error;
}

describe('a time frame', () => {
  it.each([
    ['today', '2025-03-12T05:00:00Z', '2025-03-13T05:00:00Z'],
    ['yesterday', '2025-03-11T05:00:00Z', '2025-03-12T05:00:00Z'],
    ['this_1_day', '2025-03-12T05:00:00Z', '2025-03-13T05:00:00Z'],
    ['this_3_days', '2025-03-10T05:00:00Z', '2025-03-13T05:00:00Z'],
    ['previous_3_days', '2025-03-09T06:00:00Z', '2025-03-12T05:00:00Z'],
    ['this_14_days', '2025-02-27T06:00:00Z', '2025-03-13T05:00:00Z'],
    ['previous_30_days', '2025-02-10T06:00:00Z', '2025-03-12T05:00:00Z'],
    ['previous_2_hours', '2025-03-12T13:00:00Z', '2025-03-12T15:00:00Z'],
    ['this_5_minutes', '2025-03-12T15:26:00Z', '2025-03-12T15:31:00Z'],
    ['this_1_weeks', '2025-03-10T05:00:00Z', '2025-03-17T05:00:00Z'],
    ['previous_1_months', '2025-02-01T06:00:00Z', '2025-03-01T06:00:00Z'],
    ['this_1_years', '2025-01-01T06:00:00Z', '2026-01-01T06:00:00Z'],
  ])('%s', (name, startsAt, endsAt) => expect(frameOf(name)).toEqual([startsAt, endsAt]));

  it.each<[string, { start?: string; end?: string }, string, string]>([
    ['of nothing is today', {}, '2025-03-12T05:00:00Z', '2025-03-13T05:00:00Z'],
    [
      'of dates has whole days',
      { start: '2025-03-08', end: '2025-03-09' },
      '2025-03-08T06:00:00Z',
      '2025-03-10T05:00:00Z',
    ],
    [
      'ends after the second that is named',
      { start: '2025-03-12T01:00:00', end: '2025-03-12T01:59:59.999' },
      '2025-03-12T06:00:00Z',
      '2025-03-12T07:00:00Z',
    ],
    [
      'takes offsets',
      { start: '2025-03-12T00:00:00Z', end: '2025-03-12T05:29:59 05:30' },
      '2025-03-12T00:00:00Z',
      '2025-03-12T00:00:00Z',
    ],
    ['without an end ends today', { start: '2025-03-01' }, '2025-03-01T06:00:00Z', '2025-03-13T05:00:00Z'],
  ])('%s', (name, given, startsAt, endsAt) => {
    const frame = frameOf(given);
    if (name === 'takes offsets') expect(frame).toContain('ends before it starts');
    else expect(frame).toEqual([startsAt, endsAt]);
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
  ])('%j is none, and the error says what is', (name) => expect(frameOf(name)).toMatch(/^Must be today, yesterday/));

  it.each([
    ['this_9999_years', {}, 'Must be between 1970 and 2105'],
    ['', { start: 'soon' }, 'must be ISO 8601'],
    ['', { start: '2025-03-12', end: '2025-03-11' }, 'ends before it starts'],
    ['', { start: '1969-01-01' }, 'Must be between'],
  ])('%j %j is refused', (name, given, says) => expect(frameOf(name === '' ? given : name)).toContain(says));
});

describe('days', () => {
  it.each<[zone: string, day: string, hours: number]>([
    ['America/New_York', '2025-03-09', 23],
    ['America/New_York', '2025-11-02', 25],
    ['America/New_York', '2025-11-03', 24],
    ['Australia/Lord_Howe', '2025-04-06', 24.5],
    ['Australia/Lord_Howe', '2025-10-05', 23.5],
    ['Asia/Kolkata', '2025-03-09', 24],
    // Midnight comes twice, or not at all.
    ['America/Havana', '2025-11-02', 25],
    ['America/Sao_Paulo', '2018-11-04', 23],
    ['America/Sao_Paulo', '2018-02-17', 25],
    ['Asia/Beirut', '2025-03-30', 23],
    ['UTC+5:30', '2025-03-09', 24],
  ])('in %s: %s has %d hours', (timeZone, day, hours) => {
    const frame = parseTimeFrame({ start: day, end: day }, { now: NOW, timeZone });
    const whole = frame.ok ? frame.value : { startsAt: 0, endsAt: 0 };
    expect((whole.endsAt - whole.startsAt) / 3_600_000).toBe(hours);
    const parts = divideTimeFrame(whole, { interval: 'hourly', timeZone });
    const sizes = parts.ok ? parts.value.map(({ startsAt, endsAt }) => endsAt - startsAt) : [];
    expect(sizes.reduce((sum, ms) => sum + ms, 0)).toBe(hours * 3_600_000);
    expect(Math.min(...sizes)).toBeGreaterThanOrEqual(1_800_000);
  });
});

describe('parts of a time frame', () => {
  it.each<[Interval, string, string, string, string[]]>([
    [
      'daily',
      'America/New_York',
      '2025-03-08',
      '2025-03-10',
      ['2025-03-08T05:00:00Z', '2025-03-09T05:00:00Z', '2025-03-10T04:00:00Z'],
    ],
    ['weekly', 'UTC', '2025-03-05', '2025-03-12', ['2025-03-05T00:00:00Z', '2025-03-10T00:00:00Z']],
    [
      'monthly',
      'Asia/Kolkata',
      '2025-01-15',
      '2025-03-01',
      ['2025-01-14T18:30:00Z', '2025-01-31T18:30:00Z', '2025-02-28T18:30:00Z'],
    ],
    ['yearly', 'UTC', '2024-12-31', '2025-01-01', ['2024-12-31T00:00:00Z', '2025-01-01T00:00:00Z']],
    [
      'hourly',
      'America/New_York',
      '2025-11-02T01:00:00-04:00',
      '2025-11-02T02:30:00-05:00',
      ['2025-11-02T05:00:00Z', '2025-11-02T06:00:00Z', '2025-11-02T07:00:00Z'],
    ],
    [
      'minutely',
      'UTC',
      '2025-03-05T00:00:30Z',
      '2025-03-05T00:01:59Z',
      ['2025-03-05T00:00:30Z', '2025-03-05T00:01:00Z'],
    ],
  ])('%s in %s from %s to %s', (interval, timeZone, start, end, expected) => {
    const frame = parseTimeFrame({ start, end }, { now: NOW, timeZone });
    const parts = frame.ok ? divideTimeFrame(frame.value, { interval, timeZone }) : frame;
    expect(parts).toMatchObject({ ok: true });
    if (!parts.ok || !frame.ok) return;
    expect(parts.value.map(({ startsAt }) => utc(startsAt))).toEqual(expected);
    expect(parts.value.map(({ endsAt }) => endsAt).slice(0, -1)).toEqual(
      parts.value.slice(1).map(({ startsAt }) => startsAt),
    );
    expect(parts.value.at(-1)?.endsAt).toBe(frame.value.endsAt);
  });

  it('are bounded, and the error says what to choose', () => {
    const year = { startsAt: Date.UTC(2024, 0), endsAt: Date.UTC(2025, 0) };
    expect(divideTimeFrame(year, { interval: 'hourly', timeZone: 'UTC' })).toMatchObject({
      ok: false,
      error: expect.stringContaining('longer interval'),
    });
  });
});

describe('a time zone', () => {
  it.each([
    ['America/New_York', 'America/New_York'],
    ['-18000', 'UTC-5'],
    ['19800', 'UTC+5:30'],
    ['0', 'UTC'],
    ['UTC', 'UTC'],
  ])('%s is %s', (text, zone) => expect(parseTimeZone(text)).toEqual({ ok: true, value: zone }));
  it.each(['Mars/Olympus', '100000', '30', '', 'EST5EDT+9'])('%j is none', (text) =>
    expect(parseTimeZone(text)).toMatchObject({ ok: false }),
  );
});
