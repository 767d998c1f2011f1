import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestApi, type TestApi } from '../testing/test-server.ts';

const CAP = { name: 'Texas daily', type: 'volume', maximum: 50, duration: 1, duration_units: 'day' };
const FLOW = {
  name: 'Mortgage',
  enabled: true,
  fields: ['email'],
  sources: [{ entity: { name: 'Search Ads' }, integration: { module_id: 'leadconduit-default.inbound' } }],
  steps: [],
  caps: [CAP],
};

let api: TestApi;
beforeAll(async () => {
  api = await createTestApi();
});
afterAll(() => api.close());

type Document = typeof FLOW & { [name: string]: unknown };

async function newFlow(): Promise<{ id: string; document: Document }> {
  const { body } = await api.ask({ method: 'POST', url: '/flows', body: FLOW });
  const { id, revision: _, ...document } = body;
  return { id, document };
}
const put = (id: string, body: object, key?: string) =>
  api.ask({ method: 'PUT', url: `/flows/${id}/draft`, body, ...(key !== undefined && { key }) });
const publish = (id: string, body: object, key?: string) =>
  api.ask({ method: 'POST', url: `/flows/${id}/draft/publish`, body, ...(key !== undefined && { key }) });
const read = (id: string) => api.ask({ url: `/flows/${id}/draft` });
const withMaximum = ({ caps, ...document }: Document, maximum: number) => ({
  ...document,
  caps: caps.map((cap) => ({ ...cap, maximum })),
});
const saveDraft = async (flow: { id: string; document: Document }, maximum = 80) =>
  (await put(flow.id, { document: withMaximum(flow.document, maximum), base_revision: 1 })).body;

