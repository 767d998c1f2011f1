import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FlowDocument, ListCheck, ListCheckName, RecipientStep, Step } from '../../src/model/flow.ts';
import { type ComposedServer, startTestServer } from '../harness/server.ts';
import { until } from '../harness/until.ts';
import { flowOf, when } from './flows.ts';

let server: ComposedServer;
beforeAll(async () => {
  server = await startTestServer({ isDistributionStepEnabled: true });
});
afterAll(() => server.stop());

const VARIABLES = { duplicate: 'is_duplicate', existing_customer: 'is_existing_customer', dnc: 'is_dnc' } as const;

/** A flow that rejects what one list check finds. */
const rejecting = (
  name: ListCheckName,
  check: { list_name: string; lookback?: object; value?: string; add?: boolean },
) =>
  flowOf([], {
    list_checks: { [name]: { value: '{{lead.phone_1}}', ...check } },
    acceptance_criteria: { rule_set: when(`suppressionlist.${VARIABLES[name]}`, 'is not true'), reason: 'on a list' },
  } as Partial<FlowDocument>);

const makeList = async (body: { name: string; type?: string; ttl?: number | null; allows_md5?: boolean }) =>
  (await server.api('POST', '/lists', body)).body;
const add = (list: string, values: string[], timestamp?: string) =>
  server.api('POST', `/lists/${list}/items`, { values, ...(timestamp === undefined ? {} : { timestamp }) });
const ago = (days: number) => new Date(Date.now() - days * 86_400_000).toISOString();
const md5Of = (text: string) => createHash('md5').update(text).digest('hex');
const PHONE = '512-789-4321';
type Deployed = Awaited<ReturnType<ComposedServer['deploy']>>;
const outcomeOf = async (flow: Deployed, phone = PHONE) => (await server.submit(flow, { phone_1: phone })).body.outcome;

describe.each(Object.keys(VARIABLES) as ListCheckName[])('the list check %s', (name) => {
  it('finds what the API entered, as far back as its lookback says', async () => {
    const list = `back_${name}`;
    await makeList({ name: list, type: 'phone' });
    const check = { list_name: list, add: false };
    const ever = await server.deploy(rejecting(name, name === 'duplicate' ? check : { list_name: list }));
    const month = await server.deploy(rejecting(name, { list_name: list, lookback: { value: 30, interval: 'day' } }));
    expect(await outcomeOf(ever)).toBe('success');
    await add(list, [PHONE], ago(40));
    expect([await outcomeOf(ever, '+1 (512) 789 4321'), await outcomeOf(ever, '5127890000')]).toEqual([
      'failure',
      'success',
    ]);
    await server.api('DELETE', `/lists/${list}/items`, { values: [PHONE] });
    await add(list, [PHONE], ago(40));
    expect(await outcomeOf(month)).toBe('success');
    await add(list, [PHONE], ago(29));
    expect(await outcomeOf(month)).toBe('failure');
    await server.api('DELETE', `/lists/${list}/items`, { values: ['(512) 789-4321'] });
    expect(await outcomeOf(month)).toBe('success');
  });

  it('finds the values of MD5s where the list allows them', async () => {
    const list = `md5_${name}`;
    await makeList({ name: list, type: 'phone', allows_md5: true });
    const flow = await server.deploy(rejecting(name, { list_name: list }));
    await add(list, [md5Of('5127894321')]);
    expect(await outcomeOf(flow)).toBe('failure');
    expect(await outcomeOf(flow, '5127890001')).toBe('success');
  });

  it('does not find what the TTL of the list has ended, and follows another TTL', async () => {
    const list = `ttl_${name}`;
    await makeList({ name: list, type: 'phone', ttl: 86_400 });
    const flow = await server.deploy(rejecting(name, { list_name: list, ...(name === 'duplicate' && { add: false }) }));
    await add(list, [PHONE], ago(2));
    expect(await outcomeOf(flow)).toBe('success');
    await server.api('PUT', `/lists/${list}`, { name: list, ttl: 3 * 86_400 });
    await until('the flow has the new TTL', async () => (await outcomeOf(flow)) === 'failure');
  });
});

