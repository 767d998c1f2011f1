import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ROUTES } from '../../src/http/routes.ts';
import type { FlowDocument } from '../../src/model/flow.ts';
import { type ComposedServer, startTestServer } from '../harness/server.ts';
import { until } from '../harness/until.ts';
import { deliveryTo, flowOf, sourceNamed, when } from './flows.ts';

/** What a caller with `leads.read` and without `personal_data.read` sees: where leads went, and no value of any. */

const PERSON = { first_name: 'Wilhelmina', email: 'wilhelmina@quux.example', phone_1: '512-555-0134', state: 'NV' };
/** In any form. The state stands in the rules of the flow, too, which are no secret. */
const VALUES = /wilhelmina|quux|5550134|555-0134/i;
const QUOTING = 'No house for "wilhelmina@quux.example" at 512-555-0134';

let server: ComposedServer;
let flow: Awaited<ReturnType<ComposedServer['deploy']>>;
let key: string;
/** What stands for the parameters of paths. */
const ids: Record<string, string> = {};

beforeAll(async () => {
  server = await startTestServer();
  const feedback = {
    returns: {
      enabled: true,
      approval: { deadline: { value: 7, interval: 'day' as const }, default: 'accept' as const },
    },
  };
  const parts: Partial<FlowDocument> = {
    fields: ['first_name', 'last_name', 'email', 'phone_1', 'state', 'ssn'],
    sources: [sourceNamed('Ads', { pricing: { prices: [{ amount: 5 }] } })],
  };
  flow = await server.deploy(
    flowOf(
      [
        deliveryTo(`${server.recipient.url}reject`),
        deliveryTo(`${server.recipient.url}buy`, { feedback, rule_set: when('lead.state', 'is equal to', 'NV') }),
        { type: 'filter', rule_set: when('lead.state', 'is equal to', 'NV'), reason: QUOTING },
      ],
      parts,
    ),
  );
  server.recipient.answerWith(({ path }) => ({
    body: path === '/buy' ? { outcome: 'success' } : { outcome: 'failure', reason: QUOTING },
  }));
  const { body } = await server.submit(flow, PERSON);
  ids['lead'] = body.lead.id;
  const { events } = (await server.api('GET', `/leads/${ids['lead']}`)).body;
  const sold = events.find(
    ({ type, outcome }: { type: string; outcome: string }) => type === 'recipient' && outcome === 'success',
  );
  ids['event'] = sold.id;
  const returned = await server.api('POST', `/leads/${ids['lead']}/feedback`, {
    type: 'return',
    recipient_id: sold.vars.recipient.id,
    reason: QUOTING,
  });
  ids['return'] = returned.body.feedback.id;
  const made = await server.api('POST', '/api_keys', {
    name: 'Counter',
    permissions: ['leads.read', 'leads.resubmit', 'feedback.send'],
  });
  key = made.body.key;
});
afterAll(() => server.stop());

const ask = (method: string, path: string, body?: object) => server.api(method, path, body, { key });

/** The routes that show leads, each as it is asked. */
const SHOWING = (): Record<string, readonly [path: string, body?: object]> => ({
  'GET /events': [`/events?lead_id=${ids['lead']}`],
  'POST /events': ['/events', { lead_id: ids['lead'] }],
  'GET /events/:id': [`/events/${ids['event']}`],
  'GET /leads': ['/leads'],
  'GET /leads/:id': [`/leads/${ids['lead']}`],
  'GET /search/leads': [`/search/leads?query=${ids['lead']}`],
  'GET /returns': ['/returns'],
  'GET /returns/:id': [`/returns/${ids['return']}`],
});

/** Those that are refused, and those that have nothing of a lead. */
const REFUSED = ['GET /leads/:id/explain', 'POST /leads/:id/reveal'];
const WITHOUT_LEADS = [
  ...['GET /recipients/health', 'GET /exports', 'GET /exports/:id', 'POST /exports', 'DELETE /exports/:id'],
  ...['GET /batches', 'GET /batches/:id', 'GET /batches/:id/files', 'GET /batches/:id/files/:file_id'],
  ...['GET /views', 'POST /views', 'PUT /views/:id', 'DELETE /views/:id'],
];
/** Of these only the reason is of the lead. */
const WITH_REASONS = [
  ...['GET /pings', 'GET /pings/:id', 'GET /retries', 'GET /retries/:id', 'GET /unknowns'],
  ...['GET /problems', 'GET /problems/:id', 'POST /flows/:id/replay'],
];

