import { describe, expect, it } from 'vitest';
import { finish } from '../lib/slices.ts';
import { parseFlowDocument } from './parse-flow-document.ts';
import { partsNotUsed } from './parts-not-used.ts';
import { unknownNames } from './unknown-names.ts';

const RULES = { op: 'and', rules: [{ lhv: 'lead.state', op: 'is equal to', rhv: 'TX' }] };
const CAP = { type: 'volume', maximum: 1, duration: 1, duration_units: 'day' };
const MAPPING = { property: 'url', value: 'https://example.com/' };
const RECIPIENT = {
  type: 'recipient',
  entity: { name: 'CRM' },
  integration: { module_id: 'leadconduit-custom.outbound.json', mappings: [MAPPING] },
};
const SOURCE = { entity: {}, integration: { module_id: 'leadconduit-default.inbound' } };
const FLOW = { name: 'F', enabled: true, fields: ['email'], sources: [SOURCE], steps: [] };
const hours = (days: object) => ({ hours_of_operation: { enabled: true, days } });

describe('a name that is nearly a known one stops the deploy and says which was meant', () => {
  it.each<[string, object, string, string]>([
    ['a letter wrong', { acceptence_criteria: { rule_set: RULES } }, 'acceptence_criteria', 'acceptance_criteria'],
    ['a letter missing', { cap: [CAP] }, 'cap', 'caps'],
    ['two letters exchanged', hours({ mnoday: [] }), 'hours_of_operation.days.mnoday', 'monday'],
    ['letters of a short name exchanged', { cpas: [CAP] }, 'cpas', 'caps'],
    ['camel case', { acceptanceCriteria: {} }, 'acceptanceCriteria', 'acceptance_criteria'],
    ['hyphens and capitals', { 'List-Checks': {} }, 'List-Checks', 'list_checks'],
    ['in a source', { sources: [{ ...SOURCE, enable: false }] }, 'sources.0.enable', 'enabled'],
    ['in an entity', { sources: [{ ...SOURCE, entity: { nmae: 'A' } }] }, 'sources.0.entity.nmae', 'name'],
    ['in a step', { steps: [{ ...RECIPIENT, retry_enable: true }] }, 'steps.0.retry_enable', 'retry_enabled'],
    [
      'in an integration',
      { steps: [{ ...RECIPIENT, integration: { ...RECIPIENT.integration, mapings: [] } }] },
      'steps.0.integration.mapings',
      'mappings',
    ],
    [
      'in a mapping',
      { sources: [{ ...SOURCE, integration: { ...SOURCE.integration, mappings: [{ ...MAPPING, ruleset: RULES }] } }] },
      'sources.0.integration.mappings.0.ruleset',
      'rule_set',
    ],
    [
      'in a rule',
      { acceptance_criteria: { rule_set: { op: 'and', rules: [{ lhv: 'lead.state', op: 'is blank', rvh: 'x' }] } } },
      'acceptance_criteria.rule_set.rules.0.rvh',
      'rhv',
    ],
    [
      'in a nested rule set',
      { acceptance_criteria: { rule_set: { op: 'and', rules: [{ op: 'or', rules: [{ ruleset: RULES }] }] } } },
      'acceptance_criteria.rule_set.rules.0.rules.0.ruleset',
      'rule_set',
    ],
    ['in a nested cap', { caps: [{ ...CAP, caps: [{ ...CAP, maxium: 3 }] }] }, 'caps.0.caps.0.maxium', 'maximum'],
    ['in prices', { pricing: { prices: [{ amount: 1, rule_sets: RULES }] } }, 'pricing.prices.0.rule_sets', 'rule_set'],
    ['in hours', { hours_of_operation: { timezone: 'UTC', days: {} } }, 'hours_of_operation.timezone', 'time_zone'],
    [
      'in a list check',
      { list_checks: { duplicate: { value: '{{lead.email}}', list_name: 'd', lookbak: null, loockback: {} } } },
      'list_checks.duplicate.loockback',
      'lookback',
    ],
  ])('%s', (_name, part, path, meant) => {
    const { misspelt, unread } = finish(unknownNames({ ...FLOW, ...part }));
    expect(misspelt.map((problem) => problem.path)).toEqual([path]);
    expect(misspelt[0]?.message).toContain(`Did you mean "${meant}"?`);
    expect(unread).toEqual([]);
  });

  it('a required part under a misspelt name is found where the document is refused', () => {
    const { steps, ...rest } = FLOW;
    const parsed = parseFlowDocument({ ...rest, step: steps });
    const message = 'Unknown property "step": it has no effect. Did you mean "steps"?';
    expect(parsed.ok ? [] : parsed.error).toContainEqual({ path: 'step', message });
  });
});

