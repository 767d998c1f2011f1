import { expect, it } from 'vitest';
import { GROUPING_NAMES } from '../../../../src/reports/page/column-words.ts';
import type { Report } from '../../api/reports.ts';
import { buildReport, draftOf, NEW_DRAFT } from './report-draft.ts';

const REPORT: Report = {
  ...{ id: 'r', name: 'Sold', description: null, columns: [{ cost: true }, { 'source-success': true }] },
  rules: [
    { lhv: 'vars.flow.id', op: 'is included in', rhv: 'a,b' },
    { lhv: 'outcome', op: 'is equal to', rhv: 'success' },
    { lhv: 'vars.flow.id', op: 'is equal to', rhv: 'a' },
    { lhv: 'vars.lead.state', op: 'is equal to', rhv: 'TX' },
  ],
  ...{ group_by: ['vars.source.id', 'vars.lead.state'], by_lead: false, timeframe: 'this_14_days', interval: 'daily' },
  time_zone: '-18000',
  schedule: {
    times: ['08:00', '17:00'],
    days: ['monday'],
    time_zone: null,
    email_to: ['a@example.com'],
    format: 'csv',
  },
  ...{ read_only: false, share_expires_at: null, next_mail_at: null, mailed_at: null, mail_fault: null, token: null },
  ...{ created_at: null, updated_at: null },
};

it('keeps everything of a report through the form', () => {
  const built = buildReport(draftOf(REPORT, Object.keys(GROUPING_NAMES)));
  const { name, description, columns, group_by, by_lead, timeframe, interval, time_zone, schedule } = REPORT;
  expect(built).toEqual({
    ...{ name, description, columns, group_by, by_lead, timeframe, interval, time_zone, schedule },
    rules: [
      REPORT.rules[0],
      { lhv: 'outcome', op: 'is included in', rhv: 'success' },
      // A second rule on flows says less than their lists together: it stays a rule of its own.
      REPORT.rules[2],
      REPORT.rules[3],
    ],
  });
});

it.each([
  ['no JSON', '[{'],
  ['no list', '{"lhv": "outcome"}'],
])('says what is wrong with rules that are %s', (_, otherRules) => {
  expect(buildReport({ ...NEW_DRAFT, name: 'x', otherRules })).toMatch(/^Other rules/);
});
