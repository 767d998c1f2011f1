import { afterAll, beforeAll, expect, it } from 'vitest';
import { type ComposedServer, startTestServer } from '../../../test/harness/server.ts';
import { SCANNED_MAX } from '../../events/scan-events.ts';

let server: ComposedServer;
let flow: Awaited<ReturnType<ComposedServer['deploy']>>;
beforeAll(async () => {
  server = await startTestServer();
  flow = await server.deploy({
    name: 'Odd',
    enabled: true,
    fields: ['first_name', 'email', 'reference'],
    sources: [{ entity: { name: 'Ads' }, integration: { module_id: 'leadconduit-default.inbound' } }],
    steps: [{ type: 'filter', rule_set: { op: 'and', rules: [{ lhv: 'lead.email', op: 'is blank' }] } }],
  });
});
afterAll(() => server.stop());

const submit = async (values: object): Promise<string> => {
  const { status, body } = await server.submit(flow, values);
  expect(status).toBe(201);
  return body.lead.id;
};
const askFor = (rules: object[], rest = '') =>
  server.api('GET', `/events?rules=${encodeURIComponent(JSON.stringify(rules))}${rest}`);

it.each([
  ['interrupted before its first delivery', '{"start_timestamp":1,"end_timestamp":2,"ms":1,"interrupted":true}'],
  ['refused by the database', '{}'],
])('a lead of which nothing is known does not claim that it was decided: %s', async (_what, facts) => {
  const id = await submit({ email: 'a@example.com' });
  await server.query(`update lead_data set document = '{}' where lead_id = $1`, [id]);
  await server.query(`update events set facts = $2 where lead_id = $1 and type = 'source'`, [id, facts]);
  const { status, body } = await server.api('GET', `/leads/${id}`);
  expect(status).toBe(200);
  expect(body.vars).toMatchObject({ lead: { id }, flow: { id: flow.id } });
  const verdicts = body.explanation.phases.map(({ verdict }: { verdict: string }) => verdict);
  expect(new Set(verdicts)).toEqual(new Set(['not reached']));
});

it('a disabled flow stopped the lead when its fields were read', async () => {
  const saved = await server.deploy({ ...flow, id: undefined, enabled: false });
  const { body } = await server.submit(saved, { email: 'a@example.com' });
  const lead = (await server.api('GET', `/leads/${body.lead.id}`)).body;
  expect(lead).toMatchObject({ outcome: 'error', reason: 'Flow is disabled' });
  expect(lead.explanation.phases[0]).toMatchObject({ phase: 'lead-object', verdict: 'stopped', flow_enabled: false });
  expect(lead.explanation.steps[0]).toMatchObject({ verdict: 'not reached' });
});

it('names that JavaScript knows and values of any form come back as they came', async () => {
  const reference = '{"normal":"x","length":7,"toString":"y"}';
  const id = await submit({ first_name: 'constructor', email: 'hasOwnProperty', reference, __proto__: { a: 1 } });
  const { body } = await server.api('GET', `/events?lead_id=${id}&type=source`);
  expect(body[0].vars.lead).toMatchObject({ email: { normal: 'hasOwnProperty', valid: false } });
  expect(JSON.stringify(body[0].vars.lead.first_name)).toContain('constructor');
  const found = await askFor([{ lhv: 'vars.lead.reference', op: 'includes', rhv: 'toString' }], `&lead_id=${id}`);
  expect(found.body).toHaveLength(2);
  const none = await askFor([{ lhv: 'vars.lead.constructor', op: 'is not blank' }], `&lead_id=${id}`);
  expect(none.body).toEqual([]);
  const invalid = await askFor([{ lhv: 'vars.lead.email', op: 'format is invalid' }], `&lead_id=${id}`);
  expect(invalid.body).toHaveLength(2);
});

it('a search that reads too much says how far it came, and can be gone on with', async () => {
  const id = await submit({ email: 'many@example.com' });
  await server.query(
    `insert into events (account_id, lead_id, seq, id, type, outcome, reason, flow_id, source_id, step_id, facts)
     select account_id, lead_id, seq + n, left(id, 18) || lpad(to_hex(n), 6, '0'), type, 'stop', null, flow_id,
            source_id, step_id, facts
       from events, generate_series(2, $2 + 50) as n where lead_id = $1 and type = 'filter'`,
    [id, SCANNED_MAX],
  );
  const rules = [{ lhv: 'vars.lead.email', op: 'is equal to', rhv: 'nobody@example.com' }];
  const first = await askFor(rules, `&lead_id=${id}`);
  expect(first).toMatchObject({ status: 200, body: [] });
  let reached = first.headers.get('x-scan-truncated-at');
  expect(reached).toMatch(/^[0-9a-f]{24}$/);
  // How far a search comes depends on its time, but each begins behind the one before.
  for (let before = 'g'; reached !== null && reached < before; ) {
    before = reached;
    const further = await askFor(rules, `&lead_id=${id}&before_id=${reached}`);
    expect(further).toMatchObject({ status: 200, body: [] });
    reached = further.headers.get('x-scan-truncated-at');
  }
  expect(reached).toBeNull();
});
