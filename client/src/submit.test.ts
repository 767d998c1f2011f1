import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ComposedServer, startTestServer } from '../../test/harness/server.ts';
import { flowOf } from '../../test/system/flows.ts';
import { submit } from './submit.ts';

let server: ComposedServer;
let url: string;
beforeAll(async () => {
  server = await startTestServer();
  const flow = await server.deploy(flowOf([]));
  url = `${server.url}/flows/${flow.id}/sources/${flow.sources[0].entity.id}/submit`;
});
afterAll(() => server.stop());

describe('submit', () => {
  it('returns what became of the lead', async () => {
    const answer = await submit(url, { first_name: 'Ann', email: 'ann@example.com' });
    expect(answer).toEqual({ outcome: 'success', lead: { id: expect.stringMatching(/^[0-9a-f]{24}$/) }, price: 0 });
    const [lead] = await server.query('select outcome from leads');
    expect(lead).toEqual({ outcome: 'success' });
  });

  it('throws for a lead that was not taken', async () => {
    const unknown = url.replace(/.{24}\/submit$/, '5fd0c0de00000000000000ff/submit');
    await expect(submit(unknown, {})).rejects.toMatchObject({
      name: 'SluiceError',
      status: 404,
      code: 'not_found',
      request: `POST ${new URL(unknown).pathname}`,
    });
  });

  it('sends the key of a source that asks for one', async () => {
    const flow = flowOf([]);
    const [source] = flow.sources;
    const locked = await server.deploy({
      ...flow,
      id: undefined,
      sources: [{ ...source, authentication_required: true }],
    });
    const at = `${server.url}/flows/${locked.id}/sources/${locked.sources[0].entity.id}/submit`;
    await expect(submit(at, {})).rejects.toMatchObject({ status: 401, code: 'authentication_failed' });
    expect(await submit(at, {}, { key: server.key })).toMatchObject({ outcome: 'success' });
  });

  it('sends nothing a second time', async () => {
    server.recipient.deliveries.length = 0;
    server.recipient.answerWith(() => 'hangUp');
    await expect(submit(server.recipient.url, {})).rejects.toMatchObject({ code: 'connection_failed' });
    expect(server.recipient.deliveries).toHaveLength(1);
  });
});
