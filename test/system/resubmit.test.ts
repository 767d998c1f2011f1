import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type ComposedServer, startTestServer } from '../harness/server.ts';
import { deliveryTo, flowOf, NO_DUPLICATES, when } from './flows.ts';

let server: ComposedServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterEach(() => {
  server.recipient.deliveries.length = 0;
  server.recipient.answerWith(() => ({ body: { outcome: 'success' } }));
});
afterAll(() => server.stop());

/** Leads fail when the buyer does not take them. */
const deployFlow = (parts = {}) =>
  server.deploy(
    flowOf(
      [
        deliveryTo(server.recipient.url),
        {
          type: 'filter',
          outcome: 'failure',
          reason: 'not sold',
          rule_set: when('buyer.outcome', 'is not equal to', 'success'),
        },
      ],
      parts,
    ),
  );
type Flow = Awaited<ReturnType<typeof deployFlow>>;

const NOBODYS = 'a'.repeat(24);
const JSON_ANSWER = { Accept: 'application/json' };

let names = 0;
function newName(): string {
  names += 1;
  return `call-${names}`;
}

const redeploy = (flow: Flow, parts: object) => server.redeploy({ ...flow, ...parts });

/** From now on everything is bought, and deliveries are counted anew. */
function buyAgain(): void {
  server.recipient.deliveries.length = 0;
  server.recipient.answerWith(() => ({ body: { outcome: 'success' } }));
}

/** Deliveries wait for their answer until somebody calls what this answers. */
function hold(body: object = { outcome: 'success' }): () => void {
  let release = (): void => undefined;
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  server.recipient.answerWith(async () => {
    await released;
    return { body };
  });
  return release;
}

async function failedLead(flow: Flow, values: object = { email: 'ann@example.com' }): Promise<string> {
  server.recipient.answerWith(() => ({ body: { outcome: 'no' } }));
  const { body } = await server.submit(flow, values);
  expect(body.outcome).toBe('failure');
  buyAgain();
  return body.lead.id;
}

const resubmit = (body: object) => server.api('POST', '/leads/resubmit', body);
const send = async (body: object) => (await resubmit({ ...body, preview: false })).body;

describe('a preview', () => {
  it('shows per recipient what would be sent, and sends nothing', async () => {
    const id = await failedLead(await deployFlow());
    const { status, body } = await resubmit({ lead_ids: [id, NOBODYS] });
    expect(status).toBe(200);
    const request = { uri: server.recipient.url, body: '{"email":"ann@example.com"}' };
    expect(body).toMatchObject({
      preview: true,
      note: expect.stringContaining('recipients accept everything'),
      counts: { would_send: 1, refused: 0, success: 1 },
      missing: [NOBODYS],
      remaining: [],
      leads: [
        {
          lead_id: id,
          outcome: 'failure',
          reason: 'not sold',
          refused: null,
          would: { outcome: 'success', requests: [{ recipient: { name: 'Buyer' }, request }] },
        },
      ],
    });
    expect(server.recipient.deliveries).toEqual([]);
    expect(await server.query('select 1 from resubmissions where lead_id = $1', [id])).toEqual([]);
  });

  it('reports a source that would not take the lead', async () => {
    const flow = await deployFlow();
    const id = await failedLead(flow);
    await redeploy(flow, { sources: flow.sources.map((source: object) => ({ ...source, enabled: false })) });
    const { body } = await resubmit({ lead_ids: [id] });
    expect(body.counts).toMatchObject({ not_taken: 1 });
    expect(body.leads[0].would).toEqual({ outcome: null, reason: 'The source would answer 403', requests: [] });
  });

  it('reports who accepted the lead before', async () => {
    const flow = await server.deploy(
      flowOf([
        deliveryTo(server.recipient.url),
        { type: 'filter', outcome: 'failure', reason: 'never', rule_set: when('lead.email', 'is not blank') },
      ]),
    );
    const id = (await server.submit(flow, { email: 'ann@example.com' })).body.lead.id;
    const { body } = await resubmit({ lead_ids: [id] });
    expect(body.leads[0]).toMatchObject({ refused: null, warnings: ['Buyer has already accepted it'] });
  });
});

