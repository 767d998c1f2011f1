import type { FlowDocument, RecipientStep } from '../../src/model/flow.ts';
import { createLatch } from '../harness/latch.ts';
import type { ComposedServer } from '../harness/server.ts';
import { until } from '../harness/until.ts';
import { deliveryTo, flowOf, NO_DUPLICATES, when } from '../system/flows.ts';
import { readRows, restoreRows, type StoredCase, writeCase } from './stored-case.ts';

/*
 * Makes one stored lead of each kind with the program as it is, for a new version of what is stored. Run once, before
 * that version is released: `SLUICE_STORED_RECORD=v2 npx vitest run test/stored`.
 */

const BUYS = () => ({ body: { outcome: 'success', price: 4.5 } });
const FAILS = () => ({ status: 500, body: 'broken' });
const HANGS_UP = () => 'hangUp' as const;
const CAP = { type: 'volume' as const, maximum: 5, duration: 1, duration_units: 'day' as const };
const VALUES = {
  first_name: 'Ann',
  email: 'ann@example.com',
  phone_1: '512-789-1111',
  state: 'TX',
  ssn: '219-09-9999',
};
/** The process that is gone whose rows are found. */
const GONE = 'bbbbbbbbbbbbbbbbbbbbbbbb';

type Row = StoredCase['rows'][string][number];
type Flow = Awaited<ReturnType<ComposedServer['deploy']>>;

