import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Candidate, DistributionStep, FlowDocument } from '../../src/model/flow.ts';
import type { Delivery, RecipientAnswer } from '../harness/recipient.ts';
import { type ComposedServer, startTestServer } from '../harness/server.ts';
import { until } from '../harness/until.ts';
import { deliveryTo, flowOf, when } from './flows.ts';

let server: ComposedServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterEach(() => {
  server.recipient.deliveries.length = 0;
  server.recipient.answerWith(() => ({ body: { outcome: 'success', price: 5 } }));
});
afterAll(() => server.stop());

/** A buyer at a path of its own. */
function buyer(name: string, parts: Partial<Candidate> = {}): Candidate {
  const { type: _, ...delivery } = deliveryTo(`${server.recipient.url}${name}`, { entity: { name } });
  return { ...delivery, ...parts };
}

function distributionOf(names: readonly (string | Candidate)[], parts: Partial<DistributionStep>): FlowDocument {
  const recipients = names.map((name) => (typeof name === 'string' ? buyer(name) : name));
  return flowOf([{ type: 'distribution', name: 'Buyers', method: 'waterfall', recipients, ...parts }]);
}

function answerBy(given: Record<string, () => RecipientAnswer>): void {
  const answerOf = ({ path }: Delivery) => given[path.slice(1)]?.() ?? { body: { outcome: 'success' } };
  server.recipient.answerWith(answerOf);
}

const REFUSES = () => ({ body: { outcome: 'no', reason: 'full' } });
const FAILS = () => ({ status: 500, body: 'broken' });

function countDeliveries(): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { path } of server.recipient.deliveries) counts[path.slice(1)] = (counts[path.slice(1)] ?? 0) + 1;
  return counts;
}

