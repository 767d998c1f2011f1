import pg from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import type { FlowDocument, RecipientStep } from '../../src/model/flow.ts';
import { FLOWS_PASSED_MAX } from '../../src/pipeline/inner-flows.ts';
import { createLatch } from '../harness/latch.ts';
import { type ComposedServer, type SubmitTarget, startTestServer, submit } from '../harness/server.ts';
import { buildSluice, startSluiceProcess } from '../harness/sluice-process.ts';
import { until } from '../harness/until.ts';
import { deliveryTo, flowOf, NO_DUPLICATES, sourceNamed, when } from './flows.ts';

const ORIGIN = 'https://leads.example.com';

let server: ComposedServer;
beforeAll(async () => {
  await buildSluice();
  server = await startTestServer({ publicUrl: ORIGIN });
});
afterEach(() => {
  server.recipient.deliveries.length = 0;
  server.recipient.answerWith(() => ({ body: { outcome: 'success' } }));
});
afterAll(() => server.stop());

// biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape
type Saved = any;

const FIELDS = ['first_name', 'email', 'phone_1', 'state', 'is_test'];
const PRICED = { pricing: { prices: [{ amount: 4.5 }] } };

const flowNamed = (name: string, steps: FlowDocument['steps'], parts: Partial<FlowDocument> = {}) =>
  flowOf(steps, { name, fields: FIELDS, sources: [sourceNamed(`Source of ${name}`)], ...parts });

/** A step that delivers to another flow of the installation. */
function stepTo(flow: SubmitTarget, parts: Partial<RecipientStep> = {}): RecipientStep {
  const mapped = { flow_id: flow.id, source_id: flow.sources[0]?.entity.id ?? '' };
  return {
    type: 'recipient',
    entity: { name: 'Other flow' },
    integration: {
      module_id: 'sluice.outbound.flow',
      mappings: Object.entries(mapped).map(([property, value]) => ({ property, value })),
    },
    pricing: { override: true },
    ...parts,
  };
}

const UNSOLD = {
  type: 'filter' as const,
  rule_set: when('other_flow.outcome', 'is not equal to', 'success'),
  reason: '{{other_flow.reason}}',
  outcome: 'failure',
};

async function eventsOf(leadId: string): Promise<Saved[]> {
  const { body } = await server.api('GET', `/events?lead_id=${leadId}&sort=asc`);
  return body;
}

const leadsOf = (flow: Saved) =>
  server.query('select id, outcome, reason, price from leads where flow_id = $1 order by id', [flow.id]);

/** An inner flow that buys for 4.50 dollars and an outer one that delivers to it. */
async function deployPair(inner: FlowDocument['steps'] = [], parts: Partial<RecipientStep> = {}) {
  const buyer = await server.deploy(flowNamed('Buyer', inner, { ...NO_DUPLICATES, ...PRICED }));
  const seller = await server.deploy(flowNamed('Seller', [stepTo(buyer, parts), UNSOLD]));
  return { buyer, seller };
}

let people = 0;
/** Of a person that no other test sends. */
function newValues() {
  people += 1;
  return { first_name: 'Ann', email: `ann${people}@example.com`, phone_1: '512-789-1111', state: 'TX', is_test: true };
}

