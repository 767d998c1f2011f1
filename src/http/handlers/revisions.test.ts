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

const ask = async (url: string) => (await api.ask({ url })).body;
/** A flow whose second revision has a larger cap. */
async function newFlow() {
  const { body: first } = await api.ask({ method: 'POST', url: '/flows', body: FLOW });
  const { revision: _, ...document } = first;
  const larger = { ...document, caps: [{ ...document.caps[0], maximum: 80 }] };
  const { body: second } = await api.ask({ method: 'PUT', url: `/flows/${first.id}`, body: larger });
  return { id: first.id as string, first, second };
}

describe('revisions of a flow', () => {
  it('are listed newest first with who saved them, what they changed, and which runs', async () => {
    const { id } = await newFlow();
    await api.ask({ method: 'POST', url: `/flows/${id}/deploy` });
    expect(await ask(`/flows/${id}/revisions`)).toMatchObject([
      {
        revision: 2,
        is_saved: true,
        is_deployed: true,
        user: { name: 'test' },
        sentences: ['Cap "Texas daily" 50 → 80'],
      },
      { revision: 1, is_saved: false, is_deployed: false, deployed_at: null, sentences: [] },
    ]);
    expect(await ask(`/flows/${id}/revisions?before=2&limit=1`)).toMatchObject([{ revision: 1 }]);
  });

  it('are compared with the one before, or with any', async () => {
    const { id, first } = await newFlow();
    await api.ask({ method: 'PUT', url: `/flows/${id}`, body: { ...FLOW, name: 'Loans' } });
    const third = await ask(`/flows/${id}/revisions/3?since=1`);
    expect(third).toMatchObject({ since: 1, document: { name: 'Loans' } });
    expect(third.sentences).toContain('Name: Mortgage → Loans');
    expect(await ask(`/flows/${id}/revisions/2`)).toMatchObject({
      since: 1,
      changes: [
        {
          action: 'changed',
          target: 'maximum',
          delta_path: 'caps.0.maximum',
          previous: { value: 50, index: null },
          current: { value: 80, index: null },
        },
      ],
    });
    expect(await ask(`/flows/${id}/revisions/1`)).toMatchObject({ since: null, document: { name: first.name } });
    for (const path of ['9', '0', 'x', '2?since=9']) {
      expect((await api.ask({ url: `/flows/${id}/revisions/${path}` })).status).toBe(404);
    }
  });

  it('come back as a new revision, which leads do not run on before a deploy', async () => {
    const { id, first } = await newFlow();
    await api.ask({ method: 'POST', url: `/flows/${id}/deploy` });
    const stale = { method: 'POST', url: `/flows/${id}/revisions/1/revert`, headers: { 'If-Match': '"1"' } } as const;
    expect((await api.ask(stale)).status).toBe(409);
    const reverted = await api.ask({ ...stale, headers: { 'If-Match': '"2"' } });
    expect(reverted.status).toBe(200);
    expect(reverted.body).toMatchObject({
      revision: 3,
      deployed_revision: 2,
      caps: first.caps,
      sources: first.sources,
    });
    const [saved] = await ask(`/flows/${id}/revisions?limit=1`);
    expect(saved).toMatchObject({ revision: 3, is_deployed: false, sentences: ['Cap "Texas daily" 80 → 50'] });
  });

  it('are of the account alone', async () => {
    const { id } = await newFlow();
    for (const path of ['', '/1']) {
      const asked = await api.ask({ url: `/flows/${id}/revisions${path}`, key: api.strangerKey });
      expect(asked.status).toBe(404);
    }
  });
});

describe('changelogs', () => {
  it('tell in words and place by place what changed; one has the whole document and the delta', async () => {
    const { id } = await newFlow();
    const [entry] = await ask(`/changelogs?type=flow&subject_id=${id}&limit=1`);
    expect(entry).toMatchObject({
      action: 'update',
      type: 'flow',
      subject: { id, name: 'Mortgage' },
      user: { kind: 'key', name: 'test' },
      sentences: ['Cap "Texas daily" 50 → 80'],
      more_changes: 0,
    });
    expect(await ask(`/changelogs/${entry.id}`)).toMatchObject({
      ...entry,
      current_revision: { name: 'Mortgage', caps: [{ maximum: 80 }] },
      delta_from_last_revision: { 'caps.0.maximum': [50, 80] },
    });
  });

  it('tell of what came, went or was deployed as a whole', async () => {
    const { id } = await newFlow();
    await api.ask({ method: 'POST', url: `/flows/${id}/deploy` });
    await api.ask({ method: 'DELETE', url: `/flows/${id}` });
    const entries: { sentences: string[] }[] = await ask(`/changelogs?subject_id=${id}`);
    expect(entries.map(({ sentences }) => sentences)).toEqual([
      ['Delete: flow "Mortgage"'],
      ['Deploy: flow "Mortgage"'],
      ['Cap "Texas daily" 50 → 80'],
      ['Create: flow "Mortgage"'],
    ]);
  });
});
