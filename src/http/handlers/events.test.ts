import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ComposedServer, startTestServer } from '../../../test/harness/server.ts';
import { EVENT_PROPERTIES } from '../../events/event-properties.ts';

const SSN = '123-45-6789';

/** A flow in which every kind of step, check and cap has something to decide. */
const flowOf = (recipientUrl: string) => ({
  name: 'Mortgages',
  enabled: true,
  fields: ['email', 'state', 'ssn', 'phone_1'],
  sources: [
    {
      entity: { name: 'Search Ads' },
      integration: { module_id: 'leadconduit-default.inbound', mappings: [] },
      pricing: { prices: [{ amount: 5 }, { amount: 7.5, rule_set: rule('lead.state', 'is equal to', 'TX') }] },
    },
  ],
  list_checks: { duplicate: { value: '{{lead.email}}', list_name: 'Mortgage leads' } },
  caps: [
    {
      type: 'volume',
      name: 'Nevada',
      maximum: 1,
      duration: 1,
      duration_units: 'day',
      rule_set: rule('lead.state', 'is equal to', 'NV'),
    },
  ],
  acceptance_criteria: {
    outcome: 'failure',
    rule_set: {
      op: 'and',
      rules: [
        { lhv: 'lead.state', op: 'is included in', rhv: ['TX', 'NV', 'CA'] },
        { lhv: 'lead.ssn', op: 'is not equal to', rhv: '999-99-9999' },
      ],
    },
  },
  steps: [
    { type: 'filter', reason: 'duplicate', rule_set: rule('suppressionlist.is_duplicate', 'is true') },
    {
      type: 'recipient',
      entity: { name: 'Buyer One' },
      rule_set: rule('lead.state', 'is not equal to', 'CA'),
      pricing: { override: true, prices: [] },
      integration: {
        module_id: 'leadconduit-custom.outbound.json',
        mappings: [
          { property: 'url', value: recipientUrl },
          { property: 'json_property.email', value: '{{lead.email}}' },
          { property: 'json_property.ssn', value: '{{lead.ssn}}' },
          { property: 'json_property.vegas', value: 'yes', rule_set: rule('lead.state', 'is equal to', 'NV') },
          { property: 'price_path', value: 'price' },
        ],
      },
    },
    {
      type: 'recipient',
      enabled: false,
      entity: { name: 'Buyer Two' },
      integration: {
        module_id: 'leadconduit-custom.outbound.json',
        mappings: [{ property: 'url', value: recipientUrl }],
      },
    },
    {
      type: 'filter',
      reason: '{{buyer_one.reason}}',
      rule_set: rule('buyer_one.outcome', 'is not equal to', 'success'),
    },
  ],
});

function rule(lhv: string, op: string, rhv?: string) {
  return { op: 'and', rules: [{ lhv, op, ...(rhv === undefined ? {} : { rhv }) }] };
}

