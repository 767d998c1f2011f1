import type { FlowDocument } from '../../src/model/flow.ts';
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

const FORM = { Accept: 'application/json', 'Content-Type': 'application/x-www-form-urlencoded' };
const SSN = '219-09-9999';
const SSN_SPELLINGS = [SSN, '219099999', '219 09 9999'];

const form = (body: string): GoldenRequest => ({ headers: FORM, body });
const json = (values: object): GoldenRequest => ({
  headers: { Accept: 'application/json', 'Content-Type': 'application/json' },
  body: JSON.stringify(values),
});

/** The parameters of the posting instructions' own example (seed 001). */
const SAMPLE =
  'first_name=John&last_name=Doe&phone_1=(512)%20789-1111&email=jdoe%40test.com&mortgage.property.state=TX&mortgage.loan.purpose=purchase&mortgage.loan.amount=100000&mortgage.loan.down_payment=20000&mortgage.property.use=primary&mortgage.property.type=single%20family&mortgage.property.postal_code=78751';
const SAMPLE_FIELDS = SAMPLE.split('&').map((pair) => pair.split('=')[0] ?? '');

const duplicateCheck: FlowDocument['list_checks'] = {
  duplicate: { value: '{{lead.email}}', list_name: 'People', lookback: { value: 30, interval: 'day' } },
};
const passBack = filter(when('my_crm.outcome', 'is not equal to', 'success'), {
  id: 'passbk',
  outcome: '{{my_crm.outcome}}',
  reason: '{{my_crm.reason}}',
});
const ssnDelivery = deliveryTo(
  'My CRM',
  {},
  { 'json_property.ssn': '{{lead.ssn}}', 'header.X-Ssn': '{{lead.ssn.raw}}' },
);
const renaming = (mappings: { property: string; value: string }[]) =>
  testSource({ integration: { module_id: 'leadconduit-default.inbound', mappings } });

