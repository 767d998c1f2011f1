import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ComposedServer, startTestServer } from '../harness/server.ts';
import { deliveryTo, flowOf, sourceNamed, when } from '../system/flows.ts';
import { sendRaw } from './raw-request.ts';

/* Programs that send leads, by the bytes that they send (spec modules f). */

let server: ComposedServer;
let path: string;
let origin: string;
beforeAll(async () => {
  server = await startTestServer();
  const source = sourceNamed('Files', {
    pricing: { prices: [{ amount: 2.5 }] },
    acceptance_criteria: { rule_set: when('lead.state', 'is not equal to', 'FL') },
  });
  const flow = await server.deploy(flowOf([deliveryTo(server.recipient.url)], { sources: [source] }));
  path = `/flows/${flow.id}/sources/${flow.sources[0].entity.id}/submit`;
  origin = new URL(server.url).host;
});
afterAll(() => server.stop());

/** As Go's `http.PostForm` writes it: keys sorted, blanks as `+`, and no Accept. */
function postForm(values: Record<string, string>, query = '') {
  const sorted = Object.entries(values).sort(([one], [other]) => (one < other ? -1 : 1));
  const body = new URLSearchParams(sorted).toString();
  const lines = [
    `POST ${path}${query} HTTP/1.1`,
    `Host: ${origin}`,
    'User-Agent: Go-http-client/1.1',
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Content-Type: application/x-www-form-urlencoded',
    'Accept-Encoding: gzip',
  ];
  return sendRaw(server.url, { lines, body });
}

/** What csvconduit decodes: a price that is a text makes it report an error. */
function readOutcome(body: string): { outcome: string; reason: unknown; id: unknown; price: unknown } {
  const { outcome, reason, lead, price } = JSON.parse(body);
  return { outcome, reason, id: lead?.id, price };
}

describe('csvconduit', () => {
  it('finds the ids of flow and source in the URL', () => {
    expect(`${server.url}${path}`).toMatch(/\/flows\/[a-z0-9]{24}\/sources\/[a-z0-9]{24}\/submit$/);
  });

  it('sends a row as a sorted form without Accept, and gets JSON with a price that is a number', async () => {
    const row = { first_name: 'Ann Mary', phone_1: '(512) 789-4321', email: 'ann@example.com', state: 'TX' };
    const { status, headers, body } = await postForm(row);
    expect([status, headers.get('content-encoding')]).toEqual([201, undefined]);
    expect(headers.get('content-type')).toMatch(/^application\/json/);
    expect(readOutcome(body)).toEqual({
      outcome: 'success',
      reason: undefined,
      id: expect.stringMatching(/^[0-9a-f]{24}$/),
      price: 2.5,
    });
  });

  it('gets a lead that is rejected as 201, with the reason and the price 0', async () => {
    const { status, body } = await postForm({ email: 'bob@example.com', state: 'FL' });
    expect(status).toBe(201);
    expect(readOutcome(body)).toMatchObject({ outcome: 'failure', reason: expect.stringMatching(/FL$/), price: 0 });
  });

  it('gets the redirect that the URL asks for, which it follows', async () => {
    const target = `${server.recipient.url}thanks`;
    const query = `?redir_url=${encodeURIComponent(target)}`;
    const { status, headers } = await postForm({ email: 'cid@example.com', state: 'TX' }, query);
    expect([status, headers.get('location')]).toEqual([303, target]);
  });
});

describe('testlead', () => {
  it('sends a form without Accept and User-Agent, and prints the id of the lead', async () => {
    const body = 'first_name=Rosalia&last_name=O%27Hara&email=rosalia%40example.com&phone_1=512-789-4321&state=TX';
    const lines = [
      `POST ${path} HTTP/1.1`,
      `host: ${origin}`,
      'content-type: application/x-www-form-urlencoded',
      `content-length: ${body.length}`,
      'Connection: close',
    ];
    const answer = await sendRaw(server.url, { lines, body });
    expect(answer.status).toBe(201);
    const { lead } = JSON.parse(answer.body);
    const stored = await server.api('GET', `/leads/${lead.id}`);
    expect(stored.body.events.at(-1).vars.lead).toMatchObject({ first_name: 'Rosalia', last_name: "O'Hara" });
  });
});

describe('the pixel tracker', () => {
  it('asks for a URL with the values in its query, and takes any 2xx', async () => {
    const query = 'first_name=Dan&email=dan%40example.com&state=TX';
    const lines = [`GET ${path}?${query} HTTP/1.1`, `host: ${origin}`, 'Connection: close'];
    const { status } = await sendRaw(server.url, { lines });
    expect(Math.floor(status / 100)).toBe(2);
  });
});
