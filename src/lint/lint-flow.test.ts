import fc from 'fast-check';
import ipaddr from 'ipaddr.js';
import { describe, expect, it } from 'vitest';
import { cpuRatioOnce } from '../../test/harness/cpu-ratio.ts';
import { findField } from '../fields/find-field.ts';
import { builtinModules } from '../integrations/builtin-modules.ts';
import { isPrivateHostAllowed } from '../integrations/forbidden-address.ts';
import { deliveryUrlProblem } from '../integrations/formats/delivery-url.ts';
import { createModuleRegistry } from '../integrations/registry.ts';
import type { ListType } from '../lists/normalise-list-value.ts';
import type { Cap } from '../model/cap.ts';
import type { Field } from '../model/field.ts';
import type {
  Candidate,
  DistributionMethodName,
  DistributionStep,
  FilterStep,
  FlowDocument,
  ListCheck,
  RecipientStep,
  Source,
} from '../model/flow.ts';
import type { MappingValue } from '../model/mapping.ts';
import { OPERATOR_NAMES } from '../model/operator.ts';
import type { Rule, RuleSet } from '../model/rule-set.ts';
import { CHECKS } from './checks.ts';
import type { LintedModule } from './lint-context.ts';
import { lintFlow, WARNINGS_MAX } from './lint-flow.ts';

const BIRTH_DATE: Field = { id: 'birth_date', name: 'Birth date', type: 'dob' };
/** Stands for an installed package that takes only what it declares. */
const LOOKUP: LintedModule = {
  direction: 'outbound',
  requestVariables: [
    { name: 'lead.phone_1', type: 'phone', required: true },
    { name: 'account.key', required: true },
    { name: 'lookup.lists', type: 'array', required: true },
    { name: 'mode', required: true, default: 'fast' },
    { name: 'old_mode', deprecated: true },
  ],
};
const modules = createModuleRegistry(builtinModules([]));
const surroundings = {
  fieldOf: (id: string) => findField(id, [BIRTH_DATE]),
  moduleOf: (id: string) => (id === 'lookup.outbound' ? LOOKUP : modules.find(id)),
};
const lint = (document: FlowDocument) => lintFlow(document, surroundings);
const found = (document: FlowDocument, check: string) =>
  lint(document)
    .filter((warning) => warning.check === check)
    .map(({ path }) => path);

function flow(parts: Partial<FlowDocument> = {}): FlowDocument {
  const fields = ['email', 'phone_1', 'state', 'birth_date', 'mortgage.loan.amount', 'postal_code'];
  return { name: 'F', enabled: true, fields, sources: [], steps: [], ...parts };
}

const set = (op: 'and' | 'or', ...rules: (Rule | RuleSet)[]): RuleSet => ({ op, rules });
const rule = (lhv: string, op: string, rhv?: Rule['rhv']): Rule => ({ lhv, op, ...(rhv !== undefined && { rhv }) });
const filter = (ruleSet: RuleSet, parts: Partial<FilterStep> = {}): FilterStep => ({
  type: 'filter',
  rule_set: ruleSet,
  ...parts,
});
const state = (op: string, rhv?: Rule['rhv']) => rule('lead.state', op, rhv);
const amount = (op: string, rhv: Rule['rhv']) => rule('lead.mortgage.loan.amount', op, rhv);
function recipient(
  name: string,
  properties: Record<string, MappingValue> = {},
  parts: Partial<RecipientStep> = {},
): RecipientStep {
  const mappings = Object.entries(properties).map(([property, value]) => ({ property, value }));
  return {
    type: 'recipient',
    entity: { name },
    integration: { module_id: 'leadconduit-custom.outbound.json', mappings },
    ...parts,
  };
}

const AT = 'steps.0.rule_set';

describe('contradictory-rules', () => {
  const contradictions: [string, RuleSet, string][] = [
    ['two values of one variable', set('and', state('is equal to', 'TX'), state('is equal to', 'CA')), `${AT}.rules.1`],
    [
      'a value and not that value',
      set('and', state('is equal to', 'TX'), state('is not equal to', 'tx')),
      `${AT}.rules.1`,
    ],
    [
      'a value outside a list',
      set('and', state('is included in', ['TX', 'CA']), state('is equal to', 'NY')),
      `${AT}.rules.1`,
    ],
    [
      'a value every one of which is excluded',
      set('and', state('is included in', 'TX,CA'), state('is not included in', ['CA', 'TX', 'NY'])),
      `${AT}.rules.1`,
    ],
    ['comparisons apart', set('and', amount('is less than', '18'), amount('is greater than', 65)), `${AT}.rules.1`],
    [
      'comparisons that touch',
      set('and', amount('is less than', 18), amount('is greater than or equal to', 18)),
      `${AT}.rules.1`,
    ],
    ['ranges apart', set('and', amount('is between', '1-5'), amount('is between', '6-9')), `${AT}.rules.1`],
    ['a value outside a range', set('and', amount('is between', '1-5'), amount('is equal to', '7')), `${AT}.rules.1`],
    ['blank and a value', set('and', state('is blank'), state('is equal to', 'TX')), `${AT}.rules.1`],
    ['blank and a pattern', set('and', state('includes', 'T'), state('is blank')), `${AT}.rules.1`],
    [
      'true and false',
      set('and', rule('suppressionlist.is_dnc', 'is true'), rule('suppressionlist.is_dnc', 'is false')),
      `${AT}.rules.1`,
    ],
    [
      'a pattern and its negation',
      set('and', state('matches pattern', '^T'), state('does not match pattern', '^T')),
      `${AT}.rules.1`,
    ],
    [
      'valid and invalid',
      set('and', rule('lead.phone_1', 'format is valid'), rule('lead.phone_1', 'format is invalid')),
      `${AT}.rules.1`,
    ],
    [
      'nested ands',
      set(
        'and',
        state('is equal to', 'TX'),
        set('and', rule('lead.email', 'is not blank'), state('is equal to', 'CA')),
      ),
      `${AT}.rules.1.rules.1`,
    ],
    [
      'a rule inside a rule',
      set('and', { ...state('is equal to', 'TX'), rule_set: set('and', state('is equal to', 'CA')) }),
      `${AT}.rules.0.rule_set.rules.0`,
    ],
    [
      'one branch of an or',
      set('or', rule('lead.email', 'is blank'), set('and', state('is equal to', 'TX'), state('is equal to', 'CA'))),
      `${AT}.rules.1.rules.1`,
    ],
    [
      'an or none of whose branches fits',
      set('and', state('is equal to', 'NY'), set('or', state('is equal to', 'TX'), state('is equal to', 'CA'))),
      `${AT}.rules.1.rules.0`,
    ],
    [
      'a template that is the variable',
      set('and', rule('{{lead.state}}', 'is equal to', 'TX'), state('is equal to', 'CA')),
      `${AT}.rules.1`,
    ],
  ];
  it.each(contradictions)('%s', (_, ruleSet, path) => {
    expect(found(flow({ steps: [filter(ruleSet)] }), 'contradictory-rules')).toEqual([path]);
  });

  const possible: [string, RuleSet][] = [
    ['two values in an or', set('or', state('is equal to', 'TX'), state('is equal to', 'CA'))],
    ['two variables', set('and', state('is equal to', 'TX'), rule('lead.email', 'is equal to', 'CA'))],
    ['the same value, written otherwise', set('and', amount('is equal to', '1,000'), amount('is equal to', '1000'))],
    ['the same value in another case', set('and', state('is equal to', 'tx'), state('is equal to', ' TX '))],
    ['a text that may be a list', set('and', state('is equal to', 'TX,CA'), state('is equal to', 'CA,TX'))],
    ['one range inside another', set('and', amount('is greater than', 18), amount('is less than', 65))],
    [
      'ranges that touch',
      set('and', amount('is less than or equal to', 18), amount('is greater than or equal to', 18)),
    ],
    [
      'a number and a day',
      set(
        'and',
        rule('lead.birth_date', 'is less than', '2000-01-01'),
        rule('lead.birth_date', 'is greater than', '20300101'),
      ),
    ],
    ['a list without one of its values', set('and', state('is included in', 'TX,CA'), state('is not equal to', 'TX'))],
    ['two values that are not', set('and', state('is not equal to', 'TX'), state('is not equal to', 'CA'))],
    ['blank and not a value', set('and', state('is blank'), state('is not equal to', 'TX'))],
    ['a right side from the lead', set('and', state('is equal to', '{{lead.email}}'), state('is equal to', 'CA'))],
    ['two patterns', set('and', state('matches pattern', '^T'), state('matches pattern', 'X$'))],
    ['a number as a text and not as a number', set('and', amount('is equal to', 10), amount('is not equal to', '10'))],
    [
      'an or with a branch that fits',
      set(
        'and',
        state('is equal to', 'TX'),
        rule('lead.email', 'is blank'),
        set('or', rule('lead.email', 'is blank'), amount('is blank', '')),
      ),
    ],
  ];
  it.each(possible)('not: %s', (_, ruleSet) => {
    expect(found(flow({ steps: [filter(ruleSet)] }), 'contradictory-rules')).toEqual([]);
  });

  it('says what comes of it', () => {
    const never = set('and', state('is equal to', 'TX'), state('is equal to', 'CA'));
    const day = { type: 'volume', maximum: 1, duration: 1, duration_units: 'day' } as const;
    const messages = lint(flow({ acceptance_criteria: { rule_set: never }, caps: [{ ...day, rule_set: never }] }));
    expect(messages.map(({ message }) => message)).toEqual([
      'No lead can pass both "lead.state is equal to "TX"" and "lead.state is equal to "CA"", so every lead is rejected: use one rule "is included in" with both values, or remove one.',
      expect.stringContaining('this cap never counts a lead'),
    ]);
  });
});