describe('a draft', () => {
  it('is kept beside the flow, with what it changes, and touches nothing', async () => {
    const flow = await newFlow();
    expect((await read(flow.id)).status).toBe(404);
    const made = await saveDraft(flow);
    expect(made).toMatchObject({
      ...{ flow_id: flow.id, version: 1, base_revision: 1, saved_revision: 1, deployed_revision: null, since: 1 },
      ...{ errors: {}, user: { name: 'test' } },
      changes: { sentences: ['Cap "Texas daily" 50 → 80'], more_changes: 0 },
    });
    expect((await read(flow.id)).body).toEqual(made);
    const saved = (await api.ask({ url: `/flows/${flow.id}` })).body;
    expect([saved.revision, saved.caps[0].maximum]).toEqual([1, 50]);
  });

  it.each([
    ['without a name', { name: undefined }, 'name'],
    ['with a step of no kind', { steps: [{ type: 'unknown' }] }, 'steps.0.type'],
    ['with a misspelt part', { acceptence_criteria: {} }, 'acceptence_criteria'],
    ['with an unknown field', { fields: ['nothing'] }, 'fields.0'],
  ])('that is unfinished is kept: %s', async (_, change, path) => {
    const flow = await newFlow();
    const { status, body } = await put(flow.id, { document: { ...flow.document, ...change }, base_revision: 1 });
    expect([status, Object.keys(body.errors)]).toEqual([200, [path]]);
    const refused = await publish(flow.id, { version: 1 });
    expect([refused.status, refused.body.code, refused.body.details[0].path]).toEqual([422, 'not_deployable', path]);
  });

  it.each([
    ['a document that is none', { document: 'Mortgage' }, 'document'],
    ['neither document nor revision', {}, 'document'],
    ['both', { document: FLOW, revision: 1 }, 'document'],
    ['an unknown base', { document: FLOW, base_revision: 7 }, 'base_revision'],
    ['an unknown revision', { revision: 7 }, 'revision'],
    ['the id of another flow', { document: { ...FLOW, id: '5fd0c0de00000000000000ff' } }, 'document.id'],
    ['a placeholder of a secret', { document: { ...FLOW, password: '[redacted]' } }, 'document.password'],
  ])('is refused with %s', async (_, given, path) => {
    const { id } = await newFlow();
    const { status, body } = await put(id, { base_revision: 1, ...given });
    expect([status, body.code, body.details[0].path]).toEqual([422, 'invalid_document', path]);
  });

  it('is listed without its document as long as it is there', async () => {
    const flow = await newFlow();
    const made = await saveDraft(flow);
    const listed = async () =>
      (await api.ask({ url: '/drafts' })).body.filter(({ flow_id }: { flow_id: string }) => flow_id === flow.id);
    const { version, base_revision, updated_at, user } = made;
    expect(await listed()).toEqual([{ flow_id: flow.id, version, base_revision, updated_at, user }]);
    await api.ask({ method: 'DELETE', url: `/flows/${flow.id}/draft` });
    expect(await listed()).toEqual([]);
  });

  it('of an older version is refused, and the answer says who saved the other one', async () => {
    const flow = await newFlow();
    await saveDraft(flow);
    const second = { document: withMaximum(flow.document, 90), base_revision: 1, version: 1 };
    expect((await put(flow.id, second, api.plainKey)).body.version).toBe(2);
    for (const version of [null, 1, 3]) {
      const { status, body } = await put(flow.id, { ...second, version });
      expect([status, body.code]).toEqual([409, 'conflict']);
      expect(body.details[0].message).toMatch(/^test saved version 2 at 2025-/);
    }
    expect((await read(flow.id)).body.document.caps[0].maximum).toBe(90);
  });

  it('of two that are saved at once is that of one of them', async () => {
    const flow = await newFlow();
    const answers = await Promise.all(
      [60, 70].map((maximum) => put(flow.id, { document: withMaximum(flow.document, maximum), base_revision: 1 })),
    );
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 409]);
    const { version } = (await read(flow.id)).body;
    const again = await Promise.all(
      [60, 70].map((maximum) =>
        put(flow.id, { document: withMaximum(flow.document, maximum), base_revision: 1, version }),
      ),
    );
    expect(again.map(({ status }) => status).toSorted()).toEqual([200, 409]);
    expect((await read(flow.id)).body.version).toBe(2);
  });

  it('that was discarded is gone, and its versions never come again', async () => {
    const flow = await newFlow();
    const made = await saveDraft(flow);
    const url = `/flows/${flow.id}/draft`;
    expect((await api.ask({ method: 'DELETE', url: `${url}?version=2` })).status).toBe(409);
    expect((await api.ask({ method: 'DELETE', url: `${url}?version=1` })).body).toEqual(made);
    expect((await read(flow.id)).status).toBe(404);
    expect((await api.ask({ method: 'DELETE', url })).status).toBe(404);
    expect((await put(flow.id, { document: FLOW, base_revision: 1, version: 1 })).status).toBe(409);
    expect((await saveDraft(flow)).version).toBe(2);
    const { rows } = await api.pool.query(`select action from activity where kind = 'draft' and subject_id = $1`, [
      flow.id,
    ]);
    expect(rows).toEqual([{ action: 'delete' }]);
  });

  it('may be a copy of a revision, with the secrets that answers do not show', async () => {
    const { id } = await newFlow();
    const secret = { ...FLOW, password: 'rosebud-5', caps: [] };
    await api.ask({ method: 'PUT', url: `/flows/${id}`, body: secret });
    await api.ask({ method: 'PUT', url: `/flows/${id}`, body: FLOW });
    const { body } = await put(id, { revision: 2, base_revision: 3 });
    expect([body.document.password, body.document.caps]).toEqual(['rosebud-5', []]);
    expect(JSON.stringify(body.changes)).not.toContain('rosebud');
  });

  it('without the ids that a publish gives again changes nothing by that', async () => {
    const { id } = await newFlow();
    const { body } = await put(id, { document: FLOW, base_revision: 1 });
    expect([body.changes, body.document]).toEqual([{ sentences: [], changes: [], more_changes: 0 }, FLOW]);
  });

  it('is compared with any revision', async () => {
    const flow = await newFlow();
    await api.ask({ method: 'PUT', url: `/flows/${flow.id}`, body: { ...flow.document, name: 'Loans' } });
    await put(flow.id, { document: flow.document, base_revision: 2 });
    const sentences = async (since: number) =>
      (await api.ask({ url: `/flows/${flow.id}/draft?since=${since}` })).body.changes?.sentences;
    expect([await sentences(1), await sentences(2)]).toEqual([[], ['Name: Loans → Mortgage']]);
    expect((await api.ask({ url: `/flows/${flow.id}/draft?since=9` })).status).toBe(404);
  });

  it('goes with its flow', async () => {
    const flow = await newFlow();
    await saveDraft(flow);
    await api.ask({ method: 'DELETE', url: `/flows/${flow.id}` });
    expect([(await read(flow.id)).status, (await put(flow.id, { document: FLOW, base_revision: 1 })).status]).toEqual([
      404, 404,
    ]);
    const { rows } = await api.pool.query('select from flow_drafts where flow_id = $1', [flow.id]);
    expect(rows).toEqual([]);
  });

  it('of another account is not there', async () => {
    const flow = await newFlow();
    await saveDraft(flow);
    const stranger = { url: `/flows/${flow.id}/draft`, key: api.strangerKey };
    expect((await api.ask(stranger)).status).toBe(404);
    expect((await put(flow.id, { document: FLOW, base_revision: 1, version: 1 }, api.strangerKey)).status).toBe(404);
    expect((await publish(flow.id, { version: 1 }, api.strangerKey)).status).toBe(404);
  });
});