describe('a lead that is sent again', () => {
  it('is a new lead that knows whose it is, and the old one as which', async () => {
    const id = await failedLead(await deployFlow());
    const { counts, leads } = await send({ lead_ids: [id] });
    expect(counts).toEqual({ sent: 1, refused: 0, running: 0 });
    expect(leads).toMatchObject([{ lead_id: id, status: 'sent', outcome: 'success' }]);
    const asId = leads[0].resubmitted_as;
    const { body: lead } = await server.api('GET', `/leads/${asId}`);
    expect(lead).toMatchObject({ outcome: 'success', vars: { lead: { email: { normal: 'ann@example.com' } } } });
    expect(lead.events.at(-1)).toMatchObject({ type: 'source', resubmitted_from: id });
    expect((await server.api('GET', `/leads/${id}`)).body).toMatchObject({ outcome: 'failure', resubmitted_as: asId });
  });

  it('runs on the flow as it is deployed now, through a source that wants a key too', async () => {
    const flow = await deployFlow();
    const id = await failedLead(flow);
    const sources = flow.sources.map((source: object) => ({ ...source, authentication_required: true }));
    await redeploy(flow, { sources });
    expect((await send({ lead_ids: [id] })).leads[0]).toMatchObject({ outcome: 'success' });
  });

  it('keeps the parameters of its query', async () => {
    const flow = await deployFlow();
    server.recipient.answerWith(() => ({ body: { outcome: 'no' } }));
    const url = `${server.url}/flows/${flow.id}/sources/${flow.sources[0].entity.id}/submit`;
    const body = await (await fetch(`${url}?email=q%3F%26@example.com`, { headers: JSON_ANSWER })).json();
    buyAgain();
    await send({ lead_ids: [(body as { lead: { id: string } }).lead.id] }); // the answer of a submission
    expect(server.recipient.deliveries.map((delivery) => delivery.body)).toEqual(['{"email":"q?&@example.com"}']);
  });

  it('goes to another source on request', async () => {
    const [flow, other] = [await deployFlow(), await deployFlow({ name: 'Other' })];
    const id = await failedLead(flow);
    const to = { flow_id: other.id, source_id: other.sources[0].id };
    expect((await resubmit({ lead_ids: [id], to })).body.leads[0].would).toMatchObject({ outcome: 'success' });
    const { leads } = await send({ lead_ids: [id], to });
    const { body: lead } = await server.api('GET', `/leads/${leads[0].resubmitted_as}`);
    expect(lead).toMatchObject({ flow: { id: other.id }, source: { id: other.sources[0].entity.id } });
  });

  it('is given back when its source does not take it', async () => {
    const flow = await deployFlow();
    const id = await failedLead(flow);
    await redeploy(flow, { sources: flow.sources.map((source: object) => ({ ...source, enabled: false })) });
    expect((await send({ lead_ids: [id] })).leads[0]).toMatchObject({
      status: 'refused',
      resubmitted_as: null,
      reason: 'The source answered 403',
    });
    await redeploy(flow, {});
    expect((await send({ lead_ids: [id] })).leads[0]).toMatchObject({ status: 'sent' });
  });
});

