import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { createIds } from '../lib/ids.ts';
import { completeFlowDocument } from './complete-flow-document.ts';
import type { JsonObject } from './flow-json.ts';
import { parseFlowDocument } from './parse-flow-document.ts';

const FRAME = { name: 'A flow', enabled: true, fields: [], sources: [], steps: [] };
const SOURCE = { entity: {}, integration: { module_id: 'leadconduit-default.inbound' } };
const RULES = { op: 'and', rules: [{ lhv: 'lead.state', op: 'is equal to', rhv: 'TX' }] };

describe('parseFlowDocument', () => {
  it.each([
    ['flow-sample-of-seed-003', ['caps', 'sources.0.caps', 'steps.0.rule_set.rules.0.rule_set.op']],
    ['create-sample-of-seed-003', ['caps', 'ping_limits.0.duration', 'list_checks.dnc.lookback.value']],
    ['flow-sample-of-seed-004', ['caps.0.caps', 'acceptance_criteria.rule_set.rules.0.rule_set']],
  ])('%s is well-formed and lists its own faults', (name, paths) => {
    const text = readFileSync(new URL(`./cases/${name}.json`, import.meta.url), 'utf8');
    const document = JSON.parse(text) as JsonObject; // our own fixture
    const parsed = parse(document);
    expect(parsed.document).toEqual(document);
    expect(parsed.faults.map(({ path }) => path)).toEqual(expect.arrayContaining(paths));
    expect(parse(parsed.sound).faults).toEqual([]);
    const ids = createIds({ now: () => 0, random: () => 0.5 });
    const completed = parse(completeFlowDocument(document, { ids, now: 0, previous: null }));
    expect(completed.faults).toEqual(parsed.faults);
  });

  it.each<[string, unknown, string, string]>([
    ['null', null, '', 'Must be a flow: an object.'],
    ['a list', [], '', 'Must be a flow: an object.'],
    ['no name', { ...FRAME, name: undefined }, 'name', 'Is required.'],
    ['a null name', { ...FRAME, name: null }, 'name', 'Is required.'],
    ['an empty name', { ...FRAME, name: '' }, 'name', 'Must not be empty.'],
    ['enabled as text', { ...FRAME, enabled: 'true' }, 'enabled', 'Must be true or false.'],
    ['fields as object', { ...FRAME, fields: {} }, 'fields', 'Must be a list.'],
    ['a field that is no text', { ...FRAME, fields: ['a', 1] }, 'fields.1', 'Must be a text.'],
    [
      'a source without entity',
      { ...FRAME, sources: [{ integration: SOURCE.integration }] },
      'sources.0.entity',
      'Is required.',
    ],
    [
      'a source without module',
      { ...FRAME, sources: [{ entity: {}, integration: {} }] },
      'sources.0.integration.module_id',
      'Is required.',
    ],
    [
      'an odd entity id',
      { ...FRAME, sources: [{ ...SOURCE, entity: { id: 'acme' } }] },
      'sources.0.entity.id',
      'Must have 24 hexadecimal characters.',
    ],
    [
      'an unknown step type',
      { ...FRAME, steps: [{ type: 'webhook' }] },
      'steps.0.type',
      'Must be one of filter, recipient, distribution.',
    ],
    [
      'a recipient without module',
      { ...FRAME, steps: [{ type: 'recipient', entity: {} }] },
      'steps.0.integration',
      'Is required.',
    ],
    [
      'rules nested without end',
      { ...FRAME, acceptance_criteria: { rule_set: nested(500) } },
      '',
      'The value is nested too deeply.',
    ],
    [
      'a distribution without recipients',
      { ...FRAME, steps: [{ type: 'distribution', method: 'waterfall', recipients: [] }] },
      'steps.0.recipients',
      'Must have at least one entry.',
    ],
    [
      'a distribution inside of another one',
      {
        ...FRAME,
        steps: [
          {
            type: 'distribution',
            method: 'waterfall',
            recipients: [{ type: 'distribution', method: 'waterfall', recipients: [] }],
          },
        ],
      },
      'steps.0.recipients.0.type',
      'Must be recipient.',
    ],
  ])('%s is malformed', (_name, body, path, message) => {
    const parsed = parseFlowDocument(body);
    expect(parsed.ok ? [] : parsed.error).toContainEqual({ path, message });
  });

  it.each<[string, object, string, string]>([
    ['empty caps', { caps: [] }, 'caps', 'Must have at least one entry; leave it out or give null to have none.'],
    [
      'an unknown unit',
      { caps: [{ type: 'volume', maximum: 1, duration: 1, duration_units: 'eon' }] },
      'caps.0.duration_units',
      'Must be one of month, week, day, hour, minute.',
    ],
    ['a filter without rules', { steps: [{ type: 'filter' }] }, 'steps.0.rule_set', 'Is required.'],
    [
      'a rule that is null',
      { acceptance_criteria: { rule_set: { op: 'and', rules: [null] } } },
      'acceptance_criteria.rule_set.rules.0',
      'Must be an object.',
    ],
    [
      'a nested set with an odd op',
      { acceptance_criteria: { rule_set: { op: 'and', rules: [{ op: 'nor', rules: [] }] } } },
      'acceptance_criteria.rule_set.rules.0.op',
      'Must be one of and, or.',
    ],
    [
      'a right side that is an object',
      { acceptance_criteria: { rule_set: { op: 'and', rules: [{ rhv: {} }] } } },
      'acceptance_criteria.rule_set.rules.0.rhv',
      'Must be a text, a number, true, false or a list of texts.',
    ],
    ['a negative price', { pricing: { prices: [{ amount: -1 }] } }, 'pricing.prices.0.amount', 'Must be at least 0.'],
    [
      'a list check of no known name',
      { list_checks: { duplicates: { value: '{{lead.email}}', list_name: 'x' } } },
      'list_checks.duplicates',
      'Checks are duplicate, existing_customer, dnc.',
    ],
    [
      'a list check of no values',
      { list_checks: { dnc: { values: [], list_name: 'x' } } },
      'list_checks.dnc.values',
      'Must have at least one entry; leave it out or give null to have none.',
    ],
    [
      'a list check of too many values',
      { list_checks: { dnc: { values: Array(11).fill('{{lead.email}}'), list_name: 'x' } } },
      'list_checks.dnc.values',
      'Must not have more than 10 entries.',
    ],
    [
      'a value that is a number',
      { list_checks: { dnc: { values: ['{{lead.email}}', 5], list_name: 'x' } } },
      'list_checks.dnc.values.1',
      'Must be a template, or an object of a template in value and a list in list_name.',
    ],
    [
      'a value without its template',
      { list_checks: { dnc: { values: [{ list_name: 'y' }] } } },
      'list_checks.dnc.values.0',
      'Must be a template, or an object of a template in value and a list in list_name.',
    ],
    [
      'an hour that is none',
      { hours_of_operation: { days: { monday: [{ start: '8am', end: '17:00' }] } } },
      'hours_of_operation.days.monday.0.start',
      'Must be a time of day such as 08:30.',
    ],
    [
      'a mapping without property',
      { sources: [{ ...SOURCE, integration: { module_id: 'x', mappings: [{ value: 'a' }] } }] },
      'sources.0.integration.mappings.0.property',
      'Is required.',
    ],
  ])('%s is a fault of its block, which is left out of what is compiled', (_name, part, path, message) => {
    const parsed = parse({ ...FRAME, ...part });
    expect(parsed.faults).toContainEqual({ path, message });
    expect(parse(parsed.sound).faults).toEqual([]);
  });

  it('the sound part keeps everything beside the faulty block, without nulls', () => {
    const { sound } = parse({
      ...FRAME,
      caps: null,
      acceptance_criteria: {
        rule_set: { op: 'and', rules: [{ ...RULES.rules[0], rule_set: {} }] },
        reason: 'Only Texas',
      },
      extra: { ours: 1 },
    });
    expect(sound).toEqual({
      ...FRAME,
      acceptance_criteria: {
        rule_set: { op: 'and', rules: [{ ...RULES.rules[0], rule_set: { op: 'and', rules: [] } }] },
        reason: 'Only Texas',
      },
      extra: { ours: 1 },
    });
  });

  it('null as a mapped value or a right side is kept: there it is a value', () => {
    const mappings = [{ property: 'lead.state', value: null }];
    const rule = { lhv: 'lead.state', op: 'is equal to', rhv: null };
    const document = {
      ...FRAME,
      sources: [{ ...SOURCE, integration: { module_id: 'x', mappings } }],
      acceptance_criteria: { rule_set: { op: 'or', rules: [rule] } },
    };
    expect(parse(document).sound).toEqual(document);
  });

  it('names of JavaScript objects are data like any other', () => {
    const document = JSON.parse(
      '{"name":"A","enabled":true,"fields":["constructor"],"sources":[],"steps":[],"__proto__":{"name":"B"},"caps":{"toString":1}}',
    );
    const parsed = parse(document);
    expect(parsed.sound.name).toBe('A');
    expect(Object.keys(parsed.sound)).toContain('__proto__');
    expect(parsed.faults).toEqual([{ path: 'caps', message: 'Must be a list.' }]);
  });
});

function parse(document: unknown) {
  const parsed = parseFlowDocument(document);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.error));
  return parsed.value;
}

function nested(levels: number): object {
  return levels === 0 ? RULES : { op: 'and', rules: [nested(levels - 1)] };
}
