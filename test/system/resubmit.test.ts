import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type ComposedServer, startTestServer } from '../harness/server.ts';
import { deliveryTo, flowOf, when } from './flows.ts';

let server: ComposedServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterEach(() => {
  server.recipient.deliveries.length = 0;
  server.recipient.answerWith(() => ({ body: { outcome: 'success' } }));
});
afterAll(() => server.stop());

/** Leads fail when the buyer does not take them. */
const deployFlow = (parts = {}) =>
  server.deploy(
    flowOf(
      [
        deliveryTo(server.recipient.url),
        {
          type: 'filter',
          outcome: 'failure',
          reason: 'not sold',
          rule_set: when('buyer.outcome', 'is not equal to', 'success'),
        },
      ],
      parts,
    ),
  );
type Flow = Awaited<ReturnType<typeof deployFlow>>;

async function failedLead(flow: Flow, values: object = { email: 'ann@example.com' }): Promise<string> {
  server.recipient.answerWith(() => ({ body: { outcome: 'no' } }));
  const { body } = await server.submit(flow, values);
  expect(body.outcome).toBe('failure');
  server.recipient.deliveries.length = 0;
  server.recipient.answerWith(() => ({ body: { outcome: 'success' } }));
  return body.lead.id;
}

const resubmit = (body: object) => server.api('POST', '/leads/resubmit', body);

describe('POST /leads/resubmit', () => {
  it('tells what would be sent, and sends nothing', async () => {
    const flow = await deployFlow();
    const id = await failedLead(flow);
    const { status, body } = await resubmit({ lead_ids: [id, 'a'.repeat(24)] });
    expect(status).toBe(200);
    expect(body).toMatchObject({
      preview: true,
      missing: ['a'.repeat(24)],
      leads: [
        {
          lead_id: id,
          refused: null,
          would: { outcome: 'success', requests: [{ uri: server.recipient.url, body: '{"email":"ann@example.com"}' }] },
        },
      ],
    });
    expect(server.recipient.deliveries).toEqual([]);
  });

  it('sends it once, as a new lead that knows whose it is', async () => {
    const flow = await deployFlow();
    const id = await failedLead(flow);
    const calls = await Promise.all([1, 2].map(() => resubmit({ lead_ids: [id], preview: false })));
    const sent = calls.flatMap(({ body }) => body.leads).filter(({ resubmitted_as }) => resubmitted_as !== null);
    expect(sent).toMatchObject([{ lead_id: id, outcome: 'success' }]);
    expect(server.recipient.deliveries).toHaveLength(1);
    const { body: lead } = await server.api('GET', `/leads/${sent[0].resubmitted_as}`);
    expect(lead).toMatchObject({ outcome: 'success', vars: { lead: { email: { normal: 'ann@example.com' } } } });
    expect(lead.events.at(-1)).toMatchObject({ type: 'source', resubmitted_from: id });
    const later = await resubmit({ lead_ids: [id], preview: false });
    expect(later.body.leads[0].reason).toContain(sent[0].resubmitted_as);
    expect(server.recipient.deliveries).toHaveLength(1);
    const again = await resubmit({ lead_ids: [id], preview: false, again: true });
    expect(again.body.leads[0]).toMatchObject({ outcome: 'success' });
    expect(server.recipient.deliveries).toHaveLength(2);
  });

  it('finds failed leads by a query', async () => {
    const flow = await deployFlow();
    const ids = [await failedLead(flow), await failedLead(flow, { email: 'bob@example.com' })];
    await server.submit(flow, { email: 'sold@example.com' });
    server.recipient.deliveries.length = 0;
    const { body } = await resubmit({ query: { flow_id: flow.id }, preview: false });
    expect(body.leads.map(({ lead_id }: { lead_id: string }) => lead_id).sort()).toEqual(ids.sort());
    expect(server.recipient.deliveries).toHaveLength(2);
    const limited = await resubmit({ query: { flow_id: flow.id, outcome: 'failure' }, limit: 1 });
    expect(limited.body.leads).toHaveLength(1);
  });

  it('runs on the flow as it is deployed now, through a source that wants a key too', async () => {
    const flow = await deployFlow();
    const id = await failedLead(flow);
    const sources = flow.sources.map((source: object) => ({ ...source, authentication_required: true }));
    await server.api('PUT', `/flows/${flow.id}`, { ...flow, sources });
    await server.api('POST', `/flows/${flow.id}/deploy`);
    const { body } = await resubmit({ lead_ids: [id], preview: false });
    expect(body.leads[0]).toMatchObject({ outcome: 'success' });
  });

  it('refuses what would be sent twice or without its values', async () => {
    const flow = await deployFlow();
    const masked = await failedLead(flow, { email: 'ann@example.com', ssn: '219-09-9999' });
    const sold = (await server.submit(flow, { email: 'sold@example.com' })).body.lead.id;
    server.recipient.answerWith(() => 'hangUp');
    const unknown = (await server.submit(flow, { email: 'unknown@example.com' })).body.lead.id;
    server.recipient.deliveries.length = 0;
    const { body } = await resubmit({ lead_ids: [masked, sold, unknown], preview: false });
    const reasons = Object.fromEntries(
      body.leads.map(({ lead_id, reason }: { lead_id: string; reason: string }) => [lead_id, reason]),
    );
    expect(reasons[masked]).toContain('ssn');
    expect(reasons[sold]).toContain('success');
    expect(reasons[unknown]).toContain('may have arrived');
    expect(server.recipient.deliveries).toEqual([]);
  });

  it('another account finds none of them', async () => {
    const id = await failedLead(await deployFlow());
    const { body } = await server.api('POST', '/leads/resubmit', { lead_ids: [id] }, { key: server.strangerKey });
    expect(body).toMatchObject({ leads: [], missing: [id] });
  });

  it.each([
    [{}, 'lead_ids'],
    [{ lead_ids: [] }, 'lead_ids'],
    [{ lead_ids: ['x'] }, 'lead_ids'],
    [{ lead_ids: ['a'.repeat(24)], query: {} }, 'lead_ids'],
    [{ query: { flow_id: 'x' } }, 'query.flow_id'],
    [{ query: { outcome: 'late' } }, 'query.outcome'],
    [{ query: { colour: 1 } }, 'query.colour'],
    [{ query: {}, limit: 0 }, 'limit'],
    [{ query: {}, preview: 'no' }, 'preview'],
    [{ query: {}, colour: 1 }, 'colour'],
  ])('%j is refused with the place', async (body, path) => {
    const answer = await resubmit(body);
    expect(answer.status).toBe(422);
    expect(answer.body.details.map((detail: { path: string }) => detail.path)).toContain(path);
  });
});
