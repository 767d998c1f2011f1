import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FlowDocument } from '../../src/model/flow.ts';
import { watchTurns } from '../harness/longest-turn.ts';
import { type ComposedServer, startTestServer } from '../harness/server.ts';
import { deliveryTo, flowOf, sourceNamed, when } from './flows.ts';

/** Past leads on another document: `POST /flows/{id}/replay`. */

let server: ComposedServer;
beforeAll(async () => {
  server = await startTestServer();
  // Of each lead its own answer, so that what is recorded differs from lead to lead.
  server.recipient.answerWith(({ path, body }) => {
    const number = Number(/lead(\d+)@/.exec(String(body))?.[1] ?? 0);
    if (path === '/lookup') return { body: { outcome: 'success', grade: number % 4 === 0 ? 'low' : 'high' } };
    if (path === '/second')
      return { body: { outcome: number % 2 === 0 ? 'success' : 'failure', price: 3, reason: 'no' } };
    return {
      body: {
        outcome: number % 3 === 0 ? 'failure' : 'success',
        reason: `no house for "lead${number}@example.com"`,
        price: 7,
      },
    };
  });
});
afterAll(() => server.stop());

const STATES = ['TX', 'NV', 'CA'];
const CAP = { id: '5fd0c0de00000000000000c1', type: 'volume', maximum: 9, duration: 1, duration_units: 'day' } as const;

/** Everything that a replay must answer from what was recorded: a list, a lookup, chance, prices, caps and recipients. */
const flowToReplay = (capId: string = CAP.id): FlowDocument =>
  flowOf(
    [
      deliveryTo(
        `${server.recipient.url}lookup`,
        { id: 'looked', entity: { name: 'Lookup' } },
        { 'json_property.email': '{{lead.email}}' },
      ),
      { id: 'chance', type: 'filter', rule_set: when('random', 'is greater than', '85'), reason: 'unlucky' },
      deliveryTo(
        `${server.recipient.url}first`,
        {
          id: 'buy001',
          rule_set: when('lead.state', 'is not equal to', 'CA'),
          pricing: { override: true, prices: [] },
          caps: [{ ...CAP, id: capId }],
        },
        { price_path: 'price' },
      ),
      deliveryTo(
        `${server.recipient.url}second`,
        { id: 'buy002', entity: { name: 'Second' }, pricing: { override: true, prices: [] } },
        { price_path: 'price' },
      ),
    ],
    {
      fields: ['email', 'state'],
      sources: [sourceNamed('Ads', { pricing: { prices: [{ amount: 2 }] } })],
      list_checks: { duplicate: { value: '{{lead.email}}', list_name: 'Replayed' } },
      acceptance_criteria: { rule_set: when('suppressionlist.is_duplicate', 'is not true'), reason: 'duplicate' },
    },
  );

interface Deployed {
  id: string;
  sources: { id: string; entity: { id: string } }[];
  [name: string]: unknown;
}

async function deployWithLeads(document: FlowDocument, count: number): Promise<Deployed> {
  const flow: Deployed = await server.deploy(document);
  for (let number = 0; number < count; number += 1) {
    // Each tenth one is a duplicate of the one before.
    const person = number % 10 === 9 ? number - 1 : number;
    await server.submit(flow, { email: `lead${person}@example.com`, state: STATES[number % 3] });
  }
  return flow;
}

const replay = (flow: { id: string }, body: object = {}, options?: { key: string }) =>
  server.api('POST', `/flows/${flow.id}/replay`, body, options);
const documentOf = ({ id: _id, revision: _revision, errors: _errors, ...document }: Deployed) => document;