describe('a list that a flow checks', () => {
  it('takes entries while leads hold and enter the same values', async () => {
    const flow = await server.deploy(rejecting('duplicate', { list_name: 'Busy' }));
    const phones = Array.from({ length: 120 }, (_, n) => `512789${String(1000 + n)}`);
    const [leads, added] = await Promise.all([
      Promise.all([...phones, ...phones].map((phone) => server.submit(flow, { phone_1: phone }))),
      Promise.all([0, 40, 80].map((at) => add('busy', phones.slice(at, at + 40).toReversed()))),
    ]);
    expect(new Set(leads.map(({ status }) => status))).toEqual(new Set([201]));
    expect(added.map(({ body }) => body.accepted)).toEqual([40, 40, 40]);
    const taken = leads.filter(({ body }) => body.outcome === 'success');
    expect(taken.length).toBeLessThanOrEqual(phones.length);
    expect((await server.api('GET', '/lists/busy')).body.count).toBe(phones.length);
    expect(await server.query('select from list_items where holder is not null')).toEqual([]);
  });

  it('is found by its new name and by its first one', async () => {
    await makeList({ name: 'Opt outs', type: 'phone' });
    await server.api('PUT', '/lists/opt_outs', { name: 'Do not call' });
    await add('do_not_call', [PHONE]);
    const flows = [
      await server.deploy(rejecting('dnc', { list_name: 'Opt outs' })),
      await server.deploy(rejecting('dnc', { list_name: 'Do not call' })),
    ];
    for (const flow of flows) expect(await outcomeOf(flow)).toBe('failure');
    const named = (await server.api('GET', '/lists')).body.filter(({ url_name: name }: { url_name: string }) =>
      ['opt_outs', 'do_not_call'].includes(name),
    );
    expect(named).toHaveLength(1);
    // It would lose the name that the second flow has.
    const renamed = await server.api('PUT', '/lists/opt_outs', { name: 'Other' });
    expect([renamed.status, renamed.body.code]).toEqual([409, 'conflict']);
    expect((await server.api('DELETE', '/lists/opt_outs')).status).toBe(409);
  });

  it('has what leads entered, until it is taken off', async () => {
    const flow = await server.deploy(rejecting('duplicate', { list_name: 'Kept' }));
    expect(await outcomeOf(flow)).toBe('success');
    expect((await server.api('GET', `/exists/kept/${PHONE}`)).body.found).toBe(true);
    expect((await server.api('GET', '/lists/kept')).body).toMatchObject({ type: 'phone', count: 1 });
    await server.api('DELETE', '/lists/kept/items', { values: [PHONE] });
    expect(await outcomeOf(flow)).toBe('success');
  });
});

