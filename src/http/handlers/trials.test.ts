import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestApi, type TestApi } from '../testing/test-server.ts';

let api: TestApi;

beforeAll(async () => {
  api = await createTestApi();
});

afterAll(() => api.close());

const RULES = { rule_set: { op: 'and', rules: [{ lhv: 'lead.age_acme', op: 'is greater than', rhv: 9 }] } };
const TEMPLATE = { template: '{{lead.age_acme}} in {{lead.state}}' };

describe('POST /rules/evaluate and /templates/render', () => {
  it('read values as the account’s own fields', async () => {
    await api.ask({ method: 'POST', url: '/fields', body: { id: 'age_acme', name: 'Age', type: 'number' } });
    const vars = { lead: { age_acme: '1,000 years', state: 'texas' } };
    const rules = await api.ask({ method: 'POST', url: '/rules/evaluate', body: { ...RULES, vars } });
    expect(rules).toMatchObject({
      status: 200,
      body: { passed: true, reason: null, rules: [{ left: 1000, right: 9 }] },
    });
    const rendered = await api.ask({ method: 'POST', url: '/templates/render', body: { ...TEMPLATE, vars } });
    expect(rendered).toMatchObject({ status: 200, body: { kind: 'composed', text: '1000 in TX' } });
  });

  it('show where a template is wrong', async () => {
    const { status, body } = await api.ask({ method: 'POST', url: '/templates/render', body: { template: 'a {{b' } });
    expect({ status, code: body.code }).toEqual({ status: 422, code: 'invalid_document' });
    const [detail] = body.details;
    expect(detail).toMatchObject({
      path: 'template',
      message: expect.any(String),
      line: 1,
      column: expect.any(Number),
    });
    expect(detail.snippet).toMatch(/^a \{\{b\n *\^$/);
  });

  it.each<[string, string, object, string[]]>([
    ['no rule set', '/rules/evaluate', {}, ['rule_set']],
    ['typing errors', '/rules/evaluate', { ...RULES, var: {} }, ['var']],
    ['unknown types', '/rules/evaluate', { ...RULES, types: { 'lead.x': 'colour' } }, ['types.lead.x']],
    ['depth', '/rules/evaluate', { ...RULES, vars: nested(200) }, ['']],
    ['no template', '/templates/render', {}, ['template']],
  ])('refuse %s with the place', async (_what, url, body, paths) => {
    const answer = await api.ask({ method: 'POST', url, body });
    expect([answer.status, answer.body.details.map(({ path }: { path: string }) => path)]).toEqual([422, paths]);
  });

  it('warn of a left side that nothing provides', async () => {
    const rule_set = { op: 'and', rules: [{ lhv: 'lead.stat', op: 'is blank' }] };
    const { body } = await api.ask({ method: 'POST', url: '/rules/evaluate', body: { rule_set } });
    expect(body).toMatchObject({ passed: true, warnings: [{ path: 'rule_set.rules.0.lhv' }] });
  });

  it.each<[string, object]>([
    ['/rules/evaluate', RULES],
    ['/templates/render', TEMPLATE],
  ])('%s answers each status', async (url, body) => {
    const statusOf = async (request: object) => (await api.ask({ method: 'POST', url, body, ...request })).status;
    expect(await statusOf({})).toBe(200);
    expect(await statusOf({ key: api.plainKey })).toBe(200);
    expect(await statusOf({ text: '{"vars":' })).toBe(400);
    expect(await statusOf({ text: '{"vars":{"__proto__":1}}' })).toBe(400);
    expect(await statusOf({ key: null })).toBe(401);
    expect(await statusOf({ method: 'GET', body: undefined })).toBe(405);
    expect(await statusOf({ text: JSON.stringify({ ...body, vars: { x: 'x'.repeat(2_000_000) } }) })).toBe(413);
    expect(await statusOf({ headers: { 'content-type': 'text/plain' } })).toBe(415);
    expect(await statusOf({ body: { ...body, now: 'noon' } })).toBe(422);
    expect(await statusOf({ body: undefined })).toBe(422);
  });
});

function nested(levels: number): object {
  let value: object = {};
  for (let level = 0; level < levels; level += 1) value = { value };
  return value;
}
