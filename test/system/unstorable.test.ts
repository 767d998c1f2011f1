import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ComposedServer, startTestServer } from '../harness/server.ts';
import { deliveryTo, flowOf, sourceNamed } from './flows.ts';

let server: ComposedServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.stop());

/** PostgreSQL stores no NUL in a text, and reads none, nor half a surrogate pair, in a JSON text. */
describe('characters the database does not store', () => {
  it('in what a recipient says: the lead keeps its outcome, the reason loses the character', async () => {
    server.recipient.answerWith(() => ({ body: { outcome: 'success', reason: 'fine\u0000 \ud800' } }));
    const flow = await server.deploy(flowOf([deliveryTo(server.recipient.url)]));
    const { body } = await server.submit(flow, { email: 'ann@example.com' });
    expect(body).toMatchObject({ outcome: 'success' });
    const events = await server.query('select outcome, reason from events where lead_id = $1 order by seq', [
      body.lead.id,
    ]);
    expect(events).toEqual([
      { outcome: 'success', reason: 'fine \ufffd' },
      { outcome: 'success', reason: null },
    ]);
  });

  it('in what a template makes of a lead: its fields can still be counted', async () => {
    const withNul = Array.from({ length: 1_000 }, (_, n) => `${n}@example.com`).find((email) =>
      createHash('md5').update(email).digest().includes(0),
    );
    const mappings = [{ property: 'first_name', value: `{{md5 email encoding="latin1"}}` }];
    const integration = { module_id: 'leadconduit-default.inbound', mappings };
    const flow = await server.deploy(flowOf([], { sources: [sourceNamed('Search ads', { integration })] }));
    expect(await server.submit(flow, { email: withNul })).toMatchObject({ status: 201 });
    expect(await server.api('GET', `/flows/${flow.id}/fields/usage`)).toMatchObject({ status: 200 });
  });
});