describe('nothing is sent twice', () => {
  it('by two calls at once, nor by a later one unless it says so', async () => {
    const id = await failedLead(await deployFlow());
    const calls = await Promise.all([1, 2, 3].map(() => send({ lead_ids: [id, id.toUpperCase()] })));
    const sent = calls.flatMap(({ leads }) => leads).filter(({ status }) => status === 'sent');
    expect(sent).toMatchObject([{ lead_id: id, outcome: 'success' }]);
    expect(server.recipient.deliveries).toHaveLength(1);
    expect((await send({ lead_ids: [id] })).leads[0]).toMatchObject({
      status: 'refused',
      reason: expect.stringContaining(sent[0].resubmitted_as),
    });
    expect(server.recipient.deliveries).toHaveLength(1);
    expect((await send({ lead_ids: [id], again: true })).leads[0]).toMatchObject({ outcome: 'success' });
    expect(server.recipient.deliveries).toHaveLength(2);
  });

  it('by a named call that is made again, which returns the same result', async () => {
    const id = await failedLead(await deployFlow());
    const named = { lead_ids: [id], again: true, resubmission_id: newName() };
    const [one, other] = await Promise.all([send(named), send(named)]);
    const third = await send(named);
    expect(third.leads).toMatchObject([{ status: 'sent', outcome: 'success' }]);
    for (const { leads } of [one, other]) expect(leads[0].resubmitted_as).toBe(third.leads[0].resubmitted_as);
    expect(server.recipient.deliveries).toHaveLength(1);
    const changed = await resubmit({ ...named, with_masked: true, preview: false });
    expect(changed).toMatchObject({ status: 409, body: { code: 'conflict' } });
  });

  it('by a named query, which stays with the leads it found', async () => {
    const flow = await deployFlow();
    const first = await failedLead(flow);
    const named = { query: { flow_id: flow.id }, resubmission_id: newName() };
    expect((await send(named)).leads).toMatchObject([{ lead_id: first, status: 'sent' }]);
    await failedLead(flow, { email: 'bob@example.com' });
    expect((await send(named)).leads).toMatchObject([{ lead_id: first, status: 'sent' }]);
    expect(server.recipient.deliveries).toEqual([]);
  });

  it('while it is under way, not even again', async () => {
    const flow = await deployFlow();
    const id = await failedLead(flow);
    const answered = hold();
    const named = { lead_ids: [id], resubmission_id: newName() };
    const sending = send(named);
    await server.recipient.arrival(1);
    expect((await send(named)).leads).toMatchObject([{ status: 'running', outcome: null }]);
    expect((await send({ lead_ids: [id], again: true })).leads).toMatchObject([
      { status: 'refused', reason: expect.stringContaining('in process') },
    ]);
    answered();
    expect((await sending).leads).toMatchObject([{ status: 'sent', outcome: 'success' }]);
    expect(server.recipient.deliveries).toHaveLength(1);
  });

  it('when the first time has not ended', async () => {
    const flow = await deployFlow();
    const answered = hold();
    const submitting = server.submit(flow, { email: 'slow@example.com' });
    await server.recipient.arrival(1);
    const [run] = await server.query('select lead_id from runs where flow_id = $1', [flow.id]);
    const { body } = await resubmit({ lead_ids: [run?.['lead_id']] });
    expect(body.leads).toMatchObject([{ refused: expect.stringContaining('in process'), would: null }]);
    answered();
    await submitting;
  });

  it('after a delivery that may have arrived, until somebody says what became of it', async () => {
    const flow = await deployFlow();
    server.recipient.answerWith(() => 'hangUp');
    const id = (await server.submit(flow, { email: 'unknown@example.com' })).body.lead.id;
    buyAgain();
    expect((await send({ lead_ids: [id], again: true })).leads[0].reason).toContain('/unknowns/');
    const [unknown] = (await server.api('GET', `/unknowns?lead_id=${id}`)).body;
    await server.api('POST', `/unknowns/${unknown.event_id}/resolve`, { resolution: 'not_delivered' });
    expect((await send({ lead_ids: [id] })).leads[0]).toMatchObject({ status: 'sent' });
    expect(server.recipient.deliveries).toHaveLength(1);
  });

  it('when its process stopped after the new lead was settled, before that was noted', async () => {
    const id = await failedLead(await deployFlow());
    await send({ lead_ids: [id] });
    await server.query('update resubmissions set ended_at = null where lead_id = $1', [id]);
    expect((await send({ lead_ids: [id] })).leads[0].reason).toContain('"again": true');
    expect(server.recipient.deliveries).toHaveLength(1);
  });

  it('when what it was sent as may have arrived', async () => {
    const id = await failedLead(await deployFlow());
    server.recipient.answerWith(() => 'hangUp');
    await send({ lead_ids: [id] });
    buyAgain();
    expect((await send({ lead_ids: [id], again: true })).leads[0].reason).toContain('/unknowns/');
    expect(server.recipient.deliveries).toEqual([]);
  });

  it('by a call that follows one that stopped, unless that one left nothing for ten minutes', async () => {
    const id = await failedLead(await deployFlow());
    await server.query(
      `insert into resubmissions (account_id, lead_id, attempt, as_lead_id, created_at) values ($1, $2, 1, $3, now())`,
      [server.account.id, id, NOBODYS],
    );
    expect((await send({ lead_ids: [id], again: true })).leads[0].reason).toContain(NOBODYS);
    await server.query(`update resubmissions set created_at = now() - interval '11 minutes' where lead_id = $1`, [id]);
    expect((await send({ lead_ids: [id] })).leads[0]).toMatchObject({ status: 'sent' });
  });
});

