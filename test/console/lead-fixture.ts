import type { RecipientStep, Step } from '../../src/model/flow.ts';
import type { RuleSet } from '../../src/model/rule-set.ts';
import type { RecipientAnswer } from '../harness/recipient.ts';
import type { ComposedServer } from '../harness/server.ts';
import { deliveryTo, flowOf, NO_DUPLICATES, sourceNamed, when } from '../system/flows.ts';

/** A lead of every outcome, by what it shows. */
export type LeadsToShow = Record<
  | 'sold'
  | 'nested'
  | 'duplicate'
  | 'cap'
  | 'filter'
  | 'rejected'
  | 'failed'
  | 'retried'
  | 'unknown'
  | 'masked'
  | 'long'
  | 'rightToLeft'
  | 'unpriced',
  string
>;

/** Recognised wherever it should not be. */
export const PERSON = {
  first_name: 'Wilhelmina',
  last_name: 'Quux',
  email: 'wilhelmina@quux.example',
  phone_1: '512-555-0134',
  state: 'TX',
};
export const VALUES_OF_PERSON = /wilhelmina|quux|5550134|555-0134/i;

/** 80 characters. */
export const LONG_NAME = 'Northern and Southern Residential Solar Installation Partners of Greater Texas 1';
const LONG_REASON = `The lead was declined by underwriting. ${'The property lies outside of the area that this partner serves in this quarter. '.repeat(4).trim()}`;

const NESTED: RuleSet = {
  op: 'and',
  rules: [
    { lhv: 'lead.email', op: 'is not blank' },
    {
      op: 'or',
      rules: [
        { lhv: 'lead.state', op: 'is equal to', rhv: 'TX' },
        {
          op: 'and',
          rules: [
            { lhv: 'lead.state', op: 'is included in', rhv: ['OH', 'MI'] },
            { lhv: 'lead.phone_1', op: 'is blank' },
          ],
        },
      ],
    },
    { lhv: 'lead.last_name', op: 'is not blank' },
  ],
};

/** Submits them to flows of their own. */
export async function submitLeadsToShow(server: ComposedServer): Promise<LeadsToShow> {
  const { recipient } = server;
  recipient.answerWith(
    ({ path }) => (path === '/hang' ? 'hangUp' : ANSWERS[path]) ?? { body: { outcome: 'success', price: 22.5 } },
  );
  const to = (path: string, parts: Partial<RecipientStep> = {}, properties = {}) =>
    deliveryTo(`${recipient.url}${path}`, { entity: { name: NAMES[path] ?? 'Sun Power' }, ...parts }, properties);
  const priced = { price_path: 'price' };
  const source = sourceNamed('Acme Web', { pricing: { prices: [{ amount: 5 }] } });
  const send = async (steps: Step[], values: object = PERSON, parts = {}) => {
    const flow = await server.deploy(flowOf(steps, { name: 'Solar leads', sources: [source], ...parts }));
    return (await server.submit(flow, values)).body.lead.id as string;
  };
  const resend = async (steps: Step[], parts = {}) => {
    const flow = await server.deploy(flowOf(steps, { name: 'Solar leads', sources: [source], ...parts }));
    await server.submit(flow, PERSON);
    return (await server.submit(flow, PERSON)).body.lead.id as string;
  };
  const sellTwice = [
    to('nevada', { rule_set: when('lead.state', 'is equal to', 'NV') }),
    to(
      'buy',
      {
        pricing: { prices: [{ amount: 22.5 }] },
        feedback: { returns: { enabled: true }, conversions: { enabled: true } },
      },
      priced,
    ),
    {
      type: 'filter',
      description: 'Not sold',
      rule_set: when('lead.state', 'is equal to', 'NV'),
      reason: 'No buyer',
    } as Step,
  ];
  return {
    sold: await send(sellTwice),
    nested: await send(
      [to('buy')],
      { ...PERSON, state: 'MI' },
      {
        sources: [{ ...source, acceptance_criteria: { rule_set: NESTED } }],
      },
    ),
    duplicate: await resend([to('buy')], NO_DUPLICATES),
    cap: await resend([to('buy')], {
      caps: [
        {
          type: 'volume',
          name: 'Texas',
          maximum: 1,
          duration: 1,
          duration_units: 'day',
          rule_set: when('lead.state', 'is equal to', 'TX'),
        },
      ],
    }),
    filter: await send([
      to('reject'),
      {
        type: 'filter',
        description: 'Not sold',
        reason: 'No buyer wanted it',
        rule_set: when('moon_power.outcome', 'is not equal to', 'success'),
      } as Step,
    ]),
    rejected: await send([to('reject')]),
    failed: await send([to('error')]),
    retried: await send([to('error', { retry_enabled: true, idempotent: true })]),
    unknown: await send([to('hang')]),
    masked: await send([to('buy')], { ...PERSON, ssn: '078-05-1120' }),
    long: await send([to('long', { entity: { name: LONG_NAME } })], PERSON, {
      name: LONG_NAME,
      sources: [sourceNamed(LONG_NAME)],
    }),
    rightToLeft: await send(
      [to('buy')],
      { ...PERSON, first_name: 'אברהם', last_name: 'محمد' },
      { name: 'عملاء الطاقة الشمسية' },
    ),
    unpriced: await send([to('buy')], PERSON, { sources: [sourceNamed('No price')] }),
  };
}

const NAMES: Readonly<Record<string, string>> = {
  nevada: 'Nevada Roofs',
  reject: 'Moon Power',
  error: 'Cloud CRM',
  hang: 'Slow CRM',
};

const ANSWERS: Readonly<Record<string, RecipientAnswer>> = {
  '/reject': { body: { outcome: 'failure', reason: 'Roof too old for "wilhelmina@quux.example"' } },
  '/error': { status: 503, body: { message: 'maintenance' } },
  '/long': { body: { outcome: 'failure', reason: LONG_REASON } },
};
