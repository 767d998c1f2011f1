import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { firstIdAt } from '../../lib/ids.ts';
import { listFields } from '../../statistics/list-fields.ts';
import { sumLead } from '../../statistics/sum-lead.ts';
import { createTallies } from '../../statistics/tallies.ts';
import { addStoredTallies } from '../../store/postgres/add-tallies.ts';
import { inTransaction } from '../../store/postgres/in-transaction.ts';
import { createTestApi, TEST_NOW, type TestApi } from '../testing/test-server.ts';

describe('GET /flows/{id}/fields/usage', () => {
  let api: TestApi;
  let url = '';
  beforeAll(async () => {
    api = await createTestApi();
    const document = {
      name: 'F',
      enabled: true,
      fields: ['email', 'mortgage.loan.amount', 'state'],
      sources: [],
      steps: [],
    };
    const { body: flow } = await api.ask({ method: 'POST', url: '/flows', body: document });
    url = `/flows/${flow.id}/fields/usage`;
    const lead = (at: number, values: object, flowId = flow.id) => insertLead(api, { at, values, flowId });
    await lead(TEST_NOW, { email: { normal: 'a@example.com' }, mortgage: { loan: { amount: 5 } } });
    await lead(TEST_NOW - 1_000, { email: 'b@example.com', 'mortgage.loan.amount': 7, state: '' });
    await lead(TEST_NOW - 86_400_000, { email: 'c@example.com', state: null });
    await lead(TEST_NOW - 2_000, { email: 'd@example.com' }, '5fd4371e940df5a34a3888b2');
  });
  afterAll(() => api.close());

  it.each([
    ['', { email: 2, 'mortgage.loan.amount': 2, state: 0 }],
    ['?timeframe=today', { email: 2, 'mortgage.loan.amount': 2, state: 0 }],
    ['?timeframe=yesterday', { email: 1, 'mortgage.loan.amount': 0, state: 0 }],
    ['?timeframe=this_2_days', { email: 3, 'mortgage.loan.amount': 2, state: 0 }],
    ['?timeframe=previous_1_hours', { email: 1, 'mortgage.loan.amount': 1, state: 0 }],
    ['?timeframe=previous_3_minutes', { email: 1, 'mortgage.loan.amount': 1, state: 0 }],
  ])('%s counts leads of the flow that came with a value', async (query, counts) => {
    expect(await api.ask({ url: url + query })).toMatchObject({ status: 200, body: counts });
  });

  // Today's two leads are in two quarters of an hour.
  it('reads counts of whole quarters of an hour, and leads of other times', async () => {
    await api.pool.query('update field_tallies set leads = leads + 100');
    expect(await api.ask({ url })).toMatchObject({ body: { email: 202, state: 0 } });
    expect(await api.ask({ url: `${url}?timeframe=previous_3_minutes` })).toMatchObject({ body: { email: 1 } });
    await api.pool.query('update field_tallies set leads = leads - 100');
  });

  it('reads leads while counts are behind', async () => {
    await api.pool.query('update field_tallies set leads = leads + 100');
    const since = firstIdAt(TEST_NOW - 120_000).slice(0, 8);
    await api.pool.query('insert into digests (account_id, since, id) values ($1, $2, $3)', [
      api.account.id,
      since,
      since.padEnd(24, '0'),
    ]);
    expect(await api.ask({ url })).toMatchObject({ body: { email: 2, 'mortgage.loan.amount': 2, state: 0 } });
    await api.pool.query('delete from digests');
    await api.pool.query('update field_tallies set leads = leads - 100');
  });

  it('an unknown time frame is 400', async () => {
    const answer = await api.ask({ url: `${url}?timeframe=lately` });
    expect(answer).toMatchObject({ status: 400, body: { code: 'malformed_query' } });
  });
});

let leads = 0;

async function insertLead(api: TestApi, lead: { at: number; values: object; flowId: string }): Promise<void> {
  leads += 1;
  const id = firstIdAt(lead.at).slice(0, 8) + String(leads).padStart(16, '0');
  const { id: accountId } = api.account;
  await api.pool.query(
    `insert into leads (account_id, id, flow_id, source_id, revision, node_id, outcome, price, submitted_at)
     values ($1, $2, $3, 's', 1, 'n', 'success', 0, $4)`,
    [accountId, id, lead.flowId, new Date(lead.at)],
  );
  const document = JSON.stringify({ vars: { lead: { id, ...lead.values } } });
  await api.pool.query('insert into lead_data (account_id, lead_id, part, document) values ($1, $2, 0, $3)', [
    accountId,
    id,
    document,
  ]);
  const tallies = createTallies();
  const source = {
    id,
    seq: 0,
    type: 'source',
    outcome: 'success',
    reason: null,
    stepId: null,
    recipientId: null,
    facts: {},
  };
  const fields = listFields({ ...lead.values });
  sumLead(tallies, {
    ...{ leadId: id, flowId: lead.flowId, sourceId: 's', outcome: 'success', reason: null },
    ...{ events: [source], fields },
  });
  await inTransaction(api.pool, (client) => addStoredTallies(client, { accountId, tallies }));
}