describe('a duplicate check of a phone and an address', () => {
  const eitherOf = (list_name: string, values: NonNullable<ListCheck['values']>) =>
    flowOf([{ type: 'filter', rule_set: when('suppressionlist.is_duplicate', 'is true'), reason: 'duplicate' }], {
      fields: ['phone_1', 'email'],
      list_checks: { duplicate: { values, list_name } },
    });
  const BOTH = ['{{lead.phone_1}}', '{{lead.email}}'];
  const ANN = { phone_1: '512-789-5001', email: 'ann@example.com' };

  it('finds a person by either, however it is written, in a list that knows both', async () => {
    const flow = await server.deploy(eitherOf('Sold', BOTH));
    const sent = [
      ANN,
      { phone_1: '+1 (512) 789 5001', email: 'ann.lee@example.com' },
      { phone_1: '5127895002', email: ' Ann@Example.COM' },
      { phone_1: '', email: '' },
      { phone_1: '5127895002', email: 'ann.lee@example.com' },
    ];
    const outcomes: string[] = [];
    for (const values of sent) outcomes.push((await server.submit(flow, values)).body.outcome);
    // The second and third entered nothing, so that the last one is new.
    expect(outcomes).toEqual(['success', 'failure', 'failure', 'success', 'success']);
    expect((await server.api('GET', '/lists/sold')).body).toMatchObject({ type: 'contact', count: 4 });
    expect(await server.query('select from list_items where holder is not null')).toEqual([]);
  });

  it('says which of them was found, and not its value', async () => {
    const flow = await server.deploy(eitherOf('Explained', BOTH));
    await server.submit(flow, ANN);
    const { body } = await server.submit(flow, { ...ANN, phone_1: '5127895003' });
    const { body: explained } = await server.api('GET', `/leads/${body.lead.id}/explain`);
    expect(explained.sentences).toContainEqual(expect.stringMatching(/^Its lead\.email was on the list "Explained"/));
    const { phases } = explained.phases ? explained : explained.source;
    expect(phases.find(({ phase }: { phase: string }) => phase === 'list-checks').lists).toMatchObject([
      { check: 'duplicate', value: 'lead.phone_1', position: 1, list_name: 'Explained', found: false },
      { check: 'duplicate', value: 'lead.email', position: 2, list_name: 'Explained', found: true, because: 'added' },
    ]);
  });

  it('lets one of 24 simultaneous leads that share either of them be unique', async () => {
    const flow = await server.deploy(eitherOf('Race', BOTH));
    for (const make of [
      (n: number) => ({ phone_1: '5127895004', email: `p${n}@example.com` }),
      (n: number) => ({ phone_1: `51278961${String(n).padStart(2, '0')}`, email: 'eve@example.com' }),
    ]) {
      const answers = await Promise.all(Array.from({ length: 24 }, (_, n) => server.submit(flow, make(n))));
      expect(answers.filter(({ body }) => body.outcome === 'success')).toHaveLength(1);
    }
    expect((await server.api('GET', '/lists/race')).body.count).toBe(4);
  });

  it('keeps the lists that its values name', async () => {
    await server.deploy(
      eitherOf('Own phones', ['{{lead.phone_1}}', { value: '{{lead.email}}', list_name: 'Own mail' }]),
    );
    expect((await server.api('GET', '/lists/own_phones')).body.type).toBe('phone');
    expect((await server.api('GET', '/lists/own_mail')).body.type).toBe('email');
    for (const list of ['own_phones', 'own_mail']) {
      expect((await server.api('DELETE', `/lists/${list}`)).status).toBe(409);
    }
  });

  it('that names a list of phones for the address is saved with a warning', async () => {
    await makeList({ name: 'Only phones', type: 'phone' });
    const { status, body } = await server.api('POST', '/flows', eitherOf('Only phones', BOTH));
    expect(status).toBe(201);
    expect(body.warnings).toContainEqual(
      expect.objectContaining({ check: 'value-not-of-list', path: 'list_checks.duplicate.values.1' }),
    );
  });
});