describe('another name that nothing reads is a warning', () => {
  it.each<[string, object, string, RegExp]>([
    ['of the sender’s own', { x_crm: 1 }, 'x_crm', /it is stored and has no effect\.$/],
    ['a short one', { tags: ['a'] }, 'tags', /stored/],
    ['a property of another object', { mappings: [] }, 'mappings', /is a property of Integration\.$/],
    ['nearly one the server makes', { updated_att: 1 }, 'updated_att', /Did you mean "updated_at"/],
    [
      'a recipient’s in a filter',
      { steps: [{ type: 'filter', rule_set: RULES, retry_enabled: true }] },
      'steps.0.retry_enabled',
      /step of type filter/,
    ],
    ['a filter’s in a recipient', { steps: [{ ...RECIPIENT, reason: 'x' }] }, 'steps.0.reason', /type recipient/],
    [
      '`add` where nothing is entered',
      { list_checks: { dnc: { value: 'x', list_name: 'd', add: true } } },
      'list_checks.dnc.add',
      /DuplicateCheck/,
    ],
    ['a name of JavaScript’s own', { constructor: 1 }, 'constructor', /stored/],
  ])('%s', (_name, part, path, message) => {
    const { misspelt, unread } = finish(unknownNames({ ...FLOW, ...part }));
    expect(misspelt).toEqual([]);
    expect(unread).toEqual([{ path, message: expect.stringMatching(message) }]);
  });

  it('nothing is said of known names, of null, nor of what a value holds', () => {
    const flow = { ...FLOW, $schema: 'x', cap: null, steps: [RECIPIENT], caps: [CAP], firehose: { services: {} } };
    const destinations = [{ instance_id: 'x', flow_usages: { count: 1, flows: [{ nmae: 'x' }] } }];
    expect(finish(unknownNames({ ...flow, destinations }))).toEqual({ misspelt: [], unread: [] });
  });

  it('no more than 100 of each are listed', () => {
    const many = Object.fromEntries(Array.from({ length: 1000 }, (_, index) => [`own_${index}`, 1]));
    expect(finish(unknownNames({ ...FLOW, ...many })).unread).toHaveLength(100);
  });
});

describe('a part that nothing acts on yet is a warning', () => {
  const criteria = { enabled: true, rule_set: RULES };

  it('criteria of a step', () => {
    const warnings = finish(partsNotUsed({ ...FLOW, steps: [{ ...RECIPIENT, acceptance_criteria: criteria }] }));
    expect(warnings.map((problem) => problem.path)).toEqual(['steps.0.acceptance_criteria']);
    expect(warnings[0]?.message).toMatch(/^It is stored and has no effect yet: .*\.$/);
  });

  it.each<[string, unknown]>([
    ['empty', {}],
    ['null', null],
    ['switched off', { enabled: false, reason: 'x' }],
  ])('not those that are %s', (_name, acceptance_criteria) => {
    expect(finish(partsNotUsed({ ...FLOW, steps: [{ ...RECIPIENT, acceptance_criteria }] }))).toEqual([]);
  });
});
