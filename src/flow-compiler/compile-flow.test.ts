import { describe, expect, it } from 'vitest';
import type { FlowDocument, RecipientStep } from '../model/flow.ts';
import type { RuleSet } from '../model/rule-set.ts';
import {
  candidateOf,
  compileTestFlow,
  dailyCap,
  deliveryTo,
  distributionOf,
  filter,
  testFlow,
  testSource,
  when,
} from '../pipeline/testing/test-flow.ts';

const always = when('lead.id', 'is not blank');
const badRules = { op: 'and', rules: [{ lhv: 'lead.state', op: 'resembles', rhv: 'TX' }] } as RuleSet;
const OPEN = '{{#if lead.state}}';
const withStep = (parts: Partial<RecipientStep>, properties: Record<string, string> = {}) =>
  testFlow({ steps: [deliveryTo('My CRM', parts, properties)] });
const module = (module_id: string) => ({ module_id, mappings: [] });

/** One row for each thing that keeps a flow from running: the place of the message, and what the author reads. */
const PROBLEMS: { name: string; flow: FlowDocument; path: string; message: string | RegExp }[] = [
  {
    name: 'a recipient of a distribution without its percentage',
    flow: testFlow({
      steps: [distributionOf([candidateOf('A', { percentage: 50 }), candidateOf('B')], { method: 'percentage' })],
    }),
    path: 'steps.0.recipients.1.percentage',
    message: 'Say which part of the sales this recipient is to have: a number from 0 to 100.',
  },
  {
    name: 'two distributions of one key',
    flow: testFlow({
      steps: [distributionOf([candidateOf('A')]), distributionOf([candidateOf('B')], { id: 'other1' })],
    }),
    path: 'steps.1.key',
    message: /^Another distribution of this flow has the key "main"/,
  },
  {
    name: 'a recipient that hides what distributions say',
    flow: testFlow({ steps: [distributionOf([candidateOf('Distribution')])] }),
    path: 'steps.0.recipients.0.key',
    message: /^Appended data cannot sit under "distribution"/,
  },
  {
    name: 'hours of a recipient of a distribution that are open on no day',
    flow: testFlow({ steps: [distributionOf([candidateOf('A', { hours_of_operation: { days: {} } })])] }),
    path: 'steps.0.recipients.0.hours_of_operation.days',
    message: /open on no day/,
  },
  {
    name: 'a module of a recipient of a distribution that does not exist',
    flow: testFlow({ steps: [distributionOf([candidateOf('A', { integration: module('nonsense') })])] }),
    path: 'steps.0.recipients.0.integration.module_id',
    message: /^There is no integration "nonsense"/,
  },
  {
    name: 'a field that does not exist',
    flow: testFlow({ fields: ['first_name', 'nonsense'] }),
    path: 'fields.1',
    message: 'There is no field "nonsense": create it or remove it from the list.',
  },
  {
    name: 'a field named as JavaScript’s machinery',
    flow: testFlow({ fields: ['__proto__'] }),
    path: 'fields.0',
    message: 'There is no field "__proto__": create it or remove it from the list.',
  },
  {
    name: 'a field twice',
    flow: testFlow({ fields: ['email', 'email'] }),
    path: 'fields.1',
    message: 'The field "email" is listed twice: remove one.',
  },
  {
    name: 'a source without an entity',
    flow: testFlow({ sources: [testSource({ entity: { name: 'Acme' } })] }),
    path: 'sources.0.entity.id',
    message: 'Name the entity that submits here by its id.',
  },
  {
    name: 'two sources of one entity',
    flow: testFlow({ sources: [testSource(), testSource({ id: 'src002' })] }),
    path: 'sources.1.entity.id',
    message: 'Another source of this flow has the same entity: their submit URLs would be the same. Remove one.',
  },
  {
    name: 'a source’s module that is not there',
    flow: testFlow({ sources: [testSource({ integration: module('nobody.inbound') })] }),
    path: 'sources.0.integration.module_id',
    message: 'There is no integration "nobody.inbound": install it or use leadconduit-default.inbound.',
  },
  {
    name: 'a source’s module that delivers',
    flow: testFlow({ sources: [testSource({ integration: module('leadconduit-custom.outbound.json') })] }),
    path: 'sources.0.integration.module_id',
    message: /^"leadconduit-custom\.outbound\.json" delivers leads; a source needs/,
  },
  {
    name: 'an element of XML with a blank in its name',
    flow: withStep({
      integration: {
        module_id: 'leadconduit-custom.outbound.xml',
        mappings: [{ property: 'xml_path.first name', value: '{{lead.first_name}}' }],
      },
    }),
    path: 'steps.0.integration.mappings.0.property',
    message: '"first name" cannot be the name of an XML element.',
  },
  {
    name: 'a revenue cap of a step whose recipient names the price, nested',
    flow: withStep({
      caps: [dailyCap({ caps: [dailyCap({ id: 'd', type: 'revenue' })] })],
      pricing: { override: true },
    }),
    path: 'steps.0.pricing.maximum_price',
    message: /^A cap of this step counts dollars, and its recipient names the price: set the maximum_price/,
  },
  {
    name: 'a maximum price of a step with prices',
    flow: withStep({ pricing: { prices: [{ amount: 2 }], maximum_price: 5 } }),
    path: 'steps.0.pricing.maximum_price',
    message: /^A maximum price bounds what a recipient answers/,
  },
  {
    name: 'a maximum price of the flow',
    flow: testFlow({ pricing: { override: true, maximum_price: 5 } }),
    path: 'pricing.maximum_price',
    message: /^A maximum price bounds what a recipient answers/,
  },
  {
    name: 'a maximum price of 0',
    flow: withStep({ pricing: { override: true, maximum_price: 0 } }),
    path: 'steps.0.pricing.maximum_price',
    message: /^The maximum price is an amount in dollars above 0/,
  },
  {
    name: 'a maximum of five decimals',
    flow: testFlow({ caps: [dailyCap({ type: 'revenue', maximum: 1.00001 })] }),
    path: 'caps.0.maximum',
    message: /^The maximum of a revenue cap is an amount in dollars from 0 to 1000000000, with up to four decimals\.$/,
  },
  {
    name: 'half a lead',
    flow: testFlow({ caps: [dailyCap({ maximum: 1.5 })] }),
    path: 'caps.0.maximum',
    message: 'The maximum of a cap is a whole number, 0 or more.',
  },
  {
    name: 'a step’s module that is not there',
    flow: withStep({ integration: module('nobody.outbound') }),
    path: 'steps.0.integration.module_id',
    message: 'There is no integration "nobody.outbound": install it or use leadconduit-custom.outbound.json.',
  },
  {
    name: 'a step’s module that receives',
    flow: withStep({ integration: module('leadconduit-default.inbound') }),
    path: 'steps.0.integration.module_id',
    message: /^"leadconduit-default\.inbound" receives leads; a step needs/,
  },
  {
    name: 'a recipient whose name would hide the lead',
    flow: withStep({ entity: { id: 'e', name: 'Lead' } }),
    path: 'steps.0.entity.name',
    message: 'Appended data cannot sit under "lead": give the recipient another name, or set "key" on the step.',
  },
  {
    name: 'a key of nothing but marks',
    flow: withStep({ key: '--' }),
    path: 'steps.0.key',
    message: /^Appended data cannot sit under ""/,
  },
  {
    name: 'a filter’s outcome',
    flow: testFlow({ steps: [filter(always, { outcome: 'skip' })] }),
    path: 'steps.0.outcome',
    message: 'The outcome of a filter is success, failure or error, or a template such as {{my_crm.outcome}}.',
  },
  {
    name: 'the outcome of criteria',
    flow: testFlow({ acceptance_criteria: { rule_set: always, outcome: 'maybe' } }),
    path: 'acceptance_criteria.outcome',
    message: 'The outcome is success, failure or error.',
  },
  {
    name: 'an operator in the criteria',
    flow: testFlow({ acceptance_criteria: { rule_set: badRules } }),
    path: 'acceptance_criteria.rule_set.rules.0.op',
    message: /^"resembles" is not an operator/,
  },
  {
    name: 'in the source’s criteria',
    flow: testFlow({ sources: [testSource({ acceptance_criteria: { rule_set: badRules } })] }),
    path: 'sources.0.acceptance_criteria.rule_set.rules.0.op',
    message: /operator/,
  },
  {
    name: 'in a filter',
    flow: testFlow({ steps: [filter(badRules)] }),
    path: 'steps.0.rule_set.rules.0.op',
    message: /operator/,
  },
  {
    name: 'in a step’s criteria',
    flow: withStep({ rule_set: badRules }),
    path: 'steps.0.rule_set.rules.0.op',
    message: /operator/,
  },
  {
    name: 'in a cap',
    flow: testFlow({ caps: [dailyCap({ rule_set: badRules })] }),
    path: 'caps.0.rule_set.rules.0.op',
    message: /operator/,
  },
  {
    name: 'in a source’s cap',
    flow: testFlow({ sources: [testSource({ caps: [dailyCap({ rule_set: badRules })] })] }),
    path: 'sources.0.caps.0.rule_set.rules.0.op',
    message: /operator/,
  },
  {
    name: 'in a step’s cap',
    flow: withStep({ caps: [dailyCap({ rule_set: badRules })] }),
    path: 'steps.0.caps.0.rule_set.rules.0.op',
    message: /operator/,
  },
  {
    name: 'in a price',
    flow: testFlow({ pricing: { prices: [{ amount: 1, rule_set: badRules }] } }),
    path: 'pricing.prices.0.rule_set.rules.0.op',
    message: /operator/,
  },
  {
    name: 'in a mapping',
    flow: testFlow({
      sources: [
        testSource({
          integration: {
            module_id: 'leadconduit-default.inbound',
            mappings: [{ property: 'email', value: 'x', rule_set: badRules }],
          },
        }),
      ],
    }),
    path: 'sources.0.integration.mappings.0.rule_set.rules.0.op',
    message: /operator/,
  },
  {
    name: 'a pattern with a look-ahead',
    flow: testFlow({ acceptance_criteria: { rule_set: when('lead.state', 'matches pattern', '/(?=T)X/') } }),
    path: 'acceptance_criteria.rule_set.rules.0.rhv',
    message: /./,
  },
  {
    name: 'a reason’s template',
    flow: testFlow({ acceptance_criteria: { rule_set: always, reason: OPEN } }),
    path: 'acceptance_criteria.reason',
    message: /./,
  },
  {
    name: 'a filter’s reason',
    flow: testFlow({ steps: [filter(always, { reason: OPEN })] }),
    path: 'steps.0.reason',
    message: /./,
  },
  {
    name: 'a filter’s outcome template',
    flow: testFlow({ steps: [filter(always, { outcome: OPEN })] }),
    path: 'steps.0.outcome',
    message: /./,
  },
  {
    name: 'a cap’s reason',
    flow: testFlow({ caps: [dailyCap({ reason: OPEN })] }),
    path: 'caps.0.reason',
    message: /./,
  },
  {
    name: 'a mapping’s value',
    flow: withStep({}, { 'json_property.x': OPEN }),
    path: 'steps.0.integration.mappings.6.value',
    message: /./,
  },
  {
    name: 'a mapping’s property',
    flow: withStep({}, { 'json_property.__proto__': 'x' }),
    path: 'steps.0.integration.mappings.6.property',
    message: /__proto__/,
  },
  {
    name: 'a cap’s maximum',
    flow: testFlow({ caps: [dailyCap({ maximum: -1 })] }),
    path: 'caps.0.maximum',
    message: /whole number/,
  },
  {
    name: 'a price of nothing',
    flow: testFlow({ pricing: { prices: [{ amount: 0 }] } }),
    path: 'pricing.prices.0.amount',
    message: /above 0/,
  },
  {
    name: 'override beside prices',
    flow: testFlow({ sources: [testSource({ pricing: { override: true, prices: [{ amount: 1 }] } })] }),
    path: 'sources.0.pricing.prices',
    message: /override/,
  },
  {
    name: 'a pricing service without an id',
    flow: testFlow({ pricing_service: { fallback_price: 1 } }),
    path: 'pricing_service.service_id',
    message: /Name the pricing service/,
  },
  {
    name: 'hours that are open on no day',
    flow: testFlow({ hours_of_operation: { days: {} } }),
    path: 'hours_of_operation.days',
    message: /open on no day/,
  },
  {
    name: 'a list check’s template',
    flow: testFlow({ list_checks: { dnc: { value: OPEN, list_name: 'DNC' } } }),
    path: 'list_checks.dnc.value',
    message: /./,
  },
  {
    name: 'a list check without a list',
    flow: testFlow({ list_checks: { dnc: { value: '{{lead.phone_1}}', list_name: ' ' } } }),
    path: 'list_checks.dnc.list_name',
    message: 'Name the list to look in.',
  },
  {
    name: 'a list check without a value',
    flow: testFlow({ list_checks: { dnc: { list_name: 'DNC' } } }),
    path: 'list_checks.dnc.value',
    message: 'Is required: a template, or several of them in values.',
  },
  {
    name: 'a list check with a value and values',
    flow: testFlow({
      list_checks: { dnc: { value: '{{lead.phone_1}}', values: ['{{lead.email}}'], list_name: 'DNC' } },
    }),
    path: 'list_checks.dnc.value',
    message: 'Give value or values, not both: put the value into the list.',
  },
  {
    name: 'the template of one of several values',
    flow: testFlow({ list_checks: { dnc: { values: ['{{lead.email}}', { value: OPEN }], list_name: 'DNC' } } }),
    path: 'list_checks.dnc.values.1.value',
    message: /./,
  },
  {
    name: 'values without a list, once for all of them',
    flow: testFlow({
      list_checks: {
        dnc: { values: ['{{lead.phone_1}}', '{{lead.phone_2}}', { value: '{{lead.email}}', list_name: 'People' }] },
      },
    }),
    path: 'list_checks.dnc.list_name',
    message: 'Name the list to look in.',
  },
  {
    name: 'a look-back of no length, once for all values',
    flow: testFlow({
      list_checks: {
        duplicate: {
          values: ['{{lead.email}}', '{{lead.phone_1}}'],
          list_name: 'People',
          lookback: { value: 0, interval: 'day' },
        },
      },
    }),
    path: 'list_checks.duplicate.lookback.value',
    message: /whole number from 1/,
  },
  {
    name: 'a look-back of no length',
    flow: testFlow({
      list_checks: {
        duplicate: { value: '{{lead.email}}', list_name: 'People', lookback: { value: 0, interval: 'day' } },
      },
    }),
    path: 'list_checks.duplicate.lookback.value',
    message: /whole number from 1/,
  },
];

