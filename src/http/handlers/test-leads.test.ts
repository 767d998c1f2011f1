import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TEST_LEADS_MAX } from '../../drafts/test-lead.ts';
import { createTestApi, TEST_NOW, type TestApi } from '../testing/test-server.ts';

const CAP_ID = '5fd0c0de00000000000000ca';
const TEXAS = { op: 'and', rules: [{ lhv: 'lead.state', op: 'is equal to', rhv: 'TX' }] };
const FLOW = {
  name: 'Mortgage',
  enabled: true,
  fields: ['email', 'state'],
  sources: [
    {
      entity: { name: 'Search Ads' },
      integration: { module_id: 'leadconduit-default.inbound' },
      pricing: { prices: [{ amount: 5 }] },
    },
  ],
  acceptance_criteria: { rule_set: TEXAS, reason: 'not {{lead.state}}' },
  steps: [],
};

let api: TestApi;
beforeAll(async () => {
  api = await createTestApi();
});
afterAll(() => api.close());

interface Flow {
  id: string;
  sources: { id: string; entity: { id: string } }[];
}

const newFlow = async (parts: object = {}): Promise<Flow> =>
  (await api.ask({ method: 'POST', url: '/flows', body: { ...FLOW, ...parts } })).body;
const testLeadOf = ({ sources }: Flow, parts: object = {}) => ({
  ...{ name: 'Texas is taken', source_id: sources[0]?.entity.id, values: { email: 'ann@example.com', state: 'TX' } },
  ...{ expected: { outcome: 'success', price: 5 }, ...parts },
});
const save = (flow: Flow, parts: object = {}) =>
  api.ask({ method: 'POST', url: `/flows/${flow.id}/test_leads`, body: testLeadOf(flow, parts) });
const list = async (flow: Flow) => (await api.ask({ url: `/flows/${flow.id}/test_leads` })).body;
const run = (flow: Flow, body: object = {}) =>
  api.ask({ method: 'POST', url: `/flows/${flow.id}/test_leads/run`, body });

describe('test leads', () => {
  it('are kept sealed, changed and deleted, and the log has their names alone', async () => {
    const flow = await newFlow();
    const made = await save(flow);
    expect(made).toMatchObject({
      ...{ status: 201, headers: { location: `/flows/${flow.id}/test_leads/${made.body.id}` } },
      body: { ...testLeadOf(flow), now: null, assume: {}, user: { name: 'test' } },
    });
    const url = `/flows/${flow.id}/test_leads/${made.body.id}`;
    const changed = await api.ask({ method: 'PUT', url, body: { ...made.body, name: ' Texas ' } });
    expect(changed.body).toMatchObject({ id: made.body.id, name: 'Texas', values: made.body.values });
    await save(flow, { name: 'a second one' });
    expect((await list(flow)).map(({ name }: { name: string }) => name)).toEqual(['a second one', 'Texas']);
    const { rows } = await api.pool.query(
      'select t::text as row from test_leads t union all select a::text from activity a',
    );
    expect(rows.filter(({ row }) => /ann@example|"TX"/.test(row))).toEqual([]);
    expect((await api.ask({ method: 'DELETE', url })).body).toEqual(changed.body);
    expect((await api.ask({ method: 'DELETE', url })).status).toBe(404);
    expect((await api.ask({ method: 'PUT', url, body: testLeadOf(flow) })).status).toBe(404);
    const log = await api.pool.query(`select action, subject_name from activity where kind = 'test_lead' order by id`);
    expect(log.rows).toEqual([
      { action: 'create', subject_name: 'Texas is taken' },
      { action: 'update', subject_name: 'Texas' },
      { action: 'create', subject_name: 'a second one' },
      { action: 'delete', subject_name: 'Texas' },
    ]);
  });

  it('go with their flow, and are of one account', async () => {
    const flow = await newFlow();
    await save(flow);
    const url = `/flows/${flow.id}/test_leads`;
    expect((await api.ask({ url, key: api.strangerKey })).status).toBe(404);
    expect((await api.ask({ url, method: 'POST', body: testLeadOf(flow), key: api.strangerKey })).status).toBe(404);
    await api.ask({ method: 'DELETE', url: `/flows/${flow.id}` });
    expect((await api.pool.query('select from test_leads where flow_id = $1', [flow.id])).rows).toEqual([]);
    expect([(await api.ask({ url })).status, (await save(flow)).status]).toEqual([404, 404]);
  });

  it('are at most so many of a flow, also of two that come at once', async () => {
    const flow = await newFlow();
    const { body } = await save(flow);
    await api.pool.query(
      `insert into test_leads select account_id, flow_id, lpad(to_hex(n), 24, '0'), name, source_id, sealed_lead, user_kind,
         user_id, user_name, updated_at from test_leads, generate_series(3, $1::int) n where id = $2`,
      [TEST_LEADS_MAX, body.id],
    );
    const answers = await Promise.all([save(flow), save(flow)]);
    expect(answers.map(({ status }) => status).toSorted()).toEqual([201, 409]);
    expect(await list(flow)).toHaveLength(TEST_LEADS_MAX);
  });

  it.each([
    ['no name', { name: ' ' }, 'name'],
    ['an unknown outcome', { expected: { outcome: 'sold' } }, 'expected.outcome'],
    ['a time that is none', { now: 'soon' }, 'now'],
    [
      'an answer of both kinds',
      { assume: { answers: { x: { status: 200, outcome: 'success' } } } },
      'assume.answers.x',
    ],
    ['an unknown assumption', { assume: { answer: {} } }, 'assume.answer'],
  ])('are refused with %s', async (_, parts, path) => {
    const { status, body } = await save(await newFlow(), parts);
    expect([status, body.code, body.details[0].path]).toEqual([422, 'invalid_document', path]);
  });
});

