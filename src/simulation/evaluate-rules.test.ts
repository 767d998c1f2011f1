import { describe, expect, it } from 'vitest';
import { bareSurroundings } from '../flows/flow-surroundings.ts';
import { evaluateRules } from './evaluate-rules.ts';
import { renderTemplate } from './render-template.ts';

const NOW = Date.UTC(2025, 2, 3, 12);
const ACCOUNT = { id: 'aaaaaaaaaaaaaaaaaaaaaaaa', name: 'Acme', dataRetentionInDays: 90, isPingEnabled: true };
const place = {
  surroundings: {
    ...bareSurroundings({ ...ACCOUNT, timeZone: 'America/Chicago' }),
    customFields: [{ id: 'roof_acme', name: 'Roof Age', type: 'number' as const }],
  },
  now: NOW,
};

const rules = (...given: object[]) => ({ rule_set: { op: 'and', rules: given } });
type Given = Parameters<typeof evaluateRules>[0];

describe('evaluateRules', () => {
  it('returns each rule with both sides', () => {
    const evaluated = evaluateRules(
      {
        ...rules(
          { lhv: 'lead.phone_1.area', op: 'is equal to', rhv: '512' },
          { lhv: 'lead.roof_acme', op: 'is less than', rhv: '{{limit}}' },
        ),
        vars: { lead: { phone_1: '(512) 789-1111', roof_acme: '12 years' }, limit: 10 },
      },
      place,
    );
    expect(evaluated).toEqual({
      ok: true,
      value: {
        passed: false,
        reason: 'Roof Age must be less than 10',
        rules: [
          {
            path: 'rule_set.rules.0',
            lhv: 'lead.phone_1.area',
            op: 'is equal to',
            rhv: '512',
            left: '512',
            right: '512',
            passed: true,
          },
          {
            path: 'rule_set.rules.1',
            lhv: 'lead.roof_acme',
            op: 'is less than',
            rhv: '{{limit}}',
            left: 12,
            right: 10,
            passed: false,
          },
        ],
        warnings: [],
      },
    });
  });

  it.each<[string, Given, boolean]>([
    ['no rules', rules(), true],
    [
      'a type of one’s own',
      {
        ...rules({ lhv: 'crm.phone.area', op: 'is equal to', rhv: '512' }),
        vars: { crm: { phone: '5127891111' } },
        types: { 'crm.phone': 'phone' },
      },
      true,
    ],
    [
      'a type instead of the field’s',
      {
        ...rules({ lhv: 'lead.phone_1.area', op: 'is blank' }),
        vars: { lead: { phone_1: '5127891111' } },
        types: { 'lead.phone_1': 'string' },
      },
      true,
    ],
    ['missing variables', rules({ lhv: 'lead.email', op: 'is blank' }), true],
    [
      'names of the language',
      { ...rules({ lhv: 'lead.constructor', op: 'is not blank' }), vars: { lead: { toString: 'x' } } },
      false,
    ],
  ])('%s', (_what, body, passed) => {
    expect(evaluateRules(body, place)).toMatchObject({ ok: true, value: { passed } });
  });

  it.each<[string, Given, string[]]>([
    ['unknown operators', rules({ lhv: 'lead.state', op: 'resembles', rhv: 'TX' }), ['rule_set.rules.0.op']],
    ['several faults', rules({ op: 'is equal to' }), ['rule_set.rules.0.lhv', 'rule_set.rules.0.rhv']],
    ['no and, no or', { rule_set: { op: 'xor', rules: [] } } as Given, ['rule_set.op']],
    ['unknown zones and instants', { ...rules(), time_zone: 'Texas', now: 'today' }, ['time_zone', 'now']],
  ])('refuses %s', (_what, body, paths) => {
    const evaluated = evaluateRules(body, place);
    expect(evaluated.ok ? [] : evaluated.error.map(({ path }) => path)).toEqual(paths);
  });

  it.each<[string, string[]]>([
    ['lead.state', []],
    ['lead.roof_acme', []],
    ['lead.phone_1.area', []],
    ['lead.mortgage.loan', []],
    ['lead.id', []],
    ['{{lead.stat}}', []],
    ['crm.score', []],
    ['source.name', []],
    ['suppressionlist.is_duplicate', []],
    ['price', []],
    [
      'lead.stat',
      [
        'There is no field for "lead.stat", so it is always blank: make the field, or correct the name. Did you mean "lead.state"?',
      ],
    ],
    ['lead.phone_1.aera', [expect.stringMatching(/^A phone field has no part "aera"/)]],
    ['leed.state', [expect.stringMatching(/^Nothing provides "leed.state".* Did you mean "lead"\?$/)]],
    ['crn.score', [expect.stringMatching(/^Nothing provides "crn.score".* Did you mean "crm"\?$/)]],
    ['buyer.outcome', [expect.stringMatching(/^Nothing provides "buyer.outcome"/)]],
    ['source.nam', ['"source.nam" is not provided, so it is always blank: source has id, name.']],
    ['suppressionlist.is_dup', [expect.stringMatching(/^"suppressionlist.is_dup" is not provided/)]],
  ])('warns of a left side that nothing provides: %s', (lhv, messages) => {
    const given = { ...rules({ lhv, op: 'is blank' }), vars: { lead: {}, crm: { score: 7 } } };
    const warnings = messages.map((message) => ({ path: 'rule_set.rules.0.lhv', message }));
    expect(evaluateRules(given, place)).toMatchObject({ ok: true, value: { warnings } });
  });
});

