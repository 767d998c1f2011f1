import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Log } from '../../src/observe/log.ts';
import { type ComposedServer, startTestServer, submit } from '../harness/server.ts';
import { deliveryTo, flowOf } from './flows.ts';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const PARENT = '00f067aa0ba902b7';
const TRACEPARENT = `00-${TRACE}-${PARENT}-00`;
const ID = /^[0-9a-f]{32}$/;

let server: ComposedServer;
const lines: { fields: Record<string, unknown>; sentence: string }[] = [];
const keep = (fields: Record<string, unknown>, sentence: string) => void lines.push({ fields, sentence });
const log: Log = { error: keep, warn: keep, info: keep, debug: keep };

beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.stop());

/** What a server with these settings logs and sends for one lead through two deliveries. */
async function sendLead(isTracePassedOn: boolean, traceparent: string | undefined) {
  const steps = [deliveryTo(server.recipient.url), deliveryTo(server.recipient.url)];
  const flow = await server.deploy(flowOf(steps));
  const { config } = server;
  const beside = await server.startBeside({ log, config: { ...config, port: 0, isTracePassedOn } });
  lines.length = 0;
  const from = server.recipient.deliveries.length;
  try {
    const headers: Record<string, string> = traceparent === undefined ? {} : { traceparent };
    const answer = await submit(beside.url, { flow, values: { email: 'ann@example.com' }, how: { headers } });
    expect(answer).toMatchObject({ status: 201, body: { outcome: 'success' } });
    await fetch(`${beside.url}/flows`, { headers });
  } finally {
    await beside.stop();
  }
  const traceOf = (sentence: string) => lines.find((line) => line.sentence === sentence)?.fields['trace_id'];
  return {
    logged: { lead: traceOf('lead'), call: traceOf('call') },
    sent: server.recipient.deliveries.slice(from).map((each) => each.headers['traceparent']),
  };
}

describe('a trace', () => {
  it('of the sender is in the log, and recipients get no header that the flow does not ask for', async () => {
    const { logged, sent } = await sendLead(false, TRACEPARENT);
    expect(logged).toEqual({ lead: TRACE, call: TRACE });
    expect(sent).toEqual([undefined, undefined]);
  });

  it('goes on to each delivery with a span of its own, when the server is set to', async () => {
    const { logged, sent } = await sendLead(true, TRACEPARENT);
    expect(logged.lead).toBe(TRACE);
    const spans = sent.map((header) => /^00-([0-9a-f]{32})-([0-9a-f]{16})-00$/.exec(String(header))?.slice(1));
    expect(spans.map((span) => span?.[0])).toEqual([TRACE, TRACE]);
    expect(new Set([PARENT, ...spans.map((span) => span?.[1])]).size).toBe(3);
  });

  it.each([
    ['none', undefined],
    ['a malformed one', `00-${TRACE.toUpperCase()}-${PARENT}-01`],
  ])('begins here for a sender with %s', async (_, header) => {
    const { logged, sent } = await sendLead(true, header);
    expect(logged.lead).toMatch(ID);
    expect(String(logged.lead).toLowerCase()).not.toBe(TRACE);
    expect(logged.call).toMatch(ID);
    expect(logged.call).not.toBe(logged.lead);
    expect(sent.map((each) => String(each).slice(3, 35))).toEqual([logged.lead, logged.lead]);
  });
});