describe('rules-always-pass', () => {
  it.each([
    [set('or', state('is blank'), state('is not blank')), [AT]],
    [set('or', state('is not equal to', 'TX'), state('is not equal to', 'CA')), [AT]],
    [set('and', rule('lead.email', 'is blank'), set('or', state('is true'), state('is not true'))), [`${AT}.rules.1`]],
    [set('or', state('is equal to', 'TX'), state('is equal to', 'CA')), []],
    [set('or', amount('is less than', 65), amount('is greater than', 18)), []],
    [set('or', state('is not equal to', 'TX'), rule('lead.email', 'is not equal to', 'CA')), []],
    [set('or', rule('lead.phone_1', 'format is valid'), rule('lead.phone_1', 'format is invalid')), []],
  ])('%j', (ruleSet, paths) => {
    expect(found(flow({ steps: [filter(ruleSet)] }), 'rules-always-pass')).toEqual(paths);
  });
});

describe('filter-stops-all', () => {
  const after = recipient('CRM');
  it.each([
    ['no rules', [filter(set('and')), after], ['steps.0.rule_set']],
    [
      'rules that always pass',
      [filter(set('or', state('is blank'), state('is not blank'))), after],
      ['steps.0.rule_set'],
    ],
    ['at the end', [after, filter(set('and'))], []],
    ['disabled', [filter(set('and'), { enabled: false }), after], []],
    ['before disabled steps', [filter(set('and')), { ...after, enabled: false }], []],
    ['with a rule', [filter(set('and', state('is blank'))), after], []],
  ])('%s', (_, steps, paths) => {
    expect(found(flow({ steps }), 'filter-stops-all')).toEqual(paths);
  });
});

describe('unknown-variable', () => {
  it.each([
    'lead.stat',
    'state',
    'lead.phone_1.aera',
    'submission.time',
    'suppressionlist.is_duplicate',
    'suppressionlist.duplicate',
    'other_crm.outcome',
    'lead.constructor',
    '__proto__.x',
    'toString',
  ])('%s', (variable) => {
    expect(found(flow({ steps: [filter(set('and', rule(variable, 'is blank')))] }), 'unknown-variable')).toEqual([
      `${AT}.rules.0.lhv`,
    ]);
    if (!variable.startsWith('__')) {
      expect(
        found(flow({ steps: [filter(set('and'), { reason: `No {{${variable}}}` })] }), 'unknown-variable'),
      ).toEqual(['steps.0.reason']);
    }
  });

  it.each([
    'lead.state',
    'lead.id',
    'lead.phone_1.area',
    'lead.phone_1.raw',
    'lead.phone_1.valid',
    'lead.phone_1[0].area',
    'lead.mortgage',
    'lead.mortgage.loan.amount',
    'lead.birth_date.age',
    'submission.timestamp.hour',
    'submission.ip',
    'account.name',
    'flow.id',
    'source.name',
    'price',
    'purchase_price',
    'random',
    'lead.random_number',
    'suppressionlist.is_dnc',
    'my_crm.anything.at.all',
  ])('not: %s', (variable) => {
    const list_checks = { dnc: { value: '{{lead.phone_1}}', list_name: 'DNC' } };
    const steps = [recipient('My CRM'), filter(set('and', rule(variable, 'is blank')))];
    expect(found(flow({ list_checks, steps }), 'unknown-variable')).toEqual([]);
  });

  it('which of several values was found, of a check that has several', () => {
    const steps = [filter(set('and', rule('suppressionlist.dnc_by', 'is equal to', 'lead.email')))];
    const values = { dnc: { values: ['{{lead.phone_1}}', '{{lead.email}}'], list_name: 'DNC' } };
    expect(found(flow({ list_checks: values, steps }), 'unknown-variable')).toEqual([]);
    const value = { dnc: { value: '{{lead.email}}', list_name: 'DNC' } };
    const path = 'steps.0.rule_set.rules.0.lhv';
    expect(found(flow({ list_checks: value, steps }), 'unknown-variable')).toEqual([path]);
    expect(found(flow({ steps }), 'unknown-variable')).toEqual([path]);
  });

  it('names what was probably meant', () => {
    const messageOf = (variable: string) =>
      lint(flow({ steps: [filter(set('and', rule(variable, 'is blank')))] }))[0]?.message;
    expect(messageOf('lead.stat')).toContain('Did you mean "lead.state"?');
    expect(messageOf('state')).toContain('write "lead.state"');
  });

  it('leaves what a source submits alone', () => {
    const mappings = [
      { property: 'state', value: '{{Bundesland}}', rule_set: set('and', rule('Bundesland', 'is not blank')) },
    ];
    const source = { entity: { id: 'x' }, integration: { module_id: 'leadconduit-default.inbound', mappings } };
    expect(found(flow({ sources: [source] }), 'unknown-variable')).toEqual([]);
  });
});

describe('step-not-run', () => {
  const asks = filter(set('and', rule('my_crm.outcome', 'is equal to', 'failure')));
  it.each([
    ['later', [asks, recipient('My CRM')], ['steps.0.rule_set.rules.0.lhv']],
    ['disabled', [recipient('My CRM', {}, { enabled: false }), asks], ['steps.1.rule_set.rules.0.lhv']],
    [
      'its own answer in its own mapping',
      [recipient('My CRM', { a: '{{my_crm.outcome}}' }), asks],
      ['steps.0.integration.mappings.0.value'],
    ],
    ['earlier', [recipient('My CRM'), asks], []],
    ['one of two of the name', [recipient('My CRM', {}, { enabled: false }), recipient('My CRM'), asks], []],
    ['asked by a disabled filter', [recipient('My CRM', {}, { enabled: false }), { ...asks, enabled: false }], []],
    [
      'its own answer in its own price',
      [recipient('My CRM', {}, { pricing: { prices: [{ amount: 1, rule_set: asks.rule_set }] } }), asks],
      [],
    ],
  ])('%s', (_, steps, paths) => {
    expect(found(flow({ steps }), 'step-not-run')).toEqual(paths);
  });
});