describe('without personal_data.read', () => {
  it('every route that takes leads.read is one of these', () => {
    const named = ROUTES.filter(({ permission }) => permission === 'leads.read').map(
      ({ method, path }) => `${method} ${path}`,
    );
    const known = [...Object.keys(SHOWING()), ...REFUSED, ...WITHOUT_LEADS, ...WITH_REASONS];
    expect(named.filter((name) => !known.includes(name))).toEqual([]);
  });

  it.each(Object.keys(SHOWING()))('%s answers without values', async (name) => {
    const [path, sent] = SHOWING()[name] ?? [''];
    const whole = await server.api(name.split(' ')[0] ?? '', path, sent);
    expect(JSON.stringify(whole.body)).toMatch(VALUES);
    const { status, body } = await ask(name.split(' ')[0] ?? '', path, sent);
    expect([status, JSON.stringify(body).match(VALUES)?.[0]]).toEqual([200, undefined]);
    expect(JSON.stringify(body)).toContain(ids['lead']);
  });

  it('an event keeps its facts and its place, its reason becomes its class', async () => {
    const { body } = await ask('GET', `/events?lead_id=${ids['lead']}&type=recipient&outcome=failure`);
    expect(body).toHaveLength(1);
    expect(body[0]).toMatchObject({
      outcome: 'failure',
      reason: 'No house for … at …',
      module_id: 'leadconduit-custom.outbound.json',
      vars: { flow: { id: flow.id }, source: { name: 'Ads' }, lead: { id: ids['lead'] } },
    });
    for (const name of ['request', 'transactions', 'appended', 'explanation', 'mappings'])
      expect(body[0]).not.toHaveProperty(name);
    expect(Object.keys(body[0].vars.lead)).toEqual(['id']);
  });

  it('a problem shows the class of its reason, and its leads', async () => {
    const broken = deliveryTo(
      `${server.recipient.url}reject`,
      {},
      { outcome_search_term: 'no house', outcome_on_match: 'error', outcome_search_path: 'reason' },
    );
    const failing = await server.deploy(flowOf([broken], { name: 'Failing' }));
    const { body: sent } = await server.submit(failing, PERSON);
    const listProblems = async (options?: object) =>
      (await server.api('GET', `/problems?flow_id=${failing.id}`, undefined, options)).body.problems;
    await until('the failure is counted', async () => (await listProblems()).length > 0);
    const listed = await listProblems({ key });
    const delivery = listed.find(({ step_id: step }: { step_id: string | null }) => step !== null);
    expect(delivery.reason_class).toBe('No house for … at …');
    const { status, body } = await ask('GET', `/problems/${delivery.id}`);
    expect([status, JSON.stringify([listed, body]).match(VALUES)?.[0]]).toEqual([200, undefined]);
    expect(JSON.stringify(body)).toContain(sent.lead.id);
    expect(JSON.stringify((await server.api('GET', `/problems/${delivery.id}`)).body)).toMatch(VALUES);
  });

  it('a lead keeps its money and the verdict of each phase and step', async () => {
    const { body } = await ask('GET', `/leads/${ids['lead']}`);
    expect(body.money).toMatchObject({ cost: 0, entries: [] });
    expect(body.explanation.steps.map(({ verdict }: { verdict: string }) => verdict)).toEqual([
      'failure',
      'success',
      'stop',
    ]);
    expect(body.explanation.phases[0]).toEqual({ phase: 'lead-object', verdict: 'passed' });
  });

  it.each(REFUSED)('%s is 403', async (name) => {
    const [method = '', path = ''] = name.split(' ');
    const { status, body } = await ask(method, path.replace(':id', ids['lead'] ?? ''));
    expect([status, body.code]).toEqual([403, 'permission_required']);
  });

  it('an explanation with hidden values has the rules, the sentences and no value', async () => {
    const whole = await server.api('GET', `/leads/${ids['lead']}/explain`);
    expect(JSON.stringify(whole.body)).toMatch(VALUES);
    const { status, body } = await ask('GET', `/leads/${ids['lead']}/explain?values=hidden`);
    expect([status, JSON.stringify(body).match(VALUES)?.[0]]).toEqual([200, undefined]);
    expect(body.summary).toContain('State was (hidden)');
    expect(body.rule_sets.find((tree: { is_deciding: boolean }) => tree.is_deciding)).toMatchObject({
      stops_when: 'passed',
      verdict: 'passed',
      nodes: [
        { kind: 'group', depth: 0, holds: 'all', verdict: 'passed' },
        { kind: 'rule', depth: 1, lhv: 'lead.state', left: '(hidden)', right: 'NV', verdict: 'passed', distance: null },
      ],
    });
  });

  const STATE = [{ lhv: 'vars.lead.state', op: 'is equal to', rhv: 'NV' }];
  const rulesOf = (rule: object) => `rules=${encodeURIComponent(JSON.stringify([rule]))}`;
  it.each<[string, string, string, object?]>([
    ['a rule about a value', 'POST', '/events', { rules: STATE }],
    ['a rule about a value in a URL', 'GET', `/events?${rulesOf(STATE[0] ?? {})}`],
    ['a rule about a reason', 'GET', `/events?${rulesOf({ lhv: 'reason', op: 'includes', rhv: 'quux' })}`],
    ['a rule about what was sent', 'GET', `/events?${rulesOf({ lhv: 'request.body', op: 'includes', rhv: 'quux' })}`],
    [
      'a template with a value',
      'POST',
      '/events',
      { rules: [{ lhv: 'outcome', op: 'is equal to', rhv: '{{vars.lead.state}}' }] },
    ],
    ['a whole reason', 'GET', '/events?reason=x'],
    ['a whole reason of a lead', 'GET', '/leads?reason=x'],
    ['a stream by a value', 'GET', `/events/stream?${rulesOf(STATE[0] ?? {})}`],
    ['a resubmission by a value', 'POST', '/leads/resubmit', { query: { rules: STATE } }],
    ['a resubmission by a reason', 'POST', '/leads/resubmit', { query: { reason: 'x' } }],
  ])('%s is 403, because the answer would tell who has it', async (_name, method, path, body) => {
    const refused = await ask(method, path, body);
    expect([refused.status, refused.body.code]).toEqual([403, 'permission_required']);
  });

  it('rules about anything else, and the class of a reason, are answered', async () => {
    const rules = [{ lhv: 'vars.source.name', op: 'is equal to', rhv: 'Ads' }];
    expect((await ask('POST', '/events', { rules })).body).toHaveLength(4);
    await until('events are counted', async () => {
      const { body } = await ask(
        'GET',
        `/events?reason_class=${encodeURIComponent('No house for … at …')}&flow_id=${flow.id}`,
      );
      return body.length === 3;
    });
  });

  it('a replay and test leads show classes of reasons and no values', async () => {
    const counter = { name: 'Editor', permissions: ['flows.read', 'flows.write', 'leads.read'] };
    const as = { key: (await server.api('POST', '/api_keys', counter)).body.key };
    const { id: _id, revision: _revision, ...document } = (await server.api('GET', `/flows/${flow.id}`)).body;
    const quoting = { type: 'filter', rule_set: when('lead.state', 'is equal to', 'NV'), reason: 'No: {{lead.email}}' };
    const other = { ...document, steps: [quoting], enabled: true };
    const testLead = {
      ...{ name: 'Refused', source_id: document.sources[0].id, values: PERSON },
      expected: { outcome: 'failure', reason: QUOTING },
    };
    const path = `/flows/${flow.id}`;
    const made = await server.api('POST', `${path}/test_leads`, testLead, as);
    expect(made).toMatchObject({ status: 201, body: { values: null, assume: null } });
    const changed = await server.api('PUT', `${path}/test_leads/${made.body.id}`, testLead, as);
    const answers = [
      ...[made, changed, await server.api('GET', `${path}/test_leads`, undefined, as)],
      await server.api('POST', `${path}/test_leads/run`, { document: other }, as),
      await server.api('POST', `${path}/replay`, { document: { ...other, steps: [] } }, as),
    ];
    for (const { status, text } of answers) expect([status < 300, text.match(VALUES)?.[0]]).toEqual([true, undefined]);
    expect(answers[3]?.body.results[0]).toMatchObject({
      passed: false,
      got: { outcome: 'failure' },
      explanation: null,
    });
    const whole = await server.api('POST', `${path}/test_leads/run`, { document: other });
    expect(whole.text).toMatch(VALUES);
    expect((await server.api('DELETE', `${path}/test_leads/${made.body.id}`, undefined, as)).text).not.toMatch(VALUES);
  });

  it('a stream sends no values', async () => {
    const controller = new AbortController();
    const response = await fetch(`${server.url}/events/stream?after_id=${'0'.repeat(24)}`, {
      headers: { Authorization: `Basic ${Buffer.from(`api:${key}`).toString('base64')}` },
      signal: controller.signal,
    });
    let text = '';
    const decoder = new TextDecoder();
    for await (const chunk of response.body ?? []) {
      text += decoder.decode(chunk, { stream: true });
      if (text.includes('"type":"source"') && text.endsWith('\n\n')) break;
    }
    controller.abort();
    expect(text).toContain(ids['lead']);
    expect(text).not.toMatch(VALUES);
  });

  it('an answer to feedback has the id of the lead alone', async () => {
    const { vars } = (await server.api('GET', `/events/${ids['event']}`)).body;
    const { status, body } = await ask('POST', `/leads/${ids['lead']}/feedback`, {
      type: 'return',
      recipient_id: vars.recipient.id,
      reason: QUOTING,
    });
    expect([status, body.lead]).toEqual([201, { id: ids['lead'] }]);
    expect(JSON.stringify(body.feedback)).not.toMatch(VALUES);
  });
});
