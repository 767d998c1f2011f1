import {
  candidateOf,
  dailyCap,
  deliveryTo,
  distributionOf,
  filter,
  testFlow,
  testSource,
  when,
} from '../../src/pipeline/testing/test-flow.ts';
import type { GoldenLead, GoldenRequest } from './run-golden-lead.ts';

/** A case whose last lead is explained. */
export interface GoldenExplanation extends GoldenLead {
  /** Its heading in the guide. */
  title: string;
}

const json = (values: object): GoldenRequest => ({
  headers: { Accept: 'application/json', 'Content-Type': 'application/json' },
  body: JSON.stringify(values),
});

const FIELDS = ['first_name', 'email', 'phone_1', 'state', 'age', 'postal_code'];
const PRICES = { prices: [{ amount: 4 }, { amount: 5, rule_set: when('lead.state', 'is included in', 'TX,CA') }] };
const notSold = filter(when('sun_power.outcome', 'is not equal to', 'success'), {
  id: 'passbk',
  description: 'Not sold',
  outcome: '{{sun_power.outcome}}',
  reason: '{{sun_power.reason}}',
});
const ANN = { first_name: 'Ann', email: 'ann@example.com', state: 'TX', phone_1: '512-789-1111' };

/** Twelve leads that were rejected, each for another reason; their texts are in `explanations/` and in the guide. */
export const GOLDEN_EXPLANATIONS: readonly GoldenExplanation[] = [
  {
    name: 'wrong-state',
    title: 'A state the flow does not take',
    flow: testFlow({
      fields: FIELDS,
      sources: [testSource({ pricing: PRICES })],
      acceptance_criteria: {
        rule_set: {
          op: 'and',
          rules: [
            { lhv: 'lead.email', op: 'format is valid' },
            { lhv: 'lead.state', op: 'is equal to', rhv: 'TX' },
          ],
        },
      },
    }),
    requests: [json({ ...ANN, state: 'California' })],
  },
  {
    name: 'too-young',
    title: 'Too young',
    flow: testFlow({
      fields: FIELDS,
      sources: [
        testSource({ acceptance_criteria: { rule_set: when('lead.age', 'is greater than or equal to', '18') } }),
      ],
    }),
    requests: [json({ ...ANN, age: '17' })],
  },
  {
    name: 'neither-nor',
    title: 'One of two things was needed',
    flow: testFlow({
      fields: FIELDS,
      acceptance_criteria: {
        rule_set: {
          op: 'or',
          rules: [
            { lhv: 'lead.phone_1.area', op: 'is included in', rhv: '512,737' },
            { lhv: 'lead.postal_code', op: 'is not blank' },
          ],
        },
        reason: 'Not in our area',
      },
    }),
    requests: [json({ ...ANN, phone_1: '415-555-1234' })],
  },
  {
    name: 'invalid-phone',
    title: 'A phone number that cannot be one',
    flow: testFlow({
      fields: FIELDS,
      acceptance_criteria: { rule_set: when('lead.phone_1', 'format is valid'), outcome: 'error' },
    }),
    requests: [json({ ...ANN, phone_1: '555-12' })],
  },
  {
    name: 'outside-hours',
    title: 'Outside the hours of operation',
    flow: testFlow({
      fields: FIELDS,
      hours_of_operation: { time_zone: 'America/Chicago', days: { monday: [{ start: '09:00', end: '17:00' }] } },
    }),
    requests: [json(ANN)],
  },
  {
    name: 'daily-cap',
    title: 'The day was full',
    flow: testFlow({
      fields: FIELDS,
      caps: [
        dailyCap({ name: 'Texas', time_zone: 'America/Chicago', rule_set: when('lead.state', 'is equal to', 'TX') }),
      ],
      sources: [testSource({ pricing: PRICES })],
    }),
    requests: [json(ANN), json({ ...ANN, email: 'bob@example.com' })],
  },
  {
    name: 'source-cap',
    title: 'The source had sent enough',
    flow: testFlow({
      fields: FIELDS,
      sources: [
        testSource({
          caps: [dailyCap({ duration: 2, duration_units: 'week', reason: 'Enough from {{source.name}}' })],
        }),
      ],
    }),
    requests: [json(ANN), json({ ...ANN, email: 'bob@example.com' })],
  },
  {
    name: 'duplicate',
    title: 'Sent before',
    flow: testFlow({
      fields: FIELDS,
      list_checks: {
        duplicate: { value: '{{lead.email}}', list_name: 'People', lookback: { value: 30, interval: 'day' } },
      },
      steps: [
        filter(when('suppressionlist.is_duplicate', 'is true'), { description: 'Duplicates', reason: 'duplicate' }),
        deliveryTo('Sun Power'),
      ],
    }),
    requests: [json(ANN), json({ ...ANN, email: ' Ann@Example.com' })],
  },
  {
    name: 'duplicate-of-either',
    title: 'Sent before with another address',
    flow: testFlow({
      fields: FIELDS,
      list_checks: {
        duplicate: { values: ['{{lead.phone_1}}', '{{lead.email}}'], list_name: 'Contacts' },
        dnc: { values: ['{{lead.phone_1}}', { value: '{{lead.email}}', list_name: 'People' }], list_name: 'DNC' },
      },
      steps: [
        filter(when('suppressionlist.is_duplicate', 'is true'), { description: 'Duplicates', reason: 'duplicate' }),
        deliveryTo('Sun Power'),
      ],
    }),
    requests: [json(ANN), json({ ...ANN, email: 'ann.lee@example.com', phone_1: '(512) 789 1111' })],
  },
  {
    name: 'nobody-bought',
    title: 'No recipient wanted it',
    flow: testFlow({
      fields: FIELDS,
      sources: [testSource({ pricing: PRICES })],
      steps: [
        deliveryTo('Home Roofs', { rule_set: when('lead.state', 'is equal to', 'NV') }),
        deliveryTo('Full House', { caps: [dailyCap({ name: 'Pause', maximum: 0 })] }),
        deliveryTo('Sun Power'),
        notSold,
        deliveryTo('Last Resort'),
      ],
    }),
    requests: [json(ANN)],
    recipient: () => ({ body: { outcome: 'rejected', reason: 'Roof too old' } }),
  },
  {
    name: 'no-answer',
    title: 'A recipient that did not answer',
    flow: testFlow({ fields: FIELDS, steps: [deliveryTo('Sun Power'), notSold] }),
    requests: [json(ANN)],
    recipient: () => ({ unknown: 'The recipient did not answer within 30 seconds' }),
  },
  {
    name: 'shared-out',
    title: 'A distribution sold it to one of several recipients',
    flow: testFlow({
      fields: FIELDS,
      steps: [
        distributionOf(
          [
            candidateOf('Home Roofs', { rule_set: when('lead.state', 'is equal to', 'NV') }),
            candidateOf('Full House', { caps: [dailyCap({ name: 'Pause', maximum: 0 })] }),
            candidateOf('Sleepy Roofs', {
              hours_of_operation: { days: { sunday: [{ start: '08:00', end: '17:00' }] } },
            }),
            candidateOf('Sun Power', {}, { url: 'https://buyer.example.com/sun' }),
            candidateOf('Moon Power', { pricing: { prices: [{ amount: 30 }] } }),
            candidateOf('Last Resort', { tier: 2 }),
          ],
          { name: 'Roof buyers', method: 'round_robin' },
        ),
      ],
    }),
    requests: [json(ANN)],
    recipient: ({ url }) => ({
      body: url.endsWith('/sun') ? { outcome: 'failure', reason: 'Roof too old' } : { outcome: 'success' },
    }),
  },
  {
    name: 'disabled-flow',
    title: 'The flow was switched off',
    flow: testFlow({ fields: FIELDS, enabled: false, steps: [deliveryTo('Sun Power')] }),
    requests: [json(ANN)],
  },
];