describe('cap-never-fills', () => {
  const cap = (maximum: number, duration_units: Cap['duration_units'], parts: Partial<Cap> = {}): Cap => ({
    type: 'volume',
    maximum,
    duration: 1,
    duration_units,
    ...parts,
  });
  it.each<[string, Cap, Cap, boolean]>([
    ['more in the same window', cap(100, 'day'), cap(101, 'day'), true],
    ['as much in the same window', cap(100, 'day'), cap(100, 'day'), false],
    ['more in a shorter window', cap(100, 'month'), cap(200, 'day'), true],
    ['less in a shorter window', cap(100, 'day'), cap(10, 'hour'), false],
    ['more than 31 days in a month', cap(10, 'day'), cap(311, 'month'), true],
    ['what 31 days let through', cap(10, 'day'), cap(310, 'month'), false],
    ['another zone', cap(100, 'day'), cap(200, 'day', { time_zone: 'Asia/Tokyo' }), false],
    ['windows of several units', cap(100, 'day', { duration: 2 }), cap(200, 'day'), false],
    ['more dollars than leads', cap(100, 'day'), cap(200, 'day', { type: 'revenue' }), false],
    ['more dollars than dollars', cap(100, 'day', { type: 'revenue' }), cap(200, 'day', { type: 'revenue' }), true],
  ])('%s', (_, outer, inner, isTold) => {
    const nested = flow({ caps: [{ ...outer, caps: [inner] }] });
    expect(found(nested, 'cap-never-fills')).toEqual(isTold ? ['caps.0.caps.0.maximum'] : []);
    const source = { entity: { id: 'x' }, integration: { module_id: 'm', mappings: [] }, caps: [inner] };
    expect(found(flow({ caps: [outer], sources: [source] }), 'cap-never-fills')).toEqual(
      isTold ? ['sources.0.caps.0.maximum'] : [],
    );
    const some = { ...outer, rule_set: set('and', state('is equal to', 'TX')) };
    expect(found(flow({ caps: [some], sources: [source] }), 'cap-never-fills')).toEqual([]);
  });
});

describe('feedback-without-effect', () => {
  const integration = { module_id: 'leadconduit-custom.outbound.json', mappings: [] };
  const source = { entity: { id: 'x' }, integration: { module_id: 'm', mappings: [] }, feedback: { integration } };
  const taking = (feedback: RecipientStep['feedback']) =>
    flow({ sources: [source], steps: [recipient('Buyer', {}, feedback ? { feedback } : {})] });
  const check = (feedback: RecipientStep['feedback']) => found(taking(feedback), 'feedback-without-effect');

  it('finds a relay of nothing, and settings without "enabled"', () => {
    expect(check(undefined)).toEqual(['sources.0.feedback']);
    expect(check({ returns: { reasons: ['x'] }, conversions: { enabled: true } })).toEqual([
      'steps.0.feedback.returns',
    ]);
  });

  it('not what is switched on, or off on purpose', () => {
    expect(check({ returns: { enabled: true }, conversions: { enabled: false, rule_set: set('and') } })).toEqual([]);
  });

  it('nor rules that read what a recipient says; a misspelt variable is found in them', () => {
    const rules = set('and', rule('feedback.reason', 'is equal to', 'x'), rule('lead.emial', 'is not blank'));
    const document = taking({ returns: { enabled: true, rule_set: rules } });
    expect(found(document, 'unknown-variable')).toEqual(['steps.0.feedback.returns.rule_set.rules.1.lhv']);
  });
});

describe('ping-without-effect', () => {
  const limits = [{ maximum: 5, duration: 1, duration_units: 'day' as const }];
  const prices = { override: false, prices: [{ amount: 5 }] };
  const source = (module_id: string, parts: Partial<Source> = {}): Source => ({
    entity: {},
    integration: { module_id, mappings: [] },
    ...parts,
  });
  const { type: _, ...candidate } = recipient('A');
  const bid = { module_id: 'leadconduit-custom.outbound.json', mappings: [] };
  const auction = (parts: Partial<DistributionStep> = {}): DistributionStep => ({
    ...{ type: 'distribution', method: 'highest_bid', bids_price_pings: true },
    recipients: [{ ...candidate, bid }],
    ...parts,
  });
  const [plain, classic] = [source('leadconduit-default.inbound'), source('leadconduit-standard.inbound.classic')];

  it.each<[string, Partial<FlowDocument>, string[]]>([
    ['limits without pings', { ping_limits: limits }, ['ping_limits']],
    ['limits of a source', { sources: [{ ...plain, ping_limits: limits }] }, ['sources.0.ping_limits']],
    ['no price', { ping_enabled: true, sources: [plain] }, ['sources.0']],
    [
      'a price of another source',
      { ping_enabled: true, sources: [{ ...plain, pricing: prices }, plain] },
      ['sources.1'],
    ],
    [
      'a module that cannot be pinged',
      { ping_enabled: true, pricing: prices, sources: [classic] },
      ['sources.0.integration.module_id'],
    ],
    ['limits and a price', { ping_enabled: true, ping_limits: limits, pricing: prices, sources: [plain] }, []],
    ['bids that price them', { ping_enabled: true, steps: [auction()], sources: [plain] }, []],
    [
      'bids of a distribution that is off',
      { ping_enabled: true, steps: [auction({ enabled: false })], sources: [plain] },
      ['sources.0'],
    ],
    ['bids without pings', { steps: [auction()], pricing: prices, sources: [plain] }, ['steps.0.bids_price_pings']],
    [
      'bids of two distributions',
      { ping_enabled: true, steps: [auction(), auction({ key: 'more' })], sources: [plain] },
      ['steps.1.bids_price_pings'],
    ],
    [
      'bids of recipients that cannot bid',
      { ping_enabled: true, steps: [auction({ recipients: [candidate] })], sources: [plain] },
      ['steps.0.bids_price_pings'],
    ],
    // The method has a warning of its own.
    [
      'bids of a method without any',
      { ping_enabled: true, pricing: prices, steps: [auction({ method: 'waterfall' })], sources: [plain] },
      [],
    ],
    [
      'a price that is submitted',
      { ping_enabled: true, pricing: { override: true, prices: null }, sources: [plain] },
      [],
    ],
    [
      'a service',
      { ping_enabled: true, sources: [{ ...plain, pricing_service: { service_id: 'x', fallback_price: 0 } }] },
      [],
    ],
    ['no pings', { sources: [plain] }, []],
  ])('%s', (_what, parts, paths) => {
    expect(found(flow(parts), 'ping-without-effect')).toEqual(paths);
  });
});

