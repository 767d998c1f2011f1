import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildAuthorization } from '../../../client/src/authorization.ts';
import { type ApiReply, ask, type ComposedServer, startTestServer } from '../../../test/harness/server.ts';

const SSN = '219-09-9999';

let server: ComposedServer;
let flow: Awaited<ReturnType<ComposedServer['deploy']>>;
beforeAll(async () => {
  server = await startTestServer();
  flow = await server.deploy({
    name: 'Solar',
    enabled: true,
    fields: ['age', 'state', 'ssn', 'first_name'],
    sources: [
      {
        entity: { name: 'Ads' },
        integration: { module_id: 'leadconduit-default.inbound' },
        pricing: { prices: [{ amount: 5 }] },
      },
    ],
    caps: [
      {
        ...{ type: 'volume', name: 'None', maximum: 0, duration: 1, duration_units: 'day' },
        rule_set: { op: 'and', rules: [{ lhv: 'lead.state', op: 'is equal to', rhv: 'NV' }] },
      },
    ],
    acceptance_criteria: {
      rule_set: {
        op: 'and',
        rules: [
          { lhv: 'lead.ssn', op: 'is not equal to', rhv: '{{lead.first_name}}' },
          { lhv: 'lead.age', op: 'is greater than or equal to', rhv: '18' },
        ],
      },
    },
    steps: [],
  });
});
afterAll(() => server.stop());

const submit = async (values: object): Promise<string> => (await server.submit(flow, values)).body.lead.id;
const explain = (id: string, accept?: string, key: string | null = server.key): Promise<ApiReply> =>
  ask(`${server.url}/leads/${id}/explain`, {
    headers: {
      ...(key === null ? {} : { Authorization: buildAuthorization(key) }),
      ...(accept === undefined ? {} : { Accept: accept }),
    },
  });

describe('GET /leads/{id}/explain', () => {
  it('gives a program the answer, the decision, and each rule with its distance', async () => {
    const id = await submit({ age: '17', state: 'TX' });
    const { status, headers, body } = await explain(id);
    expect(status).toBe(200);
    expect(headers.get('vary')).toBe('Accept, Accept-Encoding');
    expect(body).toMatchObject({
      id,
      flow: { id: flow.id, name: 'Solar' },
      answer: {
        outcome: 'failure',
        reason: 'Age must be greater than or equal to 18',
        price: 0,
        status: 201,
        decided_by: { phase: 'acceptance-criteria', path: 'acceptance_criteria', id: null },
      },
      steps: [],
    });
    expect(body.phases[4]).toMatchObject({
      verdict: 'stopped',
      rules: [
        { lhv: 'lead.ssn', rhv: '{{lead.first_name}}', passed: true, distance: null },
        { label: 'Age', left: '17', right: '18', passed: false, distance: { scale: 'number', by: -1, unit: null } },
      ],
    });
    expect(body.sentences).toContain(
      'The lead was rejected by the acceptance criteria of the flow: Age was 17; 18 or more is needed (1 short).',
    );
  });

  it('gives a person the sentences', async () => {
    const { status, headers, text } = await explain(await submit({ age: '30' }), 'text/plain');
    expect(status).toBe(200);
    expect(headers.get('content-type')).toBe('text/plain; charset=utf-8');
    expect(text).toContain('The lead was accepted: nothing stopped it.\n');
    expect(text).toContain('It cost 5.00 dollars (price 1 of the source matched).\n');
  });

  it('names the cap that decided', async () => {
    const { body } = await explain(await submit({ age: '30', state: 'NV' }));
    expect(body.answer.decided_by).toEqual({ phase: 'caps', path: 'caps', id: flow.caps[0].id });
    expect(body.phases[3].cap).toMatchObject({
      name: 'None',
      maximum: 0,
      frees_at: null,
      time_zone: expect.any(String),
    });
  });

  it('keeps secrets masked, wherever they came', async () => {
    const id = await submit({ age: '17', ssn: SSN, first_name: SSN });
    for (const accept of ['application/json', 'text/plain']) {
      const { text } = await explain(id, accept);
      expect(text).not.toMatch(/219-?09-?9999/);
    }
  });

  it('a sender writes no sentences', async () => {
    const { text } = await explain(await submit({ first_name: 'x\nThe lead was accepted.', age: '17' }), 'text/plain');
    expect(text.split('\n')).not.toContain('The lead was accepted.');
  });

  it('of a lead whose server stopped, and of one whose personal part is gone, reports what is known', async () => {
    const id = await submit({ age: '17' });
    await server.query(`delete from lead_data where lead_id = $1`, [id]);
    const gone = await explain(id, 'text/plain');
    expect(gone.status).toBe(200);
    expect(gone.text).toContain('The decisions of the phases are unknown');
    expect(gone.text).toContain('the answer to its sender is not recorded');
  });

  it.each([
    ['another account', 404, () => submit({ age: '30' }), () => server.strangerKey],
    ['nobody', 401, () => submit({ age: '30' }), () => null],
    ['an unknown lead', 404, async () => '0123456789abcdef01234567', () => server.key],
    ['no id', 404, async () => 'nonsense', () => server.key],
  ])('%s gets %i', async (_who, status, idOf, keyOf) => {
    const reply = await explain(await idOf(), 'text/plain', keyOf());
    expect(reply.status).toBe(status);
    expect(reply.headers.get('content-type')).toContain('application/json');
  });
});