describe('a connection string of a draft', () => {
  const firehose = (connection_string: string) => ({
    ...{ enabled: true, services: { azure: { enabled: true, container: 'leads', connection_string } } },
  });
  const SECRET =
    'DefaultEndpointsProtocol=https;AccountName=acme;AccountKey=cm9zZWJ1ZA==;EndpointSuffix=core.windows.net';
  const sealedOfFlow = async (id: string) =>
    (await api.pool.query('select from flow_secrets where flow_id = $1', [id])).rows.length;

  it('is sealed, kept by its mask, and is that of the flow from the publish on', async () => {
    const { id } = await newFlow();
    const { body } = await put(id, { document: { ...FLOW, firehose: firehose(SECRET) }, base_revision: 1 });
    expect(JSON.stringify(body)).not.toContain('cm9zZWJ1ZA');
    expect(body).toMatchObject({ version: 1 });
    const { rows } = await api.pool.query('select document::text as text from flow_drafts where flow_id = $1', [id]);
    expect(rows[0].text).not.toContain('cm9zZWJ1ZA');
    const kept = await put(id, { document: body.document, base_revision: 1, version: 1 });
    expect([kept.status, await sealedOfFlow(id)]).toEqual([200, 0]);
    expect((await publish(id, { version: 2 })).status).toBe(200);
    expect(await sealedOfFlow(id)).toBe(1);
  });
});