describe('cap-takes-none', () => {
  const cap = (maximum: number, caps?: Cap[]): Cap => ({
    type: 'volume',
    maximum,
    duration: 1,
    duration_units: 'day',
    ...(caps ? { caps } : {}),
  });
  it('finds a maximum of 0 in flow, source, step and nested caps, once where both are 0', () => {
    const source = { entity: { id: 'x' }, integration: { module_id: 'm', mappings: [] }, caps: [cap(0)] };
    const document = flow({
      caps: [cap(0, [cap(0)]), cap(5, [cap(0), cap(1)])],
      sources: [source],
      steps: [recipient('Buyer', {}, { caps: [cap(1), cap(0)] })],
    });
    expect(found(document, 'cap-takes-none')).toEqual([
      'caps.0.maximum',
      'caps.1.caps.0.maximum',
      'sources.0.caps.0.maximum',
      'steps.0.caps.1.maximum',
    ]);
  });

  it.each<[string, Partial<RecipientStep>, string[]]>([
    ['less than each delivery holds', { pricing: { override: true, maximum_price: 6 } }, ['steps.0.caps.0.maximum']],
    ['as much as a delivery holds', { pricing: { override: true, maximum_price: 5 } }, []],
    ['prices of the step, which may differ', { pricing: { prices: [{ amount: 6 }], maximum_price: 6 } }, []],
  ])('of a revenue cap of a step: %s', (_, parts, paths) => {
    const budget: Cap = { ...cap(5), type: 'revenue' };
    expect(found(flow({ steps: [{ ...recipient('A'), caps: [budget], ...parts }] }), 'cap-takes-none')).toEqual(paths);
  });
});

describe('revenue-cap-without-price', () => {
  const caps: Cap[] = [{ type: 'revenue', maximum: 5, duration: 1, duration_units: 'day' }];
  const nested: Cap[] = [{ type: 'volume', maximum: 5, duration: 1, duration_units: 'day', caps }];
  const pricing = { prices: [{ amount: 2 }] };
  const source = { entity: { id: 'x' }, integration: { module_id: 'm', mappings: [] } };
  it.each<[string, Partial<FlowDocument>, string[]]>([
    ['of a flow without a price', { caps }, ['caps.0.type']],
    ['inside a volume cap', { caps: nested }, ['caps.0.caps.0.type']],
    ['of a flow with a price', { caps, pricing }, []],
    ['of a flow with a price at a source', { caps, sources: [source, { ...source, pricing }] }, []],
    [
      'of a source without a price',
      {
        sources: [
          { ...source, caps },
          { ...source, pricing },
        ],
      },
      ['sources.0.caps.0.type'],
    ],
    [
      'of a source in a flow with a service',
      { sources: [{ ...source, caps }], pricing_service: { fallback_price: 1 } },
      [],
    ],
    ['of a step without a price', { pricing, steps: [recipient('A', {}, { caps })] }, ['steps.0.caps.0.type']],
    ['of a step with a price', { steps: [recipient('A', {}, { caps, pricing: { override: true } })] }, []],
  ])('%s', (_, parts, paths) => {
    expect(found(flow(parts), 'revenue-cap-without-price')).toEqual(paths);
  });
});

describe('recipients-without-filter', () => {
  const last = filter(set('and', rule('crm.outcome', 'is not equal to', 'success')));
  it.each([
    ['none', [recipient('CRM')], ['steps']],
    ['only before', [filter(set('and', state('is blank'))), recipient('CRM')], ['steps']],
    ['disabled', [recipient('CRM'), { ...last, enabled: false }], ['steps']],
    ['behind', [recipient('CRM'), last], []],
    ['behind the first of two', [recipient('CRM'), last, recipient('Copy')], []],
    ['no recipient', [filter(set('and', state('is blank')))], []],
    ['a disabled recipient', [recipient('CRM', {}, { enabled: false })], []],
  ])('%s', (_, steps, paths) => {
    expect(found(flow({ steps }), 'recipients-without-filter')).toEqual(paths);
  });
});

describe('distribution-shares', () => {
  function share(name: string, parts: Partial<Candidate> = {}): Candidate {
    const { type: _, ...delivery } = recipient(name);
    return { ...delivery, ...parts };
  }
  const shares = (method: DistributionMethodName, recipients: Candidate[], parts: Partial<DistributionStep> = {}) =>
    flow({ steps: [{ type: 'distribution', method, recipients, ...parts }] });
  const two = [share('A'), share('B')];
  const asks = (value: string) => ({
    module_id: 'leadconduit-custom.outbound.json',
    mappings: [{ property: 'json_property.x', value }],
  });

  it.each<[string, FlowDocument, string[]]>([
    ['two that take turns', shares('round_robin', two), []],
    ['one alone', shares('round_robin', [share('A'), share('B', { enabled: false })]), ['steps.0.recipients']],
    ['none', shares('waterfall', [share('A', { enabled: false })]), ['steps.0.recipients']],
    ['more sales than recipients', shares('send_all', two, { max_sales: 3 }), ['steps.0.max_sales']],
    [
      'weights that are all 0',
      shares('weighted', [share('A', { weight: 0 }), share('B', { weight: 0 })]),
      ['steps.0.recipients'],
    ],
    [
      'a weight of 0 of a single recipient',
      shares('weighted', [share('A', { weight: 0 }), share('B', { enabled: false })]),
      ['steps.0.recipients', 'steps.0.recipients'],
    ],
    ['a weight of 0', shares('weighted', [share('A', { weight: 0 }), share('B')]), ['steps.0.recipients.0.weight']],
    [
      'percentages over 100',
      shares('percentage', [share('A', { percentage: 60 }), share('B', { percentage: 50 })]),
      ['steps.0.recipients'],
    ],
    [
      'thirds',
      shares(
        'percentage',
        ['A', 'B', 'C'].map((name) => share(name, { percentage: 33.33 })),
      ),
      [],
    ],
    [
      '100 in each tier',
      shares('percentage', [share('A', { percentage: 100 }), share('B', { percentage: 100, tier: 2 })]),
      [],
    ],
    [
      'exclusive recipients, whose turns are their own',
      shares('percentage', [share('A', { percentage: 60, exclusive: true }), share('B', { percentage: 40 })]),
      ['steps.0.recipients', 'steps.0.recipients'],
    ],
    [
      '100 among the exclusive ones and among the others',
      shares('percentage', [share('A', { percentage: 100, exclusive: true }), share('B', { percentage: 100 })]),
      [],
    ],
    [
      'weights that are all 0 in one tier of two',
      shares('weighted', [share('A', { weight: 0 }), share('B', { weight: 0 }), share('C', { tier: 2 })]),
      ['steps.0.recipients'],
    ],
    ['a weight of 0 alone in its tier', shares('weighted', [share('A', { weight: 0, tier: 2 }), share('B')]), []],
    [
      'a weight that its method does not read',
      shares('waterfall', [share('A'), share('B', { weight: 2 })]),
      ['steps.0.recipients.1.weight'],
    ],
    ['switched off', shares('waterfall', [share('A')], { enabled: false }), []],
    [
      'what auctions alone read',
      shares('waterfall', [share('A', { bid: asks('{{lead.state}}') }), share('B')], { minimum_price: 5 }),
      ['steps.0.minimum_price', 'steps.0.recipients.0.bid'],
    ],
    [
      'an auction',
      shares('highest_bid', [share('A', { bid: asks('{{lead.state}}') }), share('B')], { minimum_price: 5 }),
      [],
    ],
  ])('%s', (_, document, paths) => {
    expect(found(document, 'distribution-shares')).toEqual(paths);
  });

  it.each<[string, boolean]>([
    ['{{lead.state}}', false],
    ['{{lead.phone_1.area}}', false],
    ['{{lead.email.domain}}', false],
    ['{{lead.email}}', true],
    ['{{ lead.first_name }} of {{lead.state}}', true],
    ['{{lead.phone_1}}', true],
    ['{{lead.address_1}}', true],
  ])('a bid that has %s warns of the person: %s', (value, isFound) => {
    const document = shares('highest_bid', [share('A', { bid: asks(value) }), share('B')]);
    const paths = isFound ? ['steps.0.recipients.0.bid.mappings.0.value'] : [];
    expect(found(document, 'personal-data-in-bid')).toEqual(paths);
  });

  it('a template of a bid is checked as every other one', () => {
    const document = shares('highest_bid', [share('A', { bid: asks('{{leed.state}}') }), share('B')]);
    expect(found(document, 'unknown-variable')).toEqual(['steps.0.recipients.0.bid.mappings.0.value']);
  });

  it('variables of a distribution are known by its key', () => {
    const steps = (variable: string) =>
      flow({
        steps: [
          { type: 'distribution', name: 'Best buyers', method: 'waterfall', recipients: two },
          filter(set('and', rule(variable, 'is equal to', 'x'))),
        ],
      });
    expect(found(steps('distribution.best_buyers.winner'), 'unknown-variable')).toEqual([]);
    expect(found(steps('distribution.best_buyers.buyer'), 'unknown-variable')).toEqual([
      'steps.1.rule_set.rules.0.lhv',
    ]);
    expect(found(steps('distribution.best.winner'), 'unknown-variable')).toEqual(['steps.1.rule_set.rules.0.lhv']);
    expect(found(steps('a.outcome'), 'unknown-variable')).toEqual([]);
  });

  it('other checks look into its recipients', () => {
    const capped = share('A', { caps: [{ type: 'volume', maximum: 0, duration: 1, duration_units: 'day' }] });
    expect(found(shares('waterfall', [capped, share('B')]), 'cap-takes-none')).toEqual([
      'steps.0.recipients.0.caps.0.maximum',
    ]);
  });
});

