import { describe, expect, it } from 'vitest';
import type { Cap } from '../model/cap.ts';
import type { Problem } from '../model/problem.ts';
import { createRuleCatalogue } from '../rules/rule-catalogue.ts';
import { compileCaps } from './compile-caps.ts';

const ctx = { now: 0, timeZone: 'UTC', random: () => 0 };
const CAP: Cap = { id: 'all', type: 'volume', maximum: 10, duration: 1, duration_units: 'day' };
const stateIs = (state: string) => ({
  op: 'and' as const,
  rules: [{ lhv: 'lead.state', op: 'is equal to', rhv: state }],
});

function compile(caps: unknown) {
  const problems: Problem[] = [];
  const program = compileCaps(caps as Cap[], {
    path: 'caps',
    timeZone: 'America/New_York',
    labelOf: (path) => path,
    catalogue: createRuleCatalogue(),
    problems,
  });
  return { program, problems };
}

const NESTED: Cap[] = [
  CAP,
  {
    ...CAP,
    id: 'tx',
    rule_set: stateIs('TX'),
    caps: [
      { ...CAP, id: 'tx-any' },
      { ...CAP, id: 'tx-ca', rule_set: stateIs('CA') },
    ],
  },
  { ...CAP, id: 'ca', rule_set: stateIs('CA'), caps: [{ ...CAP, id: 'ca-any' }] },
];

describe('compileCaps', () => {
  it.each<[state: string, ids: string[]]>([
    ['TX', ['all', 'tx', 'tx-any']],
    ['CA', ['all', 'ca', 'ca-any']],
    ['FL', ['all']],
  ])('nested caps count only when their parent matches: %s', (state, ids) => {
    const { program, problems } = compile(NESTED);
    expect(problems).toEqual([]);
    expect(program.matching({ lead: { state } }, ctx).map((cap) => cap.id)).toEqual(ids);
  });

  it('knows all its caps, what they read, and their windows', () => {
    const { program } = compile([...NESTED, { ...CAP, id: 'utc', time_zone: 'UTC', reason: 'Full for {{lead.city}}' }]);
    expect(program.caps.map((cap) => cap.id)).toEqual(['all', 'tx', 'tx-any', 'tx-ca', 'ca', 'ca-any', 'utc']);
    expect(program.variables).toEqual(['lead.state', 'lead.city']);
    const noon = Date.parse('2026-11-20T12:00:00Z');
    expect(program.caps[0]?.clock.windowAt(noon).startsAt).toBe(Date.parse('2026-11-20T05:00:00Z'));
    expect(program.caps[6]?.clock.windowAt(noon).startsAt).toBe(Date.parse('2026-11-20T00:00:00Z'));
  });

  it.each<[reason: string | undefined, lead: object, text: string]>([
    [undefined, {}, 'Cap reached'],
    [' ', {}, 'Cap reached'],
    ['Full for {{lead.city}}', { city: 'Austin' }, 'Full for Austin'],
    ['{{lead.city}}', {}, 'Cap reached'],
  ])('reason %j', (reason, lead, text) => {
    const { program } = compile([{ ...CAP, reason }]);
    expect(program.caps[0]?.reason({ lead }, ctx)).toBe(text);
  });

  it.each([[null], [undefined]])('no caps (%s) match nothing', (caps) => {
    const { program, problems } = compile(caps);
    expect([program.matching({}, ctx), problems]).toEqual([[], []]);
  });

  let deep: unknown = null;
  for (let depth = 0; depth < 20; depth += 1) deep = [{ ...CAP, caps: deep }];

  it.each<[name: string, caps: unknown, path: string, message: RegExp]>([
    ['an empty list', [], 'caps', /^caps must have at least one entry or be null\.$/],
    ['an empty nested list', [{ ...CAP, caps: [] }], 'caps.0.caps', /at least one entry/],
    ['no list', {}, 'caps', /at least one entry/],
    ['no object', [null], 'caps.0', /object/],
    ['another type', [{ ...CAP, type: 'percent' }], 'caps.0.type', /"volume"/],
    ['a negative maximum', [CAP, { ...CAP, maximum: -1 }], 'caps.1.maximum', /0 or more/],
    ['half a lead', [{ ...CAP, maximum: 0.5 }], 'caps.0.maximum', /whole/],
    ['no duration', [{ ...CAP, duration: 0 }], 'caps.0.duration', /from 1/],
    ['more hours than a day has', [{ ...CAP, duration: 48, duration_units: 'hour' }], 'caps.0.duration', /in days/],
    ['an unknown unit', [{ ...CAP, duration_units: 'year' }], 'caps.0.duration_units', /month, week/],
    ['an unknown zone', [{ ...CAP, time_zone: 'Mars/Olympus' }], 'caps.0.time_zone', /America\/New_York/],
    ['a broken reason', [{ ...CAP, reason: '{{lead.x' }], 'caps.0.reason', /line 1/],
    ['a broken rule', [{ ...CAP, rule_set: { op: 'and', rules: [{}] } }], 'caps.0.rule_set.rules.0.op', /operator/],
    ['nested too deep', deep, `caps${'.0.caps'.repeat(16)}`, /deeper than 16/],
    ['too many', Array.from({ length: 1_001 }, () => CAP), 'caps', /more than 1000/],
  ])('reports to the author: %s', (_name, caps, path, message) => {
    const { problems } = compile(caps);
    expect(problems[0]?.path).toBe(path);
    expect(problems[0]?.message).toMatch(message);
  });
});
