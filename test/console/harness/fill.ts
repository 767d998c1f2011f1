import type { RecipientAnswer } from '../../harness/recipient.ts';
import type { ComposedServer, SubmitTarget } from '../../harness/server.ts';
import { deliveryTo, flowOf, sourceNamed, when } from '../../system/flows.ts';

/** Eighty characters, as names may have. */
export const LONG_NAME = 'Mortgage refinancing in the south western states, weekdays, second price, 2026 Q4';
/** Markup that a page must show as text. */
export const MARKUP = '"><img src=x onerror=alert(1)>';

const BATCH = 20;

export interface Filled {
  /** One lead of each outcome. */
  success: string;
  failure: string;
  error: string;
  /** A lead whose every value, flow and source is `MARKUP`. */
  markup: string;
  flow: SubmitTarget;
  /** Its leads are errors. */
  off: SubmitTarget;
}

/** Some two hundred leads of three flows, with every outcome, long names, right-to-left names, and markup. */
export async function fillServer(server: ComposedServer): Promise<Filled> {
  server.recipient.answerWith(answer);
  const delivery = deliveryTo(
    server.recipient.url,
    {},
    { 'json_property.state': '{{lead.state}}', price_path: 'price' },
  );
  const texas = {
    acceptance_criteria: {
      rule_set: when('lead.state', 'is included in', 'TX,CA,XX,YY'),
      reason: 'State {{lead.state}} is not bought',
    },
  };
  const flow = await server.deploy(flowOf([delivery], { ...texas, name: 'Mortgage leads' }));
  const long = await server.deploy(
    flowOf([delivery], { name: LONG_NAME, sources: [sourceNamed('מקור הלידים הראשי')] }),
  );
  const markup = await server.deploy(flowOf([delivery], { name: MARKUP, sources: [sourceNamed(MARKUP)] }));
  // What a source sends to a flow that is switched off is an error: somebody must act.
  const off = await server.deploy(flowOf([delivery], { name: 'Switched off', enabled: false }));
  for (let sent = 0; sent < 180; sent += BATCH)
    await Promise.all(
      Array.from({ length: BATCH }, (_, each) => submitOne(server, { flow, long, number: sent + each })),
    );
  const hostile = Object.fromEntries(
    ['first_name', 'last_name', 'email', 'phone_1', 'state'].map((name) => [name, MARKUP]),
  );
  const idOf = async (given: SubmitTarget, values: object) =>
    (await server.submit(given, values)).body.lead.id as string;
  return {
    markup: await idOf(markup, hostile),
    error: await idOf(off, PERSON),
    failure: await idOf(flow, { ...PERSON, state: 'OH' }),
    success: await idOf(flow, { ...PERSON, state: 'TX' }),
    ...{ flow, off },
  };
}

const PERSON = { first_name: 'Fred', last_name: 'Smith', email: 'fred@example.com', phone_1: '512-789-4321' };
const STATES = ['TX', 'CA', 'OH', 'XX', 'YY', 'TX'];

async function submitOne(
  server: ComposedServer,
  { flow, long, number }: Record<'flow' | 'long', SubmitTarget> & { number: number },
): Promise<void> {
  const values = {
    first_name: `Ann${number}`,
    email: `ann${number}@example.com`,
    state: STATES[number % STATES.length],
  };
  await server.submit(number % 5 === 0 ? long : flow, values);
}

/** By the state of the lead: bought, rejected with the recipient's words, or broken. */
function answer({ body }: { body: string }): RecipientAnswer {
  if (body.includes('"XX"')) return { status: 500, body: 'broken' };
  if (body.includes('"YY"'))
    return { body: { outcome: 'failure', reason: 'The lead is too old for this campaign of the buyer' } };
  return { body: { outcome: 'success', price: 12.5 } };
}