describe('publishing a draft', () => {
  it('saves the next revision with its note, deploys it and takes the draft away', async () => {
    const flow = await newFlow();
    const { version } = await saveDraft(flow);
    const { status, body, headers } = await publish(flow.id, { version, note: ' More of Texas ' });
    expect([status, headers['etag']]).toEqual([200, '"2"']);
    expect(body).toMatchObject({ revision: 2, deployed_revision: 2, caps: [{ maximum: 80 }] });
    expect((await read(flow.id)).status).toBe(404);
    const { body: revisions } = await api.ask({ url: `/flows/${flow.id}/revisions` });
    expect(revisions).toMatchObject([
      { revision: 2, note: 'More of Texas', is_saved: true, is_deployed: true, user: { name: 'test' } },
      { revision: 1, note: null },
    ]);
    const { rows } = await api.pool.query('select action from activity where subject_id = $1 order by id', [flow.id]);
    expect(rows.map(({ action }) => action)).toEqual(['create', 'update', 'deploy']);
  });

  it('is refused where the draft or the flow has changed', async () => {
    const flow = await newFlow();
    await saveDraft(flow);
    expect((await publish(flow.id, { version: 2 })).body.details[0].path).toBe('version');
    await api.ask({ method: 'PUT', url: `/flows/${flow.id}`, body: { ...flow.document, name: 'Loans' } });
    const stale = await publish(flow.id, { version: 1 });
    expect([stale.status, stale.body.details[0].path]).toEqual([409, 'base_revision']);
    const rebased = { document: withMaximum(flow.document, 80), base_revision: 2, version: 1 };
    await put(flow.id, rebased);
    expect((await publish(flow.id, { version: 2 })).body).toMatchObject({ revision: 3, deployed_revision: 3 });
  });

  it('beside a save of the flow publishes what was saved last, or nothing', async () => {
    for (let round = 0; round < 5; round += 1) {
      const flow = await newFlow();
      await saveDraft(flow);
      const [saved, published] = await Promise.all([
        api.ask({
          method: 'PUT',
          url: `/flows/${flow.id}`,
          body: { ...flow.document, name: 'Loans' },
          headers: { 'If-Match': '"1"' },
        }),
        publish(flow.id, { version: 1 }),
      ]);
      expect([saved.status, published.status].toSorted()).toEqual([200, 409]);
      const { body } = await api.ask({ url: `/flows/${flow.id}` });
      const isPublished = published.status === 200;
      expect([body.revision, body.deployed_revision]).toEqual([2, isPublished ? 2 : null]);
      expect((await read(flow.id)).status).toBe(isPublished ? 404 : 200);
    }
  });

  it('twice at once publishes once', async () => {
    const flow = await newFlow();
    await saveDraft(flow);
    const answers = await Promise.all([publish(flow.id, { version: 1 }), publish(flow.id, { version: 1 })]);
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 409]);
    expect((await api.ask({ url: `/flows/${flow.id}` })).body.revision).toBe(2);
  });

  it('that fails between the save and the deploy has done neither', async () => {
    const flow = await newFlow();
    await saveDraft(flow);
    await api.pool.query(
      `create function refuse_deploys() returns trigger language plpgsql as $$ begin raise exception 'no'; end $$;
       create trigger refuse_deploys before update of deployed_revision on flows for each row execute function refuse_deploys();`,
    );
    try {
      expect((await publish(flow.id, { version: 1 })).status).toBe(500);
    } finally {
      await api.pool.query('drop trigger refuse_deploys on flows; drop function refuse_deploys();');
    }
    const { body } = await api.ask({ url: `/flows/${flow.id}` });
    expect([body.revision, body.deployed_revision, body.caps[0].maximum]).toEqual([1, null, 50]);
    expect((await api.ask({ url: `/flows/${flow.id}/revisions` })).body).toHaveLength(1);
    const { rows } = await api.pool.query('select action from activity where subject_id = $1', [flow.id]);
    expect(rows).toEqual([{ action: 'create' }]);
    // What was rolled back had the number of the revision that comes now.
    await api.ask({ method: 'PUT', url: `/flows/${flow.id}`, body: { ...flow.document, name: 'Loans' } });
    expect((await api.ask({ url: `/flows/${flow.id}` })).body).toMatchObject({
      name: 'Loans',
      caps: [{ maximum: 50 }],
    });
    expect((await read(flow.id)).body).toMatchObject({ version: 1, document: { caps: [{ maximum: 80 }] } });
  });

  it('takes a cap of another flow for a fault, and undoes the save', async () => {
    const other = await newFlow();
    await api.ask({ method: 'POST', url: `/flows/${other.id}/deploy` });
    const flow = await newFlow();
    await put(flow.id, { document: { ...flow.document, caps: other.document.caps }, base_revision: 1 });
    const refused = await publish(flow.id, { version: 1 });
    expect([refused.body.code, refused.body.details[0].path]).toEqual(['not_deployable', 'caps.0.id']);
    expect((await api.ask({ url: `/flows/${flow.id}` })).body.revision).toBe(1);
  });

  it('takes flows.write beside flows.deploy, and a note of so many characters', async () => {
    const flow = await newFlow();
    await saveDraft(flow);
    const made = await api.ask({
      method: 'POST',
      url: '/api_keys',
      body: { name: 'Deployer', permissions: ['flows.read', 'flows.deploy'] },
    });
    const refused = await publish(flow.id, { version: 1 }, made.body.key);
    expect([refused.status, refused.body.code]).toEqual([403, 'permission_required']);
    expect((await publish(flow.id, { version: 1, note: 'n'.repeat(501) })).body.details[0].path).toBe('note');
  });
});
