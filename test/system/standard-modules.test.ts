import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ask, type ComposedServer, type SubmitTarget, startTestServer } from '../harness/server.ts';
import { deliveryTo, flowOf, sourceNamed } from './flows.ts';

let server: ComposedServer;
let flow: SubmitTarget;
beforeAll(async () => {
  server = await startTestServer();
  const sourceOf = (name: string) =>
    sourceNamed(name, {
      integration: { module_id: `leadconduit-standard.inbound.${name}`, mappings: [] },
      pricing: { prices: [{ amount: 5 }] },
    });
  const sources = [sourceOf('verbose'), sourceOf('classic')];
  flow = await server.deploy(flowOf([deliveryTo(server.recipient.url)], { sources }));
});
afterAll(() => server.stop());

const XML = { Accept: 'text/xml' };
const lead = { email: 'ann@example.com' };

describe('sources of the older modules', () => {
  it('verbose returns what the recipient answered', async () => {
    const { status, body, text } = await server.submit(flow, lead);
    expect(status).toBe(201);
    expect(body).toMatchObject({ appended: { buyer: { outcome: 'success' } }, outcome: 'success', price: 5 });
    expect(text).toMatch(
      /^\{"appended":\{"buyer":\{.*\},"outcome":"success","lead":\{"id":"[0-9a-f]{24}"\},"price":5\}$/,
    );
  });

  it('verbose returns it in XML too', async () => {
    const { text } = await server.submit(flow, lead, { headers: XML });
    expect(text).toMatch(/^<\?xml version="1.0"\?>\n<result>\n {2}<appended>\n {4}<buyer>\n/);
  });

  it('classic answers in its own document', async () => {
    const { status, text, headers } = await server.submit(flow, lead, { source: 1 });
    expect([status, headers.get('content-type')]).toEqual([201, 'application/xml']);
    expect(text).toMatch(
      /^<!DOCTYPE response [^>]+>\n<response>\n {2}<result>success<\/result>\n {2}<leadId>[0-9a-f]{24}</,
    );
    expect(text).toMatch(/\n {2}<price>5<\/price>\n<\/response>$/);
  });

  it('classic refuses as the default module does', async () => {
    const url = `${server.url}/flows/${flow.id}/sources/${flow.sources[1]?.entity.id}/submit`;
    expect(await ask(url, { method: 'PUT' })).toMatchObject({ status: 405, text: 'The PUT method is not allowed' });
  });
});
