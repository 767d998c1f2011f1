import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { deskWsdl, envelope, taken } from '../../src/integrations/builtin/leadconduit-custom/soap/testing/desk-wsdl.ts';
import type { MappingValue } from '../../src/model/mapping.ts';
import type { Delivery, RecipientAnswer } from '../harness/recipient.ts';
import { type ComposedServer, type SubmitTarget, startTestServer } from '../harness/server.ts';
import { flowOf, sourceNamed } from './flows.ts';

let server: ComposedServer;
let flow: SubmitTarget;
beforeAll(async () => {
  server = await startTestServer();
  // It answers everything a recipient appended.
  const integration = { module_id: 'leadconduit-standard.inbound.verbose', mappings: [] };
  const sources = [sourceNamed('Search ads', { integration })];
  const step = soapStep('Desk', 'desk', { 'arg.Person.Phone.0': '{{lead.phone_1}}' });
  flow = await server.deploy(flowOf([step], { sources }));
});
beforeEach(() => {
  server.recipient.deliveries.length = 0;
});
afterAll(() => server.stop());

const XML = { 'Content-Type': 'text/xml; charset=utf-8' };
const SOLD: RecipientAnswer = { headers: XML, body: taken('<Status>Accepted</Status><Pay>3.75</Pay><Why> New </Why>') };

function soapStep(name: string, path: string, properties: Record<string, MappingValue> = {}) {
  const mapped = {
    url: `${server.recipient.url}${path}?wsdl`,
    function: 'TakeLead',
    wss_username: 'sluice',
    wss_password: 'open-sesame',
    'arg.Key': 'k1',
    'arg.Person.Given': '{{lead.first_name}}',
    outcome_search_path: 'Status',
    outcome_search_term: 'accepted',
    price_path: 'Pay',
    reason_path: 'Why',
    ...properties,
  };
  const mappings = Object.entries(mapped).map(([property, value]) => ({ property, value }));
  const integration = { module_id: 'leadconduit-custom.outbound.soap', mappings };
  return { type: 'recipient' as const, entity: { name }, key: 'desk', integration };
}

/** Serves the WSDL to every GET and answers every message so. */
function serve(answer: RecipientAnswer): void {
  const ports = `<wsdl:port name="P" binding="tns:Binding"><soap:address location="${server.recipient.url}svc"/></wsdl:port>`;
  const wsdl: RecipientAnswer = { headers: XML, body: deskWsdl({ ports }) };
  server.recipient.answerWith(({ method }: Delivery) => (method === 'GET' ? wsdl : answer));
}

const LEAD = { first_name: 'Ann & Co', phone_1: '512-789-4321' };

async function readEvent(target: SubmitTarget, values: unknown) {
  const { body } = await server.submit(target, values);
  const lead = await server.api('GET', `/leads/${body.lead.id}`);
  return lead.body.events.find((event: { type: string }) => event.type === 'recipient');
}

it('a lead is delivered to a web service as its WSDL says, and the next one in one exchange', async () => {
  serve(SOLD);
  const event = await readEvent(flow, LEAD);
  expect(event).toMatchObject({
    outcome: 'success',
    reason: 'New',
  });
  const { body } = await server.submit(flow, LEAD);
  expect(body.appended.desk).toMatchObject({ outcome: 'success', price: 3.75, Status: 'Accepted' });
  const { deliveries } = server.recipient;
  expect(deliveries.map(({ method, path }) => `${method} ${path}`)).toEqual([
    'GET /desk?wsdl',
    'POST /svc',
    'POST /svc',
  ]);
  expect(deliveries[1]?.headers).toMatchObject({
    soapaction: '"urn:desk/TakeLead"',
    'content-type': 'text/xml; charset=utf-8',
  });
  expect(deliveries[1]?.body).toContain(
    '<TakeLead xmlns="urn:desk"><Key>k1</Key><Person><Given>Ann &amp; Co</Given><Phone>5127894321</Phone></Person></TakeLead>',
  );
  expect(deliveries[1]?.body).toContain('open-sesame');
  expect(event.transactions).toMatchObject([{ request: { method: 'GET' } }, { request: { method: 'POST' } }]);
  expect(JSON.stringify(event.transactions)).not.toContain('open-sesame');
});

it('a fault is an error with its words', async () => {
  serve({ status: 500, headers: XML, body: envelope('<soap:Fault><faultstring>Bad key</faultstring></soap:Fault>') });
  expect(await readEvent(flow, LEAD)).toMatchObject({ outcome: 'error', reason: 'Bad key' });
});

it('an unanswered message is an unknown outcome, an unanswered WSDL is not', async () => {
  serve('hangUp');
  expect(await readEvent(flow, LEAD)).toMatchObject({ outcome: 'error', unknown: true });
  const other = await server.deploy(flowOf([soapStep('Gone', 'gone')]));
  server.recipient.answerWith(() => 'hangUp');
  const event = await readEvent(other, LEAD);
  expect(event).toMatchObject({ outcome: 'error', reason: expect.stringMatching(/^The WSDL was not fetched: /) });
  expect(event.unknown).not.toBe(true);
});