describe('the modules of SuppressionList', () => {
  const stepOf = (module: string, properties: Record<string, string>, name = 'SuppressionList'): RecipientStep => ({
    type: 'recipient',
    entity: { name },
    integration: {
      module_id: `leadconduit-suppressionlist.outbound.${module}`,
      mappings: Object.entries(properties).map(([property, value]) => ({ property, value })),
    },
  });
  const filterOn = (lhv: string, op: string, reason: string, rhv?: string): Step => ({
    type: 'filter',
    reason,
    rule_set: when(lhv, op, rhv),
  });
  const eventOf = async (leadId: string) => (await server.api('GET', `/leads/${leadId}`)).body.events[0];

  const FOUND_IN = 'found in {{suppressionlist.query_item.found_in}}';

  it('ask the lists of their own account, without a key', async () => {
    await makeList({ name: 'Steps', type: 'phone' });
    await makeList({ name: 'Others', type: 'phone' });
    const flow = await server.deploy(
      flowOf([
        stepOf('query_item', { list_names: 'Steps, others', value: '{{lead.phone_1}}' }),
        filterOn('suppressionlist.query_item.found', 'is true', FOUND_IN),
        stepOf('add_item', { list_name: 'Steps', values: '{{lead.phone_1}}' }),
      ]),
    );
    expect((await server.submit(flow, { phone_1: PHONE })).body.outcome).toBe('success');
    const second = await server.submit(flow, { phone_1: '(512) 789 4321' });
    expect(second.body).toMatchObject({ outcome: 'failure', reason: 'found in steps' });
    const event = await eventOf(second.body.lead.id);
    expect(event).toMatchObject({ outcome: 'success', transactions: [{ response: { status: 200 } }] });
    expect((await server.api('GET', `/exists/steps/${PHONE}`)).body.found).toBe(true);
  });

  it('take a value off', async () => {
    await makeList({ name: 'Off', type: 'phone' });
    await add('off', [PHONE]);
    const flow = await server.deploy(flowOf([stepOf('delete_item', { list_name: 'off', values: '{{lead.phone_1}}' })]));
    await server.submit(flow, { phone_1: PHONE });
    expect((await server.api('GET', `/exists/off/${PHONE}`)).body.found).toBe(false);
  });

  it('let one of 20 simultaneous leads be unique', async () => {
    await makeList({ name: 'Unique', type: 'phone' });
    const flow = await server.deploy(
      flowOf([
        stepOf('is_unique', { list_name: 'Unique', value: '{{lead.phone_1}}' }),
        filterOn('suppressionlist.outcome', 'is not equal to', '{{suppressionlist.reason}}', 'success'),
      ]),
    );
    const answers = await Promise.all(Array.from({ length: 20 }, () => server.submit(flow, { phone_1: PHONE })));
    expect(answers.filter(({ body }) => body.outcome === 'success')).toHaveLength(1);
    const rejected = answers.filter(({ body }) => body.outcome === 'failure');
    expect(new Set(rejected.map(({ body }) => body.reason))).toEqual(new Set(['Duplicate']));
  });

  it('end as an error where the list is not there', async () => {
    const flow = await server.deploy(
      flowOf([stepOf('query_item', { list_names: 'nowhere', value: '{{lead.phone_1}}' })]),
    );
    const { body } = await server.submit(flow, { phone_1: PHONE });
    expect(await eventOf(body.lead.id)).toMatchObject({ outcome: 'error', reason: 'There is no list "nowhere"' });
  });

  it('ask another server with its key, which no event shows', async () => {
    const said = { specified_lists: ['remote'], key: '5127894321', found: true, exists_in_lists: ['remote'] };
    server.recipient.answerWith(() => ({ body: said }));
    const key = 'a-key-of-another-server';
    const remote = { 'activeprospect.api_key': key, 'activeprospect.suppressionlist_url': server.recipient.url };
    const flow = await server.deploy(
      flowOf([
        stepOf('query_item', { list_names: 'Remote', value: '{{lead.phone_1}}', ...remote }),
        filterOn('suppressionlist.query_item.found', 'is true', FOUND_IN),
      ]),
    );
    const { body } = await server.submit(flow, { phone_1: PHONE });
    expect(body.reason).toBe('found in remote');
    const authorization = `Basic ${Buffer.from(`X:${key}`).toString('base64')}`;
    expect(server.recipient.deliveries).toMatchObject([
      { method: 'GET', path: '/exists/remote/5127894321', headers: { authorization } },
    ]);
    const event = JSON.stringify((await eventOf(body.lead.id)).transactions);
    expect(event).toContain('/exists/remote/5127894321');
    for (const secret of [key, authorization]) expect(event).not.toContain(secret);
  });

  it('are tested as steps', async () => {
    await makeList({ name: 'Tested', type: 'phone' });
    await add('tested', [PHONE]);
    const flow = await server.deploy(flowOf());
    const path = `/flows/${flow.id}/sources/${flow.sources[0].entity.id}/test_step`;
    const tested = await server.api('POST', path, {
      step_config: { integration: { module_id: 'leadconduit-suppressionlist.outbound.query_item' } },
      submission_data: { list_names: 'tested', value: PHONE },
    });
    expect(tested.text).toContain('\\"found\\":true');
  });
});