describe('renderTemplate', () => {
  it.each<[string, object, object]>([
    ['Hi', {}, { kind: 'literal', value: 'Hi', text: 'Hi' }],
    ['{{lead.missing}}', {}, { kind: 'variable', value: null, text: '' }],
    ['Hi {{lead.name}}', { vars: { lead: { name: 'Ann' } } }, { kind: 'composed', value: 'Hi Ann', text: 'Hi Ann' }],
    [
      '{{n}}',
      { vars: { n: '1,200' }, types: { n: 'number' } },
      { kind: 'variable', value: { normal: 1200, raw: '1,200', valid: true }, text: '1200' },
    ],
    [
      '{{lead.state}}',
      { vars: { lead: { state: 'texas' } } },
      { kind: 'variable', value: { normal: 'TX' }, text: 'TX' },
    ],
  ])('%s %j', (template, given, expected) => {
    expect(renderTemplate({ template, ...given }, place)).toMatchObject({ ok: true, value: expected });
  });

  it('is done at the given instant, in the given zone', () => {
    const template = '{{format now format="HH:mm"}}';
    const textIn = (time_zone: string) => {
      const vars = { now: '2025-03-03 12:00' };
      const rendered = renderTemplate({ template, vars, types: { now: 'time' }, time_zone }, place);
      return rendered.ok && rendered.value.text;
    };
    expect([textIn('UTC'), textIn('America/New_York')]).toEqual(['12:00', '17:00']);
    const age = (now: string) => {
      const body = { ...rules({ lhv: 'lead.dob.age', op: 'is equal to', rhv: 25 }), now };
      return evaluateRules({ ...body, vars: { lead: { dob: '2000-03-04' } }, types: { 'lead.dob': 'dob' } }, place);
    };
    expect(age('2025-03-03T12:00:00Z')).toMatchObject({ value: { rules: [{ left: 24.9 }] } });
    expect(age('2025-03-05T12:00:00Z')).toMatchObject({ value: { rules: [{ left: 25 }] } });
  });

  it('shows where a template is wrong', () => {
    const rendered = renderTemplate({ template: 'Hello\n{{#if x}}' }, place);
    expect(rendered).toMatchObject({
      ok: false,
      error: [{ path: 'template', line: 2, snippet: expect.stringContaining('^') }],
    });
  });
});
