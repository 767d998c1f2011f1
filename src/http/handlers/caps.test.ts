import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createTestApi, TEST_NOW, type TestApi } from '../testing/test-server.ts';

let api: TestApi;
beforeAll(async () => {
  api = await createTestApi();
});
afterAll(() => api.close());
beforeEach(() => api.clock.set(TEST_NOW));

// 3 March 2025 in Chicago, the zone of the account.
const DAY = { started_at: '2025-03-03T06:00:00.000Z', expires_at: '2025-03-04T06:00:00.000Z' };
const NO_FORECAST = {
  ...{ basis: null, windows: 0, expected_count: null, expected_low: null, expected_high: null, fills_at: null },
  reason: expect.stringContaining('Fewer than 3 whole windows'),
};
const UNKNOWN = '5fd0c0de00000000000000ff';

const ANY = { lhv: 'lead.email', op: 'is not blank' };

type Parts = Record<string, unknown>;
const cap = (parts: Parts = {}) => ({ type: 'volume', maximum: 10, duration: 1, duration_units: 'day', ...parts });
const sourceWith = (parts: Parts) => ({
  entity: { name: 'Site' },
  integration: { module_id: 'leadconduit-default.inbound', mappings: [] },
  ...parts,
});
const stepWith = (parts: Parts) => ({
  type: 'recipient',
  entity: { name: 'Buyer' },
  integration: { module_id: 'leadconduit-custom.outbound.json', mappings: [] },
  ...parts,
});

async function save(parts: Parts) {
  const document = { name: 'F', enabled: true, fields: ['email'], sources: [], steps: [], ...parts };
  const saved = await api.ask({ method: 'POST', url: '/flows', body: document });
  expect(saved.status).toBe(201);
  return saved.body;
}

async function deploy(parts: Parts) {
  const flow = await save(parts);
  expect((await api.ask({ method: 'POST', url: `/flows/${flow.id}/deploy` })).status).toBe(200);
  return flow;
}

async function redeploy(flow: { id: string }) {
  await api.ask({ method: 'PUT', url: `/flows/${flow.id}`, body: flow });
  expect((await api.ask({ method: 'POST', url: `/flows/${flow.id}/deploy` })).status).toBe(200);
}