describe('secret-in-mapping', () => {
  const HEXADECIMAL = '9f86d081884c7d659a2feaa0c55ad015';
  it.each<[string, MappingValue]>([
    ['header.Authorization', 'Custom abcdef'],
    ['header.X-Api-Key', 'abc-def-ghi'],
    ['json_property.password', 'hunter22'],
    ['form_field.api_key', ['', 'k-12345678']],
    ['json_property.login.token', 'abcdefgh'],
    ['header.X', 'Bearer abcdefghij'],
    ['header.X', `Basic ${btoa('user:password')}`],
    ['json_property.k', HEXADECIMAL],
    ['json_property.k', `sk_${'live'}_abcdefghijklmnop`],
    ['json_property.k', 'q7Rz9LmX2vB8nK4tY6wP1sD3fG5hJ0aC'],
    ['json_property.k', `AKIA${'ABCDEFGHIJKLMNOP'}`],
    ['url', 'https://user:pass@buyer.example.com/'],
    ['url', 'https://buyer.example.com/?api_key=abcdefgh&x={{lead.email}}'],
  ])('%s', (property, value) => {
    const warnings = lint(flow({ steps: [recipient('CRM', { [property]: value })] })).filter(
      ({ check }) => check === 'secret-in-mapping',
    );
    expect(warnings.map(({ path }) => path)).toEqual(['steps.0.integration.mappings.0.value']);
    for (const text of [value].flat()) if (text) expect(JSON.stringify(warnings)).not.toContain(text);
  });

  it.each<[string, MappingValue]>([
    ['header.Authorization', '{{lead.email}}'],
    ['json_property.password', ''],
    ['json_property.token', true],
    ['json_property.campaign', '0d1b2c3e-1f2a-4b5c-8d9e-0a1b2c3d4e5f'],
    ['json_property.campaign_id', '5fd4371e940df5a34a3888b2'],
    ['json_property.note', 'A sentence of more than thirty-two characters'],
    ['json_property.number', '12345678901234567890123456789012'],
    ['outcome_search_path', 'ThisIsALongElementName.InAnAnswer1.OfXml2'],
    ['url', 'https://buyer.example.com/leads?campaign=abcdefgh'],
    ['json_property.name', 'SolarCampaignNorthEastSummerHomeowners'],
    ['token_path', 'result.token'],
  ])('not: %s %j', (property, value) => {
    expect(found(flow({ steps: [recipient('CRM', { [property]: value })] }), 'secret-in-mapping')).toEqual([]);
  });
});

describe('masked-not-retried', () => {
  const fields = ['email', 'ssn', 'notes'];
  const reading = (value: string, parts: Partial<RecipientStep> = {}) =>
    found(
      flow({ fields, steps: [recipient('CRM', { 'json_property.x': value }, { retry_enabled: true, ...parts })] }),
      'masked-not-retried',
    );

  it.each(['{{lead.ssn}}', 'SSN {{lead.ssn.raw}}', '{{lead.email}} {{lead.ssn}}'])('%s', (value) => {
    expect(reading(value)).toEqual(['steps.0.integration.mappings.0.value']);
  });

  it.each<[string, Partial<RecipientStep>]>([
    ['{{lead.email}}', {}],
    ['{{lead.ssnx}}', {}],
    ['{{lead.ssn}}', { retry_enabled: false }],
    ['{{lead.ssn}}', { enabled: false }],
  ])('not: %s %j', (value, parts) => {
    expect(reading(value, parts)).toEqual([]);
  });
});

const through = (module: string, properties: Record<string, MappingValue>, parts: Partial<RecipientStep> = {}) => {
  const step = recipient('CRM', properties, parts);
  return flow({ steps: [{ ...step, integration: { ...step.integration, module_id: module } }] });
};

describe('unknown-property', () => {
  const FORM = 'leadconduit-custom.outbound.form';
  const warningsOf = (module: string, property: string, parts: Partial<RecipientStep> = {}) =>
    lint(through(module, { [property]: 'x' }, parts)).filter(({ check }) => check === 'unknown-property');

  it.each([
    [FORM, 'form_feild.email', 'Did you mean "form_field.email"?'],
    [FORM, 'URL', 'Did you mean "url"?'],
    [FORM, 'outcome_serch_term', 'Did you mean "outcome_search_term"?'],
    [FORM, 'email', 'under one of these: form_field.*, header.*, capture.*.'],
    [FORM, 'json_property.email', 'under one of these'],
    [FORM, 'lead.email', 'under one of these'],
    [FORM, 'constructor', 'under one of these'],
    [FORM, '__proto__.x', 'under one of these'],
    [FORM, '\ud800', 'under one of these'],
    ['leadconduit-default.outbound', 'default.cutsom.id', 'Did you mean "default.custom.id"?'],
    ['lookup.outbound', 'lookup.list', 'Did you mean "lookup.lists"?'],
    ['lookup.outbound', 'old_mod', 'Remove the mapping'],
  ])('%s %s', (module, property, remedy) => {
    const [warning, ...others] = warningsOf(module, property);
    expect(warning).toMatchObject({
      path: 'steps.0.integration.mappings.0.property',
      message: expect.stringContaining(remedy),
    });
    expect(others).toEqual([]);
  });

  it.each([
    [FORM, 'form_field.anything[0]'],
    [FORM, "form_field.'a.b'"],
    [FORM, 'form_field'],
    [FORM, 'timeout_seconds'],
    [FORM, 'encode_form_fields'],
    [FORM, 'a..b'],
    ['leadconduit-custom.outbound.json', 'credential.username'],
    ['leadconduit-form-post.outbound.form_post', 'form_field.email'],
    ['leadconduit-custom.outbound.soap', 'arg.Person@id'],
    ['leadconduit-default.outbound', 'lead.email'],
    ['leadconduit-default.outbound', 'default.custom.id'],
    ['lookup.outbound', 'lookup.lists.0'],
    ['lookup.outbound', 'lookup'],
    ['lookup.outbound', 'old_mode'],
    ['lookup.outbound.other', 'anything'],
    ['leadconduit-default.inbound', 'anything'],
  ])('not: %s %s', (module, property) => {
    expect(warningsOf(module, property)).toEqual([]);
  });

  it('leaves disabled steps alone', () => {
    expect(warningsOf(FORM, 'email', { enabled: false })).toEqual([]);
  });

  it('repeats no long name, and ends with ten thousand of them', () => {
    const properties = Object.fromEntries(Array.from({ length: 10_000 }, (_, at) => [`p${at}${'x'.repeat(400)}`, 'x']));
    let warnings: ReturnType<typeof lint> = [];
    expect(
      cpuRatioOnce(() => {
        warnings = lint(through(FORM, properties));
      }),
    ).toBeLessThan(1_000);
    expect(warnings.length).toBeLessThanOrEqual(WARNINGS_MAX);
    for (const { message } of warnings) expect(message.length).toBeLessThan(400);
  });
});

