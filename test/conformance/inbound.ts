import { exampleRequests } from '../../src/integrations/builtin/leadconduit-default/example-requests.ts';
import { INBOUND_MODULES } from '../../src/integrations/builtin-modules.ts';
import type { BuiltinInboundModule, InboundRequest } from '../../src/integrations/contract.ts';
import type { Vars } from '../../src/model/vars.ts';
import { type Mismatch, mismatches } from './difference.ts';
import { decode } from './encoding.ts';
import { isPendingModule } from './pending-modules.ts';
import { failedCheck, type Suite } from './suite.ts';

/** Suites of the inbound modules: what a request is read as, what is answered, and the examples of the documents. */
export const inboundSuites: readonly Suite[] = [
  {
    file: 'inbound.jsonl',
    isPending,
    check: checkRequest,
    lenient: [
      {
        why: 'the measured module takes an inherited function for an earlier value of the name',
        covers: ({ expected }) => Array.isArray(expected) && JSON.stringify(expected[0]) === '{"$special":"function"}',
      },
      {
        why: 'the measured module makes an empty lead of a JSON or XML body without named values; here it is 400, or the query alone when the XML is empty (decision 45)',
        covers: ({ actual }, measured) =>
          isNoObject((measured as MeasuredRequest).parsed) && (!isNoObject(actual) || actual === undefined),
      },
      {
        why: 'the measured module compares the letters of media types; here `APPLICATION/JSON` is JSON (RFC 9110)',
        covers: ({ path }, measured) =>
          /^value\.(parsed|error)$/.test(path) &&
          (measured as MeasuredRequest).request.headers?.['Content-Type'] === 'APPLICATION/JSON',
      },
    ],
  },
  { file: 'inbound-response.jsonl', isPending, check: checkResponse },
  { file: 'inbound-examples.jsonl', check: checkExamples },
];

function isNoObject(parsed: unknown): boolean {
  return parsed !== undefined && (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed));
}

interface MeasuredRequest {
  module: string;
  request: Partial<InboundRequest>;
  parsed?: unknown;
  error?: unknown;
}

interface MeasuredResponse {
  module: string;
  request: InboundRequest;
  vars: unknown;
  fields: string[] | null;
  response: { status: number; headers: Record<string, string | number>; body: string };
}

interface MeasuredExamples {
  flow_id: string;
  source_id: string;
  params: Record<string, unknown>;
  ping: boolean;
  output: unknown;
}

function isPending(measured: unknown): boolean {
  return isPendingModule((measured as { module: unknown }).module, INBOUND_MODULES);
}

// The casts below are the edge where the lines of the case files get the types their README describes.
function moduleOf(measured: unknown): BuiltinInboundModule | undefined {
  const { module: moduleId } = measured as { module: string };
  return INBOUND_MODULES.find((module) => module.id === moduleId);
}

function checkRequest(measured: unknown): Mismatch[] {
  const { request, parsed, error } = measured as MeasuredRequest;
  const result = moduleOf(measured)?.request(completeRequest(request));
  if (result === undefined) return failedCheck('no such module');
  const got = result.ok ? { parsed: result.value } : { error: result.error };
  return mismatches(error === undefined ? { parsed } : { error }, got);
}

/** Cases leave out what does not matter to them. */
function completeRequest(request: Partial<InboundRequest>): InboundRequest {
  return { method: 'POST', uri: '/', version: '1.1', headers: {}, body: '', timestamp: 0, ...request };
}

function checkResponse(measured: unknown): Mismatch[] {
  const { request, vars, fields, response } = measured as MeasuredResponse;
  const decoded = decode(vars) as Vars; // an object in every case
  const module = moduleOf(measured);
  if (module === undefined) return failedCheck('no such module');
  const got = module.response(completeRequest(request), decoded, fields ?? undefined);
  return mismatches({ ...response, headers: correctLength(response) }, got);
}

/** Measured lengths count characters; ours count bytes, as HTTP wants, and headers are texts. */
function correctLength(response: MeasuredResponse['response']): Record<string, string | number> {
  return { ...response.headers, 'Content-Length': String(Buffer.byteLength(response.body)) };
}

function checkExamples(measured: unknown): Mismatch[] {
  const { flow_id: flowId, source_id: sourceId, params, ping, output } = measured as MeasuredExamples;
  return mismatches(output, exampleRequests({ flowId, sourceId, params, kind: ping ? 'ping' : 'submit' }));
}
