import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestApi, type TestApi } from '../testing/test-server.ts';

const ENTITY_ID = '5462c7fb745fb567baf2e093';
const CRITERIA = { rule_set: { id: '0d144a', op: 'and', rules: [] }, reason: 'Lead must live in TX' };
const FLOW = {
  name: 'Sales Leads',
  enabled: true,
  fields: ['first_name', 'mortgage.loan.amount', 'unheard_of'],
  sources: [
    {
      id: 'src001',
      entity: { id: ENTITY_ID, name: 'Search Ads' },
      integration: { module_id: 'leadconduit-default.inbound' },
      acceptance_criteria: CRITERIA,
      pricing_service: { fallback_price: 1 },
      authentication_required: true,
    },
  ],
  steps: [],
};

describe('GET /flows/{flow_id}/sources/{source_id}/meta', () => {
  let api: TestApi;
  let flowId = '';
  beforeAll(async () => {
    api = await createTestApi();
    flowId = (await api.ask({ method: 'POST', url: '/flows', body: FLOW })).body.id;
  });
  afterAll(() => api.close());

  const meta = (sourceId: string, key = api.key) => api.ask({ url: `/flows/${flowId}/sources/${sourceId}/meta`, key });

  it('shows all of it to the account of the flow', async () => {
    const { status, body } = await meta(ENTITY_ID);
    expect(status).toBe(200);
    const { params, ...rest } = body;
    expect(rest).toEqual({
      enabled: true,
      account: { id: api.account.id, name: 'Acme' },
      flow: { id: flowId, name: 'Sales Leads' },
      source: { id: ENTITY_ID, name: 'Search Ads', authentication_required: true },
      pingable: true,
      ping_enabled: false,
      updated_at: '2025-03-03T12:00:00.000Z',
      authorized_account: true,
      hours_of_operation: {},
      acceptance_criteria: CRITERIA,
      flow_acceptance_criteria: {},
      flow_pricing: null,
      flow_pricing_service: null,
      source_pricing: null,
      source_pricing_service: { fallback_price: 1 },
    });
    expect(params[0]).toMatchObject({
      name: 'first_name',
      label: 'First Name',
      description: 'First name',
      type: 'first_name',
      required: 'no',
      variable: 'first_name',
    });
    expect(params.map((param: { name: string }) => param.name)).toEqual([
      'first_name',
      'mortgage.loan.amount',
      '*',
      'redir_url',
    ]);
  });

  it('the source is also found by its id inside the flow', async () => {
    expect((await meta('src001')).body.source.id).toBe(ENTITY_ID);
    expect((await meta(ENTITY_ID.toUpperCase())).status).toBe(200);
  });

  it('a sender with an account of its own sees neither prices nor criteria', async () => {
    const { status, body } = await meta(ENTITY_ID, api.strangerKey);
    expect(status).toBe(200);
    expect(body).toMatchObject({ authorized_account: false, flow: { name: 'Sales Leads' } });
    expect(body).not.toHaveProperty('acceptance_criteria');
    expect(body).not.toHaveProperty('source_pricing_service');
  });

  it('unknown flows and sources are 404', async () => {
    expect((await meta('src002')).status).toBe(404);
    expect((await meta('5462c7fb745fb567baf2e094')).status).toBe(404);
    const url = `/flows/5462c7eb76fefd217d333552/sources/${ENTITY_ID}/meta`;
    expect((await api.ask({ url })).status).toBe(404);
  });

  it('shows what runs, not what is saved since', async () => {
    await api.ask({ method: 'PUT', url: `/flows/${flowId}`, body: { ...FLOW, fields: ['first_name'] } });
    await api.ask({ method: 'POST', url: `/flows/${flowId}/deploy` });
    await api.ask({ method: 'PUT', url: `/flows/${flowId}`, body: { ...FLOW, enabled: false, name: 'Later' } });
    expect((await meta(ENTITY_ID)).body).toMatchObject({ enabled: true, flow: { name: 'Sales Leads' } });
  });
});
