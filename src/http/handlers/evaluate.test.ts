import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ComposedServer, startTestServer } from '../../../test/harness/server.ts';
import { until } from '../../../test/harness/until.ts';

const FLOW_ID = '5fd0c0de00000000000000e1';
const SOURCE_ID = '5fd0c0de00000000000000f1';
const CAP_ID = '5fd0c0de00000000000000ca';
const NOW = '2025-03-03T12:00:00Z';

let server: ComposedServer;

beforeAll(async () => {
  server = await startTestServer();
  await server.deploy(flowDocument());
});

afterAll(() => server.stop());

function flowDocument(parts: object = {}) {
  return {
    id: FLOW_ID,
    name: 'Solar leads',
    enabled: true,
    fields: ['first_name', 'email', 'phone_1', 'state', 'ssn'],
    sources: [
      {
        id: 'src001',
        entity: { id: SOURCE_ID, name: 'Acme' },
        integration: { module_id: 'leadconduit-default.inbound' },
      },
    ],
    list_checks: { duplicate: { value: '{{lead.email}}', list_name: 'Solar' } },
    caps: [{ id: CAP_ID, type: 'volume', maximum: 2, duration: 1, duration_units: 'day' }],
    pricing: { prices: [{ amount: 5 }] },
    steps: [
      filter('dupe01', 'duplicate', { lhv: 'suppressionlist.is_duplicate', op: 'is true' }),
      filter('half01', 'other half', { lhv: 'random', op: 'is greater than', rhv: 50 }),
      recipient(),
      filter('unsold', 'not sold', { lhv: 'buyer.outcome', op: 'is not equal to', rhv: 'success' }),
    ],
    ...parts,
  };
}

function filter(id: string, reason: string, rule: object) {
  return { id, type: 'filter', reason, rule_set: { op: 'and', rules: [rule] } };
}

function recipient() {
  const properties = {
    url: server.recipient.url,
    'json_property.email': '{{lead.email}}',
    'json_property.ssn': '{{lead.ssn}}',
    outcome_search_path: 'result',
    outcome_search_term: 'accepted',
    reason_path: 'why',
    price_path: 'price',
  };
  const mappings = Object.entries(properties).map(([property, value]) => ({ property, value }));
  return {
    id: 'buy001',
    type: 'recipient',
    pricing: { override: true, prices: [] },
    entity: { id: '5fd0c0de00000000000000b1', name: 'Buyer' },
    integration: { module_id: 'leadconduit-custom.outbound.json', mappings },
  };
}

function evaluate(body: object, options: { id?: string; key?: string | null } = {}) {
  const { id = FLOW_ID, ...how } = options;
  return server.api(
    'POST',
    `/flows/${id}/evaluate`,
    { source: SOURCE_ID, now: NOW, values: { email: 'a@example.com' }, ...body },
    how,
  );
}

/** The answer that the sender would get. */
async function evaluateAnswer(body: object): Promise<unknown> {
  const { status, body: evaluated, text } = await evaluate(body);
  if (status !== 200) throw new Error(text);
  const { lead: _id, ...said } = JSON.parse(evaluated.response.body);
  return { status: evaluated.response.status, ...said };
}

