import { describe, expect, it } from 'vitest';
import { writeHtml } from '../../lib/html.ts';
import type { StatisticsRow } from '../describe-statistics.ts';
import type { Report } from '../report.ts';
import { renderReportPage } from './render-report-page.ts';
import { BARS_MAX, LINES_MAX } from './report-chart.ts';
import { buildReportPage, PAGE_ROWS_MAX } from './report-page.ts';
import { writeReportMarkdown } from './write-report-markdown.ts';

const ZONE = 'America/Chicago';
const NOW = Date.parse('2025-03-11T15:00:00Z');
const REPORT: Report = {
  ...{ id: 'r', name: 'Sold', description: null, columns: ['source-success'], rules: [], group_by: [], by_lead: true },
  ...{ timeframe: null, interval: null, time_zone: null, schedule: null, read_only: false, next_mail_at: null },
  ...{
    mailed_at: null,
    mail_fault: null,
    created_at: null,
    updated_at: null,
    share_expires_at: '2025-06-01T12:00:00Z',
  },
};
/** Through the night in which clocks go forward. */
const FRAME = { start: '2025-03-08T00:00:00.000-06:00', end: '2025-03-12T23:59:59.999-05:00' };
const DAYS = ['2025-03-08T00:00:00.000-06:00', '2025-03-09T00:00:00.000-06:00', '2025-03-10T00:00:00.000-05:00'];

const build = (report: Partial<Report>, rows: StatisticsRow[], timeframe = FRAME) =>
  buildReportPage(
    { ...REPORT, ...report },
    { rows, timeframe, comparedTimeframe: null, countedUntil: NOW },
    { timeZone: ZONE, now: NOW },
  );
const day = (start: string, values: StatisticsRow): StatisticsRow => ({ timeframe: { start, end: '' }, ...values });
const named = (name: string, success: number): StatisticsRow => ({
  ...{ 'vars.source.id': `id-${name}`, 'vars.source.name': name, 'source-success': success },
});

describe('the time of a page', () => {
  it.each([
    ['whole days of a year', FRAME, 'Mar 8 to Mar 12, 2025'],
    ['one day', { start: DAYS[0] ?? '', end: '2025-03-08T23:59:59.999-06:00' }, 'Mar 8, 2025'],
    [
      'two years',
      { start: '2024-12-31T00:00:00.000-06:00', end: '2025-01-01T23:59:59.999-06:00' },
      'Dec 31, 2024 to Jan 1, 2025',
    ],
    [
      'parts of days',
      { start: '2025-03-08T06:30:00.000-06:00', end: '2025-03-08T07:29:59.999-06:00' },
      'Mar 8, 2025, 06:30 to Mar 8, 2025, 07:29',
    ],
  ])('says %s', (_, frame, words) => expect(build({}, [], frame).time).toBe(words));

  it('has its zone with the short name of then, where it is one, and what ends in the same zone', () => {
    const page = build({}, []);
    // Clocks change on March 9: no short name is right for all of it.
    expect(page.zone).toBe('America/Chicago');
    expect(build({}, [], { start: DAYS[0] ?? '', end: '2025-03-08T23:59:59.999-06:00' }).zone).toBe(
      'America/Chicago (CST)',
    );
    expect([page.countedUntil, page.endsAt]).toEqual(['Mar 11, 2025, 10:00 CDT', 'Jun 1, 2025, 07:00 CDT']);
    const hours = build({ interval: 'hourly' }, [day('2025-03-10T05:00:00.000-05:00', {}), day(DAYS[0] ?? '', {})]);
    expect(hours.rows.map(({ part }) => part)).toEqual(['Mar 10, 2025, 05:00', 'Mar 8, 2025']);
  });
});