describe('a distribution', () => {
  it('shares leads out exactly between two servers, and goes on after a restart', async () => {
    const flow = await server.deploy(distributionOf(['a', 'b', 'c'], { method: 'round_robin' }));
    const second = await server.startBeside({});
    const urls = [server.url, second.url];
    const send = (count: number) =>
      Promise.all(
        Array.from({ length: count }, (_, index) => {
          const target = `${urls[index % 2]}/flows/${flow.id}/sources/${flow.sources[0].entity.id}/submit`;
          return fetch(target, { method: 'POST', body: new URLSearchParams({ email: `p${index}@example.com` }) });
        }),
      );
    const answers = await send(60);
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([201]));
    expect(countDeliveries()).toEqual({ a: 20, b: 20, c: 20 });
    await second.stop();
    await server.submit(flow, { email: 'one-more@example.com' });
    await server.restart();
    await server.submit(flow, { email: 'and-one-more@example.com' });
    expect(countDeliveries()).toEqual({ a: 21, b: 21, c: 20 });
  });

  it('is saved with ids of its recipients, whose entities and caps are those of any step', async () => {
    const cap = { type: 'volume' as const, maximum: 3, duration: 1, duration_units: 'day' as const };
    const flow = await server.deploy(distributionOf([buyer('capped', { caps: [cap] }), 'other'], {}));
    const [step] = flow.steps;
    expect(step.recipients.map(({ id }: { id: string }) => id)).toEqual([
      expect.stringMatching(/^\w{6}$/),
      expect.stringMatching(/^\w{6}$/),
    ]);
    await server.submit(flow, { email: 'ann@example.com' });
    const caps = await server.api('GET', `/caps?flow_id=${flow.id}`);
    expect(caps.body).toMatchObject([{ step_id: step.recipients[0].id, count: 1, held: 0 }]);
    const entities = await server.api('GET', '/entities');
    expect(entities.body.map(({ name }: { name: string }) => name)).toEqual(
      expect.arrayContaining(['capped', 'other']),
    );
    const usage = await server.api('DELETE', `/entities/${step.recipients[0].entity.id}`);
    expect(usage.status).toBe(409);
  });

  it('records for each recipient why it got the lead or did not', async () => {
    const flow = await server.deploy(
      distributionOf(
        [buyer('picky', { rule_set: when('lead.state', 'is equal to', 'TX') }), 'refusing', 'buying', 'last'],
        {},
      ),
    );
    answerBy({ refusing: REFUSES });
    const { body } = await server.submit(flow, { state: 'CA' });
    const lead = await server.api('GET', `/leads/${body.lead.id}`);
    const source = lead.body.events.at(-1);
    expect(source.distributions).toMatchObject([
      {
        key: 'buyers',
        sales: 1,
        recipients: [
          { verdict: 'criteria' },
          { verdict: 'refused', place: 1 },
          { verdict: 'accepted', place: 2 },
          { verdict: 'not reached' },
        ],
      },
    ]);
    expect(source.vars.distribution).toMatchObject({ buyers: { sold: true, winner: 'buying' } });
    expect(source.appended).not.toHaveProperty('distribution');
    expect(lead.body.events[0].distribution).toEqual({ step_id: flow.steps[0].id, place: 1, by_turn: false });
    const explained = await server.api('GET', `/leads/${body.lead.id}/explain`);
    expect(
      explained.body.steps.map(({ path, distribution }: { path: string; distribution: object }) => [
        path,
        distribution,
      ]),
    ).toMatchObject([
      ['steps.0.recipients.0', { verdict: 'criteria', place: null }],
      ['steps.0.recipients.1', { verdict: 'refused', place: 1 }],
      ['steps.0.recipients.2', { verdict: 'accepted', place: 2 }],
      ['steps.0.recipients.3', { verdict: 'not reached', place: null }],
    ]);
    expect(explained.body.sentences).toEqual(
      expect.arrayContaining([
        'Step 1 (the recipient "picky") was not offered the lead: State must be equal to TX; it was CA.',
        'Step 1 (the recipient "last") was not offered the lead, because it was sold before.',
      ]),
    );
  });

  it('explains a full revenue cap in dollars, and the rules of a recipient that was passed over', async () => {
    const budget = {
      type: 'revenue' as const,
      name: 'Budget',
      maximum: 5,
      duration: 1,
      duration_units: 'day' as const,
    };
    const pricing = { override: true, maximum_price: 3 };
    const picky = buyer('picky', { rule_set: when('lead.state', 'is equal to', 'TX') });
    const flow = await server.deploy(
      distributionOf([picky, buyer('limited', { caps: [budget], pricing }), 'other'], { method: 'round_robin' }),
    );
    const limited = flow.steps[0].recipients[1];
    await server.api('POST', `/caps/${limited.caps[0].id}/count`, { set: 2.5 });
    const { body } = await server.submit(flow, { state: 'CA' });
    const lead = await server.api('GET', `/leads/${body.lead.id}`);
    const cap = { id: limited.caps[0].id, amount: 3, count: 2.5, held: 0, maximum: 5 };
    expect(lead.body.events.at(-1).distributions[0].recipients).toMatchObject([
      { verdict: 'criteria' },
      { verdict: 'cap', cap },
      { verdict: 'accepted' },
    ]);
    const explained = await server.api('GET', `/leads/${body.lead.id}/explain`);
    expect(explained.body.steps[0].rules).toMatchObject([{ left: 'CA', right: 'TX', passed: false }]);
    expect(explained.body.steps[1].distribution).toMatchObject({ verdict: 'cap', cap: { name: 'Budget', ...cap } });
    expect(explained.body.sentences.join(' ')).toContain(
      'The daily cap "Budget" had no room for 3.00 dollars: 2.50 of 5.00 were left',
    );
  });

  it('is evaluated without taking a turn', async () => {
    const flow = await server.deploy(distributionOf(['a', 'b'], { method: 'round_robin' }));
    const source = flow.sources[0].entity.id;
    const evaluate = () =>
      server.api('POST', `/flows/${flow.id}/evaluate`, { source, now: '2026-01-05T12:00:00Z', values: {} });
    for (const { status, body } of [await evaluate(), await evaluate()]) {
      expect(status).toBe(200);
      expect(body.lead.events.at(-1).distributions).toMatchObject([
        { recipients: [{ verdict: 'accepted', by_turn: true }, { verdict: 'not reached' }] },
      ]);
    }
    expect(await server.query('select from distribution_turns where flow_id = $1', [flow.id])).toEqual([]);
  });
});