describe('a delivery to another flow of the installation', () => {
  it('is a lead of its own there; outcome and price come back, and each names the other', async () => {
    const { buyer, seller } = await deployPair();
    const sent = await server.submit(seller, newValues());
    expect(sent.body).toMatchObject({ outcome: 'success' });
    const [inner] = await leadsOf(buyer);
    expect(inner).toMatchObject({ outcome: 'success', price: '45000' });
    const [delivery, , end] = await eventsOf(sent.body.lead.id);
    expect(delivery).toMatchObject({
      type: 'recipient',
      outcome: 'success',
      revenue: 4.5,
      inner_lead: { lead_id: inner?.['id'], flow_id: buyer.id, source_id: buyer.sources[0].entity.id },
    });
    expect(end).toMatchObject({ type: 'source', outcome: 'success' });
    const [innerEnd] = await eventsOf(String(inner?.['id']));
    expect(innerEnd).toMatchObject({
      type: 'source',
      outer_lead: { lead_id: sent.body.lead.id, event_id: delivery.id, flow_ids: [seller.id] },
      vars: { lead: { phone_1: { area: '512' }, is_test: { normal: true } } },
    });
    const explain = async (id: unknown) => (await server.api('GET', `/leads/${id}/explain`)).body.sentences.join(' ');
    expect(await explain(sent.body.lead.id)).toContain(`In the flow ${buyer.id} it is the lead ${inner?.['id']}.`);
    expect(await explain(inner?.['id'])).toContain(
      `delivered here by the flow ${seller.id}, where it is the lead ${sent.body.lead.id}.`,
    );
  });

  it('obeys the rules of that flow: a lead that it refuses is not sold, with its reason', async () => {
    const { buyer, seller } = await deployPair();
    const values = newValues();
    const first = await server.submit(seller, values);
    const second = await server.submit(seller, values);
    expect([first.body.outcome, second.body.outcome]).toEqual(['success', 'failure']);
    expect(second.body.reason).toBe('duplicate');
    expect(await leadsOf(buyer)).toMatchObject([{ outcome: 'success' }, { outcome: 'failure', price: '0' }]);
  });

  it('goes nowhere else: a submit URL at the public origin is this server', async () => {
    const buyer = await server.deploy(flowNamed('Buyer by URL', [], PRICED));
    const url = `${ORIGIN}/flows/${buyer.id}/sources/${buyer.sources[0].entity.id}/submit`;
    const seller = await server.deploy(
      flowNamed('Seller by URL', [
        stepTo(buyer, {
          integration: { module_id: 'leadconduit-default.outbound', mappings: [{ property: 'url', value: url }] },
        }),
      ]),
    );
    const sent = await server.submit(seller, newValues());
    const [delivery] = await eventsOf(sent.body.lead.id);
    expect(delivery).toMatchObject({ outcome: 'success', revenue: 4.5, inner_lead: { flow_id: buyer.id } });
    expect(await leadsOf(buyer)).toHaveLength(1);
  });

  it('needs the key that the source asks for', async () => {
    const guarded = sourceNamed('Guarded', { authentication_required: true });
    const buyer = await server.deploy(flowNamed('Guarded buyer', [], { sources: [guarded], ...PRICED }));
    const credential = { name: 'Key of the buyer', type: 'user', username: 'API', password: server.key };
    const made = await server.api('POST', '/credentials', credential);
    const [without, withKey] = [
      await server.deploy(flowNamed('Seller without key', [stepTo(buyer)])),
      await server.deploy(flowNamed('Seller with key', [stepTo(buyer, { credential_id: made.body.id })])),
    ];
    const refused = await server.submit(without, newValues());
    const [delivery] = await eventsOf(refused.body.lead.id);
    expect(delivery).toMatchObject({ outcome: 'error', reason: 'Unauthorized source' });
    expect(delivery.inner_lead).toBeUndefined();
    expect(delivery.transactions[0].response.status).toBe(401);
    await server.submit(withKey, newValues());
    expect(await leadsOf(buyer)).toHaveLength(1);
  });

  it('is refused where there is no such flow', async () => {
    const missing = { id: '5fd0c0de0000000000000001', sources: [{ entity: { id: '5fd0c0de0000000000000002' } }] };
    const seller = await server.deploy(flowNamed('Seller to nowhere', [stepTo(missing)]));
    const sent = await server.submit(seller, newValues());
    const [delivery] = await eventsOf(sent.body.lead.id);
    expect(delivery).toMatchObject({ outcome: 'error' });
    expect(delivery.transactions[0].response.status).toBe(404);
    expect(await server.query('select 1 from unknowns where flow_id = $1', [seller.id])).toEqual([]);
  });
});