describe('POST /flows/{id}/evaluate', () => {
  it('asks for no bids, and takes those that it is given', async () => {
    const bidders = ['first', 'second', 'third'].map((key) => {
      const { type: _, id: __, ...delivery } = recipient();
      return { ...delivery, key, entity: { name: key }, bid: delivery.integration };
    });
    const steps = [{ type: 'distribution', method: 'highest_bid', recipients: bidders }];
    const flow = flowDocument({ id: undefined, caps: null, list_checks: null, steps });
    const bids = {
      'first.bid': { outcome: 'success', price: 28 },
      'second.bid': { status: 200, body: { result: 'accepted', price: 31 } },
    };
    const before = server.recipient.deliveries.length;
    const { body } = await evaluate({ flow, answers: bids });
    const { distributions } = body.lead.events.at(-1);
    expect(distributions[0].recipients).toMatchObject([
      { verdict: 'outbid', bid: { price: 28 } },
      { verdict: 'accepted', bid: { price: 31 } },
      { verdict: 'no bid', bid: { price: null, fault: 'answered failure' } },
    ]);
    expect(server.recipient.deliveries).toHaveLength(before);
    expect(body.warnings ?? []).toEqual([]);
  });

  it('answers what the sender would get, the events and the explanation', async () => {
    const { status, body } = await evaluate({ answers: { buyer: { outcome: 'success', price: 12.5 } } });
    expect(status).toBe(200);
    expect(body.response.status).toBe(201);
    expect(JSON.parse(body.response.body)).toMatchObject({ outcome: 'success', price: 5, lead: { id: body.lead.id } });
    expect(body.lead).toMatchObject({
      outcome: 'success',
      price: 5,
      revision: 1,
      submitted_at: '2025-03-03T12:00:00.000Z',
    });
    expect(body.lead.events.map(({ type, outcome }: { type: string; outcome: string }) => [type, outcome])).toEqual([
      ['filter', 'continue'],
      ['filter', 'continue'],
      ['recipient', 'success'],
      ['filter', 'continue'],
      ['source', 'success'],
    ]);
    expect(body.lead.events[2]).toMatchObject({ revenue: 12.5, transactions: [{ request: { method: 'POST' } }] });
    expect(body.lead.explanation.steps[3].rules).toMatchObject([{ left: 'success', right: 'success', passed: false }]);
  });

  it('shows a lead as one that ran is shown', async () => {
    const flow = await server.deploy(
      flowDocument({ id: '5fd0c0de00000000000000e4', caps: null, steps: [recipient()] }),
    );
    const bought = { result: 'accepted', price: 3 };
    server.recipient.answerWith(() => ({ body: bought }));
    const values = { email: 'same@example.com', state: 'TX', ssn: '078-05-1120' };
    const sent = await server.submit(flow, values);
    const { body: ran } = await server.api('GET', `/leads/${sent.body.lead.id}`);
    const asked = { values, answers: { buy001: { body: bought } }, now: ran.submitted_at, random: ran.vars.random };
    const { body } = await evaluate(asked, { id: flow.id });
    expect(Object.keys(body.lead)).toEqual(Object.keys(ran));
    const shapeOf = (events: object[]) => events.map((event) => Object.keys(event).sort());
    expect(shapeOf(body.lead.events)).toEqual(shapeOf(ran.events));
    expect({ ...body.lead.vars.lead, id: '' }).toEqual({ ...ran.vars.lead, id: '' });
    expect(body.lead.explanation.phases.map(({ verdict }: { verdict: string }) => verdict)).toEqual(
      ran.explanation.phases.map(({ verdict }: { verdict: string }) => verdict),
    );
  });

  it('finds each value of a check that has several, and enters none', async () => {
    const values = ['{{lead.email}}', '{{lead.phone_1}}', '{{lead.email.raw}}', '{{lead.state}}'];
    const flow = flowDocument({ list_checks: { duplicate: { values, list_name: 'Evaluated' } } });
    const asked = { flow, values: { email: 'a@example.com', phone_1: '512-789-1111' } };
    const { body } = await evaluate({ ...asked, lists: { duplicate: true } });
    expect(JSON.parse(body.response.body)).toMatchObject({ outcome: 'failure', reason: 'duplicate' });
    // The third is the first again, and the last is blank.
    const duplicate_by = 'lead.email, lead.phone_1';
    expect(body.lead.vars.suppressionlist).toEqual({ is_duplicate: true, duplicate_by });
    expect((await evaluate(asked)).body.lead.vars.suppressionlist).toEqual({ is_duplicate: false });
    expect((await server.api('GET', '/lists/evaluated')).status).toBe(404);
  });

  it.each<[string, object, unknown]>([
    ['nothing said: bought', {}, { status: 201, outcome: 'success', price: 5 }],
    ['on the list', { lists: { duplicate: true } }, { status: 201, outcome: 'failure', reason: 'duplicate', price: 0 }],
    ['a cap with a place', { caps: { [CAP_ID]: { count: 1 } } }, { status: 201, outcome: 'success', price: 5 }],
    [
      'a full cap',
      { caps: { [CAP_ID]: { count: 2 } } },
      { status: 201, outcome: 'failure', reason: 'Cap reached', price: 0 },
    ],
    ['chance', { random: 51 }, { status: 201, outcome: 'failure', reason: 'other half', price: 0 }],
    ['chance', { random: 29 }, { status: 201, outcome: 'success', price: 5 }],
    [
      'refused by outcome',
      { answers: { buyer: { outcome: 'failure', reason: 'no' } } },
      { status: 201, outcome: 'failure', reason: 'not sold', price: 0 },
    ],
    [
      'refused in HTTP',
      { answers: { buy001: { body: { result: 'no' } } } },
      { status: 201, outcome: 'failure', reason: 'not sold', price: 0 },
    ],
    [
      'bought in HTTP',
      { answers: { buy001: { status: 200, body: '{"result":"accepted"}' } } },
      { status: 201, outcome: 'success', price: 5 },
    ],
    ['by the source’s own id', { source: 'src001' }, { status: 201, outcome: 'success', price: 5 }],
    [
      'a form',
      {
        values: null,
        submission: {
          headers: { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' },
          body: 'email=a@b.co',
        },
      },
      { status: 201, outcome: 'success', price: 5 },
    ],
    [
      'a query',
      { values: null, submission: { method: 'GET', query: 'email=a@b.co', headers: { accept: 'application/json' } } },
      { status: 201, outcome: 'success', price: 5 },
    ],
  ])('%s', async (_what, body, expected) => {
    expect(await evaluateAnswer(body)).toEqual(expected);
  });

  it('gives the same output for the same input', async () => {
    const once = await evaluate({ values: { email: 'a@example.com', phone_1: '5127891111' } });
    const again = await evaluate({ values: { email: 'a@example.com', phone_1: '5127891111' } });
    expect(again.text).toBe(once.text);
  });

  it('evaluates what is saved, what is deployed, any revision and a document', async () => {
    const flow = flowDocument({ id: '5fd0c0de00000000000000e2', caps: null });
    await server.api('POST', '/flows', flow);
    const asked = (body: object) => evaluate({ revision: 'saved', ...body }, { id: flow.id });
    expect(await asked({ revision: 'deployed' })).toMatchObject({
      status: 404,
      body: { error: 'The flow has not been deployed.' },
    });
    expect(await asked({ revision: 2 })).toMatchObject({ status: 404, body: { code: 'not_found' } });
    await server.api('POST', `/flows/${flow.id}/deploy`);
    await server.api('PUT', `/flows/${flow.id}`, { ...flow, enabled: false });
    expect((await asked({})).body.lead).toMatchObject({ outcome: 'error', reason: 'Flow is disabled', revision: 2 });
    expect((await asked({ revision: 1 })).body.lead.outcome).toBe('success');
    expect((await asked({ revision: 'deployed' })).body.lead).toMatchObject({ outcome: 'success', revision: 1 });
    const document = { ...flow, pricing: { prices: [{ amount: 7 }] } };
    const brought = await evaluate({ flow: document }, { id: '5fd0c0de00000000000000e9' });
    expect(brought.body.lead).toMatchObject({ price: 7, revision: 0, flow: { id: '5fd0c0de00000000000000e9' } });
  });

  it('completes a document as a save does', async () => {
    const { steps, caps, ...flow } = flowDocument();
    const withoutIds = {
      ...flow,
      steps: steps.map(({ id: _id, ...step }) => step),
      caps: caps.map(({ id: _id, ...cap }) => cap),
    };
    const { status, body } = await evaluate({ flow: withoutIds });
    expect(status).toBe(200);
    expect(new Set(body.lead.explanation.steps.map((step: { step_id: string }) => step.step_id)).size).toBe(4);
  });

  it('returns no lead where none would be left', async () => {
    const sources = [{ ...flowDocument().sources[0], enabled: false }];
    const { body } = await evaluate({ flow: flowDocument({ sources }) });
    expect(body).toMatchObject({ response: { status: 403, body: '{"message":"Source is disabled"}' }, lead: null });
  });

  it('masks secrets as storage does', async () => {
    const values = { email: 'a@example.com', ssn: '078-05-1120' };
    const { text, body } = await evaluate({ values, answers: { buyer: { status: 200, body: 'got 078-05-1120' } } });
    expect(text).not.toContain('078-05-1120');
    expect(body.lead.events[2].transactions[0].response.body).toMatch(/^got \*+/);
  });

  it.each<[string, object, string[]]>([
    ['nothing', { source: null, values: null }, ['source']],
    ['no submission', { values: null }, ['values']],
    ['two submissions', { submission: {} }, ['values']],
    ['two flows', { revision: 1, flow: {} }, ['revision']],
    ['no revision', { revision: 'newest' }, ['revision']],
    ['revision 0', { revision: 0 }, ['revision']],
    ['no flow', { flow: [] }, ['flow']],
    ['instants without offset', { now: '2025-03-03T12:00:00' }, ['now']],
    ['instants out of reach', { now: '1960-03-03T12:00:00Z' }, ['now']],
    ['chance out of range', { random: 101 }, ['random']],
    ['typing errors', { anwsers: {} }, ['anwsers']],
    ['unknown lists', { lists: { duplicates: true } }, ['lists.duplicates']],
    ['absent lists', { lists: { dnc: true } }, ['lists.dnc']],
    ['unknown caps', { caps: { abc: { count: 1 } } }, ['caps.abc']],
    ['bad counts', { caps: { [CAP_ID]: { count: -1 } } }, [`caps.${CAP_ID}.count`]],
    ['unknown recipients', { answers: { seller: { outcome: 'success' } } }, ['answers.seller']],
    ['filters have no answers', { answers: { dupe01: { outcome: 'success' } } }, ['answers.dupe01']],
    ['unknown outcomes', { answers: { buyer: { outcome: 'sold' } } }, ['answers.buyer.outcome']],
    ['two answers', { answers: { buyer: { outcome: 'success', status: 200 } } }, ['answers.buyer']],
    ['empty answers', { answers: { buyer: {} } }, ['answers.buyer']],
    ['names of the language', { answers: { constructor: { outcome: 'success' } } }, ['answers.constructor']],
  ])('422 for %s', async (_what, body, paths) => {
    const refused = await evaluate(body);
    expect(refused).toMatchObject({ status: 422, body: { code: 'invalid_document' } });
    expect(refused.body.details.map(({ path }: { path: string }) => path)).toEqual(paths);
  });

  it('422 with what a deploy would say', async () => {
    const flow = flowDocument({ id: '5fd0c0de00000000000000e3', fields: ['unheard_of'], caps: null });
    await server.api('POST', '/flows', flow);
    const deployed = await server.api('POST', `/flows/${flow.id}/deploy`);
    const evaluated = await evaluate({}, { id: flow.id });
    expect(evaluated).toMatchObject({ status: 422, body: { code: 'not_deployable' } });
    expect(evaluated.body.details).toEqual(deployed.body.details);
    expect((await evaluate({ flow })).body.details).toEqual(deployed.body.details);
    expect((await evaluate({ flow: { name: 'no more' } })).body.details).not.toEqual([]);
  });

  it.each<[number, object, { id?: string; key?: string | null }]>([
    [404, { source: '5fd0c0de0000000000000fff' }, {}],
    [404, { source: 'constructor' }, {}],
    [404, {}, { id: '5fd0c0de0000000000000fff' }],
    [404, {}, { id: 'abc' }],
    [401, {}, { key: null }],
  ])('%i %j %j', async (status, body, options) => {
    expect((await evaluate(body, options)).status).toBe(status);
  });

  it('404 for the flow of another account', async () => {
    expect((await evaluate({}, { key: server.strangerKey })).status).toBe(404);
  });

  it('writes nothing and sends nothing', async () => {
    const sent = server.recipient.deliveries.length;
    const asked = [{}, { lists: { duplicate: true } }, { caps: { [CAP_ID]: { count: 2 } } }, { flow: flowDocument() }];
    // The server notes now and then when a key was used last; an evaluation that wrote would do so each time.
    await until('evaluations leave every row as it was', async () => {
      const before = JSON.stringify(await rowCounts());
      for (const body of asked) expect((await evaluate(body)).status).toBe(200);
      return JSON.stringify(await rowCounts()) === before;
    });
    expect(server.recipient.deliveries).toHaveLength(sent);
  });
});

/** Of every table but those that the server itself reports to in the background, with what each row holds. */
async function rowCounts(): Promise<Record<string, unknown>> {
  const tables = await server.query(
    `select relname from pg_class where relkind = 'r' and relnamespace = current_schema()::regnamespace and relname not in ('nodes', 'recipient_health') order by 1`,
  );
  const counts: Record<string, unknown> = {};
  for (const { relname } of tables) {
    const rows = await server.query(
      `select count(*), md5(string_agg(t::text, ',' order by t::text)) from "${relname}" t`,
    );
    counts[String(relname)] = rows[0];
  }
  expect(counts['flows']).toMatchObject({ count: expect.stringMatching(/^[1-9]/) });
  return counts;
}

describe('a delivery that would be tried again', () => {
  const retried = (outcome: string) => {
    const [duplicates, , buyer, unsold] = flowDocument().steps;
    const second = {
      ...recipient(),
      id: 'buy002',
      key: 'second',
      rule_set: { op: 'and', rules: [{ lhv: 'buyer.outcome', op: 'is not equal to', rhv: 'success' }] },
    };
    const steps = [duplicates, { ...buyer, retry_enabled: true }, second, unsold];
    const { id: _, ...document } = flowDocument({ steps });
    return evaluate({ flow: document, answers: { buy001: { outcome }, buy002: { outcome: 'success' } } });
  };

  it('is reported with its alternatives, and with what the lead would keep', async () => {
    const { body } = await retried('error');
    expect(body.retries).toEqual([
      { step_id: 'buy001', first_attempt_at: expect.any(String), alternatives: ['buy002'] },
    ]);
    expect(body.waiting).toMatchObject({ state: 'held', lists: ['duplicate'], caps: [CAP_ID] });
  });

  it('is not there when the recipient refused the lead', async () => {
    const { body } = await retried('failure');
    expect([body.retries, body.waiting]).toEqual([[], null]);
  });
});