describe('its chart', () => {
  it('has a place for each day that has begun, also where nothing was counted', () => {
    const rows = [day(DAYS[0] ?? '', { 'source-success': 3 }), day(DAYS[2] ?? '', { 'source-success': 5 })];
    const { chart } = build({ interval: 'daily' }, rows);
    expect(chart).toMatchObject({
      kind: 'lines',
      axis: DAYS.map((at) => ({ at })).concat({ at: '2025-03-11T00:00:00.000-05:00' }),
    });
    expect(chart?.kind === 'lines' && chart.axis.map(({ name }) => name)).toEqual([
      'Mar 8',
      'Mar 9',
      'Mar 10',
      'Mar 11',
    ]);
    expect(chart).toMatchObject({ lines: [{ name: 'Source success', values: [3, 0, 5, 0] }] });
  });

  it('leaves a quotient out where there is none, and draws columns of one unit alone', () => {
    const rows = [day(DAYS[0] ?? '', { 'avg-cost-per-lead': 2, 'source-success': 3, cost: 6 })];
    const { chart } = build({ interval: 'daily', columns: ['avg-cost-per-lead', 'source-success', 'cost'] }, rows);
    expect(chart?.kind === 'lines' && chart.lines.map(({ name, values }) => [name, values])).toEqual([
      ['Avg cost per lead, USD', [2, null, null, null]],
      ['Cost, USD', [6, 0, 0, 0]],
    ]);
  });

  it('adds up the smallest groups, so that lines can be told apart', () => {
    const rows = Array.from({ length: LINES_MAX + 3 }, (_, place) => day(DAYS[0] ?? '', named(`S${place}`, place + 1)));
    const { chart } = build({ interval: 'daily', group_by: ['vars.source.id'] }, rows);
    const lines = chart?.kind === 'lines' ? chart.lines : [];
    expect(lines).toHaveLength(LINES_MAX);
    expect(lines.at(-1)).toMatchObject({ name: '4 others', values: [1 + 2 + 3 + 4, 0, 0, 0] });
    expect(chart?.title).toBe('Source success by source');
  });

  it('is of bars where the time is not split, and says how many it leaves out', () => {
    const rows = Array.from({ length: BARS_MAX + 2 }, (_, place) => named(`S${place}`, place));
    const { chart } = build({ group_by: ['vars.source.id'] }, rows);
    expect(chart).toMatchObject({
      kind: 'bars',
      moreCount: 2,
      bars: expect.arrayContaining([{ name: 'S21', value: 21 }]),
    });
  });

  it('is not there where there is nothing to compare', () => {
    expect(build({}, [{ 'source-success': 3 }]).chart).toBeNull();
    expect(build({ group_by: ['vars.source.id'] }, []).chart).toBeNull();
  });
});

describe('its rows', () => {
  const html = (page: ReturnType<typeof build>) =>
    writeHtml(renderReportPage({ page, path: '/reports/shared/t', asked: {} }).body);

  it('are the first ones, and it says so', () => {
    const rows = Array.from({ length: PAGE_ROWS_MAX + 1 }, (_, place) => named(`S${place}`, 1));
    const page = build({ group_by: ['vars.source.id'] }, [...rows, { total: true, 'source-success': rows.length }]);
    const sentence = `These are the first ${PAGE_ROWS_MAX} of ${PAGE_ROWS_MAX + 1} rows. The CSV has all of them.`;
    expect(page.rows).toHaveLength(PAGE_ROWS_MAX);
    for (const written of [html(page), writeReportMarkdown(page)]) expect(written).toContain(sentence);
    expect(page.total?.values).toEqual({ 'source-success': PAGE_ROWS_MAX + 1 });
  });

  it('of a report without groups are its total', () => {
    const page = build({}, [{ 'source-success': 3 }, { total: true, 'source-success': 3 }]);
    expect(html(page).match(/<tr/g)).toHaveLength(2);
    expect(writeReportMarkdown(page)).toContain('| Of | Source success |\n| --- | --: |\n| **Total** | 3 |');
  });

  it('that are not there are said in words', () => {
    const page = build({ group_by: ['vars.source.id'] }, [{ total: true, 'source-success': 0 }]);
    expect(html(page)).toContain('Nothing was counted in this time.');
    expect(html(page)).not.toContain('<table');
  });

  it('name what was deleted by its id, and a value that is blank', () => {
    const page = build({ group_by: ['vars.source.id', 'vars.lead.state'] }, [
      { 'vars.source.id': 'gone', 'vars.source.name': null, 'vars.lead.state': null, 'source-success': 1 },
    ]);
    expect(page.rows[0]?.groups).toEqual(['gone', '(none)']);
  });
});