describe('property-not-mapped', () => {
  it.each<[string, Record<string, MappingValue>, string[]]>([
    ['leadconduit-custom.outbound.json', {}, ['url']],
    ['leadconduit-custom.outbound.json', { url: '{{lead.email}}' }, []],
    ['leadconduit-custom.outbound.soap', { url: 'https://buyer.example.com/?wsdl' }, ['function']],
    ['leadconduit-get.outbound.get', {}, ['url']],
    ['leadconduit-default.outbound', { url: 'https://buyer.example.com/' }, []],
    ['lookup.outbound', {}, ['lookup.lists']],
    ['lookup.outbound', { 'lookup.lists.0': 'a' }, []],
    ['lookup.outbound', { lookup: '{{lead.email}}' }, []],
    ['nothing.outbound', {}, []],
  ])('%s %j', (module, properties, names) => {
    const warnings = lint(through(module, properties)).filter(({ check }) => check === 'property-not-mapped');
    expect(warnings).toEqual(
      names.map((name) => ({
        check: 'property-not-mapped',
        path: 'steps.0.integration.mappings',
        message: `"${name}" is required by ${module}, and no mapping fills it: add one.`,
      })),
    );
  });

  it('a mapping with rules fills it, a disabled step needs none', () => {
    const warningsOf = (document: FlowDocument) => found(document, 'property-not-mapped');
    const mappings = [{ property: 'url', value: 'x', rule_set: set('and', state('is blank')) }];
    const step = recipient('CRM');
    expect(warningsOf(flow({ steps: [{ ...step, integration: { ...step.integration, mappings } }] }))).toEqual([]);
    expect(warningsOf(flow({ steps: [{ ...step, enabled: false }] }))).toEqual([]);
  });
});

describe('setting-without-effect', () => {
  const OVERRIDE = { pricing: { override: true, prices: [] } };
  // biome-ignore format: a table reads better in rows
  it.each<[string, Record<string, MappingValue>, Partial<RecipientStep>, string[]]>([
    ['json', { outcome_search_path: 'a' }, {}, ['0']],
    ['json', { outcome_search_path: 'a', outcome_search_term: 'ok' }, {}, []],
    ['json', { outcome_search_path: 'a', outcome_on_match: 'failure' }, {}, []],
    ['xml', { reason_path: '//reason' }, {}, ['0']],
    ['xml', { reason_path: '/r/errors/error' }, {}, ['0']],
    ['xml', { reason_path: '//reason/text()' }, {}, []],
    ['xml', { reason_path: 'string(//reason)' }, {}, []],
    ['xml', { reason_path: '//fault/@code' }, {}, []],
    ['form', { reason_path: '/reason/' }, {}, []],
    ['json', { fallback_price: 'twelve' }, {}, ['0']],
    ['json', { fallback_price: '12,50' }, {}, []],
    ['json', { fallback_price: '{{lead.bid}}' }, {}, []],
    ['json', {}, OVERRIDE, ['pricing']],
    ['json', { price_path: 'price' }, OVERRIDE, []],
    ['json', { price_path: 'price' }, {}, ['0']],
    ['json', { price_path: 'price', 'json_property.again': '{{r.price}}' }, { key: 'r' }, []],
    ['json', { price_path: 'price' }, { pricing: { prices: [{ amount: 2 }] } }, []],
    ['json', { fallback_price: '2' }, OVERRIDE, []],
    ['json', {}, { pricing: { prices: [] } }, []],
  ])('%s %j %j', (module, properties, parts, places) => {
    const { steps } = through(`leadconduit-custom.outbound.${module}`, properties);
    const document = flow({ steps: steps.map((step) => ({ ...step, ...parts }) as RecipientStep) });
    expect(found(document, 'setting-without-effect')).toEqual(
      places.map((place) => (place === 'pricing' ? 'steps.0.pricing' : `steps.0.integration.mappings.${place}`)),
    );
  });
});

describe('pattern-never-matches', () => {
  it.each(['a^b', '$a', '$100', '/a^b/', '[]', 'x[]y', '(abc', 'a^b|$c', '/x$y/i'])('%s', (pattern) => {
    const steps = [filter(set('and', state('matches pattern', pattern)))];
    expect(found(flow({ steps }), 'pattern-never-matches')).toEqual([`${AT}.rules.0.rhv`]);
  });

  it.each([
    '^a',
    'a$',
    '^$',
    '\\$100',
    'a\\^b',
    '[^a]',
    '[$]1',
    'a*^b',
    '(^|,)a(,|$)',
    'a^b|c',
    '/a$\\nb/m',
    '^^a$$',
    'a|^b',
    '*@x.com',
    '\\b$',
    '[]?a',
    '{{lead.email}}',
    '\\b^a',
    '$(a)?',
  ])('not: %s', (pattern) => {
    const steps = [filter(set('and', state('matches pattern', pattern)))];
    expect(found(flow({ steps }), 'pattern-never-matches')).toEqual([]);
  });

  it.each<[string, boolean]>([
    ['/\\D+/', true],
    ['$ok', true],
    ['OK|Accepted', false],
    ['/\\d+/', false],
    ['\\\\D', false],
    ['a+b', false],
  ])('as a search term: %s', (term, isTold) => {
    const steps = [recipient('CRM', { outcome_search_term: term })];
    expect(found(flow({ steps }), 'pattern-never-matches')).toEqual(
      isTold ? ['steps.0.integration.mappings.0.value'] : [],
    );
  });
});

describe('mapping-to-no-field', () => {
  const mapped = (property: string, parts: object = {}) => {
    const integration = { module_id: 'leadconduit-default.inbound', mappings: [{ property, value: 'x' }] };
    return found(flow({ sources: [{ entity: {}, integration, ...parts }] }), 'mapping-to-no-field');
  };

  it.each(['emial', 'lead.emial', 'emails', 'mortgage.lone.amount', 'account_name'])('%s', (property) => {
    expect(mapped(property)).toEqual(['sources.0.integration.mappings.0.property']);
  });

  it.each(['email', 'lead.email', 'mortgage.loan.amount', 'mortgage.loan', 'postal_code.zip', 'price'])(
    'not: %s',
    (property) => {
      expect(mapped(property)).toEqual([]);
    },
  );

  it('not of a disabled source', () => {
    expect(mapped('emial', { enabled: false })).toEqual([]);
  });
});

