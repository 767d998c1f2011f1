import { afterAll, beforeAll, expect, it } from 'vitest';
import { type ComposedServer, startTestServer } from './server.ts';

let server: ComposedServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.stop());

it('runs a lead from its source to the recipient, and again after a restart', async () => {
  const flow = await server.deploy({
    name: 'Leads',
    enabled: true,
    fields: ['email'],
    sources: [{ entity: { name: 'Ads' }, integration: { module_id: 'leadconduit-default.inbound' } }],
    steps: [
      {
        type: 'recipient',
        entity: { name: 'Buyer' },
        integration: {
          module_id: 'leadconduit-custom.outbound.json',
          mappings: [
            { property: 'url', value: server.recipient.url },
            { property: 'json_property.email', value: '{{lead.email}}' },
          ],
        },
      },
    ],
  });
  for (const email of ['a@example.com', 'b@example.com']) {
    expect(await server.submit(flow, { email })).toMatchObject({ status: 201, body: { outcome: 'success' } });
    expect(server.recipient.deliveries.at(-1)).toMatchObject({ method: 'POST', body: JSON.stringify({ email }) });
    await server.restart();
  }
});