describe('a chain of flows', () => {
  it('ends where the lead would pass a flow twice', async () => {
    const one = await server.deploy(flowNamed('One', []));
    const two = await server.deploy(flowNamed('Two', [stepTo(one), UNSOLD]));
    await server.redeploy({ ...one, steps: [stepTo(two), UNSOLD] });
    const { body: saved } = await server.api('GET', `/flows/${one.id}`);
    expect(saved.warnings).toContainEqual({
      path: 'steps.0.integration.mappings.0.value',
      message: `A lead may come back to this flow (${one.id} > ${two.id} > ${one.id}): then it is not sent there.`,
      check: 'flow-in-a-circle',
    });
    const sent = await server.submit(one, newValues());
    const reason = `Not sent: the lead would pass a flow twice (${one.id} > ${two.id} > ${one.id})`;
    expect(sent.body).toMatchObject({ outcome: 'failure', reason });
    expect([await leadsOf(one), await leadsOf(two)]).toMatchObject([[{ reason }], [{ reason }]]);
  });

  it('has a greatest length', async () => {
    let last = await server.deploy(flowNamed('Flow 0', []));
    const flows = [last];
    for (let n = 1; n <= FLOWS_PASSED_MAX; n += 1) {
      last = await server.deploy(flowNamed(`Flow ${n}`, [stepTo(last), UNSOLD]));
      flows.unshift(last);
    }
    const sent = await server.submit(last, newValues());
    expect(sent.body.outcome).toBe('failure');
    expect(sent.body.reason).toContain(`Not sent: the lead has passed ${FLOWS_PASSED_MAX} flows already`);
    const counts = await Promise.all(flows.map(async (flow) => (await leadsOf(flow)).length));
    expect(counts).toEqual([...Array.from({ length: FLOWS_PASSED_MAX }, () => 1), 0]);
  });

  it('runs where one lead is admitted at a time', async () => {
    const { buyer, seller } = await deployPair([deliveryTo(server.recipient.url)]);
    const small = await server.startBeside({
      config: { ...server.config, port: 0, admissionMax: 1 },
    });
    onTestFinished(() => small.stop());
    const submitTo = (values: object) => submit(small.url, { flow: seller, values, how: {} });
    await until('the flow is known', async () => (await submitTo(newValues())).status === 201);
    const before = (await leadsOf(buyer)).length;
    const answer = await submitTo(newValues());
    expect(answer).toMatchObject({ status: 201, body: { outcome: 'success' } });
    expect(await leadsOf(buyer)).toHaveLength(before + 1);
  });
});

describe('the time of an inner lead', () => {
  it('is what the outer lead has: both are answered within the deadline of its source', async () => {
    const latch = createLatch();
    onTestFinished(() => latch.open());
    server.recipient.answerWith(async () => {
      await latch.opened;
      return { body: { outcome: 'success' } };
    });
    const buyer = await server.deploy(flowNamed('Slow buyer', [deliveryTo(server.recipient.url)], PRICED));
    const source = sourceNamed('Hasty', { deadline_seconds: 1 });
    const seller = await server.deploy(flowNamed('Hasty seller', [stepTo(buyer)], { sources: [source] }));
    const sent = await server.submit(seller, newValues());
    expect(sent.status).toBe(201);
    const [inner] = await leadsOf(buyer);
    const [innerDelivery] = await eventsOf(String(inner?.['id']));
    // The recipient of the inner flow had no more time than the outer lead.
    expect(innerDelivery).toMatchObject({ outcome: 'error', unknown: true });
    expect(innerDelivery.ms).toBeLessThan(1_000);
    const [delivery] = await eventsOf(sent.body.lead.id);
    expect(delivery).toMatchObject({ outcome: 'success', inner_lead: { lead_id: inner?.['id'] } });
  });
});