/** What leads leave in the window that runs. */
async function count(capId: string, { count = 0, held = 0, failed = 0, generation = 1 }) {
  const { started_at, expires_at, flow_id, type } = (await read(capId)).body;
  const counterId = type === 'revenue' ? `${capId}.usd` : capId;
  await api.pool.query(
    `insert into cap_windows (account_id, cap_id, starts_at, ends_at, flow_id, count, held, failed_count, generation,
       updated_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
    [api.account.id, counterId, started_at, expires_at, flow_id, count, held, failed, generation, new Date(TEST_NOW)],
  );
}

const read = (id: string, key?: string) => api.ask({ url: `/caps/${id}`, ...(key === undefined ? {} : { key }) });
const list = (query = '') => api.ask({ url: `/caps${query}` });
const change = (id: string, body: unknown, key?: string) =>
  api.ask({ method: 'POST', url: `/caps/${id}/count`, body, ...(key === undefined ? {} : { key }) });
const idsOf = (answer: { body: { id: string }[] }) => answer.body.map(({ id }) => id);

describe('GET /caps', () => {
  it('lists caps with a counter in the window that runs, in the order of the flow, nested ones behind their own', async () => {
    const flow = await deploy({
      caps: [cap({ name: 'All', caps: [cap({ name: 'Inner' })] }), cap({ name: 'Quiet' })],
      sources: [sourceWith({ caps: [cap({ name: 'Of the source' })] })],
      steps: [stepWith({ caps: [cap({ name: 'Of the step' })] })],
    });
    const [all, quiet] = flow.caps;
    const ids = [all.id, all.caps[0].id, flow.sources[0].caps[0].id, flow.steps[0].caps[0].id];
    expect((await list(`?flow_id=${flow.id}`)).body).toEqual([]);
    for (const id of ids) await count(id, { count: 1 });
    const listed = await list(`?flow_id=${flow.id}`);
    expect(idsOf(listed)).toEqual(ids);
    expect(idsOf(listed)).not.toContain(quiet.id);
    expect(listed.body.map(({ source_id, step_id }: Parts) => [source_id, step_id])).toEqual([
      [null, null],
      [null, null],
      [flow.sources[0].entity.id, null],
      [null, flow.steps[0].id],
    ]);
    api.clock.set(Date.parse(DAY.expires_at));
    expect((await list(`?flow_id=${flow.id}`)).body).toEqual([]);
  });

  it('lists those of all flows without flow_id, and none of a flow that was removed or of another account', async () => {
    const flows = [await deploy({ caps: [cap()] }), await deploy({ caps: [cap()] }), await deploy({ caps: [cap()] })];
    const ids = flows.map(({ caps }) => caps[0].id);
    for (const id of ids) await count(id, { count: 1 });
    await api.ask({ method: 'DELETE', url: `/flows/${flows[1].id}` });
    const listed = idsOf(await list());
    expect(listed.filter((id) => ids.includes(id))).toEqual([ids[0], ids[2]]);
    expect((await api.ask({ url: '/caps', key: api.strangerKey })).body).toEqual([]);
  });

  it('has nothing of a flow that does not run, and says when there is no such flow', async () => {
    const saved = await save({ caps: [cap()] });
    expect(await list(`?flow_id=${saved.id}`)).toMatchObject({ status: 200, body: [] });
    expect(await list(`?flow_id=${UNKNOWN}`)).toMatchObject({ status: 404, body: { code: 'not_found' } });
    expect(await list('?flow_id=x')).toMatchObject({ status: 400, body: { code: 'malformed_query' } });
    expect(await list('?flow=x')).toMatchObject({ status: 400, body: { code: 'malformed_query' } });
  });

  it('leaves a counter out that a reset has left behind', async () => {
    const flow = await deploy({ caps: [cap({ duration: 2 })] });
    const [{ id }] = flow.caps;
    await redeploy({ ...flow, caps: [{ ...flow.caps[0], duration: 1 }] });
    await count(id, { count: 7, held: 1, failed: 2, generation: 1 });
    expect((await list(`?flow_id=${flow.id}`)).body).toEqual([]);
    expect((await read(id)).body).toMatchObject({ count: 0, held: 0, failed_count: 0, updated_at: null });
  });
});

describe('GET /caps/{id}', () => {
  it('is the cap as it runs with its counter', async () => {
    const rules = { op: 'and', rules: [{ lhv: 'lead.email', op: 'is not blank' }] };
    const inner = cap({ name: 'Inner', maximum: 2, reason: 'enough of {{lead.state}}', rule_set: rules });
    const flow = await deploy({ caps: [cap({ name: 'All', caps: [inner] })] });
    const [outer] = flow.caps;
    const whole = {
      id: outer.id,
      type: 'volume',
      counts: 'leads',
      name: 'All',
      flow_id: flow.id,
      source_id: null,
      step_id: null,
      ...{ maximum: 10, deployed_maximum: 10 },
      duration: 1,
      duration_units: 'day',
      time_zone: 'America/Chicago',
      rule_set: null,
      reason: 'Cap reached',
      cap_ids: [outer.caps[0].id],
      caps: outer.caps,
      count: 0,
      held: 0,
      failed_count: 0,
      ...DAY,
      updated_at: null,
      forecast: NO_FORECAST,
    };
    expect(await read(outer.id)).toMatchObject({ status: 200, body: whole });
    await count(outer.id, { count: 4, held: 2, failed: 3 });
    const counted = { count: 4, held: 2, failed_count: 3, updated_at: '2025-03-03T12:00:00.000Z' };
    expect((await read(outer.id.toUpperCase())).body).toEqual({ ...whole, ...counted });
    expect((await read(outer.caps[0].id)).body).toMatchObject({
      name: 'Inner',
      reason: 'enough of {{lead.state}}',
      rule_set: { op: 'and', rules: [{ lhv: 'lead.email' }] },
      cap_ids: [],
      caps: [],
    });
  });

  it.each([
    [
      'weeks of its own zone',
      { duration: 2, duration_units: 'week', time_zone: 'Asia/Tokyo' },
      '2025-03-02T15:00',
      '2025-03-16T15:00',
    ],
    [
      'months over the change of the clock',
      { duration: 1, duration_units: 'month' },
      '2025-03-01T06:00',
      '2025-04-01T05:00',
    ],
    ['hours from midnight', { duration: 5, duration_units: 'hour' }, '2025-03-03T11:00', '2025-03-03T16:00'],
  ])('has the window of %s', async (_, parts, from, to) => {
    const { caps } = await deploy({ caps: [cap(parts)] });
    const window = { started_at: `${from}:00.000Z`, expires_at: `${to}:00.000Z` };
    expect((await read(caps[0].id)).body).toMatchObject(window);
  });

  it('has a forecast of its own closed windows, with those of no lead and without those of other rules', async () => {
    const flow = await deploy({ caps: [cap({ maximum: 40 })] });
    const [{ id }] = flow.caps;
    const started = Date.parse(DAY.started_at);
    const close = (
      daysAgo: number,
      used: number,
      parts: { refused?: number; generation?: number; capId?: string } = {},
    ) =>
      api.pool.query(
        `insert into cap_windows (account_id, cap_id, starts_at, ends_at, flow_id, count, failed_count, generation)
         values ($1, $2, $3, $4, $5, $6, $7, $8)`,
        [
          ...[api.account.id, parts.capId ?? id, new Date(started - daysAgo * 86_400_000)],
          ...[new Date(started - (daysAgo - 1) * 86_400_000), flow.id, used],
          ...[parts.refused ?? 0, parts.generation ?? 1],
        ],
      );
    await close(1, 40, { refused: 40 });
    // The second day had no lead.
    await close(3, 40);
    await close(4, 2);
    await close(5, 9_999, { generation: 0 });
    await close(1, 9_999, { capId: UNKNOWN });
    await count(id, { count: 10 });
    const forecast = {
      ...{ basis: 'closed_windows', windows: 3, expected_count: 40, expected_low: 10, expected_high: 70 },
      ...{ fills_at: null, reason: null },
    };
    expect((await read(id)).body.forecast).toEqual(forecast);
    expect((await list(`?flow_id=${flow.id}`)).body[0].forecast).toEqual(forecast);
    // 15 more at 40 a day: 9 hours from 06:00 Chicago.
    expect((await change(id, { set: 25 })).body.forecast).toMatchObject({
      expected_count: 55,
      fills_at: '2025-03-03T21:00:00.000Z',
    });
    expect((await change(id, { set: 40 })).body.forecast).toMatchObject({ basis: null, reason: 'The cap is full.' });
    await redeploy({ ...flow, caps: [{ ...flow.caps[0], rule_set: { op: 'and', rules: [ANY] } }] });
    expect((await read(id)).body.forecast).toEqual(NO_FORECAST);
  });

  it('is there while a deployed flow has it, for its account', async () => {
    const limit = { name: 'Pings', maximum: 5, duration: 1, duration_units: 'day' };
    const flow = await deploy({ caps: [cap()], ping_limits: [limit] });
    const saved = await save({ caps: [cap()] });
    const missing = { status: 404, body: { code: 'not_found' } };
    for (const id of [UNKNOWN, flow.ping_limits[0].id, saved.caps[0].id, 'x'])
      expect(await read(id)).toMatchObject(missing);
    expect(await read(flow.caps[0].id, api.strangerKey)).toMatchObject(missing);
    expect((await read(flow.caps[0].id)).status).toBe(200);
    await redeploy({ ...flow, caps: null });
    expect(await read(flow.caps[0].id)).toMatchObject(missing);
  });
});

describe('POST /caps/{id}/count', () => {
  it('sets the count and adds to it, never below 0, and the log has each change', async () => {
    const { id: flowId, caps } = await deploy({ caps: [cap({ name: 'Daily' })] });
    const [{ id }] = caps;
    const steps: [body: object, count: number][] = [
      [{ set: 4 }, 4],
      [{ add: 3 }, 7],
      [{ add: -2 }, 5],
      [{ add: -9 }, 0],
      [{ set: 12 }, 12],
    ];
    for (const [body, expected] of steps) {
      const changed = await change(id, body);
      expect(changed).toMatchObject({ status: 200, body: { id, flow_id: flowId, count: expected, ...DAY } });
      expect((await read(id)).body).toEqual(changed.body);
    }
    const log = (await api.ask({ url: `/activity?kind=cap&subject_id=${id}` })).body;
    expect(log).toHaveLength(steps.length);
    const last = (await api.ask({ url: `/activity/${log[0].id}` })).body;
    const at = { flow_id: flowId, started_at: DAY.started_at };
    expect(last).toMatchObject({ kind: 'cap', action: 'update', subject: { id, name: 'Daily' } });
    expect([last.before, last.after]).toEqual([
      { ...at, count: 0 },
      { ...at, count: 12 },
    ]);
  });

  it('leaves the places of leads under way and the refusals as they are', async () => {
    const { caps } = await deploy({ caps: [cap()] });
    await count(caps[0].id, { count: 4, held: 2, failed: 3 });
    expect((await change(caps[0].id, { set: 0 })).body).toMatchObject({ count: 0, held: 2, failed_count: 3 });
  });

  it('starts a counter again that a reset has left behind', async () => {
    const flow = await deploy({ caps: [cap({ duration: 2 })] });
    const [{ id }] = flow.caps;
    await redeploy({ ...flow, caps: [{ ...flow.caps[0], duration: 1 }] });
    await count(id, { count: 7, held: 1, failed: 2, generation: 1 });
    expect((await change(id, { add: 1 })).body).toMatchObject({ count: 1, held: 0, failed_count: 0 });
    const { rows } = await api.pool.query('select generation from cap_windows where cap_id = $1', [id]);
    expect(rows).toEqual([{ generation: 2 }]);
  });

  it('changes the window that runs alone', async () => {
    const { caps } = await deploy({ caps: [cap()] });
    const [{ id }] = caps;
    await change(id, { set: 4 });
    api.clock.set(Date.parse(DAY.expires_at));
    expect((await change(id, { add: 1 })).body).toMatchObject({ count: 1, started_at: DAY.expires_at });
    api.clock.set(Date.parse(DAY.expires_at) - 1);
    expect((await read(id)).body).toMatchObject({ count: 4, ...DAY });
  });

  it('is carried on by a deploy that lengthens the cap', async () => {
    const flow = await deploy({ caps: [cap()] });
    const [{ id }] = flow.caps;
    await change(id, { set: 4 });
    await redeploy({ ...flow, caps: [{ ...flow.caps[0], duration_units: 'month' }] });
    expect((await change(id, { add: 1 })).body).toMatchObject({ count: 5, started_at: '2025-03-01T06:00:00.000Z' });
  });

  it('adds each of many at once', async () => {
    const { caps } = await deploy({ caps: [cap()] });
    const answers = await Promise.all(Array.from({ length: 20 }, () => change(caps[0].id, { add: 1 })));
    const counts = answers.map(({ body }) => body.count).toSorted((a, b) => a - b);
    expect(counts).toEqual(Array.from({ length: 20 }, (_, index) => index + 1));
  });

  it.each<[string, unknown, string]>([
    ['neither', {}, ''],
    ['both', { set: 1, add: 1 }, ''],
    ['a count below 0', { set: -1 }, 'set'],
    ['half a lead', { set: 1.5 }, 'set'],
    ['a text', { set: '4' }, 'set'],
    ['null', { set: null }, ''],
    ['a count that no counter holds', { set: 2_000_000_001 }, 'set'],
    ['more than any count', { add: 1e20 }, 'add'],
    ['what is too much with what is there', { add: 2_000_000_000 }, 'add'],
    ['an unknown property', { set: 1, maximum: 5 }, 'maximum'],
  ])('is refused with %s and changes nothing', async (_, body, path) => {
    const { caps } = await deploy({ caps: [cap()] });
    await count(caps[0].id, { count: 4 });
    const answer = await change(caps[0].id, body);
    expect(answer).toMatchObject({ status: 422, body: { code: 'invalid_document', details: [{ path }] } });
    expect((await read(caps[0].id)).body.count).toBe(4);
  });

  it('is for who may deploy, in their account', async () => {
    const { caps } = await deploy({ caps: [cap()] });
    const [{ id }] = caps;
    const keyWith = async (...permissions: string[]) =>
      (await api.ask({ method: 'POST', url: '/api_keys', body: { name: 'k', permissions } })).body.key;
    const reader = await keyWith('flows.read');
    expect((await read(id, reader)).status).toBe(200);
    expect(await change(id, { set: 1 }, reader)).toMatchObject({ status: 403, body: { code: 'permission_required' } });
    expect((await change(id, { set: 1 }, await keyWith('flows.deploy'))).status).toBe(200);
    for (const [cap, key] of [
      [id, api.strangerKey],
      [UNKNOWN, api.key],
    ])
      expect(await change(cap ?? '', { set: 1 }, key)).toMatchObject({ status: 404, body: { code: 'not_found' } });
    expect((await read(id)).body.count).toBe(1);
  });
});

describe('a revenue cap', () => {
  const budget = (parts: Parts = {}) => cap({ type: 'revenue', maximum: 100.25, ...parts });
  const pricing = { override: true, maximum_price: 30 };

  it('has dollars, and says what they are of', async () => {
    const flow = await deploy({ caps: [budget()], steps: [stepWith({ caps: [budget(), cap()], pricing })] });
    const [ofFlow, ofStep, deliveries] = [flow.caps[0], ...flow.steps[0].caps];
    await count(ofFlow.id, { count: 975_000, held: 5_001, failed: 2 });
    expect((await read(ofFlow.id)).body).toMatchObject({
      ...{ type: 'revenue', counts: 'cost', maximum: 100.25 },
      ...{ count: 97.5, held: 0.5001, failed_count: 2 },
    });
    await count(ofStep.id, { count: 1 });
    expect((await read(ofStep.id)).body).toMatchObject({ counts: 'revenue', count: 0.0001 });
    expect((await read(deliveries.id)).body).toMatchObject({ type: 'volume', counts: 'deliveries', count: 0 });
    expect(idsOf(await list(`?flow_id=${flow.id}`))).toEqual([ofFlow.id, ofStep.id]);
  });

  it('is set and added to in dollars, which the log has', async () => {
    const { caps } = await deploy({ caps: [budget()] });
    const [{ id }] = caps;
    const steps: [body: object, count: number][] = [
      [{ set: 4.35 }, 4.35],
      [{ add: 0.0001 }, 4.3501],
      [{ add: -4 }, 0.3501],
      [{ add: -9 }, 0],
      [{ set: 1_000_000_000 }, 1_000_000_000],
    ];
    for (const [body, expected] of steps) expect((await change(id, body)).body.count).toBe(expected);
    const log = (await api.ask({ url: `/activity?kind=cap&subject_id=${id}` })).body;
    const changes = await Promise.all(
      log.map(async (each: Parts) => (await api.ask({ url: `/activity/${each['id']}` })).body),
    );
    expect(changes.map(({ after }) => after.count).toReversed()).toEqual(steps.map(([, expected]) => expected));
  });

  it.each<[string, object, string]>([
    ['five decimals', { set: 1.00001 }, 'set'],
    ['five decimals to add', { add: -0.00001 }, 'add'],
    ['more than any cap', { set: 1_000_000_001 }, 'set'],
    ['what is too much with what is there', { add: 999_999_999 }, 'add'],
  ])('refuses %s', async (_, body, path) => {
    const { caps } = await deploy({ caps: [budget()] });
    await count(caps[0].id, { count: 40_000 });
    const answer = await change(caps[0].id, body);
    const message = expect.stringContaining('dollars with up to four decimals');
    expect(answer).toMatchObject({ status: 422, body: { details: [{ path, message }] } });
    expect((await read(caps[0].id)).body.count).toBe(4);
  });

  it('starts at 0 when leads become dollars under one id, and back again', async () => {
    const flow = await deploy({ caps: [cap()] });
    const [{ id }] = flow.caps;
    await count(id, { count: 7 });
    const redeployAs = async (type: string) => {
      const { body } = await api.ask({ url: `/flows/${flow.id}` });
      await redeploy({ ...body, caps: [{ ...body.caps[0], type }] });
    };
    await redeployAs('revenue');
    expect((await read(id)).body).toMatchObject({ type: 'revenue', count: 0, updated_at: null });
    expect((await change(id, { add: 2.5 })).body.count).toBe(2.5);
    await redeployAs('volume');
    expect((await read(id)).body).toMatchObject({ type: 'volume', count: 0 });
    expect((await change(id, { add: 1 })).body.count).toBe(1);
    await redeployAs('revenue');
    expect((await change(id, { add: 1 })).body.count).toBe(1);
  });

  it('is carried on by a deploy that lengthens it', async () => {
    const flow = await deploy({ caps: [budget()] });
    await change(flow.caps[0].id, { set: 12.34 });
    await redeploy({ ...flow, caps: [{ ...flow.caps[0], duration_units: 'month' }] });
    expect((await read(flow.caps[0].id)).body).toMatchObject({ count: 12.34, duration_units: 'month' });
  });
});

describe('caps with one id', () => {
  it('keep the flow from being deployed, and say which', async () => {
    const id = '5fd0c0de00000000000000c7';
    const flow = await save({ caps: [cap({ id })], sources: [sourceWith({ caps: [cap({ id })] })] });
    expect(flow.errors).toMatchObject({ 'sources.0.caps.0.id': expect.stringContaining('has this id') });
    const refused = await api.ask({ method: 'POST', url: `/flows/${flow.id}/deploy` });
    expect(refused).toMatchObject({ status: 422, body: { details: [{ path: 'sources.0.caps.0.id' }] } });
  });
});
