import { describe, expect, it } from 'vitest';
import type { Sliced } from '../lib/slices.ts';
import type { Mapping } from '../model/mapping.ts';
import type { Problem } from '../model/problem.ts';
import type { RuleSet } from '../model/rule-set.ts';
import { compileMappings, type MappingCondition } from './compile-mappings.ts';

const ctx = { now: 0, timeZone: 'UTC', random: () => 0 };
const phone = Object.assign(Object('5127894321'), { area: '512', valid: true });
const vars = {
  lead: { first_name: 'Ann', last_name: ' ', phone_1: phone, age: 0, tags: ['x', 'y'], none: [], home: { own: true } },
};
const passing: RuleSet = { op: 'and', rules: [] };
const failing: RuleSet = { op: 'or', rules: [] };

/** Stands for the rules engine: `and` passes, `or` fails. */
function* compileRules(ruleSet: RuleSet): Sliced<MappingCondition> {
  yield;
  return { evaluate: () => ({ passed: ruleSet.op === 'and' }) };
}

function run(mappings: Mapping[], optionalPrefix?: string) {
  const problems: Problem[] = [];
  const options = { path: 'steps.0.integration.mappings', compileRules, problems };
  const program = compileMappings(mappings, optionalPrefix ? { ...options, optionalPrefix } : options);
  const target: Record<string, unknown> = {};
  return { problems, target, applied: program.apply(vars, target, ctx) };
}

describe('mappings fill a target', () => {
  const cases: [string, Mapping[], Record<string, unknown>][] = [
    ['a constant', [{ property: 'url', value: 'https://crm.example.com' }], { url: 'https://crm.example.com' }],
    [
      'a number, a boolean and null',
      [
        { property: 'a', value: 1 },
        { property: 'b', value: false },
        { property: 'c', value: null },
      ],
      { a: 1, b: false, c: null },
    ],
    [
      'one variable keeps its type',
      [
        { property: 'p', value: '{{lead.phone_1}}' },
        { property: 'n', value: '{{ lead.age }}' },
      ],
      { p: phone, n: 0 },
    ],
    [
      'anything else is text',
      [
        { property: 'p', value: '{{lead.phone_1}}!' },
        { property: 'n', value: '{{lead.age}}.' },
      ],
      { p: '5127894321!', n: '0.' },
    ],
    [
      'an object and an array are kept',
      [
        { property: 'h', value: '{{lead.home}}' },
        { property: 't', value: '{{lead.tags}}' },
      ],
      { h: { own: true }, t: ['x', 'y'] },
    ],
    [
      'the later overwrites the earlier',
      [
        { property: 'a', value: 'default' },
        { property: 'a', value: '{{lead.first_name}}' },
      ],
      { a: 'Ann' },
    ],
    [
      'an empty template leaves the earlier',
      [
        { property: 'a', value: 'default' },
        { property: 'a', value: '{{lead.missing}}' },
      ],
      { a: 'default' },
    ],
    [
      'white space is empty',
      [
        { property: 'a', value: '{{lead.last_name}}' },
        { property: 'b', value: ' {{lead.missing}} ' },
        { property: 'c', value: '{{lead.none}}' },
      ],
      {},
    ],
    [
      'an explicit empty text is applied',
      [
        { property: 'a', value: 'default' },
        { property: 'a', value: '' },
      ],
      { a: '' },
    ],
    [
      'failing rules skip that mapping only',
      [
        { property: 'a', value: '1', rule_set: failing },
        { property: 'b', value: '2', rule_set: passing },
        { property: 'c', value: '3', rule_set: null },
      ],
      { b: '2', c: '3' },
    ],
    [
      'an array of templates',
      [{ property: 'a', value: ['x', '{{lead.first_name}}', '{{lead.missing}}', null, ''] }],
      { a: ['x', 'Ann', null, ''] },
    ],
    ['an array of nothing', [{ property: 'a', value: ['{{lead.missing}}'] }], {}],
    [
      'dots, arrays, braces and quotes',
      [
        { property: 'json_property.a.b', value: '1' },
        { property: 'json_property.tags.0', value: '2' },
        { property: 'json_property.tags[1]', value: '3' },
        { property: 'json_property.data{123}.x', value: '4' },
        { property: "json_property.'a.b'", value: '5' },
      ],
      { json_property: { a: { b: '1' }, tags: ['2', '3'], data: { '123': { x: '4' } }, 'a.b': '5' } },
    ],
    [
      'brackets of a form name are literal',
      [{ property: 'form_field.lead[first]', value: '1' }],
      { form_field: { 'lead[first]': '1' } },
    ],
  ];
  it.each(cases)('%s', (_, mappings, expected) => {
    const { target, problems } = run(mappings);
    expect(target).toEqual(expected);
    expect(problems).toEqual([]);
  });

  it('answers what was applied, in order', () => {
    const { applied } = run([
      { property: 'a', value: '{{lead.missing}}' },
      { property: 'b', value: '{{lead.first_name}}' },
      { property: 'b', value: 'x' },
    ]);
    expect(applied).toEqual([
      { index: 1, property: 'b', value: 'Ann' },
      { index: 2, property: 'b', value: 'x' },
    ]);
  });

  it('an inbound property has the prefix or not', () => {
    const mappings = [
      { property: 'lead.first_name', value: 'a' },
      { property: 'last_name', value: 'b' },
      { property: 'lead', value: 'c' },
    ];
    expect(run(mappings, 'lead').target).toEqual({ first_name: 'a', last_name: 'b', lead: 'c' });
    expect(run(mappings).target).toEqual({ last_name: 'b', lead: 'c' });
  });

  it('writing into a mapped object does not reach the lead', () => {
    const { target } = run([
      { property: 'h', value: '{{lead.home}}' },
      { property: 'h.own', value: 'changed' },
    ]);
    expect(target).toEqual({ h: { own: 'changed' } });
    expect(vars.lead.home).toEqual({ own: true });
  });
});

describe('what cannot be compiled is a problem with its path', () => {
  const cases: [string, Mapping, Problem][] = [
    [
      'a template',
      { property: 'a', value: 'x {{lead.a' },
      {
        path: 'steps.0.integration.mappings.0.value',
        message: 'This tag is never closed: "}}" is missing. (line 1, column 3)',
      },
    ],
    [
      'a member of an array',
      { property: 'a', value: ['x', '{{> p}}'] },
      { path: 'steps.0.integration.mappings.0.value.1', message: expect.stringContaining('Partials') },
    ],
    [
      'a property',
      { property: 'a..b', value: 'x' },
      { path: 'steps.0.integration.mappings.0.property', message: expect.stringContaining('empty part') },
    ],
    [
      'a forbidden property',
      { property: 'a.__proto__.b', value: 'x' },
      { path: 'steps.0.integration.mappings.0.property', message: expect.stringContaining('__proto__') },
    ],
  ];
  it.each(cases)('%s', (_, mapping, problem) => {
    const { problems, target } = run([mapping, { property: 'ok', value: '1' }]);
    expect(problems).toEqual([problem]);
    expect(target).toEqual({ ok: '1' });
  });
});