export async function recordCases(server: ComposedServer, version: string): Promise<void> {
  let lists = 0;
  const buyer = (parts: Partial<RecipientStep> = {}) =>
    deliveryTo(server.recipient.url, { caps: [CAP], pricing: { override: true }, ...parts }, { price_path: 'price' });
  const deploy = (steps: FlowDocument['steps'], parts: Partial<FlowDocument> = {}): Promise<Flow> => {
    lists += 1;
    const duplicate = { value: '{{lead.email}}', list_name: `People ${lists}` };
    return server.deploy(flowOf(steps, { ...NO_DUPLICATES, list_checks: { duplicate }, caps: [CAP], ...parts }));
  };
  const save = async (name: string, { what, flow, leadId }: { what: string; flow: Flow; leadId: string }) => {
    const stored = { what, leadId, rows: await readRows(server, { flowId: flow.id, leadId }), answers: {} };
    writeCase(server, { version, name, stored });
  };
  const submit = async (flow: Flow, values: object = VALUES): Promise<string> =>
    (await server.submit(flow, values)).body.lead.id;
  const retryOf = async (flow: Flow) => (await server.api('GET', `/retries?flow_id=${flow.id}`)).body[0];
  const attempt = async (flow: Flow, answers: Parameters<ComposedServer['recipient']['answerWith']>[0]) => {
    server.recipient.answerWith(answers);
    const before = await retryOf(flow);
    await server.api('POST', `/retries/${before.id}/run`);
    await until('the attempt ends', async () => (await retryOf(flow)).attempts > before.attempts);
  };
  const resolve = async (flow: Flow, body: object) => {
    const [unknown] = (await server.api('GET', `/unknowns?flow_id=${flow.id}`)).body;
    await server.api('POST', `/unknowns/${unknown.event_id}/resolve`, body);
  };
  const runsOf = (leadId: string) =>
    server.query('select row_to_json(r) as row from runs r where r.lead_id = $1 or r.retry_id is not null', [leadId]);
  const passBack = { type: 'filter' as const, rule_set: when('lead.state', 'is equal to', 'NY'), reason: 'Not NY' };
  const notSold = {
    type: 'filter' as const,
    rule_set: when('buyer.outcome', 'is not equal to', 'success'),
    reason: 'Not sold',
    outcome: 'failure',
  };

  server.recipient.answerWith(BUYS);
  const plain = await deploy([passBack, buyer()], {
    pricing: { prices: [{ rule_set: when('lead.state', 'is equal to', 'TX'), amount: 2 }] },
    acceptance_criteria: { rule_set: when('lead.state', 'is equal to', 'TX'), reason: 'Not TX' },
  });
  await save('sold', {
    what: 'A filter that let the lead pass, a delivery that was sold.',
    flow: plain,
    leadId: await submit(plain),
  });
  await save('turned-away', {
    what: 'A lead that did not meet the acceptance criteria.',
    flow: plain,
    leadId: await submit(plain, { ...VALUES, email: 'bob@example.com', state: 'CA' }),
  });
  const open = await deploy([passBack, buyer()], {
    list_checks: { duplicate: { value: '{{lead.email}}', list_name: 'People 1' } },
  });
  await save('duplicate', { what: 'A value that is on a list.', flow: open, leadId: await submit(open) });
  await save('filtered', {
    what: 'A filter that stopped the flow.',
    flow: open,
    leadId: await submit(open, { ...VALUES, email: 'cid@example.com', state: 'NY' }),
  });
  const capped = await deploy([deliveryTo(server.recipient.url)], { caps: [{ ...CAP, maximum: 1 }] });
  await submit(capped);
  await save('capped', {
    what: 'A cap of the flow that was full.',
    flow: capped,
    leadId: await submit(capped, { ...VALUES, email: 'dan@example.com' }),
  });
  const stepCapped = await deploy([buyer({ caps: [{ ...CAP, maximum: 1 }] })]);
  await submit(stepCapped);
  await save('step-capped', {
    what: 'A cap of the step that was full, and a price that is no amount.',
    flow: stepCapped,
    leadId: await submit(stepCapped, { ...VALUES, email: 'eve@example.com', price: 'much' }),
  });

  const retried = await deploy([buyer({ retry_enabled: true }), notSold]);
  server.recipient.answerWith(FAILS);
  const first = await submit(retried);
  await save('waiting', {
    what: 'A delivery that failed and is to be tried again; the lead holds its places.',
    flow: retried,
    leadId: first,
  });
  await attempt(retried, FAILS);
  await attempt(retried, BUYS);
  await save('retried', { what: 'A delivery whose second attempt was sold.', flow: retried, leadId: first });

  const disabled = await deploy([buyer({ retry_enabled: true })]);
  server.recipient.answerWith(FAILS);
  const skipped = await submit(disabled);
  const off = { ...disabled, steps: [{ ...disabled.steps[0], enabled: false }] };
  await server.api('PUT', `/flows/${disabled.id}`, off);
  await server.api('POST', `/flows/${disabled.id}/deploy`);
  await attempt(disabled, BUYS);
  await save('attempt-not-made', { what: 'An attempt that sent nothing.', flow: disabled, leadId: skipped });

  const masked = await deploy([
    deliveryTo(server.recipient.url, { retry_enabled: true }, { 'json_property.ssn': '{{lead.ssn}}' }),
  ]);
  server.recipient.answerWith(FAILS);
  await save('not-retried', {
    what: 'A delivery with masked values that is not tried again.',
    flow: masked,
    leadId: await submit(masked),
  });

  const lost = await deploy([buyer(), notSold]);
  server.recipient.answerWith(HANGS_UP);
  const unknown = await submit(lost);
  await save('unknown', { what: 'A delivery that may have arrived.', flow: lost, leadId: unknown });
  await resolve(lost, { resolution: 'delivered', price: 8 });
  await save('resolved-delivered', {
    what: 'A delivery that may have arrived, resolved as delivered.',
    flow: lost,
    leadId: unknown,
  });
  const lostToo = await deploy([buyer()]);
  const other = await submit(lostToo);
  await resolve(lostToo, { resolution: 'not_delivered', note: 'no record' });
  await save('resolved-not-delivered', { what: 'Resolved as not delivered.', flow: lostToo, leadId: other });

  server.recipient.answerWith(BUYS);
  const { body } = await server.api('POST', '/leads/resubmit', {
    lead_ids: [other],
    preview: false,
    with_masked: true,
    again: true,
  });
  const [again] = body.leads;
  await save('resubmitted', {
    what: 'A lead that was sent again as a new one.',
    flow: lostToo,
    leadId: again.resubmitted_as,
  });

  const refused = await deploy([buyer()]);
  const bare = await submit(refused);
  // As the run store writes a lead whose data the database refuses.
  await server.query(`update lead_data set document = '{}' where lead_id = $1`, [bare]);
  await server.query(`update leads set outcome = 'error', reason = 'refused (22021)', price = 0 where id = $1`, [bare]);
  await server.query(
    `update events set facts = '{}', reason = null, outcome = case type when 'source' then 'error' else outcome end
      where lead_id = $1`,
    [bare],
  );
  await save('refused', { what: 'A lead whose data the database refused.', flow: refused, leadId: bare });
  await server.query('delete from lead_data where lead_id = $1', [unknown]);
  await save('personal-part-deleted', { what: 'A lead whose personal part is gone.', flow: lost, leadId: unknown });

  await recordRuns();
  await recordAuction();

  /** Rows of leads under way, and what a recovery makes of them. */
  async function recordRuns(): Promise<void> {
    const name = `${server.recipient.url}second`;
    const two = await deploy([
      buyer(),
      deliveryTo(name, { caps: [CAP], retry_enabled: true, idempotent: true, entity: { name: 'Second' } }),
    ]);
    const latch = createLatch();
    const sentBefore = server.recipient.deliveries.length;
    server.recipient.answerWith(async ({ path }) => {
      if (path === '/second') await latch.opened;
      return { body: { outcome: path === '/second' ? 'success' : 'failure' } };
    });
    const ending = submit(two);
    await server.recipient.arrival(sentBefore + 2);
    const [run] = await server.query('select row_to_json(r) as row from runs r where flow_id = $1', [two.id]);
    const under = { flow: two, run: run?.['row'] as object };
    const intents = await intentsOf(under.run);
    latch.open();
    const leadId = await ending;
    await leaveBehind({ ...under, intents, leadId, name: 'run-with-intent', recovered: 'interrupted' });
    await leaveBehind({ ...under, intents: [], leadId, name: 'run-with-places', recovered: 'interrupted-early' });

    const keyed = await deploy([buyer({ retry_enabled: true, idempotent: true })]);
    server.recipient.answerWith(FAILS);
    const failed = await submit(keyed);
    const held = createLatch();
    const before = server.recipient.deliveries.length;
    server.recipient.answerWith(async () => {
      await held.opened;
      return FAILS();
    });
    const { id } = await retryOf(keyed);
    await server.api('POST', `/retries/${id}/run`);
    await server.recipient.arrival(before + 1);
    const [attempted] = await runsOf('');
    const attemptIntents = await intentsOf(attempted?.['row'] as object);
    const rows = await readRows(server, { flowId: keyed.id, leadId: failed });
    held.open();
    await until('the attempt ends', async () => (await retryOf(keyed)).attempts > 0);
    const row = { ...(attempted?.['row'] as Record<string, unknown>), node_id: GONE };
    const underWay = { ...rows, intents: attemptIntents, runs: [row] };
    const what = 'An attempt under way, with its intent.';
    writeCase(server, {
      version,
      name: 'attempt-with-intent',
      stored: { what, leadId: failed, rows: underWay, answers: {} },
    });
  }

  /** An auction under way: while bids are asked for, and while the winner has the lead. Money is held. */
  async function recordAuction(): Promise<void> {
    const { type: _, ...delivery } = deliveryTo(`${server.recipient.url}lead`, {
      caps: [{ ...CAP, type: 'revenue', maximum: 100 }],
      entity: { name: 'Bidder' },
    });
    const asks = { url: `${server.recipient.url}bid`, outcome_search_path: 'outcome', price_path: 'price' };
    const mappings = Object.entries({ ...asks, outcome_search_term: 'success' }).map(([property, value]) => ({
      ...{ property, value },
    }));
    const bid = { module_id: 'leadconduit-custom.outbound.json', mappings };
    const flow = await deploy([{ type: 'distribution', method: 'highest_bid', recipients: [{ ...delivery, bid }] }]);
    const latches = { '/bid': createLatch(), '/lead': createLatch() };
    const before = server.recipient.deliveries.length;
    server.recipient.answerWith(async ({ path }) => {
      await latches[path === '/bid' ? '/bid' : '/lead'].opened;
      return { body: { outcome: 'success', price: 31.0001 } };
    });
    const ending = submit(flow);
    const look = async (arrived: number) => {
      await server.recipient.arrival(before + arrived);
      const [found] = await server.query('select row_to_json(r) as row from runs r where flow_id = $1', [flow.id]);
      const run = found?.['row'] as object;
      return { flow, run, intents: await intentsOf(run) };
    };
    const asked = await look(1);
    latches['/bid'].open();
    const won = await look(2);
    latches['/lead'].open();
    const leadId = await ending;
    await leaveBehind({ ...asked, leadId, name: 'run-with-bids', recovered: 'interrupted-bids' });
    await leaveBehind({ ...won, leadId, name: 'run-with-money', recovered: 'interrupted-auction' });
  }

  /** The intents of a run, oldest first. */
  async function intentsOf(run: object): Promise<Row[]> {
    const { lead_id: runId } = run as { lead_id: string };
    const found = await server.query('select row_to_json(i) as row from intents i where lead_id = $1 order by seq', [
      runId,
    ]);
    return found.map(({ row }) => row as Row);
  }

  /** The rows of a lead whose process is gone, then what a recovery writes of it. */
  async function leaveBehind(at: {
    flow: Flow;
    leadId: string;
    run: object;
    intents: Row[];
    name: string;
    recovered: string;
  }): Promise<void> {
    const { flow, leadId, intents, name, recovered } = at;
    for (const table of ['leads', 'lead_data', 'lead_search', 'events', 'retries', 'unknowns', 'lead_holds'])
      await server.query(`delete from ${table} where ${table === 'leads' ? 'id' : 'lead_id'} = $1`, [leadId]);
    // Its places were settled when it ended; a second time would be one too many.
    await server.query('delete from cap_windows where flow_id = $1', [flow.id]);
    const underWay = { ...(intents.length > 0 ? { intents } : {}), runs: [{ ...at.run, node_id: GONE }] };
    const rows: StoredCase['rows'] = { ...(await readRows(server, { flowId: flow.id, leadId })), ...underWay };
    const what = intents.length > 0 ? 'A lead under way, with its intents.' : 'A lead under way that holds places.';
    writeCase(server, { version, name, stored: { what, leadId, rows, answers: {} } });
    await restoreRows(server, underWay);
    await until(
      'it is settled',
      async () => (await server.query('select from leads where id = $1', [leadId])).length > 0,
    );
    await save(recovered, { what: `What a recovery made of ${name}.`, flow, leadId });
  }
}