describe('a delivery of a distribution that is tried again', () => {
  const retried = (name: string, parts: Partial<Candidate> = {}) => buyer(name, { retry_enabled: true, ...parts });

  async function readRetry(flowId: string) {
    const { body } = await server.api('GET', `/retries?flow_id=${flowId}`);
    return body[0];
  }

  async function runNow(flowId: string) {
    const before = await readRetry(flowId);
    expect((await server.api('POST', `/retries/${before.id}/run`)).status).toBe(202);
    await until('the attempt ends', async () => (await readRetry(flowId)).attempts > before.attempts);
    return readRetry(flowId);
  }

  it.each<[string, () => FlowDocument, object]>([
    [
      'ends as a skip when another recipient bought the lead',
      () => distributionOf([retried('a'), 'b'], {}),
      { status: 'cancelled', last_outcome: 'skip', last_reason: 'Not sent: b has accepted the lead' },
    ],
    [
      'ends as a skip when max_sales is reached',
      () => distributionOf([retried('a'), 'b', 'c'], { max_sales: 2 }),
      { status: 'cancelled', last_outcome: 'skip' },
    ],
    [
      'ends as a skip when it wants the lead alone and it was shared',
      () => distributionOf([retried('a', { exclusive: true }), 'b'], { max_sales: 3 }),
      { status: 'cancelled', last_outcome: 'skip' },
    ],
    [
      'is made while there is room for its sale',
      () => distributionOf([retried('a'), 'b'], { max_sales: 2 }),
      { status: 'succeeded' },
    ],
  ])('%s', async (_, document, expected) => {
    const flow = await server.deploy(document());
    answerBy({ a: FAILS });
    await server.submit(flow, { email: 'ann@example.com' });
    expect(countDeliveries()).toMatchObject({ a: 1, b: 1 });
    answerBy({});
    expect(await runNow(flow.id)).toMatchObject(expected);
  });

  it('is made when no other recipient bought the lead, which is then sold', async () => {
    const flow = await server.deploy(distributionOf([retried('a'), 'b'], { method: 'round_robin' }));
    answerBy({ a: FAILS, b: REFUSES });
    await server.submit(flow, { email: 'ann@example.com' });
    answerBy({});
    expect(await runNow(flow.id)).toMatchObject({ status: 'succeeded' });
    expect(countDeliveries()).toEqual({ a: 2, b: 1 });
  });

  it('counts in the shares of `percentage` once it is sold', async () => {
    const recipients = [retried('a', { percentage: 50 }), buyer('b', { percentage: 50 })];
    const flow = await server.deploy(distributionOf(recipients, { method: 'percentage' }));
    answerBy({ a: FAILS, b: REFUSES });
    await server.submit(flow, { email: 'ann@example.com' });
    answerBy({});
    await runNow(flow.id);
    const [a, b] = flow.steps[0].recipients.map(({ id }: { id: string }) => id);
    const half = 500_000_000;
    await until('the turn is taken', async () => {
      const [row] = await server.query('select credits from distribution_turns where flow_id = $1', [flow.id]);
      const credits = row?.['credits'] as Record<string, number>;
      return credits[a] === -half && credits[b] === half;
    });
    server.recipient.deliveries.length = 0;
    await server.submit(flow, { email: 'bob@example.com' });
    expect(countDeliveries()).toEqual({ b: 1 });
  });

  it('waits outside the hours of its recipient', async () => {
    const flow = await server.deploy(distributionOf([retried('a'), 'b'], {}));
    answerBy({ a: FAILS, b: REFUSES });
    await server.submit(flow, { email: 'ann@example.com' });
    // A minute of the week that has just been, or is far away.
    const day = new Date(Date.now() - 2 * 86_400_000).getUTCDay();
    const name = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'][day] ?? '';
    flow.steps[0].recipients[0].hours_of_operation = {
      time_zone: 'UTC',
      days: { [name]: [{ start: '00:00', end: '00:01' }] },
    };
    await server.redeploy(flow);
    answerBy({});
    const reason = 'Not sent: the recipient is outside its hours of operation';
    await until('the server has the hours', async () => (await runNow(flow.id)).last_reason === reason);
    expect(await readRetry(flow.id)).toMatchObject({ status: 'waiting', last_outcome: 'skip' });
  });

  it('waits while another recipient may have the lead', async () => {
    const flow = await server.deploy(distributionOf([retried('a'), 'b', 'c'], {}));
    answerBy({ a: FAILS, b: () => 'hangUp' });
    await server.submit(flow, { email: 'ann@example.com' });
    expect(countDeliveries()).toEqual({ a: 1, b: 1 });
    answerBy({});
    const reason = 'Not sent: b may have accepted the lead';
    expect(await runNow(flow.id)).toMatchObject({ status: 'waiting', last_outcome: 'skip', last_reason: reason });
  });
});