/** Whole leads, each a case of its own; their expected results are in `expected/`. */
export const GOLDEN_LEADS: readonly GoldenLead[] = [
  {
    name: 'sold',
    flow: testFlow({
      fields: SAMPLE_FIELDS,
      sources: [testSource({ pricing: { prices: [{ amount: 5 }] } })],
      list_checks: duplicateCheck,
      caps: [dailyCap({ maximum: 1000 })],
      acceptance_criteria: { rule_set: when('lead.mortgage.property.state', 'is included in', ['TX', 'CA']) },
      steps: [deliveryTo('My CRM', { pricing: { override: true } }), passBack],
    }),
    requests: [form(SAMPLE)],
  },
  {
    name: 'duplicate',
    flow: testFlow({
      list_checks: duplicateCheck,
      steps: [filter(when('suppressionlist.is_duplicate', 'is true'), { reason: 'duplicate' })],
    }),
    requests: [json({ email: 'ann@example.com' }), json({ email: ' Ann@Example.com' })],
  },
  {
    name: 'duplicate-of-either',
    flow: testFlow({
      list_checks: { duplicate: { values: ['{{lead.phone_1}}', '{{lead.email}}'], list_name: 'Contacts' } },
      steps: [
        filter(when('suppressionlist.is_duplicate', 'is true'), {
          reason: 'duplicate by {{suppressionlist.duplicate_by}}',
        }),
      ],
    }),
    requests: [
      json({ email: 'ann@example.com', phone_1: '512-789-1111' }),
      json({ email: 'other@example.com', phone_1: '+1 (512) 789-1111' }),
      json({ email: ' Ann@Example.com', phone_1: '5127892222' }),
    ],
  },
  {
    name: 'criteria-not-met',
    flow: testFlow({
      acceptance_criteria: {
        rule_set: {
          op: 'and',
          rules: [
            { lhv: 'lead.email', op: 'format is valid' },
            {
              op: 'or',
              rules: [
                { lhv: 'lead.state', op: 'is equal to', rhv: 'TX' },
                { lhv: 'lead.phone_1.area', op: 'is equal to', rhv: '512' },
              ],
            },
          ],
        },
      },
      steps: [deliveryTo('My CRM')],
    }),
    requests: [json({ email: 'ann@example.com', state: 'CA', phone_1: '415-555-1234' })],
  },
  {
    name: 'cap-reached',
    flow: testFlow({ caps: [dailyCap({ reason: 'Enough of {{lead.state}} today' })] }),
    requests: [json({ state: 'TX' }), json({ state: 'CA' })],
  },
  {
    name: 'outside-hours',
    flow: testFlow({ hours_of_operation: { days: { monday: [{ start: '09:00', end: '17:00' }] } } }),
    requests: [json({ state: 'TX' })],
  },
  {
    name: 'refused-by-recipient',
    flow: testFlow({
      pricing: { prices: [{ amount: 3 }] },
      list_checks: duplicateCheck,
      steps: [deliveryTo('My CRM'), passBack],
    }),
    requests: [json({ email: 'ann@example.com' })],
    recipient: () => ({ body: { outcome: 'rejected', reason: 'Too old', price: 9 } }),
  },
  {
    name: 'refused-and-nobody-asks',
    flow: testFlow({ steps: [deliveryTo('My CRM'), deliveryTo('Second')] }),
    requests: [json({ email: 'ann@example.com' })],
    recipient: ({ url }) => ({ status: 500, body: `no ${url}` }),
  },
  {
    name: 'skipped-steps',
    flow: testFlow({
      steps: [
        deliveryTo('Texans', { rule_set: when('lead.state', 'is equal to', 'TX') }),
        deliveryTo('Full', { caps: [dailyCap({ maximum: 0 })] }),
        deliveryTo('Elsewhere', {}, { url: '{{lead.first_name}}' }),
        deliveryTo('Off', { enabled: false }),
      ],
    }),
    requests: [json({ state: 'CA' })],
  },
  {
    name: 'unknown-delivery',
    flow: testFlow({
      list_checks: duplicateCheck,
      caps: [dailyCap()],
      steps: [deliveryTo('My CRM', { caps: [dailyCap({ id: 'c2c2c2c2c2c2c2c2c2c2c2c2' })] }), passBack],
    }),
    requests: [json({ email: 'ann@example.com' })],
    recipient: () => ({ unknown: 'The recipient did not answer within 30 seconds' }),
  },
  {
    name: 'xml',
    flow: testFlow({
      steps: [filter(when('lead.state', 'is equal to', 'CA'), { reason: 'No <California> & "friends"' })],
    }),
    requests: [
      {
        headers: { Accept: 'text/xml', 'Content-Type': 'text/xml' },
        body: '<lead><first_name>Ann &amp; Co</first_name><state>California</state></lead>',
      },
    ],
  },
  {
    name: 'get-with-redirect',
    flow: testFlow({ pricing: { prices: [{ amount: 2 }] } }),
    requests: [
      {
        method: 'GET',
        query: '?first_name=Ann&state=TX&redir_url=https%3A%2F%2Fthanks.example.com%2F%3Fto%3D%C3%84nn',
      },
    ],
  },
  {
    name: 'masked-form',
    flow: testFlow({ steps: [ssnDelivery] }),
    requests: [form(`first_name=Ann&ssn=${SSN}`), form(`first_name=${SSN}&ssn=219+09+9999`)],
    recipient: () => ({ body: { outcome: 'success', known: [SSN, 219099999] } }),
    secrets: SSN_SPELLINGS,
  },
  {
    name: 'masked-mapped-field',
    flow: testFlow({
      sources: [renaming([{ property: 'lead.ssn', value: '{{social}}' }])],
      steps: [ssnDelivery, filter(when('lead.ssn', 'is not blank'), { reason: 'Known: {{lead.ssn}}' })],
    }),
    requests: [form(`social=${SSN}`)],
    secrets: SSN_SPELLINGS,
  },
  {
    name: 'masked-json-and-not-in-the-flow',
    flow: testFlow({ fields: ['first_name'] }),
    requests: [json({ first_name: `Ann ${SSN}`, ssn: SSN })],
    secrets: SSN_SPELLINGS,
  },
  {
    name: 'disabled-flow',
    flow: testFlow({ enabled: false, caps: [dailyCap()], steps: [deliveryTo('My CRM')] }),
    requests: [json({ first_name: 'Ann' })],
  },
  {
    name: 'inbound-mapping',
    flow: testFlow({
      sources: [
        renaming([
          { property: 'first_name', value: '{{fname}}' },
          { property: 'lead.state', value: '{{address.region}}' },
          { property: 'email', value: '{{lowercase mail}}' },
        ]),
      ],
    }),
    requests: [json({ fname: 'Ann', mail: 'ANN@example.com', 'address.region': 'Texas', unknown: 1 })],
  },
  {
    name: 'prices',
    flow: testFlow({
      pricing: { prices: [{ amount: 9, rule_set: when('lead.state', 'is equal to', 'TX') }] },
      sources: [testSource({ pricing: { prices: [{ amount: 4 }, { amount: 5.25 }] } })],
      steps: [
        deliveryTo('Fixed', { pricing: { prices: [{ amount: 10.1 }] } }),
        deliveryTo('Offering', { pricing: { override: true } }),
      ],
    }),
    requests: [json({ state: 'TX' }), json({ state: 'CA' })],
  },
  {
    name: 'appended-data',
    flow: testFlow({
      sources: [testSource({ response_fields: ['outcome', 'reason', 'lead.id', 'lead.email', 'my_crm.score'] })],
      steps: [
        deliveryTo('My CRM'),
        deliveryTo(
          'Second',
          { rule_set: when('my_crm.score', 'is greater than', 5) },
          { 'json_property.score': '{{my_crm.score}}' },
        ),
      ],
    }),
    requests: [json({ email: 'ann@example.com' })],
    recipient: ({ body }) => ({
      body: { outcome: 'success', score: body?.includes('score') ? 1 : 7, note: 'é\u2028' },
    }),
  },
  {
    name: 'waterfall',
    flow: testFlow({
      steps: [
        distributionOf([
          candidateOf('Home Roofs', { rule_set: when('lead.state', 'is equal to', 'NV') }),
          candidateOf('Full House', { caps: [dailyCap({ maximum: 0 })] }),
          candidateOf('Sun Power', {}, { url: 'https://buyer.example.com/sun' }),
          candidateOf('Moon Power', { pricing: { override: true } }),
          candidateOf('Last Resort'),
        ]),
        filter(when('distribution.main.sold', 'is false'), { reason: 'Not sold' }),
      ],
    }),
    requests: [json({ email: 'ann@example.com', state: 'TX' })],
    recipient: ({ url }) => ({
      body: url.endsWith('/sun') ? { outcome: 'failure', reason: 'Roof too old' } : { outcome: 'success', price: 7.5 },
    }),
  },
  {
    name: 'round-robin',
    flow: testFlow({
      steps: [
        distributionOf([candidateOf('Sun Power'), candidateOf('Moon Power'), candidateOf('Star Power')], {
          name: 'Roof buyers',
          method: 'round_robin',
        }),
      ],
    }),
    requests: ['ann', 'bob', 'cid', 'dan'].map((name) => json({ email: `${name}@example.com` })),
  },
  {
    name: 'hostile-names',
    flow: testFlow(),
    requests: [
      {
        headers: FORM,
        body: '__proto__.polluted=1&constructor.prototype.polluted=1&first_name=A%00nn%ED%A0%80&toString=x&email=%FF%FE&state=%20%20',
      },
      {
        headers: { Accept: 'application/json', 'Content-Type': 'application/json' },
        body: '{"__proto__":{"first_name":"Eve"},"first_name":"\\ud800\\u0000Ann","phone_1":{"a":[{"b":null}]},"state":["TX"]}',
      },
    ],
  },
];
