import { describe, expect, it } from 'vitest';
import { runTestLead, TEST_NOW } from '../testing/run-test-lead.ts';
import { ACCOUNT_ID, deliveryTo, FLOW_ID, SOURCE_ID, testFlow, testSource } from '../testing/test-flow.ts';

const SSN = '219-09-9999';

describe('lead-object', () => {
  it('keeps the flow’s fields, each read as its type', async () => {
    const values = { phone_1: '(512) 789-1111', state: 'Texas', shoe_size: 44, email: 'nonsense' };
    const { document } = await runTestLead({ values });
    const { lead } = document.vars;
    expect(Object.keys(lead).sort()).toEqual(['email', 'id', 'phone_1', 'state']);
    expect(lead.phone_1).toMatchObject({ normal: '5127891111', area: '512', valid: true });
    expect(lead.email).toMatchObject({ raw: 'nonsense', valid: false });
  });

  it('knows where and when the lead came, and draws its number once', async () => {
    const { run } = await runTestLead({ values: { first_name: 'Ann' } });
    expect(run.vars).toMatchObject({
      account: { id: ACCOUNT_ID, sso_id: ACCOUNT_ID, name: 'Acme' },
      flow: { id: FLOW_ID, name: 'Solar leads' },
      source: { id: SOURCE_ID, name: 'Acme Leads' },
      submission: { ip: '192.0.2.1' },
      random: 42,
    });
    const { timestamp } = run.vars['submission'] as { timestamp: Date }; // as lead-object.ts made it
    expect(timestamp.getTime()).toBe(TEST_NOW);
  });

  it('keeps a field and the field nested under it, places of lists, digits and the text of elements', async () => {
    const flow = testFlow({
      fields: ['first_name', 'last_name', 'company', 'company.name', 'reference'],
      sources: [
        testSource({
          integration: {
            module_id: 'leadconduit-default.inbound',
            mappings: [
              { property: 'last_name', value: '{{answers.1.text}}' },
              { property: 'company.name', value: '{{first_name.lang}}' },
            ],
          },
        }),
      ],
    });
    const form = { 'Content-Type': 'application/x-www-form-urlencoded', 'Content-Length': '9' };
    const lead = async (request: { body: string; headers?: Record<string, string> }) =>
      (await runTestLead({ flow, request })).document.vars.lead;
    const company = { normal: 'Acme', name: 'Acme Inc' };
    for (const body of ['company=Acme&company.name=Acme+Inc', 'company%5Bname%5D=Acme+Inc&company=Acme']) {
      expect(await lead({ headers: form, body })).toMatchObject({ company });
    }
    const body =
      '{"reference":9007199254740993,"answers":[null,{"text":"Ana"}],"company":"Acme","company.name":"Acme Inc"}';
    expect(await lead({ body })).toMatchObject({
      reference: '9007199254740993',
      last_name: 'Ana',
      company,
    });
    const xml = { 'Content-Type': 'text/xml', 'Content-Length': '9' };
    const element = '<lead><first_name lang="en">Ana</first_name><company><![CDATA[Acme]]></company></lead>';
    expect(await lead({ headers: xml, body: element })).toMatchObject({
      first_name: 'Ana',
      company: { normal: 'Acme', name: 'en' },
    });
  });

  it('shows an object in a plain field as its JSON text', async () => {
    const body = '{"first_name":{"x":1},"email":{"raw":"ana@example.com"},"phone_1":{"a":[]}}';
    const { document } = await runTestLead({ request: { body } });
    expect(JSON.stringify(document.vars.lead)).not.toContain('[object');
    expect(document.vars.lead).toMatchObject({ email: { normal: 'ana@example.com' } });
    expect(JSON.stringify(document.vars.lead)).toContain('x');
  });

  it('no name of a lead reaches JavaScript’s machinery', async () => {
    const body = '{"__proto__": {"first_name": "Eve"}, "constructor": {"prototype": {"polluted": 1}}, "toString": "x"}';
    const { document, status } = await runTestLead({ request: { body } });
    expect(status).toBe(201);
    expect(Object.keys(document.vars.lead)).toEqual(['id']);
    expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false);
  });

  it('a disabled flow stops here: an error with an event, that takes no place and sends nothing', async () => {
    const flow = testFlow({ enabled: false, steps: [deliveryTo('My CRM')] });
    const { status, body, events, store, sent } = await runTestLead({ flow, values: { first_name: 'Ann' } });
    expect({ status, body }).toMatchObject({
      status: 201,
      body: { outcome: 'error', reason: 'Flow is disabled', price: 0 },
    });
    expect(events).toMatchObject([{ type: 'source', outcome: 'error', reason: 'Flow is disabled' }]);
    expect([store.looks, sent]).toEqual([[], []]);
  });
});

describe('a masked value is written nowhere', () => {
  const everywhere = deliveryTo(
    'My CRM',
    {},
    {
      'json_property.ssn': '{{lead.ssn}}',
      'header.X-Ssn': '{{lead.ssn}}',
      url: 'https://buyer.example.com/{{lead.ssn}}',
    },
  );
  const flow = testFlow({ fields: ['first_name', 'ssn', 'secret_acme'], steps: [everywhere] });
  const form = {
    'Content-Type': 'application/x-www-form-urlencoded',
    Accept: 'application/json',
    'Content-Length': '9',
  };

  const CASES: { name: string; lead: Parameters<typeof runTestLead>[0] }[] = [
    { name: 'as JSON', lead: { flow, values: { ssn: SSN } } },
    { name: 'as a form', lead: { flow, request: { headers: form, body: `ssn=${SSN}` } } },
    {
      name: 'in the URL and where the visitor came from',
      lead: {
        flow,
        request: { uri: `/s?ssn=${SSN}`, headers: { ...form, Referer: `https://x.example/?ssn=${SSN}` }, body: '' },
      },
    },
    {
      name: 'when the flow does not have the field',
      lead: { values: { ssn: SSN }, flow: testFlow({ fields: ['first_name'] }) },
    },
    { name: 'in another field’s text', lead: { flow, values: { ssn: SSN, first_name: `Ann, ${SSN}` } } },
    { name: 'in a field its author called secret', lead: { flow, values: { secret_acme: SSN } } },
    {
      name: 'echoed by the recipient, as a text, a number and a name',
      lead: {
        flow,
        values: { ssn: SSN },
        recipient: () => ({ body: { outcome: 'failure', reason: `known: ${SSN}`, ssn: 219099999, [SSN]: [SSN] } }),
      },
    },
  ];

  it.each(CASES)('$name', async ({ lead }) => {
    const { settled, store } = await runTestLead(lead);
    const written = JSON.stringify([settled, store.claims]);
    expect(written).toContain('***');
    for (const spelling of [SSN, '219099999', '219 09 9999']) expect(written).not.toContain(spelling);
  });

  it('a secret that looks like a part of our record does not break it', async () => {
    for (const secret of ['174', 'true', 'lead', 'outcome', '"],"', '201', 'error']) {
      const { document, store, settled } = await runTestLead({ flow, values: { ssn: secret, secret_acme: secret } });
      expect(document).toMatchObject({ request: { method: 'POST', timestamp: TEST_NOW }, response: { status: 201 } });
      expect(JSON.parse(store.claims[0]?.state ?? '')).toMatchObject({ intent: { at: TEST_NOW } });
      expect(settled?.events.map(({ outcome }) => outcome)).toEqual(['success', 'success']);
    }
  });
});