describe('a replay', () => {
  const LEADS = 40;
  let flow: Deployed;
  let document: FlowDocument;
  beforeAll(async () => {
    flow = await deployWithLeads(flowToReplay(), LEADS);
    document = documentOf(flow) as unknown as FlowDocument;
  });

  it('of what runs ends each lead as it ended, with the money that it made', async () => {
    const { status, body } = await replay(flow, { document });
    expect(status).toBe(200);
    expect(body).toMatchObject({
      leads: LEADS,
      not_replayed: 0,
      flipped: 0,
      assumed: 0,
      stopped_early: false,
      samples: [],
    });
    expect(body.after).toEqual(body.before);
    const leads = await Promise.all(
      (await server.api('GET', `/leads?flow_id=${flow.id}&limit=100`)).body.map(
        async ({ id }: { id: string }) => (await server.api('GET', `/leads/${id}`)).body,
      ),
    );
    expect(leads).toHaveLength(LEADS);
    const count = (outcome: string) => leads.filter((lead) => lead.outcome === outcome).length;
    const sum = (of: 'revenue' | 'cost' | 'profit') => leads.reduce((total, { money }) => total + money[of], 0);
    expect(body.before).toEqual({
      ...{ success: count('success'), failure: count('failure'), error: count('error'), not_taken: 0 },
      ...{ revenue: sum('revenue'), cost: sum('cost'), profit: sum('profit') },
    });
    // The leads are not all of one kind.
    expect([count('success') > 0, count('failure') > 0, body.before.revenue > 0]).toEqual([true, true, true]);
  });

  it.each<[string, (document: FlowDocument) => FlowDocument]>([
    ['without the filter of chance', (all) => ({ ...all, steps: all.steps.filter(({ id }) => id !== 'chance') })],
    ['without the second buyer', (all) => ({ ...all, steps: all.steps.filter(({ id }) => id !== 'buy002') })],
    ['without duplicates', ({ acceptance_criteria: _, ...all }) => all],
    [
      'with a rule on what a lookup said',
      ({ steps, ...all }) => ({
        ...all,
        steps: [
          ...steps.slice(0, 1),
          { type: 'filter', id: 'graded', rule_set: when('lookup.grade', 'is equal to', 'low'), reason: 'low grade' },
          ...steps.slice(1),
        ],
      }),
    ],
    [
      'with a rule on a value',
      (all) => ({
        ...all,
        acceptance_criteria: { rule_set: when('lead.state', 'is equal to', 'TX'), reason: 'not Texas' },
      }),
    ],
    [
      'with other prices',
      (all) => ({
        ...all,
        sources: all.sources.map((source) => ({ ...source, pricing: { prices: [{ amount: 4 }] } })),
      }),
    ],
    [
      'with a larger cap',
      (all) => ({
        ...all,
        steps: all.steps.map((step) =>
          step.id === 'buy001' ? { ...step, caps: [{ ...CAP, maximum: 1_000 }] } : step,
        ) as FlowDocument['steps'],
      }),
    ],
  ])('%s ends each lead as an evaluation with what was recorded', async (_, change) => {
    const changed = change(document);
    const { body } = await replay(flow, { document: changed });
    const expected = { success: 0, failure: 0, error: 0, revenue: 0, cost: 0, flipped: 0 };
    const flipped: string[] = [];
    for (const { id } of (await server.api('GET', `/leads?flow_id=${flow.id}&limit=100`)).body) {
      const { body: lead } = await server.api('GET', `/leads/${id}`);
      const evaluated = await evaluateAgain(lead, changed);
      expected[evaluated.outcome as 'success'] += 1;
      expected.revenue += evaluated.money.revenue;
      expected.cost += evaluated.money.cost;
      if (evaluated.outcome === lead.outcome) continue;
      expected.flipped += 1;
      flipped.push(id);
    }
    const { success, failure, error, revenue, cost } = body.after;
    expect({ success, failure, error, revenue, cost, flipped: body.flipped }).toEqual(expected);
    expect(body.samples.map(({ lead_id: id }: { lead_id: string }) => id)).toEqual(flipped.slice(0, 20));
  });

  /** Derived from what `GET /leads/{id}` shows, by other code than that of the replay. */
  // biome-ignore lint/suspicious/noExplicitAny: answers of the API
  async function evaluateAgain(lead: any, flowDocument: FlowDocument): Promise<any> {
    const source = lead.events.find(({ type }: { type: string }) => type === 'source');
    // biome-ignore lint/suspicious/noExplicitAny: likewise
    const deliveries = lead.events.filter(({ type, outcome }: any) => type === 'recipient' && outcome !== 'skip');
    const { method, uri, headers, body } = source.request;
    const { status, body: evaluated } = await server.api('POST', `/flows/${flow.id}/evaluate`, {
      flow: flowDocument,
      source: flow.sources[0]?.entity.id,
      submission: { method, query: uri.split('?')[1] ?? '', headers, body },
      now: lead.submitted_at,
      random: lead.vars.random,
      lists: { duplicate: lead.reason === 'duplicate' },
      caps: Object.fromEntries(
        // biome-ignore lint/suspicious/noExplicitAny: likewise
        lead.events.flatMap((event: any) => (event.caps_reached ? [[CAP.id, { count: CAP.maximum }]] : [])),
      ),
      answers: Object.fromEntries(
        // biome-ignore lint/suspicious/noExplicitAny: likewise
        deliveries.flatMap(({ step_id: id, transactions }: any) => {
          if (!flowDocument.steps.some((step) => step.id === id)) return [];
          const { body: said } = transactions[0].response;
          return [[id, { status: 200, headers: { 'Content-Type': 'application/json' }, body: said }]];
        }),
      ),
    });
    expect([status, evaluated]).toEqual([200, expect.anything()]);
    return evaluated.lead;
  }

  it('reads a recorded answer anew where what reads it has changed', async () => {
    const steps = document.steps.map((step) =>
      step.type === 'recipient' && step.id === 'buy002'
        ? {
            ...step,
            integration: {
              ...step.integration,
              mappings: step.integration.mappings.map((mapping) =>
                mapping.property === 'outcome_search_term' ? { ...mapping, value: 'failure' } : mapping,
              ),
            },
          }
        : step,
    );
    const revenueOf = async (all: FlowDocument['steps']) =>
      (await replay(flow, { document: { ...document, steps: all.filter(({ id }) => id === 'buy002') } })).body.after
        .revenue;
    const [sold, turned] = [await revenueOf(document.steps), await revenueOf(steps)];
    const { body: all } = await replay(flow, { document: { ...document, steps: [] } });
    expect([sold > 0, turned > 0, all.assumed]).toEqual([true, true, 0]);
    // Each lead that was offered is sold by one of the two, for 3 dollars.
    const { body: events } = await server.api('GET', `/events?flow_id=${flow.id}&type=recipient&limit=1000`);
    const offered = events.filter(({ step_id: id }: { step_id: string }) => id === 'buy002').length;
    expect(sold + turned).toBe(3 * offered);
  });

  it('says where a recipient had not answered the lead then', async () => {
    const added = deliveryTo(`${server.recipient.url}third`, { id: 'buy003', entity: { name: 'Third' } });
    const { body } = await replay(flow, { document: { ...document, steps: [...document.steps, added] } });
    expect(body.assumed).toBeGreaterThan(0);
  });

  it('says which leads a removed source would not take', async () => {
    const sources = [sourceNamed('Another')];
    const { body } = await replay(flow, { document: { ...document, sources } });
    expect([body.after.not_taken, body.flipped]).toEqual([LEADS, LEADS]);
    expect(body.samples).toHaveLength(20);
    expect(body.samples[0]).toMatchObject({ source: { name: 'Ads' }, after: { outcome: 'not_taken' } });
  });

  it('takes the draft, or the last leads of one source', async () => {
    expect((await replay(flow, { revision: 'draft' })).status).toBe(404);
    await server.api('PUT', `/flows/${flow.id}/draft`, { document: { ...document, enabled: false }, base_revision: 1 });
    const { body } = await replay(flow, { last: 5, source_id: flow.sources[0]?.id });
    expect([body.leads, body.after.success]).toEqual([5, 0]);
    expect((await replay(flow, { source_id: 'nobody' })).body.details[0].path).toBe('source_id');
    await server.api('DELETE', `/flows/${flow.id}/draft`);
  });

  it('writes nothing and sends nothing', async () => {
    const count = async () =>
      server.query(
        'select (select count(*) from leads) as leads, (select count(*) from events) as events, (select sum(count) from cap_windows) as used',
      );
    const [before, sent] = [await count(), server.recipient.deliveries.length];
    await replay(flow, { document });
    expect([await count(), server.recipient.deliveries.length]).toEqual([before, sent]);
  });

  it('shows no value to who may see none', async () => {
    const { key } = (
      await server.api('POST', '/api_keys', { name: 'Counter', permissions: ['flows.read', 'leads.read'] })
    ).body;
    const { acceptance_criteria: _, ...all } = document;
    const onlyFirst = { ...all, steps: all.steps.filter(({ id }) => id === 'buy001') };
    const strict = {
      ...onlyFirst,
      steps: [
        ...onlyFirst.steps,
        {
          type: 'filter',
          id: 'unsold',
          rule_set: when('buyer.outcome', 'is not equal to', 'success'),
          reason: 'said {{buyer.reason}}',
        },
      ],
    };
    const [open, closed] = [
      await replay(flow, { document: strict }),
      await replay(flow, { document: strict }, { key }),
    ];
    expect(open.text).toMatch(/lead\d+/);
    expect([closed.status, closed.text.match(/lead\d+@?/g)]).toEqual([200, null]);
  });

  it('of a flow that was never deployed has no leads', async () => {
    const { body } = await server.api('POST', '/flows', flowOf());
    expect((await replay(body)).body).toMatchObject({
      leads: 0,
      flipped: 0,
      before: { success: 0 },
      after: { success: 0 },
    });
  });

  it('that cannot run says why', async () => {
    const { status, body } = await replay(flow, { document: { ...document, fields: ['nothing'] } });
    expect([status, body.code, body.details[0].path]).toEqual([422, 'not_deployable', 'fields.0']);
  });
});

describe('the cost of a replay', () => {
  const LEADS = 200;
  /** µs of CPU. What is promised is 50 ms; a turn has the garbage collector besides. */
  const TURN_MAX = 50_000;
  /** Of a lead, with both simulations and its look-up. */
  const LEAD_MAX = 20_000;

  it('is bounded a lead, and no turn of the event loop is long', async () => {
    const flow = await deployWithLeads(flowToReplay('5fd0c0de00000000000000c2'), LEADS);
    const document = documentOf(flow);
    await replay(flow, { document, last: 20 });
    const turns = watchTurns();
    const before = process.cpuUsage();
    const { body } = await replay(flow, { document });
    const { user, system } = process.cpuUsage(before);
    const longest = turns.take();
    turns.stop();
    if (process.env['SLUICE_SAY_COST'])
      console.log({ leads: body.leads, cpuMs: (user + system) / 1000, longestMs: longest / 1000 });
    expect(body.leads).toBe(LEADS);
    expect(longest).toBeLessThan(TURN_MAX);
    expect((user + system) / LEADS).toBeLessThan(LEAD_MAX);
  });
});
