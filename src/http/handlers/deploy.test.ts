import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../lib/clock.ts';
import { finish } from '../../lib/slices.ts';
import { createConfigStore } from '../../store/postgres/config.ts';
import { createSurroundingsReader } from '../../store/postgres/flow-surroundings.ts';
import { createRevisionDocuments } from '../../store/postgres/revision-documents.ts';
import type { SecretBox } from '../../store/secret-box.ts';
import { createTestApi, TEST_NOW, type TestApi } from '../testing/test-server.ts';

const NO_SECRETS: SecretBox = { seal: () => Buffer.alloc(0), open: () => null };

const configDeps = (pool: pg.Pool) => ({
  pool,
  readSurroundings: createSurroundingsReader({ pool, box: NO_SECRETS, clock: systemClock }),
  documents: createRevisionDocuments(async (work) => finish(work)),
});

const CAP = { type: 'volume', maximum: 10, duration: 1, duration_units: 'day', time_zone: 'UTC' };
const DAY_STARTS_AT = '2025-03-03T00:00:00.000Z';
const MONTH_STARTS_AT = '2025-03-01T00:00:00.000Z';

describe('POST /flows/{id}/deploy', () => {
  let api: TestApi;
  beforeAll(async () => {
    api = await createTestApi();
  });
  afterAll(() => api.close());

  const create = async (part: object) => {
    const document = { name: 'F', enabled: true, fields: ['email'], sources: [], steps: [], ...part };
    return (await api.ask({ method: 'POST', url: '/flows', body: document })).body;
  };
  const deploy = (flowId: string) => api.ask({ method: 'POST', url: `/flows/${flowId}/deploy` });
  const version = async () => (await createConfigStore(configDeps(api.pool)).configVersions()).get(api.account.id) ?? 0;

  it('what runs is what was deployed, with its lists and cap generations', async () => {
    const before = await version();
    const check = { value: '{{lead.email}}', list_name: 'Our Customers' };
    const flow = await create({ caps: [CAP], list_checks: { existing_customer: check } });
    const configs = createConfigStore(configDeps(api.pool));
    const loaded = async () =>
      (await configs.loadDeployedFlows(api.account.id)).find(({ flowId }) => flowId === flow.id);
    expect(await loaded()).toBeUndefined();
    expect(await version()).toBe(before);
    await deploy(flow.id);
    expect(await version()).toBe(before + 1);
    await api.ask({ method: 'PUT', url: `/flows/${flow.id}`, body: { ...flow, name: 'Later' } });
    const deployed = await loaded();
    const key = { accountId: api.account.id, flowId: flow.id, revision: 1 };
    expect(await configs.readDocument(key)).toMatchObject({ name: 'F' });
    expect(deployed).toMatchObject({
      revision: 1,
      capGenerations: { [flow.caps[0].id]: 1 },
      config: { account: api.account },
    });
    expect(deployed?.config.lists.get('our_customers')).toMatchObject({ form: 'email', ttlSeconds: null });
    await api.ask({ method: 'DELETE', url: `/flows/${flow.id}` });
    expect(await loaded()).toBeUndefined();
  });

  it('a refused deploy changes nothing', async () => {
    const before = await version();
    const flow = await create({ fields: ['unheard_of'], list_checks: { dnc: { value: 'x', list_name: 'refused' } } });
    expect((await deploy(flow.id)).status).toBe(422);
    expect(await version()).toBe(before);
    const { rows } = await api.pool.query(`select from lists where url_name = 'refused'`);
    expect(rows).toEqual([]);
  });

  it('a copy that kept its cap ids is refused while the original runs', async () => {
    const flow = await create({ name: 'Original', caps: [CAP] });
    await deploy(flow.id);
    const copy = await create({ caps: flow.caps });
    const refused = await deploy(copy.id);
    expect(refused).toMatchObject({ status: 422, body: { details: [{ path: 'caps.0.id' }] } });
    expect(refused.body.details[0].message).toContain('Original');
  });

  it('a lengthened cap goes on with what it counted, held places as used', async () => {
    const flow = await create({ caps: [CAP] });
    await deploy(flow.id);
    const capId = flow.caps[0].id;
    await api.pool.query(
      `insert into cap_windows (account_id, cap_id, starts_at, ends_at, flow_id, count, held, generation)
       values ($1, $2, $3, $4, $5, 4, 2, 1)`,
      [api.account.id, capId, DAY_STARTS_AT, '2025-03-04T00:00:00Z', flow.id],
    );
    const caps = [{ ...flow.caps[0], duration_units: 'month' }];
    await api.ask({ method: 'PUT', url: `/flows/${flow.id}`, body: { ...flow, caps } });
    await deploy(flow.id);
    const { rows } = await api.pool.query(
      'select starts_at, count::int, held::int, generation from cap_windows where cap_id = $1 order by starts_at',
      [capId],
    );
    expect(rows).toEqual([
      { starts_at: new Date(MONTH_STARTS_AT), count: 6, held: 0, generation: 1 },
      { starts_at: new Date(DAY_STARTS_AT), count: 4, held: 2, generation: 1 },
    ]);
    expect(new Date(TEST_NOW).getUTCDate()).toBe(3);
  });

  it.each([
    { of: 'this generation stay theirs', generation: 1, held: 2 },
    { of: 'an older one are nobody’s', generation: 0, held: 0 },
  ])('places that leads still hold in the window it goes on in: those of $of', async ({ generation, held }) => {
    const flow = await create({ caps: [CAP] });
    await deploy(flow.id);
    const capId = flow.caps[0].id;
    await api.pool.query(
      `insert into cap_windows (account_id, cap_id, starts_at, ends_at, flow_id, count, held, generation)
       values ($1, $2, $3, $4, $6, 4, 0, 1), ($1, $2, $5, $5::timestamptz + interval '1 day', $6, 1, 2, $7)`,
      [api.account.id, capId, DAY_STARTS_AT, '2025-03-04T00:00:00Z', MONTH_STARTS_AT, flow.id, generation],
    );
    const caps = [{ ...flow.caps[0], duration_units: 'month' }];
    await api.ask({ method: 'PUT', url: `/flows/${flow.id}`, body: { ...flow, caps } });
    await deploy(flow.id);
    const { rows } = await api.pool.query(
      'select count::int, held::int, generation from cap_windows where cap_id = $1 and starts_at = $2',
      [capId, MONTH_STARTS_AT],
    );
    expect(rows).toEqual([{ count: 4, held, generation: 1 }]);
  });

  it('a reset takes the number of the revision as its generation', async () => {
    const flow = await create({ caps: [CAP] });
    await deploy(flow.id);
    const caps = [{ ...flow.caps[0], duration_units: 'hour' }];
    await api.ask({ method: 'PUT', url: `/flows/${flow.id}`, body: { ...flow, caps } });
    await deploy(flow.id);
    const flows = await createConfigStore(configDeps(api.pool)).loadDeployedFlows(api.account.id);
    const deployed = flows.find(({ flowId }) => flowId === flow.id);
    expect(deployed?.capGenerations).toEqual({ [flow.caps[0].id]: 2 });
  });

  it('concurrent deploys and saves of one flow keep every revision', async () => {
    const flow = await create({});
    const names = ['a', 'b', 'c', 'd', 'e', 'f'];
    const answers = await Promise.all(
      names.flatMap((name) => [
        api.ask({ method: 'PUT', url: `/flows/${flow.id}`, body: { ...flow, name, revision: undefined } }),
        deploy(flow.id),
      ]),
    );
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
    const { rows } = await api.pool.query(
      `select array_agg(revision order by revision) as revisions, array_agg(document ->> 'name' order by document ->> 'name') as names
         from flow_revisions where flow_id = $1`,
      [flow.id],
    );
    expect(rows).toEqual([
      { revisions: [1, 2, 3, 4, 5, 6, 7], names: ['F', ...names].sort((a, b) => (a < b ? -1 : 1)) },
    ]);
  });
});