describe('refused', () => {
  it('are successes, and masked values unless asterisks are wanted', async () => {
    const flow = await deployFlow();
    const masked = await failedLead(flow, { email: 'ann@example.com', ssn: '219-09-9999' });
    const sold = (await server.submit(flow, { email: 'sold@example.com' })).body.lead.id;
    server.recipient.deliveries.length = 0;
    const { leads } = await send({ lead_ids: [masked, sold] });
    expect(leads.map(({ reason }: { reason: string }) => reason)).toEqual([
      expect.stringContaining('(ssn)'),
      expect.stringContaining('success'),
    ]);
    expect(server.recipient.deliveries).toEqual([]);
    const preview = (await resubmit({ lead_ids: [masked], with_masked: true })).body.leads[0];
    expect(preview).toMatchObject({ refused: null, warnings: ['Asterisks are sent for ssn'] });
    expect((await send({ lead_ids: [masked], with_masked: true })).leads[0]).toMatchObject({ outcome: 'success' });
  });

  it('is a masked value that is too short to leave its trace in the request', async () => {
    const { body: field } = await server.api('POST', '/fields', {
      id: 'pin',
      name: 'PIN',
      type: 'string',
      masked: true,
    });
    expect(field).toMatchObject({ masked: true });
    const id = await failedLead(await deployFlow({ fields: ['email', 'pin'] }), {
      email: 'ann@example.com',
      pin: '42',
    });
    expect((await send({ lead_ids: [id] })).leads[0].reason).toContain('(pin)');
  });

  it.each([
    ['was interrupted', '{}', 'interrupted'],
    [
      'failed before its values were stored',
      '{"request": {"method": "POST", "uri": "/", "headers": {}, "body": null}}',
      'sender',
    ],
  ])('is a lead that %s', async (_, document, reason) => {
    const id = await failedLead(await deployFlow());
    await server.query('update lead_data set document = $2 where lead_id = $1', [id, document]);
    expect((await send({ lead_ids: [id], again: true })).leads[0].reason).toContain(reason);
    expect(server.recipient.deliveries).toEqual([]);
  });

  it('is a lead whose personal part is deleted', async () => {
    const id = await failedLead(await deployFlow());
    await server.query('delete from lead_data where lead_id = $1', [id]);
    expect((await send({ lead_ids: [id] })).leads[0].reason).toBe('Its values have been deleted');
  });

  it('is a lead with a delivery that is still tried again, until that is cancelled', async () => {
    server.recipient.answerWith(() => ({ status: 500, body: 'down' }));
    const flow = await server.deploy(flowOf([deliveryTo(server.recipient.url, { retry_enabled: true })]));
    const id = (await server.submit(flow, { email: 'ann@example.com' })).body.lead.id;
    buyAgain();
    const [retry] = (await server.api('GET', `/retries?lead_id=${id}`)).body;
    expect((await send({ lead_ids: [id], again: true })).leads[0].reason).toContain('/retries/');
    await server.api('POST', `/retries/${retry.id}/cancel`);
    expect((await send({ lead_ids: [id], again: true })).leads[0]).toMatchObject({ status: 'sent' });
    const revived = await server.api('POST', `/retries/${retry.id}/run`);
    expect(revived).toMatchObject({ status: 409, body: { error: expect.stringContaining('resubmitted_as') } });
    expect(server.recipient.deliveries).toHaveLength(1);
  });

  it('are leads past the retention period', async () => {
    const id = await failedLead(await deployFlow());
    await server.query(`update leads set submitted_at = now() - interval '91 days' where id = $1`, [id]);
    expect((await send({ lead_ids: [id] })).leads[0].reason).toBe('It is past the retention period of 90 days');
  });

  it('are leads of another account, and its flows', async () => {
    const flow = await deployFlow();
    const id = await failedLead(flow);
    const ask = (body: object) => server.api('POST', '/leads/resubmit', body, { key: server.strangerKey });
    expect((await ask({ lead_ids: [id], preview: false })).body).toMatchObject({ leads: [], missing: [id] });
    const to = { flow_id: flow.id, source_id: flow.sources[0].id };
    expect(await ask({ lead_ids: [id], to })).toMatchObject({
      status: 422,
      body: { details: [{ path: 'to.flow_id' }] },
    });
    expect(server.recipient.deliveries).toEqual([]);
  });
});