describe('a failed delivery to another flow', () => {
  it('is tried again as a new lead of it, which knows the flows before', async () => {
    const answers = ['error', 'success'];
    server.recipient.answerWith(() => ({ status: 200, body: { outcome: answers.shift() } }));
    const refusing = {
      type: 'filter' as const,
      rule_set: when('buyer.outcome', 'is not equal to', 'success'),
      outcome: 'error',
      reason: 'not now',
    };
    const buyer = await server.deploy(
      flowNamed(
        'Second try',
        [deliveryTo(server.recipient.url, {}, { outcome_on_match: 'success' }), refusing],
        PRICED,
      ),
    );
    const seller = await server.deploy(flowNamed('Seller again', [stepTo(buyer, { retry_enabled: true })]));
    const sent = await server.submit(seller, newValues());
    const [retry] = (await server.api('GET', `/retries?flow_id=${seller.id}`)).body;
    await server.api('POST', `/retries/${retry.id}/run`);
    const readStatus = async () => (await server.api('GET', `/retries/${retry.id}`)).body.status;
    await until('the attempt ends', async () => (await readStatus()) === 'succeeded');
    const inner = await leadsOf(buyer);
    expect(inner).toMatchObject([{ outcome: 'error' }, { outcome: 'success' }]);
    const attempt = (await eventsOf(sent.body.lead.id)).at(-1);
    expect(attempt).toMatchObject({ type: 'retry', outcome: 'success', inner_lead: { lead_id: inner[1]?.['id'] } });
    const innerEnd = (await eventsOf(String(inner[1]?.['id']))).at(-1);
    expect(innerEnd.outer_lead).toMatchObject({ event_id: attempt.id, flow_ids: [seller.id] });
  });
});