describe('compileFlow', () => {
  it('finds nothing wrong with a sound flow', () => {
    const flow = testFlow({
      steps: [filter(always, { outcome: '{{my_crm.outcome}}' }), deliveryTo('My CRM')],
      caps: [dailyCap()],
    });
    expect(compileTestFlow(flow).problems).toEqual([]);
  });

  it.each(PROBLEMS)('says what is wrong: $name', ({ flow, path, message }) => {
    const { problems } = compileTestFlow(flow);
    expect(problems).toEqual([
      { path, message: typeof message === 'string' ? message : expect.stringMatching(message) },
    ]);
  });

  it('names all that is wrong at once', () => {
    const flow = testFlow({
      fields: ['nonsense'],
      acceptance_criteria: { rule_set: badRules },
      steps: [filter(badRules)],
    });
    expect(compileTestFlow(flow).problems.map(({ path }) => path)).toEqual([
      'fields.0',
      'acceptance_criteria.rule_set.rules.0.op',
      'steps.0.rule_set.rules.0.op',
    ]);
  });

  it('the same document gives the same catalogue of rules, which stored findings name by place', () => {
    const flow = testFlow({
      acceptance_criteria: { rule_set: always },
      steps: [filter(badRules), deliveryTo('My CRM', { rule_set: always })],
    });
    const rows = () => compileTestFlow(flow).flow.catalogue.rows.map(({ path }) => path);
    expect(rows()).toEqual(rows());
    expect(rows()).toEqual([
      'acceptance_criteria.rule_set.rules.0',
      'steps.0.rule_set.rules.0',
      'steps.1.rule_set.rules.0',
    ]);
  });

  it('a distribution is its recipients, with the settings of the step on each', () => {
    const { flow, problems } = compileTestFlow(
      testFlow({
        steps: [
          distributionOf([candidateOf('Alpha', { weight: 3, rule_set: always }), candidateOf('Beta', { tier: 2 })], {
            method: 'weighted',
            name: 'Best buyers',
          }),
          filter(always),
        ],
      }),
    );
    expect(problems).toEqual([]);
    expect(flow.steps.map(({ path, kind }) => [path, kind])).toEqual([
      ['steps.0.recipients.0', 'recipient'],
      ['steps.0.recipients.1', 'recipient'],
      ['steps.1', 'filter'],
    ]);
    expect(flow.catalogue.rows[0]?.path).toBe('steps.0.recipients.0.rule_set.rules.0');
    const [alpha, beta] = flow.steps.map((step) => (step.kind === 'recipient' ? step.candidacy : null));
    expect(alpha?.distribution).toBe(beta?.distribution);
    expect(alpha).toMatchObject({ weight: 3, tier: 1, distribution: { key: 'best_buyers', maxSales: 1 } });
    expect(beta).toMatchObject({ weight: 1, tier: 2 });
  });

  it('the turns of a distribution have another name as soon as a weight, a member or the method is another', () => {
    const turnsOf = (weight: number, names = ['Alpha', 'Beta'], method: 'weighted' | 'percentage' = 'weighted') => {
      const recipients = names.map((name) => candidateOf(name, { weight, percentage: 50 }));
      const [first] = compileTestFlow(testFlow({ steps: [distributionOf(recipients, { method })] })).flow.steps;
      return first?.kind === 'recipient' ? first.candidacy?.turns : undefined;
    };
    const named = [turnsOf(1), turnsOf(2), turnsOf(1, ['Alpha']), turnsOf(1, undefined, 'percentage')];
    expect(new Set(named).size).toBe(4);
    expect(turnsOf(1)).toBe(named[0]);
  });

  it('a source is found by its entity’s id and by its own', () => {
    const { flow } = compileTestFlow(testFlow());
    expect([...flow.sources.keys()]).toEqual(['5c5c5c5c5c5c5c5c5c5c5c5c', 'src001']);
  });

  it('only fields that are secret have a mask', () => {
    const { flow } = compileTestFlow(testFlow({ fields: ['ssn', 'secret_acme', 'dob', 'email'] }));
    expect(flow.fields.map(({ id, mask }) => [id, mask !== null])).toEqual([
      ['ssn', true],
      ['secret_acme', true],
      ['dob', false],
      ['email', false],
    ]);
  });
});
