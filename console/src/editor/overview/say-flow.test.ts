import { describe, expect, it } from 'vitest';
import type { FlowDocument, Step } from '../../../../src/model/flow.ts';
import type { RuleSet } from '../../../../src/model/rule-set.ts';
import { type Said, sayFlow, sayStep } from './say-flow.ts';

const FIELDS = [
  { id: 'state', name: 'State', type: 'state' },
  { id: 'phone_1', name: 'Phone 1', type: 'phone' },
];
const TEXAS: RuleSet = { op: 'and', rules: [{ lhv: 'lead.state', op: 'is equal to', rhv: 'TX' }] };
const NO_PHONE: RuleSet = { op: 'and', rules: [{ lhv: 'lead.phone_1', op: 'is blank' }] };
const INBOUND = { module_id: 'leadconduit-default.inbound', mappings: [] };
const OUTBOUND = { module_id: 'leadconduit-custom.outbound.json', mappings: [] };
const ads = { entity: { id: 'a', name: 'Search ads' }, integration: INBOUND };
const radio = { entity: { id: 'b', name: 'Radio' }, integration: INBOUND };
const filter: Step = { type: 'filter', reason: 'Phone is missing', rule_set: NO_PHONE };
const buyer: Step = { type: 'recipient', entity: { name: 'Summit' }, integration: OUTBOUND };
const fifty = { type: 'volume', maximum: 50, duration: 1, duration_units: 'day' } as const;

function flowOf(parts: Partial<FlowDocument> = {}): FlowDocument {
  return { name: 'Flow', enabled: true, fields: [], sources: [ads], steps: [filter, buyer], ...parts };
}

const textOf = (said: readonly Said[]) => said.map(({ text }) => text).join('');
const namesOf = (document: FlowDocument) => ({
  ...{ document, fields: FIELDS, timeZone: 'America/Chicago' },
  pricingServices: [{ id: 's', name: 'Rates' }],
});

function say(parts: Partial<FlowDocument> = {}): string[] {
  const { before, steps, after } = sayFlow(namesOf(flowOf(parts)));
  return [...before, ...steps, ...after].map(textOf);
}

it('says what becomes of a lead from its source to its end', () => {
  expect(
    say({
      hours_of_operation: { days: { monday: [{ start: '08:30', end: '17:00' }] } },
      acceptance_criteria: { rule_set: TEXAS },
      caps: [fifty],
      pricing: { prices: [{ amount: 2.25 }, { amount: 4.5, rule_set: TEXAS }] },
      destinations: [{ instance_id: 'd' }],
    }),
  ).toEqual([
    'Leads come from Search ads.',
    'They are taken Mon 08:30–17:00, America/Chicago; at other times they are refused.',
    'A lead is refused unless State is TX.',
    'At most 50 a day in America/Chicago.',
    'A lead costs $4.50 when State is TX, else $2.25.',
    'Step 1 stops a lead when Phone 1 is blank, which ends as failure with the reason Phone is missing.',
    'Step 2, Summit, gets every lead.',
    'A lead that no filter stops ends as a success, whatever recipients answer.',
    'Then a destination gets a copy of it.',
  ]);
});

it('says what is not set, so that nobody has to look for it', () => {
  expect(say({ steps: [] })).toEqual([
    'Leads come from Search ads.',
    'They are taken at any time.',
    'No criteria: a lead may have any values.',
    'No cap limits how many are taken.',
    'A lead costs nothing.',
    'There are no steps: nobody gets the lead.',
    'A lead that was taken ends as a success, whatever recipients answer.',
  ]);
});

describe('a sentence about', () => {
  it.each<[string, Partial<FlowDocument>, string]>([
    ['a flow that is off', { enabled: false }, 'The flow is switched off: every lead ends as an error.'],
    ['no source', { sources: [] }, 'No source sends leads yet.'],
    ['sources that are off', { sources: [{ ...ads, enabled: false }] }, 'Every source is switched off.'],
    [
      'two sources and one that is off',
      { sources: [ads, radio, { ...ads, enabled: false }] },
      'Leads come from Search ads and Radio; 1 more is switched off.',
    ],
    [
      'more sources than are named',
      { sources: [ads, radio, ads, ads, ads] },
      'Leads come from Search ads, Radio, Search ads and 2 more.',
    ],
    ['days that are all closed', { hours_of_operation: { days: {} } }, 'They are never taken: no day is open.'],
    [
      'a source that asks for more',
      { sources: [{ ...ads, acceptance_criteria: { rule_set: TEXAS } }] },
      'From Search ads it is refused, too, unless State is TX.',
    ],
    ['caps of sources alone', { sources: [{ ...ads, caps: [fifty] }] }, '1 source has caps of its own.'],
    [
      'caps in one zone',
      { caps: [fifty, { ...fifty, type: 'revenue', rule_set: TEXAS }] },
      'At most 50 a day and $50.00 a day when State is TX in America/Chicago.',
    ],
    [
      'caps in two zones, and more than are said',
      { caps: [fifty, { ...fifty, time_zone: 'UTC' }, fifty, fifty] },
      'At most 50 a day in America/Chicago, 50 a day in UTC, 50 a day in America/Chicago and 1 more.',
    ],
    [
      'the price of one source',
      { sources: [{ ...ads, pricing: { prices: [{ amount: 12 }] } }, radio] },
      'A lead from Search ads costs $12.00; others cost nothing.',
    ],
    [
      'a submitted price',
      { pricing: { override: true, maximum_price: 9 } },
      'A lead costs the price that is submitted, at most $9.00.',
    ],
    [
      'a price that only some have',
      { pricing: { prices: [{ amount: 4, rule_set: TEXAS }] } },
      'A lead costs $4.00 when State is TX, else nothing.',
    ],
    [
      'a pricing service',
      { pricing_service: { service_id: 's', fallback_price: 2 } as never },
      'What a lead costs is asked: By Rates, else $2.00.',
    ],
    ['a step that is off', { steps: [{ ...buyer, enabled: false }] }, 'Step 1, Summit, is switched off.'],
    ['steps that are too many', { steps: Array.from({ length: 9 }, () => buyer) }, '3 more steps follow.'],
  ])('%s', (_, parts, sentence) => {
    expect(say(parts)).toContain(sentence);
  });
});

it.each<[string, Step, string]>([
  [
    'a filter without rules',
    { type: 'filter', rule_set: { op: 'and', rules: [] } },
    'stops every lead; which ends as failure',
  ],
  [
    'a recipient with terms',
    {
      ...buyer,
      ...{ rule_set: TEXAS, caps: [fifty], pricing: { override: true, prices: [] }, retry_enabled: true },
      feedback: { returns: { enabled: true } },
    },
    'gets a lead when State is TX; at most 50 a day in America/Chicago; pays the price that it answers; is tried again when it fails; may send returns',
  ],
  [
    'a distribution',
    { type: 'distribution', method: 'waterfall', recipients: [{ ...buyer }, { ...buyer, entity: { name: 'Other' } }] },
    'offers a lead to Summit and Other; one after the other; and sells it once',
  ],
])('%s is said from its verb on', (_, step, said) => {
  const { does, terms } = sayStep(step, namesOf(flowOf()));
  expect([does, ...terms].map(textOf).join('; ')).toBe(said);
});