describe('a query', () => {
  it('finds failed leads, oldest first, and goes on with those that were not sent', async () => {
    const flow = await deployFlow();
    const ids = [];
    for (const name of ['ann', 'bob', 'cat']) ids.push(await failedLead(flow, { email: `${name}@example.com` }));
    await server.submit(flow, { email: 'sold@example.com' });
    server.recipient.deliveries.length = 0;
    const query = { flow_id: flow.id };
    const idsIn = ({ leads }: { leads: { lead_id: string }[] }) => leads.map((lead) => lead.lead_id);
    expect(idsIn(await send({ query, limit: 2 }))).toEqual(ids.slice(0, 2));
    expect(idsIn(await send({ query, limit: 2 }))).toEqual(ids.slice(2));
    expect(idsIn(await send({ query, limit: 2 }))).toEqual([]);
    expect(server.recipient.deliveries).toHaveLength(3);
    const listed = (resubmitted: boolean) =>
      server.api('GET', `/leads?flow_id=${flow.id}&outcome=failure&resubmitted=${resubmitted}`);
    expect((await listed(true)).body.map(({ id }: { id: string }) => id)).toEqual(ids.toReversed());
    expect((await listed(false)).body).toEqual([]);
  });

  it('finds by all it can be asked with', async () => {
    const flow = await deployFlow();
    const [ann, bob] = [await failedLead(flow), await failedLead(flow, { email: 'bob@example.com', state: 'TX' })];
    const found = async (query: object) =>
      (await resubmit({ query: { flow_id: flow.id, ...query } })).body.leads.map(
        (lead: { lead_id: string }) => lead.lead_id,
      );
    const rules = [{ lhv: 'vars.lead.state', op: 'is equal to', rhv: 'TX' }];
    expect(await found({ rules })).toEqual([bob]);
    expect(await found({ reason: 'not sold' })).toEqual([ann, bob]);
    expect(await found({ reason: 'not' })).toEqual([]);
    expect(await found({ outcome: 'error' })).toEqual([]);
    expect(await found({ source_id: flow.sources[0].entity.id, start: '2020-01-01' })).toEqual([ann, bob]);
    expect(await found({ end: '2020-01-01' })).toEqual([]);
    expect(await found({ after_id: ann })).toEqual([bob]);
    expect(await found({ held_duplicate: true })).toEqual([]);
    expect((await server.api('GET', `/leads?flow_id=${flow.id}&reason=not%20sold`)).body).toHaveLength(2);
  });

  it('finds leads that were rejected because another lead held the value', async () => {
    const flow = await deployFlow(NO_DUPLICATES);
    const answered = hold({ outcome: 'no' });
    const first = server.submit(flow, { email: 'twin@example.com' });
    await server.recipient.arrival(1);
    const second = (await server.submit(flow, { email: 'twin@example.com' })).body.lead.id;
    answered();
    await first;
    buyAgain();
    const { leads } = await send({ query: { flow_id: flow.id, held_duplicate: true } });
    expect(leads).toMatchObject([{ lead_id: second, outcome: 'success' }]);
  });
});