describe('a server that is killed', () => {
  const unknownOf = async (flow: Saved) =>
    (await server.query('select event_id, resolution, note from unknowns where flow_id = $1', [flow.id]))[0];
  const outerLead = async (flow: Saved) =>
    (await server.query('select id, outcome, price from leads where flow_id = $1', [flow.id]))[0];

  /** Submits a lead to a process of its own; the recipient of the inner flow answers when the latch is opened. */
  async function submitHeld(pair: { seller: Saved }) {
    const latch = createLatch();
    server.recipient.answerWith(async () => {
      await latch.opened;
      return { body: { outcome: 'success' } };
    });
    const sluice = await startSluiceProcess(server.database);
    const isKnown = async () =>
      (await submit(sluice.url, { flow: pair.seller, values: {}, how: { headers: { Accept: 'image/png' } } }))
        .status === 406;
    await until('the flow is known', isKnown);
    const answer = submit(sluice.url, { flow: pair.seller, values: newValues(), how: {} }).catch(() => undefined);
    await server.recipient.arrival(1);
    return { sluice, latch, answer };
  }

  it('after the inner lead was accepted: the delivery is unknown, and is found to be delivered at its price', async () => {
    const pair = await deployPair([deliveryTo(server.recipient.url)]);
    const { sluice, latch, answer } = await submitHeld(pair);
    // The end of the outer lead waits for its run row; that of the inner lead does not.
    const holder = new pg.Client(server.database.connection);
    await holder.connect();
    await holder.query('begin');
    const { rows } = await holder.query(`select lead_id from runs where flow_id = $1 for key share`, [pair.seller.id]);
    expect(rows).toHaveLength(1);
    latch.open();
    await until('the inner lead has ended', async () => (await leadsOf(pair.buyer)).length === 1);
    expect(await outerLead(pair.seller)).toBeUndefined();
    sluice.kill('SIGKILL');
    await sluice.exited;
    await answer;
    // The commit of the outer lead had been sent: without its process the database would still make it.
    await server.query(`select pg_terminate_backend(pid) from pg_stat_activity
      where datname = current_database() and wait_event_type = 'Lock'`);
    await holder.end();
    await until('a recovery ends the outer lead', async () => (await outerLead(pair.seller)) !== undefined);
    const readResolution = async () => (await unknownOf(pair.seller))?.['resolution'];
    await until('the delivery is resolved', async () => (await readResolution()) === 'delivered');
    const lead = await outerLead(pair.seller);
    const events = await eventsOf(String(lead?.['id']));
    const [inner] = await leadsOf(pair.buyer);
    expect(events.map(({ type, outcome }) => [type, outcome])).toEqual([
      ['recipient', 'error'],
      ['source', 'error'],
      ['retry', 'success'],
    ]);
    expect(events.at(-1)).toMatchObject({
      resolution: 'delivered',
      revenue: 4.5,
      inner_lead: { lead_id: inner?.['id'] },
    });
    expect(await leadsOf(pair.buyer)).toHaveLength(1);
    expect(server.recipient.deliveries).toHaveLength(1);
  });

  it('before the inner lead began: it is found not to be delivered, and is tried again once', async () => {
    const pair = await deployPair([deliveryTo(server.recipient.url)], { retry_enabled: true });
    const sluice = await startSluiceProcess(server.database);
    const isKnown = async () =>
      (await submit(sluice.url, { flow: pair.seller, values: {}, how: { headers: { Accept: 'image/png' } } }))
        .status === 406;
    await until('the flow is known', isKnown);
    // The inner lead cannot begin: its first claim waits for the run row of the outer one to be shown as owned.
    const holder = new pg.Client(server.database.connection);
    await holder.connect();
    await holder.query(`create function hold_inner() returns trigger language plpgsql as $$
      begin if new.flow_id = '${pair.buyer.id}' then perform pg_advisory_xact_lock(89); end if; return new; end $$`);
    await holder.query('create trigger hold_inner before insert on runs for each row execute function hold_inner()');
    await holder.query('select pg_advisory_lock(89)');
    const answer = submit(sluice.url, { flow: pair.seller, values: newValues(), how: {} }).catch(() => undefined);
    const waits = () =>
      server.query(`select 1 from pg_locks where locktype = 'advisory' and not granted and objid = 89`);
    await until('the inner lead is about to begin', async () => (await waits()).length > 0);
    sluice.kill('SIGKILL');
    await sluice.exited;
    await answer;
    await server.query(
      `select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory' and not granted and objid = 89`,
    );
    await holder.query('drop trigger hold_inner on runs');
    await holder.end();
    const readResolution = async () => (await unknownOf(pair.seller))?.['resolution'];
    await until('the delivery is resolved', async () => (await readResolution()) === 'not_delivered');
    await until('it is tried again', async () => (await leadsOf(pair.buyer)).length === 1);
    expect(await leadsOf(pair.buyer)).toMatchObject([{ outcome: 'success' }]);
    expect(server.recipient.deliveries).toHaveLength(1);
  });

  it('while the inner lead is with a recipient: the delivery stays unknown until that one is resolved', async () => {
    const pair = await deployPair([deliveryTo(server.recipient.url)]);
    const { sluice, latch, answer } = await submitHeld(pair);
    sluice.kill('SIGKILL');
    await sluice.exited;
    latch.open();
    await answer;
    await until('both are recovered', async () =>
      [await unknownOf(pair.buyer), await unknownOf(pair.seller)].every((each) => each !== undefined),
    );
    expect((await unknownOf(pair.seller))?.['resolution']).toBeNull();
    const innerId = (await unknownOf(pair.buyer))?.['event_id'];
    await server.api('POST', `/unknowns/${innerId}/resolve`, { resolution: 'delivered', price: 9 });
    const readResolution = async () => (await unknownOf(pair.seller))?.['resolution'];
    await until('the outer delivery is resolved', async () => (await readResolution()) === 'delivered');
    const [inner] = await leadsOf(pair.buyer);
    const innerEnd = (await eventsOf(String(inner?.['id']))).find(({ type }) => type === 'source');
    expect(innerEnd).toMatchObject({ interrupted: true, outer_lead: { flow_ids: [pair.seller.id] } });
  });
});