describe('leads and their events', () => {
  let server: ComposedServer;
  let flow: Awaited<ReturnType<ComposedServer['deploy']>>;
  const leads: Record<string, string> = {};
  const started = new Date().toISOString();

  beforeAll(async () => {
    server = await startTestServer();
    flow = await server.deploy(flowOf(server.recipient.url));
    const submit = async (name: string, values: object) => {
      const reply = await server.submit(flow, values);
      expect(reply.status).toBe(201);
      leads[name] = reply.body.lead.id;
    };
    await submit('sold', { email: 'a@example.com', state: 'TX', ssn: SSN, phone_1: '512-789-1111' });
    await submit('duplicate', { email: 'A@example.com', state: 'TX' });
    await submit('elsewhere', { email: 'b@example.com', state: 'NY' });
    await submit('nevada', { email: 'c@example.com', state: 'NV' });
    await submit('capped', { email: 'd@example.com', state: 'NV' });
    await submit('skipped', { email: 'e@example.com', state: 'CA' });
  });
  afterAll(() => server.stop());

  const get = (path: string, options?: { key?: string | null }) => server.api('GET', path, undefined, options);
  const leadOf = async (name: string) => (await get(`/leads/${leads[name]}`)).body;
  const summaries = (events: { type: string; outcome: string }[]) =>
    events.map(({ type, outcome }) => `${type} ${outcome}`);
  const idsOf = (events: { id: string }[]) => events.map(({ id }) => id);

  describe('GET /leads/{id}', () => {
    it('has the events in order, each with the variables as they were when its step began', async () => {
      const { events, ...lead } = await leadOf('sold');
      expect(lead).toMatchObject({
        id: leads['sold'],
        flow: { id: flow.id, name: 'Mortgages' },
        source: { id: flow.sources[0].entity.id, name: 'Search Ads' },
        revision: 1,
        outcome: 'success',
        reason: null,
        price: 7.5,
        vars: { lead: { email: { normal: 'a@example.com' } }, buyer_one: { outcome: 'success' } },
      });
      expect(summaries(events)).toEqual(['filter continue', 'recipient success', 'filter continue', 'source success']);
      const [first, recipient, last, source] = events;
      expect(first.vars).toMatchObject({ suppressionlist: { is_duplicate: false }, price: 7.5 });
      expect(first.vars).not.toHaveProperty('buyer_one');
      expect(recipient.vars).toMatchObject({
        recipient: { id: flow.steps[1].entity.id, name: 'Buyer One' },
        event_id: recipient.id,
        price: 7.5,
        purchase_price: 7.5,
      });
      expect(recipient.vars).not.toHaveProperty('buyer_one');
      expect(last.vars).toMatchObject({ buyer_one: { outcome: 'success', price: 12.5 } });
      expect(last.vars).not.toHaveProperty('recipient');
      expect(source.vars).toMatchObject({ flow: { id: flow.id }, source: { name: 'Search Ads' } });
    });

    it('returns what each kind of event records', async () => {
      const [filter, recipient, , source] = (await leadOf('sold')).events;
      for (const event of [filter, recipient, source]) {
        expect(event).toMatchObject({
          host: expect.any(String),
          version: expect.stringMatching(/^\d+\.\d+\.\d+$/),
          handler_version: expect.stringMatching(/^\d+\.\d+\.\d+$/),
          cap_reached: false,
          ping_limit_reached: false,
          expires_at: expect.stringMatching(/Z$/),
        });
        for (const name of ['start_timestamp', 'end_timestamp', 'ms', 'wait_ms', 'overhead_ms', 'lag_ms', 'total_ms']) {
          expect(event[name]).toBeGreaterThanOrEqual(0);
        }
      }
      expect(filter).toMatchObject({ step_id: flow.steps[0].id, rule_set: flow.steps[0].rule_set });
      expect(recipient).toMatchObject({
        step_id: flow.steps[1].id,
        key: 'buyer_one',
        caps_reached: false,
        rule_set: flow.steps[1].rule_set,
        module_id: 'leadconduit-custom.outbound.json',
        pricing: { override: true },
        cost: 7.5,
        purchase_price: 7.5,
        sale_price: 12.5,
        revenue: 12.5,
        transactions: [{ request: { method: 'POST' }, response: { status: 200 } }],
      });
      const applied = recipient.mappings.map(({ property }: { property: string }) => property);
      expect(applied).toEqual(['url', 'json_property.email', 'json_property.ssn', 'price_path']);
      expect(source).toMatchObject({
        module_id: 'leadconduit-default.inbound',
        step_count: 4,
        cost: 7.5,
        purchase_price: 7.5,
        recipient_revenue: 12.5,
        flow_acceptance_criteria: flow.acceptance_criteria,
        pricing: flow.sources[0].pricing,
        appended: { buyer_one: { outcome: 'success' } },
        request: { method: 'POST', body: expect.stringContaining('a@example.com') },
        response: { status: 201 },
      });
    });

    it('explains every evaluated rule with its id, both sides and the verdict', async () => {
      const { events, explanation } = await leadOf('sold');
      expect(events[1].explanation.rules).toEqual([
        {
          path: 'steps.1.rule_set.rules.0',
          id: flow.steps[1].rule_set.rules[0].id,
          label: 'State',
          lhv: 'lead.state',
          op: 'is not equal to',
          rhv: 'CA',
          left: 'TX',
          right: 'CA',
          passed: true,
          distance: null,
        },
      ]);
      expect(explanation.phases.map(({ phase, verdict }: Phase) => `${phase} ${verdict}`)).toEqual([
        'lead-object passed',
        'list-checks passed',
        'pricing passed',
        'caps passed',
        'acceptance-criteria passed',
        'steps passed',
      ]);
      expect(explanation.phases[2]).toMatchObject({
        offered_price: 7.5,
        winner: { level: 'source', by: 'rule', path: 'sources.0.pricing.prices.1' },
        also_matched: ['sources.0.pricing.prices.0'],
        rules: [{ path: 'sources.0.pricing.prices.1.rule_set.rules.0', left: 'TX', passed: true }],
      });
      expect(explanation.phases[4].rules).toMatchObject([
        { lhv: 'lead.state', left: 'TX', right: ['TX', 'NV', 'CA'], passed: true },
        { lhv: 'lead.ssn', left: '*********', passed: true },
      ]);
      expect(explanation.steps.map(({ verdict }: Phase) => verdict)).toEqual([
        'continue',
        'success',
        'disabled',
        'continue',
      ]);
    });

    it.each([
      ['duplicate', 'steps', 'duplicate', ['filter stop', 'source failure']],
      ['elsewhere', 'acceptance-criteria', 'State must be included in TX,NV,CA', ['source failure']],
      ['capped', 'caps', 'Cap reached', ['source failure']],
      [
        'skipped',
        'steps',
        'State must not be equal to CA',
        ['filter continue', 'recipient skip', 'filter stop', 'source failure'],
      ],
    ])('says where the lead "%s" was stopped: in %s', async (name, phase, reason, events) => {
      const lead = await leadOf(name);
      expect(lead).toMatchObject({ outcome: 'failure', reason, price: 0 });
      expect(summaries(lead.events)).toEqual(events);
      const stopped = lead.explanation.phases.filter(({ verdict }: Phase) => verdict === 'stopped');
      expect(stopped).toMatchObject([{ phase }]);
    });

    it('names the list that had the value and the cap that had no place', async () => {
      const [, lists] = (await leadOf('duplicate')).explanation.phases;
      expect(lists.lists).toMatchObject([
        {
          check: 'duplicate',
          list_name: 'Mortgage leads',
          found: true,
          because: 'added',
          added_at: expect.any(String),
        },
      ]);
      const caps = (await leadOf('capped')).explanation.phases[3];
      expect(caps.cap).toMatchObject({ id: flow.caps[0].id, name: 'Nevada', count: 1, held: 0, maximum: 1 });
      expect((await leadOf('capped')).events[0].cap_reached).toBe(true);
    });

    it('keeps to the revision that the lead ran on', async () => {
      const other = await server.deploy({ ...flowOf(server.recipient.url), caps: undefined, list_checks: undefined });
      const reply = await server.submit(other, { email: 'r@example.com', state: 'NV' });
      const saved = await server.api('PUT', `/flows/${other.id}`, { ...other, name: 'Renamed', steps: [] });
      expect(saved.status).toBe(200);
      await server.api('POST', `/flows/${other.id}/deploy`);
      const { body } = await get(`/leads/${reply.body.lead.id}`);
      expect(body).toMatchObject({ revision: 1, flow: { name: 'Mortgages' } });
      expect(body.events[1].rule_set.rules[0]).toMatchObject({ lhv: 'lead.state' });
    });

    it('still returns the facts when the personal part is deleted', async () => {
      const reply = await server.submit(flow, { email: 'gone@example.com', state: 'TX' });
      const { id } = reply.body.lead;
      await server.query('delete from lead_data where lead_id = $1', [id]);
      const { status, body } = await get(`/leads/${id}`);
      expect(status).toBe(200);
      expect(body).toMatchObject({ outcome: 'success', price: 7.5, vars: { lead: { id } } });
      expect(JSON.stringify(body)).not.toContain('gone@example.com');
    });

    it('refuses a malformed id, strangers and unknown leads', async () => {
      expect(await get('/leads/short')).toMatchObject({ status: 404, body: { code: 'not_found' } });
      expect(await get(`/leads/${leads['sold']}`, { key: null })).toMatchObject({ status: 401 });
      expect(await get(`/leads/${leads['sold']}`, { key: server.strangerKey })).toMatchObject({ status: 404 });
      expect(await get('/leads/ffffffffffffffffffffffff')).toMatchObject({ status: 404 });
    });
  });

  describe('GET /events/{id}', () => {
    it('answers the event as the lead has it', async () => {
      for (const event of (await leadOf('sold')).events) {
        expect(await get(`/events/${event.id.toUpperCase()}`)).toMatchObject({ status: 200, body: event });
      }
    });

    it('finds an event that came long after its lead', async () => {
      const { events } = await leadOf('elsewhere');
      const late = events[0].id.replace(/^.{8}/, (second: string) =>
        (Number.parseInt(second, 16) + 864_000).toString(16),
      );
      await server.query('update events set id = $2 where id = $1', [events[0].id, late]);
      expect((await get(`/events/${late}`)).body).toMatchObject({
        type: 'source',
        vars: { lead: { id: leads['elsewhere'] } },
      });
      await server.query('update events set id = $1 where id = $2', [events[0].id, late]);
    });

    it('refuses a malformed id, strangers and unknown events', async () => {
      const [{ id }] = (await leadOf('sold')).events;
      expect(await get('/events/summary')).toMatchObject({ status: 404, body: { code: 'not_found' } });
      expect(await get(`/events/${id}`, { key: null })).toMatchObject({ status: 401 });
      expect(await get(`/events/${id}`, { key: server.strangerKey })).toMatchObject({ status: 404 });
      for (const unknown of ['000000000000000000000000', 'ffffffffffffffffffffffff']) {
        expect(await get(`/events/${unknown}`)).toMatchObject({ status: 404 });
      }
    });
  });

  describe('GET /events', () => {
    it('is newest first, and pages in both directions without a gap or a repetition', async () => {
      const all = idsOf((await get('/events?limit=1000')).body);
      expect(all).toEqual([...all].sort().reverse());
      const down: string[] = [];
      for (let page: string[] = all.slice(0, 1), url = '/events?limit=4'; page.length > 0; ) {
        page = idsOf((await get(url)).body);
        down.push(...page);
        url = `/events?limit=4&before_id=${page.at(-1)}`;
      }
      expect(down).toEqual(all);
      const up: string[] = [];
      // As the Singer tap reads: from an instant, then after the last id it saw.
      for (let page: string[] = all.slice(0, 1), from = `start=${started}`; page.length > 0; ) {
        page = idsOf((await get(`/events?limit=5&sort=asc&${from}`)).body);
        up.push(...page);
        from = `after_id=${page.at(-1)}`;
      }
      expect(up).toEqual([...all].reverse());
    });

    it('an ascending reader does not pass a lead that is still under way', async () => {
      const release = signal();
      const arrived = signal();
      server.recipient.answerWith(async ({ body }) => {
        if (!body.includes('slow')) return { body: { outcome: 'success' } };
        arrived.give();
        await release.given;
        return { body: { outcome: 'success' } };
      });
      const newest = (await get('/events?limit=1')).body[0].id;
      const slow = server.submit(flow, { email: 'slow@example.com', state: 'TX' });
      await arrived.given;
      const quick = await server.submit(flow, { email: 'quick@example.com', state: 'TX' });
      expect((await get(`/events?lead_id=${quick.body.lead.id}`)).body).toHaveLength(4);
      expect((await get(`/events?sort=asc&after_id=${newest}`)).body).toEqual([]);
      release.give();
      await slow;
      expect((await get(`/events?sort=asc&after_id=${newest}`)).body).toHaveLength(8);
    });

    it.each([
      ['type=source&flow_id=FLOW', (event: Event) => event.type === 'source' && event.vars.flow.id === flow.id],
      ['type=filter,recipient', (event: Event) => event.type !== 'source'],
      ['outcome=skip&outcome=stop', (event: Event) => ['skip', 'stop'].includes(event.outcome)],
      ['lead_id=SOLD', (event: Event) => event.vars.lead.id === leads['sold']],
      ['source_id=SOURCE', (event: Event) => event.vars.source.id === flow.sources[0].entity.id],
      [
        'recipient_id=RECIPIENT&outcome=success',
        (event: Event) =>
          event.type === 'recipient' &&
          event.outcome === 'success' &&
          event.vars.recipient?.id === flow.steps[1].entity.id,
      ],
      ['end=2001-01-01', () => false],
      ['start=2999-01-01', () => false],
      ['end=2999-12-31', () => true],
      ['start=STARTED', () => true],
      [
        'rules=[{"lhv":"vars.lead.state","op":"is equal to","rhv":"ca"}]',
        (event: Event) => event.vars.lead.state?.normal === 'CA',
      ],
      [
        'rules=[{"lhv":"vars.lead.email.domain","op":"is equal to","rhv":"example.com"},{"lhv":"outcome","op":"is equal to","rhv":"stop"}]',
        (event: Event) => event.outcome === 'stop',
      ],
      [
        'rules=[{"lhv":"vars.flow.id","op":"is included in","rhv":["FLOW"]}]&type=source',
        (event: Event) => event.type === 'source' && event.vars.flow.id === flow.id,
      ],
      ['rules=[{"lhv":"sale_price","op":"is greater than","rhv":"1"}]', (event: Event) => (event.sale_price ?? 0) > 1],
    ])('%s', async (query, isWanted) => {
      const names: Record<string, string> = {
        FLOW: flow.id,
        SOLD: leads['sold'] ?? '',
        SOURCE: flow.sources[0].entity.id,
        RECIPIENT: flow.steps[1].entity.id,
        STARTED: started,
      };
      const written = query.replace(/[A-Z]{4,}/g, (name) => names[name] ?? name);
      const all: Event[] = (await get('/events?limit=1000')).body;
      const { status, body } = await get(`/events?limit=1000&${encodeURI(written)}`);
      expect(status).toBe(200);
      expect(idsOf(body)).toEqual(idsOf(all.filter(isWanted)));
    });

    it('answers what the vendor’s feedback tool asks', async () => {
      const day = started.slice(0, 10);
      const { status, body } = await get(
        `/events?start=${day}T00:00:00&type=recipient&outcome=success&recipient_id=${flow.steps[1].entity.id}&limit=100`,
      );
      expect(status).toBe(200);
      expect(body.length).toBeGreaterThan(0);
    });

    it('include and exclude choose the properties, and are not taken together', async () => {
      const { body } = await get('/events?limit=1&include[]=id&include[]=type');
      expect(Object.keys(body[0])).toEqual(['id', 'type']);
      expect((await get('/events?limit=1&exclude=vars')).body[0]).not.toHaveProperty('vars');
      expect(await get('/events?include=id&exclude=vars')).toMatchObject({ status: 400 });
    });

    it('POST asks the same in a body', async () => {
      const rules = [{ lhv: 'outcome', op: 'is equal to', rhv: 'skip' }];
      const posted = await server.api('POST', '/events', { rules, type: ['recipient'], limit: 10, sort: 'asc' });
      const asked = await get(
        `/events?sort=asc&limit=10&type=recipient&rules=${encodeURIComponent(JSON.stringify(rules))}`,
      );
      expect(posted.status).toBe(200);
      expect(posted.body).toEqual(asked.body);
      expect(posted.body).toHaveLength(1);
      const refused = [[], { colour: 1 }, { limit: 0 }, { rules: [7] }, { include: ['id'], exclude: ['vars'] }];
      for (const body of refused) {
        const answer = await server.api('POST', '/events', body);
        expect(answer).toMatchObject({ status: 422, body: { code: 'invalid_document' } });
      }
    });

    it.each([
      ['limit=0', 'limit', 'from 1 to 1000'],
      ['limit=1001', 'limit', 'from 1 to 1000'],
      ['sort=up', 'sort', 'asc, desc'],
      ['type=click', 'type', 'source, recipient'],
      ['outcome=fine', 'outcome', 'success, failure'],
      ['after_id=12', 'after_id', '24 hexadecimal'],
      ['flow_id=12', 'flow_id', '24 hexadecimal'],
      ['start=yesterday', 'start', 'ISO 8601'],
      ['end=2025-02-31', 'end', 'ISO 8601'],
      ['rules=nonsense', 'rules', 'JSON array'],
      ['rules=[{"lhv":"outcome","op":"is","rhv":"x"}]', 'rules.0.op', 'not an operator'],
      ['rules=[{"lhv":"lead_id","op":"is equal to","rhv":"x"}]', 'rules.0.lhv', 'Did you mean "vars.lead.id"?'],
      ['rules=[{"lhv":"flow.id","op":"is equal to","rhv":"x"}]', 'rules.0.lhv', 'Did you mean "vars.flow.id"?'],
      ['rules=[{"lhv":"outcom","op":"is blank"}]', 'rules.0.lhv', 'Did you mean "outcome"?'],
      ['rules=[{"lhv":"nonsense","op":"is blank"}]', 'rules.0.lhv', 'No event has "nonsense"'],
      ['rules=[{"lhv":"outcome","op":"is blank","ruleset":{}}]', 'rules.0.ruleset', 'Did you mean "rule_set"?'],
      ['start=2025-03-02&end=2025-03-01', 'end', 'must not be before start'],
      ['limit=1&limit=2', 'limit', 'give one'],
      ['sort=asc&sort=desc', 'sort', 'give one'],
      ['rules=[{"lhv":"outcome","op":"is blank"}]&rules=[{"lhv":"reason","op":"is blank"}]', 'rules', 'give one'],
      ['include=vras', 'include', 'Must be one of id, type'],
      ['exclude=nonsense', 'exclude', 'Must be one of id, type'],
      ['rules=[7]', 'rules.0', 'A rule is'],
      ['flows=1', 'flows', 'Unknown parameter; this URL takes after_id'],
      ['__proto__=1', '__proto__', 'Unknown parameter'],
      ['constructor=1', 'constructor', 'Unknown parameter'],
    ])('%s is 400 and says where and what instead', async (query, path, remedy) => {
      const { status, body } = await get(`/events?${encodeURI(query)}`);
      expect(status).toBe(400);
      expect(body).toMatchObject({
        code: 'malformed_query',
        details: [{ path, message: expect.stringContaining(remedy) }],
      });
    });

    it('every property of an event is a known one', async () => {
      const { body } = await get('/events?limit=1000');
      const names = new Set(body.flatMap((event: object) => Object.keys(event)));
      expect([...names].filter((name) => !EVENT_PROPERTIES.includes(String(name)))).toEqual([]);
    });

    it('is 401 without a key, and another account sees nothing', async () => {
      expect(await get('/events', { key: null })).toMatchObject({
        status: 401,
        text: '{"error":"authentication failed"}',
      });
      expect((await get('/events', { key: server.strangerKey })).body).toEqual([]);
    });
  });

  it('GET /leads lists leads by pages and filters', async () => {
    const all = (await get('/leads?limit=1000')).body;
    expect(idsOf(all)).toEqual(idsOf(all).sort().reverse());
    expect(idsOf((await get('/leads?limit=2&sort=asc')).body)).toEqual([leads['sold'], leads['duplicate']]);
    expect((await get(`/leads?outcome=failure&flow_id=${flow.id}`)).body).toHaveLength(4);
    expect((await get(`/leads?before_id=${leads['duplicate']}&include=reason,price`)).body).toEqual([
      { reason: null, price: 7.5 },
    ]);
    expect(await get('/leads?type=source')).toMatchObject({ status: 400 });
    expect(Object.keys((await get('/leads?limit=1&exclude=reason')).body[0])).not.toContain('reason');
    expect((await get('/leads', { key: server.strangerKey })).body).toEqual([]);
    expect(await get('/leads', { key: null })).toMatchObject({ status: 401 });
  });

  it.each(['leads', 'retries', 'unknowns'])(
    'GET /%s refuses to include or exclude what it does not have',
    async (what) => {
      for (const parameter of ['include', 'exclude']) {
        const message = expect.stringMatching(/^Must be one of (id|event_id), /);
        expect(await get(`/${what}?${parameter}=flow_id,nonsense`)).toMatchObject({
          status: 400,
          body: { code: 'malformed_query', details: [{ path: parameter, message }] },
        });
        const known = what === 'leads' ? 'price' : 'flow_id';
        expect(await get(`/${what}?${parameter}=${known}`)).toMatchObject({ status: 200 });
      }
    },
  );

  it('values=hidden leaves values of leads out, also for who may see them', async () => {
    const { body } = await get('/events?type=recipient&limit=5&values=hidden');
    expect(body.length).toBeGreaterThan(0);
    for (const event of body) {
      expect(Object.keys(event.vars).toSorted()).toEqual([
        'account',
        'event_id',
        'flow',
        'lead',
        'recipient',
        'source',
      ]);
      expect(Object.keys(event.vars.lead)).toEqual(['id']);
      expect(Object.keys(event)).not.toContain('request');
    }
    expect(JSON.stringify((await get('/events?type=recipient&limit=5')).body)).toContain('@example.com');
    expect(JSON.stringify(body)).not.toContain('@example.com');
    expect(await get('/events?values=shown')).toMatchObject({ status: 400, body: { code: 'malformed_query' } });
  });

  it('the social security number is in no answer and no table', async () => {
    const answers = [await get(`/leads/${leads['sold']}`), await get('/events?limit=1000'), await get('/leads')];
    const tables = await server.query(
      `select table_name as name from information_schema.tables where table_schema = current_schema()`,
    );
    const rows = await Promise.all(tables.map(({ name }) => server.query(`select t::text as text from "${name}" t`)));
    const texts = [...answers.map(({ text }) => text), JSON.stringify(rows)];
    for (const text of texts) expect(text).not.toMatch(/123-?45-?6789/);
    expect(texts.at(-1)).toContain('a@example.com');
    expect(server.recipient.deliveries[0]?.body).toMatch(/123-?45-?6789/);
  });
});

function signal(): { given: Promise<void>; give(): void } {
  let give = () => {};
  const given = new Promise<void>((resolve) => {
    give = resolve;
  });
  return { given, give: () => give() };
}

interface Phase {
  phase: string;
  verdict: string;
}

interface Event {
  id: string;
  type: string;
  outcome: string;
  sale_price?: number;
  vars: {
    flow: { id: string };
    source: { id: string };
    recipient?: { id: string };
    lead: { id: string; state?: { normal: string } };
  };
}