it('what there is no room for remains', async () => {
  const small = await startTestServer({ admissionMax: 1 });
  try {
    const flow = await small.deploy(flowOf([deliveryTo(small.recipient.url)]));
    const ids = [];
    for (const name of ['ann', 'bob', 'cat']) {
      const { body } = await small.submit(flow, { email: `${name}@example.com` });
      ids.push(body.lead.id);
    }
    const call = { lead_ids: ids, again: true, preview: false, resubmission_id: 'small' };
    const answers = [];
    for (let calls = 0; calls < ids.length; calls += 1) {
      answers.push((await small.api('POST', '/leads/resubmit', call)).body);
    }
    expect(answers[0].remaining.length).toBeGreaterThan(0);
    expect(answers[0].leads.length + answers[0].remaining.length).toBe(ids.length);
    expect(answers.at(-1)).toMatchObject({ remaining: [], counts: { sent: 3 } });
    expect(small.recipient.deliveries).toHaveLength(2 * ids.length);
  } finally {
    await small.stop();
  }
});

describe('a hostile or mistaken body', () => {
  const id = 'a'.repeat(24);
  it.each([
    [{}, 'lead_ids'],
    [{ lead_ids: [] }, 'lead_ids'],
    [{ lead_ids: ['x'] }, 'lead_ids.0'],
    [{ lead_ids: [[id]] }, 'lead_ids.0'],
    [{ lead_ids: new Array(1_001).fill(id) }, 'lead_ids'],
    [{ lead_ids: [id], query: {} }, 'lead_ids'],
    [{ query: [] }, 'query'],
    [{ query: { flow_id: 'x' } }, 'query.flow_id'],
    [{ query: { outcome: 'late' } }, 'query.outcome'],
    [{ query: { reason: 7 } }, 'query.reason'],
    [{ query: { reason: 'x'.repeat(100_000) } }, 'query.reason'],
    [{ query: { start: 'yesterday' } }, 'query.start'],
    [{ query: { end: { $gt: '' } } }, 'query.end'],
    [{ query: { rules: 'all' } }, 'query.rules'],
    [{ query: { rules: [{ lhv: 'a', op: 'is like', rhv: 'b' }] } }, 'query.rules.0.op'],
    [{ query: { held_duplicate: 1 } }, 'query.held_duplicate'],
    [{ query: { constructor: 1 } }, 'query.constructor'],
    [{ query: {}, limit: 0 }, 'limit'],
    [{ query: {}, limit: 1_001 }, 'limit'],
    [{ query: {}, preview: 'no' }, 'preview'],
    [{ query: {}, to: { flow_id: id } }, 'to.source_id'],
    [{ query: {}, to: { flow_id: id, source_id: id } }, 'to.flow_id'],
    [{ query: {}, resubmission_id: 'a b' }, 'resubmission_id'],
    [{ query: {}, colour: 1 }, 'colour'],
  ])('%# is refused with its place', async (body, path) => {
    const answer = await resubmit(body);
    expect(answer.status).toBe(422);
    expect(answer.body.details.map((detail: { path: string }) => detail.path)).toContain(path);
  });

  it.each([null, [], 'all', 7])('%j is no object', async (body) => {
    expect((await server.api('POST', '/leads/resubmit', body)).status).toBe(422);
  });
});