describe('flow-in-a-circle', () => {
  const OWN = '5fd0c0de0000000000000001';
  const OTHER = '5fd0c0de0000000000000002';
  const targets = (running: Record<string, string[]>) => ({
    ofUrl: (url: string) => (url === 'https://leads.example.com/other' ? [OTHER] : []),
    ofRunning: (flowId: string) => running[flowId] ?? [],
  });
  const circles = (step: RecipientStep, running: Record<string, string[]>) =>
    lintFlow(flow({ id: OWN, steps: [step] }), { ...surroundings, flowTargets: targets(running) }).filter(
      ({ check }) => check === 'flow-in-a-circle',
    );
  const byUrl = recipient('Other', { url: 'https://leads.example.com/other' });
  const byId: RecipientStep = {
    ...byUrl,
    integration: { module_id: 'sluice.outbound.flow', mappings: [{ property: 'flow_id', value: OTHER }] },
  };

  it.each([byUrl, byId])('names the way back, however the other flow is named', (step) => {
    expect(circles(step, { [OTHER]: ['x'], x: [OWN] })).toMatchObject([
      {
        path: 'steps.0.integration.mappings.0.value',
        message: expect.stringContaining(`${OWN} > ${OTHER} > x > ${OWN}`),
      },
    ]);
  });

  it('not of flows that lead elsewhere, nor round a circle that this flow is not in', () => {
    expect(circles(byId, { [OTHER]: ['x'], x: [OTHER] })).toEqual([]);
    expect(circles({ ...byId, enabled: false }, { [OTHER]: [OWN] })).toEqual([]);
  });
});

describe('recipient-url-refused', () => {
  const isPrivate = (hostname: string, port: number) =>
    isPrivateHostAllowed(hostname, port, [{ network: ipaddr.parse('127.0.0.1'), prefixBits: 32, port: 8401 }]);
  const urlProblem = (url: string) => deliveryUrlProblem(url, isPrivate);
  const refused = (url: MappingValue, parts: Partial<RecipientStep> = {}) =>
    lintFlow(flow({ steps: [recipient('CRM', { url }, parts)] }), { ...surroundings, urlProblem }).filter(
      ({ check }) => check === 'recipient-url-refused',
    );

  it.each([
    'http://192.168.1.5/leads',
    'http://127.0.0.1:9000/',
    'https://[::1]/',
    'http://localhost:3000/leads',
    'http://crm.internal/leads',
    'http://10.0.0.1/{{lead.state}}',
    'ftp://example.com/',
  ])('%s', (url) => {
    expect(refused(url)).toMatchObject([
      {
        path: 'steps.0.integration.mappings.0.value',
        message: expect.stringContaining('SLUICE_ALLOW_PRIVATE_NETWORKS'),
      },
    ]);
  });

  it.each([
    'https://example.com/leads',
    'http://127.0.0.1:8401/x',
    '{{lead.url}}',
    'https://{{lead.state}}.example.com/',
  ])('not: %s', (url) => {
    expect(refused(url)).toEqual([]);
  });

  it('not of a submit URL of this installation, which only one module delivers to without HTTP', () => {
    const flowTargets = { ofUrl: (url: string) => (url.includes('.lan/') ? ['a'] : []), ofRunning: () => [] };
    const paths = (module_id: string, url: string) =>
      lintFlow(
        flow({
          steps: [recipient('CRM', {}, { integration: { module_id, mappings: [{ property: 'url', value: url }] } })],
        }),
        { ...surroundings, urlProblem, flowTargets },
      ).filter(({ check }) => check === 'recipient-url-refused').length;
    expect(paths('leadconduit-default.outbound', 'http://leads.lan/flows/a')).toBe(0);
    expect(paths('leadconduit-default.outbound', 'http://other.lan2/flows/a')).toBe(1);
    expect(paths('leadconduit-custom.outbound.json', 'http://leads.lan/flows/a')).toBe(1);
  });

  it('not of a disabled step, and repeats no password', () => {
    expect(refused('http://127.0.0.1/', { enabled: false })).toEqual([]);
    expect(refused('http://user:hunter2@127.0.0.1/?k=hunter2')[0]?.message).not.toContain('hunter2');
  });
});

describe('batch-mapping', () => {
  const DAILY = { id: 'daily', name: 'Daily', isEnabled: true, columns: ['email', 'state'] };
  const rows = (mapped: Record<string, string>, batch = DAILY) => {
    const mappings = Object.entries({ batch_id: 'daily', ...mapped }).map(([property, value]) => ({ property, value }));
    const step: RecipientStep = {
      ...{ type: 'recipient', entity: { name: 'Lender' } },
      integration: { module_id: 'sluice.outbound.batch', mappings },
    };
    const batchOf = (id: string) => (id === batch.id ? batch : undefined);
    return lintFlow(flow({ steps: [step] }), { ...surroundings, batchOf })
      .filter(({ check }) => check === 'batch-mapping')
      .map(({ path, message }) => `${path}: ${message}`);
  };
  const WHOLE = { 'row.email': '{{lead.email}}', 'row.state': '{{lead.state}}' };
  const AT_MAPPINGS = 'steps.0.integration.mappings';

  it('not where the mappings are those of the columns, nor of a batch that is unknown', () => {
    expect(rows(WHOLE)).toEqual([]);
    expect(rows({ ...WHOLE, batch_id: 'nightly', 'row.phone': 'x' })).toEqual([]);
  });

  it('names a value of no column, and the column that is meant', () => {
    expect(rows({ ...WHOLE, 'row.stat': '{{lead.state}}' })).toEqual([
      expect.stringMatching(/^steps\.0\.integration\.mappings\.3\.property: .*"stat".*Did you mean "state"\?$/),
    ]);
  });

  it('names the columns that no mapping fills', () => {
    expect(rows({ 'row.email': '{{lead.email}}' })).toEqual([
      expect.stringContaining(`${AT_MAPPINGS}: No mapping fills "state" of the batch "Daily"`),
    ]);
  });

  it('says that the batch is off', () => {
    expect(rows(WHOLE, { ...DAILY, isEnabled: false })).toEqual([
      expect.stringContaining(`${AT_MAPPINGS}: The batch "Daily" is off`),
    ]);
  });
});

