import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createSoapModule } from '../../src/integrations/builtin/leadconduit-custom/soap/soap-module.ts';
import type { Exchanges, OutboundRequest } from '../../src/integrations/contract.ts';
import type { Vars } from '../../src/model/vars.ts';
import { type Mismatch, mismatches } from './difference.ts';
import { decode, encode, VECTOR_CONTEXT } from './encoding.ts';
import { asEvent, buildResult } from './handle.ts';
import { CRASHES, type Suite } from './suite.ts';
import { UNFOLLOWED_CALLS } from './unfollowed.ts';

/** Calls of the SOAP module: the message it sends after it has read the WSDL, and what an answer means. */
export const soapSuites: readonly Suite[] = [
  { file: 'outbound-soap.jsonl', check: checkCall, lenient: [CRASHES, ...UNFOLLOWED_CALLS] },
];

interface MeasuredCall {
  vars: unknown;
  /** The messages sent; the fetching of the WSDL is not among them. */
  sent: { method: string; path: string; headers: Record<string, string>; body: string }[];
  reply: { status: number; body: string };
  event?: unknown;
  /** Instead of an event: why the call failed. */
  error?: string;
}

/** The host of the cases, which is no public one. */
const HOST = 'http://soap.test';
/** Beside the cases. */
const WSDL_FILE = 'soap-test.wsdl';

async function checkCall(measured: unknown, folder: string): Promise<Mismatch[]> {
  const { vars, sent, reply, ...ends } = measured as MeasuredCall; // a line of the file, as its README describes it
  const exchanges = cannedExchanges(reply, readFileSync(join(folder, WSDL_FILE), 'utf8'));
  const clock = { now: () => VECTOR_CONTEXT.now, monotonic: () => 0 };
  const tools = { clock, randomBytes: (size: number) => new Uint8Array(size) };
  const module = createSoapModule({ allowsPrivateHosts: () => true, tools });
  const ended = await module.handle(decode(vars) as Vars, exchanges);
  const got = ended.kind === 'answered' ? { event: encode(ended.appended) } : { error: ended.reason };
  return [
    ...mismatches(sent.map(withoutConnection), exchanges.posted.map(asMeasured), 'sent'),
    ...mismatches(asEvent(ends), asEvent(got), 'event'),
  ];
}

function cannedExchanges(reply: MeasuredCall['reply'], wsdl: string): Exchanges & { posted: OutboundRequest[] } {
  const posted: OutboundRequest[] = [];
  return {
    posted,
    begin: async () => undefined,
    note: () => undefined,
    timeLeftMs: () => 10_000,
    send: async (request) => {
      if (request.method === 'GET') return answer(request.url, { status: 200, body: wsdl });
      posted.push(request);
      return answer(request.url, reply);
    },
  };
}

function answer(url: string, reply: { status: number; body: string }) {
  return buildResult(url, { ...reply, headers: { 'Content-Type': 'text/xml' } });
}

function asMeasured({ method, url, headers, body }: OutboundRequest): unknown {
  const named = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]);
  return { method, path: url.replace(HOST, ''), headers: Object.fromEntries(named), body };
}

/** `connection` is the HTTP client's: ours keeps them alive. */
function withoutConnection({ headers: { connection: _, ...headers }, ...sent }: MeasuredCall['sent'][number]): unknown {
  return { ...sent, headers };
}