describe('a run of test leads', () => {
  it('says of each what it got, and why one has not passed', async () => {
    const flow = await newFlow();
    await save(flow);
    await save(flow, { name: 'Nevada', values: { state: 'NV' }, expected: { outcome: 'failure', reason: 'not NV' } });
    await save(flow, { name: 'Wrong price', expected: { outcome: 'success', price: 4.5 } });
    await save(flow, { name: 'Wrong reason', values: {}, expected: { outcome: 'failure', reason: 'not NV' } });
    const { status, body } = await run(flow);
    expect([status, body.passed, body.failed]).toEqual([200, 2, 2]);
    expect(body.results).toMatchObject([
      { name: 'Nevada', passed: true, got: { outcome: 'failure', reason: 'not NV', price: 0 }, explanation: null },
      { name: 'Texas is taken', passed: true, got: { outcome: 'success', reason: null, price: 5 }, problem: null },
      { name: 'Wrong price', passed: false, got: { price: 5 }, explanation: { phases: expect.any(Array) } },
      { name: 'Wrong reason', passed: false, expected: { reason: 'not NV' } },
    ]);
  });

  it('takes the draft, what is saved or deployed, a revision or a document, and some of them', async () => {
    const flow = await newFlow();
    const { body: first } = await save(flow);
    await save(flow, { name: 'Second' });
    const passed = async (body: object) => (await run(flow, body)).body.passed;
    const nevada = {
      ...FLOW,
      acceptance_criteria: { rule_set: { op: 'and', rules: [{ ...TEXAS.rules[0], rhv: 'NV' }] } },
    };
    const own = { ...nevada, sources: flow.sources };
    expect([await passed({}), await passed({ document: own }), await passed({ ids: [first.id] })]).toEqual([2, 0, 1]);
    await api.ask({ method: 'PUT', url: `/flows/${flow.id}/draft`, body: { document: own, base_revision: 1 } });
    expect([await passed({}), await passed({ revision: 'saved' }), await passed({ revision: 1 })]).toEqual([0, 2, 2]);
    expect((await run(flow, { revision: 'deployed' })).status).toBe(404);
    expect((await run(flow, { revision: 7 })).status).toBe(404);
    expect((await run(flow, { ids: ['0'.repeat(24)] })).body.details[0].path).toBe('ids');
    expect((await run(flow, { revision: 1, document: own })).body.details[0].path).toBe('revision');
    expect((await run(flow, { document: { ...own, fields: ['x y'] } })).body.code).toBe('not_deployable');
  });

  it('takes assumptions, the instant and chance', async () => {
    const flow = await newFlow({
      caps: [{ id: CAP_ID, type: 'volume', maximum: 2, duration: 1, duration_units: 'day' }],
      steps: [
        {
          type: 'filter',
          reason: 'other half',
          rule_set: { op: 'and', rules: [{ lhv: 'random', op: 'is greater than', rhv: '50' }] },
        },
        {
          type: 'filter',
          reason: 'late',
          rule_set: { op: 'and', rules: [{ lhv: 'submission.timestamp', op: 'is greater than', rhv: '2025-03-04' }] },
        },
      ],
    });
    const full = { caps: { [CAP_ID]: { count: 2 } } };
    await save(flow, { name: '1 full', assume: full, expected: { outcome: 'failure', reason: 'Cap reached' } });
    await save(flow, {
      name: '2 chance',
      assume: { random: 60 },
      expected: { outcome: 'failure', reason: 'other half' },
    });
    await save(flow, { name: '3 late', now: '2025-03-05T12:00:00Z', expected: { outcome: 'failure', reason: 'late' } });
    await save(flow, { name: '4 now', expected: { outcome: 'success' } });
    api.clock.set(TEST_NOW);
    const { body } = await run(flow);
    expect(
      body.results.map(({ name, passed, got }: { name: string; passed: boolean; got: object }) => [name, passed, got]),
    ).toEqual([
      ['1 full', true, expect.anything()],
      ['2 chance', true, expect.anything()],
      ['3 late', true, expect.anything()],
      ['4 now', true, expect.anything()],
    ]);
  });

  it('says what keeps one from being run', async () => {
    const flow = await newFlow();
    await save(flow, { name: '1', source_id: 'nobody' });
    await save(flow, { name: '2', assume: { caps: { gone: { count: 1 } } } });
    const { body: third } = await save(flow, { name: '3' });
    await api.pool.query(`update test_leads set sealed_lead = '\\x00' where id = $1`, [third.id]);
    const { body } = await run(flow);
    expect(body.results.map(({ problem }: { problem: string }) => problem)).toEqual([
      'The flow has no such source.',
      'assume.caps.gone: The flow has no cap with this id.',
      'It was sealed with a key that the server does not have any more: save it again.',
    ]);
    expect([body.failed, (await list(flow))[2]]).toMatchObject([3, { name: '3', values: null, expected: null }]);
    expect((await run(await newFlow({ fields: ['nothing'] }))).body.code).toBe('not_deployable');
  });
});