describe('lintFlow', () => {
  it('has a test for every check', () => {
    expect(CHECKS.map(({ name }) => name)).toEqual([
      'contradictory-rules',
      'rules-always-pass',
      'filter-stops-all',
      'unknown-variable',
      'step-not-run',
      'cap-never-fills',
      'cap-takes-none',
      'revenue-cap-without-price',
      'feedback-without-effect',
      'ping-without-effect',
      'recipients-without-filter',
      'distribution-shares',
      'personal-data-in-bid',
      'secret-in-mapping',
      'pattern-never-matches',
      'masked-not-retried',
      'retry-with-alternatives',
      'retry-after-answer',
      'unknown-property',
      'property-not-mapped',
      'mapping-to-no-field',
      'recipient-url-refused',
      'flow-in-a-circle',
      'setting-without-effect',
      'batch-mapping',
      'value-not-of-list',
    ]);
  });

  it('reports a bounded number, of a flow with ten thousand rules too', () => {
    const rules = Array.from({ length: 10_000 }, (_, index) => state('is not equal to', `S${index}`));
    const wrong = Array.from({ length: 10_000 }, (_, index) => rule(`lead.wrong_${index}`, 'is blank'));
    const ratio = cpuRatioOnce(() => {
      expect(
        lint(flow({ steps: [filter(set('or', ...rules)), filter(set('and', ...rules))] })).length,
      ).toBeLessThanOrEqual(WARNINGS_MAX);
      expect(lint(flow({ steps: [filter(set('and', ...wrong))] }))).toHaveLength(WARNINGS_MAX);
    });
    expect(ratio).toBeLessThan(2_500);
  });

  it('never throws, and every sentence has a place and an end', () => {
    fc.assert(
      fc.property(arbitraryFlow, (document) => {
        for (const { path, message } of lint(document)) {
          expect(path).not.toBe('');
          expect(message).toMatch(/^["A-Z][\s\S]*[.?]$/);
        }
      }),
      { numRuns: 300 },
    );
  });
});

const odd = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 20 }),
  fc.constantFrom(
    '',
    'lead.state',
    '__proto__',
    'constructor.x',
    '{{lead.state}}',
    '{{#if',
    '\ud800',
    '[]',
    'a^b',
    '1-5',
    'TX,CA',
    'my_crm.outcome',
    'https://a:b@c',
  ),
);
const rhv = fc.oneof(odd, fc.double(), fc.boolean(), fc.constant(null), fc.array(odd, { maxLength: 4 }));
const arbitraryRules: fc.Arbitrary<RuleSet> = fc.letrec<{ set: RuleSet; entry: Rule | RuleSet }>((tie) => ({
  set: fc.record({
    op: fc.constantFrom('and' as const, 'or' as const),
    rules: fc.array(tie('entry'), { maxLength: 4 }),
  }),
  entry: fc.oneof(
    { depthSize: 'small' },
    fc.record({ lhv: odd, op: fc.oneof(odd, fc.constantFrom(...OPERATOR_NAMES)), rhv }),
    fc.record({ lhv: odd, op: fc.constantFrom(...OPERATOR_NAMES), rhv, rule_set: tie('set') }),
    tie('set'),
  ),
})).set;
const arbitraryCap: fc.Arbitrary<Cap> = fc.record({
  type: fc.constant('volume' as const),
  maximum: fc.integer({ min: 0 }),
  duration: fc.integer({ min: 1, max: 3 }),
  duration_units: fc.constantFrom('month', 'week', 'day', 'hour', 'minute'),
  rule_set: arbitraryRules,
  reason: odd,
});
const arbitraryMappings = fc.array(
  fc.record({ property: odd, value: rhv.map((value) => value ?? null), rule_set: arbitraryRules }),
  { maxLength: 3 },
);
const arbitraryFlow: fc.Arbitrary<FlowDocument> = fc.record({
  name: odd,
  enabled: fc.boolean(),
  fields: fc.array(odd, { maxLength: 4 }),
  sources: fc.array(
    fc.record({
      entity: fc.record({ name: odd }),
      integration: fc.record({ module_id: odd, mappings: arbitraryMappings }),
      caps: fc.array(arbitraryCap, { maxLength: 2 }),
    }),
    { maxLength: 2 },
  ),
  caps: fc.array(
    arbitraryCap.chain((outer) => arbitraryCap.map((inner) => ({ ...outer, caps: [inner] }))),
    { maxLength: 2 },
  ),
  acceptance_criteria: fc.record({ rule_set: arbitraryRules, reason: odd }),
  steps: fc.array(
    fc.oneof(
      fc.record({ type: fc.constant('filter' as const), rule_set: arbitraryRules, reason: odd, enabled: fc.boolean() }),
      fc.record({
        type: fc.constant('recipient' as const),
        entity: fc.record({ name: odd }),
        integration: fc.record({
          module_id: fc.constantFrom('x', 'leadconduit-custom.outbound.json'),
          mappings: arbitraryMappings,
        }),
        enabled: fc.boolean(),
      }),
    ),
    { maxLength: 4 },
  ),
});

describe('steps that are tried again', () => {
  const outcome = (key: string, op: string, rhv: string) => rule(`${key}.outcome`, op, rhv);
  const again = (name: string, parts: Partial<RecipientStep> = {}) =>
    recipient(name, {}, { retry_enabled: true, ...parts });
  const unless = (key: string) => ({ rule_set: set('and', outcome(key, 'is not equal to', 'success')) });

  it.each<[string, FlowDocument['steps'], boolean]>([
    ['a later step that runs unless it accepted', [again('A'), recipient('B', {}, unless('a'))], true],
    [
      'a filter that ends the flow once it accepted',
      [again('A'), filter(set('and', outcome('a', 'is equal to', 'success'))), recipient('B')],
      true,
    ],
    [
      'an alternative of an alternative',
      [again('A'), recipient('B', {}, unless('a')), recipient('C', {}, unless('b'))],
      true,
    ],
    ['a copy', [again('A'), recipient('B')], false],
    [
      'a copy unless it refused',
      [again('A'), recipient('B', {}, { rule_set: set('and', outcome('a', 'is not equal to', 'failure')) })],
      false,
    ],
    ['a step it is not tried again for', [recipient('A'), recipient('B', {}, unless('a'))], false],
    ['a disabled alternative', [again('A'), recipient('B', {}, { ...unless('a'), enabled: false })], false],
  ])('with %s', (_name, steps, isFound) => {
    const path = 'steps.0.retry_enabled';
    expect(found(flow({ steps }), 'retry-with-alternatives')).toEqual(isFound ? [path] : []);
  });

  const stops = (op: string, rhv: string, parts: Partial<FilterStep> = {}) =>
    filter(set('and', outcome('a', op, rhv)), parts);

  it.each<[string, FlowDocument['steps'], boolean]>([
    ['what was not sold', [again('A'), stops('is not equal to', 'success')], true],
    ['errors', [again('A'), stops('is equal to', 'error', { outcome: 'error' })], true],
    ['refusals alone', [again('A'), stops('is equal to', 'failure')], false],
    ['with a success', [again('A'), stops('is not equal to', 'success', { outcome: 'success' })], false],
    ['something else', [again('A'), filter(set('and', state('is equal to', 'TX')))], false],
    ['what is not tried again', [recipient('A'), stops('is not equal to', 'success')], false],
  ])('before a filter that stops %s', (_name, steps, isFound) => {
    expect(found(flow({ steps }), 'retry-after-answer')).toEqual(isFound ? ['steps.0.retry_enabled'] : []);
  });

  it.each([
    [undefined, 'sold twice'],
    [{ value: '{{lead.email}}', list_name: 'People', add: false }, 'sold twice'],
    [{ value: '{{lead.email}}', list_name: 'People' }, 'is a duplicate'],
  ])('say what holds the lead meanwhile: %j', (duplicate, said) => {
    const steps = [again('A'), stops('is not equal to', 'success')];
    const document = flow({ steps, ...(duplicate ? { list_checks: { duplicate } } : {}) });
    const warning = lint(document).find(({ check }) => check === 'retry-after-answer');
    expect(warning?.message).toContain(said);
  });
});

describe('value-not-of-list', () => {
  const types: Record<string, ListType> = { dnc: 'phone', sold: 'contact', old: 'text', areas: 'postal_code' };
  const warned = (check: ListCheck) =>
    lintFlow(flow({ list_checks: { dnc: check } }), {
      ...surroundings,
      listTypeOf: (name) => types[name],
    }).flatMap(({ check: name, path }) => (name === 'value-not-of-list' ? [path] : []));

  it.each<[string, ListCheck, string[]]>([
    ['an address in a list of phones', { value: '{{lead.email}}', list_name: 'dnc' }, ['list_checks.dnc.value']],
    [
      'one of several',
      { values: ['{{lead.phone_1}}', '{{lead.email}}'], list_name: 'dnc' },
      ['list_checks.dnc.values.1'],
    ],
    [
      'a list of its own',
      { values: ['{{lead.phone_1}}', { value: '{{lead.email}}', list_name: 'areas' }], list_name: 'dnc' },
      ['list_checks.dnc.values.1.value'],
    ],
    ['a postal code among contacts', { value: '{{lead.postal_code}}', list_name: 'sold' }, ['list_checks.dnc.value']],
    ['phone and address among contacts', { values: ['{{lead.phone_1}}', '{{lead.email}}'], list_name: 'sold' }, []],
    ['anything in a list of texts', { values: ['{{lead.phone_1}}', '{{lead.email}}'], list_name: 'old' }, []],
    ['a list that a deploy will make', { value: '{{lead.email}}', list_name: 'new' }, []],
    ['what may be anything', { value: '{{lead.email}}-{{lead.phone_1}}', list_name: 'dnc' }, []],
  ])('%s', (_name, check, paths) => {
    expect(warned(check)).toEqual(paths);
  });
});
