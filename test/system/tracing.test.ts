import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Config } from '../../src/config.ts';
import type { Log } from '../../src/observe/log.ts';
import { PHASES } from '../../src/pipeline/phases.ts';
import { type CollectedSpan, type OtlpCollector, openOtlpCollector } from '../harness/otlp-collector.ts';
import { type ComposedServer, type SubmitTarget, startTestServer, submit } from '../harness/server.ts';
import { until } from '../harness/until.ts';
import { deliveryTo, flowOf } from './flows.ts';

// Its last eight digits are 5.5 % of the way to ffffffff.
const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const PARENT = '00f067aa0ba902b7';

let server: ComposedServer;
let collector: OtlpCollector;
let flow: SubmitTarget;
const warnings: string[] = [];
const log: Log = {
  error: ignore,
  warn: (_fields, sentence) => void warnings.push(sentence),
  info: ignore,
  debug: ignore,
};

beforeAll(async () => {
  server = await startTestServer();
  flow = await server.deploy(flowOf([deliveryTo(server.recipient.url), deliveryTo(server.recipient.url)]));
});
beforeEach(async () => {
  collector = await openOtlpCollector();
  return () => collector.close();
});
afterAll(() => server.stop());

/** One lead through a server with these settings, which is stopped; the lead's answer. */
async function sendLead(settings: Partial<Config>, target = flow) {
  const config = { ...server.config, port: 0, otlpEndpoint: collector.url, ...settings };
  const beside = await server.startBeside({ log, config });
  const headers = { traceparent: `00-${TRACE}-${PARENT}-00` };
  const values = { email: 'grace.tracing@example.com', first_name: 'Gracia', phone_1: '5127891111' };
  const answer = await submit(beside.url, { flow: target, values, how: { headers } });
  await beside.stop();
  expect(answer.status).toBe(201);
  return answer;
}

const named = (name: string) => collector.spans().filter((span) => span.name === name);

describe('spans of a lead', () => {
  it('are one for the lead, one a phase, one a delivery and one a request, under the sender’s trace', async () => {
    await sendLead({});
    const spans = collector.spans();
    expect(new Set(collector.paths())).toEqual(new Set(['/v1/traces']));
    expect(spans.map(({ name }) => name).sort()).toEqual(
      [...PHASES.map(({ name }) => name), ...['lead', 'delivery', 'delivery', 'request POST', 'request POST']].sort(),
    );
    expect(new Set(spans.map(({ traceId }) => traceId))).toEqual(new Set([TRACE]));
    expect(new Set(spans.map(({ spanId }) => spanId)).size).toBe(spans.length);
    const [lead] = named('lead');
    expect(lead).toMatchObject({ parentSpanId: PARENT, kind: 2 });
    expect(lead?.attributes).toMatchObject({
      'sluice.flow_id': flow.id,
      'sluice.outcome': 'success',
      'http.response.status_code': 201,
    });
    const parentsOf = (list: CollectedSpan[]) => list.map(({ parentSpanId }) => parentSpanId);
    for (const { name } of PHASES) expect(parentsOf(named(name))).toEqual([lead?.spanId]);
    const [steps] = named('steps');
    expect(parentsOf(named('delivery'))).toEqual([steps?.spanId, steps?.spanId]);
    expect(parentsOf(named('request POST'))).toEqual(named('delivery').map(({ spanId }) => spanId));
    expect(named('delivery')[0]?.attributes).toMatchObject({
      'sluice.module': 'leadconduit-custom.outbound.json',
      'sluice.outcome': 'success',
    });
    expect(named('request POST')[0]).toMatchObject({ kind: 3, attributes: { 'http.response.status_code': 200 } });
    // Phases follow each other inside the lead.
    const inOrder = PHASES.map(({ name }) => named(name)[0]?.startedAt ?? Number.NaN);
    expect(inOrder).toEqual([...inOrder].sort((a, b) => a - b));
    expect(inOrder[0]).toBeGreaterThanOrEqual(lead?.startedAt ?? Number.NaN);
  });

  it('of requests are those that recipients saw in traceparent, when it is passed on', async () => {
    const from = server.recipient.deliveries.length;
    await sendLead({ isTracePassedOn: true });
    const sent = server.recipient.deliveries.slice(from).map((each) => each.headers['traceparent']);
    expect(sent).toEqual(named('request POST').map(({ spanId }) => `00-${TRACE}-${spanId}-01`));
  });

  it('have no value of the lead, no id of it, no address and no reason', async () => {
    server.recipient.answerWith(() => ({ body: { outcome: 'failure', reason: 'Gracia is known' } }));
    const { body } = await sendLead({});
    server.recipient.answerWith(() => ({ body: { outcome: 'success' } }));
    expect(named('delivery')[0]?.attributes).toMatchObject({ 'sluice.outcome': 'failure' });
    const text = collector.text();
    for (const value of ['grace.tracing', 'Gracia', '5127891111', body.lead.id, server.recipient.url, server.key])
      expect(text).not.toContain(value);
  });

  it('of a retry are a trace of its own', async () => {
    // Alone, because any server of a database may run its retries.
    const alone = await startTestServer({ otlpEndpoint: collector.url });
    alone.recipient.answerWith(() => ({ status: 500, body: {} }));
    const retried = await alone.deploy(flowOf([deliveryTo(alone.recipient.url, { retry_enabled: true })]));
    expect((await alone.submit(retried, {})).status).toBe(201);
    alone.recipient.answerWith(() => ({ body: { outcome: 'success' } }));
    await alone.query('update retries set next_attempt_at = now()');
    const counted = /^sluice_attempts_total\{(?=.*outcome="success").*\} 1$/m;
    await until('the attempt is counted', async () => counted.test((await alone.api('GET', '/metrics')).text));
    await alone.stop();
    const [first, again] = named('delivery');
    expect(first?.attributes).not.toHaveProperty(['sluice.is_retry']);
    expect(again?.attributes).toMatchObject({ 'sluice.is_retry': true, 'sluice.outcome': 'success' });
    expect(again?.parentSpanId).toBeUndefined();
    expect(again?.traceId).not.toBe(first?.traceId);
    expect(named('request POST').map(({ parentSpanId }) => parentSpanId)).toEqual([first?.spanId, again?.spanId]);
  });

  it('are those of the share that is set, by the trace', async () => {
    await sendLead({ tracePercent: 5 });
    expect(collector.spans()).toEqual([]);
    await sendLead({ tracePercent: 6 });
    expect(named('lead')).toHaveLength(1);
  });

  it('of a collector that is away cost the sender nothing, and the log says so once', async () => {
    await collector.close();
    warnings.length = 0;
    const answer = await sendLead({});
    expect(answer.body.outcome).toBe('success');
    expect(warnings.filter((sentence) => sentence.includes('collector'))).toEqual([
      'the collector of traces takes no spans; they are dropped',
    ]);
  });
});

function ignore(): void {}
