import { afterAll, beforeAll, expect, it } from 'vitest';
import { type ComposedServer, startTestServer } from '../harness/server.ts';
import { flowOf } from './flows.ts';

let server: ComposedServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.stop());

function formPostTo(properties: Record<string, string>) {
  const mappings = Object.entries(properties).map(([property, value]) => ({ property, value }));
  return {
    type: 'recipient' as const,
    entity: { name: 'CRM' },
    integration: { module_id: 'leadconduit-form-post.outbound.form_post', mappings },
  };
}

const moduleWarnings = (flow: { warnings: { check: string; path: string }[] }) =>
  flow.warnings
    .filter(({ check }) => check === 'unknown-property' || check === 'property-not-mapped')
    .map(({ check, path }) => `${check} ${path}`);

it('a thin wrapper delivers as the module it wraps, and is listed as one of its own package', async () => {
  const step = formPostTo({ url: server.recipient.url, 'form_field.mail': '{{lead.email}}' });
  const flow = await server.deploy(flowOf([step]));
  const lead = await server.submit(flow, { email: 'ann@example.com' });
  expect(lead.body).toMatchObject({ outcome: 'success' });
  expect(server.recipient.deliveries.map(({ body }) => body)).toEqual(['mail=ann%40example.com']);
  const { body: events } = await server.api('GET', `/leads/${lead.body.lead.id}`);
  expect(JSON.stringify(events)).toContain('leadconduit-form-post.outbound.form_post');
  const listed = await server.api('GET', '/modules?type=outbound&package=leadconduit-form-post');
  expect(listed.body).toMatchObject([{ path: 'outbound.form_post', package: 'leadconduit-form-post' }]);
});

it('what its module does not take is reported when a flow is saved', async () => {
  const misspelt = formPostTo({ ulr: 'https://crm.example.com/', 'form_feild.mail': '{{lead.email}}' });
  const saved = await server.api('POST', '/flows', flowOf([misspelt]));
  expect(saved.status).toBe(201);
  expect(moduleWarnings(saved.body)).toEqual([
    'unknown-property steps.0.integration.mappings.0.property',
    'unknown-property steps.0.integration.mappings.1.property',
    'property-not-mapped steps.0.integration.mappings',
  ]);
  const mended = formPostTo({ url: 'https://crm.example.com/', 'form_field.mail': '{{lead.email}}' });
  const replaced = await server.api('PUT', `/flows/${saved.body.id}`, flowOf([mended]));
  expect(moduleWarnings(replaced.body)).toEqual([]);
});
