import { parseJson } from '../../../lib/parse-json.ts';
import type { Vars } from '../../../model/vars.ts';
import { isPlainObject, normalOf, textOf } from '../../../variables/rich-value.ts';
import type { BuiltinExchangeModule, ModuleVariable, OutboundRequest, OutboundResponse } from '../../contract.ts';
import { appendedCopy } from '../../formats/appended-copy.ts';
import { type AllowsPrivateHosts, deliveryUrlProblem } from '../../formats/delivery-url.ts';
import { encodeForm } from '../../formats/encode-form.ts';
import { parseXml } from '../../formats/parse-xml.ts';

const ACCEPT = 'application/json;q=0.9,text/xml;q=0.8,application/xml;q=0.7';
const OUTCOMES: readonly string[] = ['success', 'failure', 'error'];

// biome-ignore format: a table reads better in rows
const REQUEST_VARIABLES: readonly ModuleVariable[] = [
  { name: 'url', type: 'string', description: 'Submission URL of the other flow', required: true },
  { name: 'method', type: 'string', description: 'GET or POST (default)', required: true, default: 'POST' },
  { name: 'default_outcome', type: 'string', description: 'Outcome when the answer has none: success, failure or error (default)', required: false },
  { name: 'lead.*', type: 'wildcard', description: 'Every field of the lead is sent', required: false },
  { name: 'default.custom.*', type: 'wildcard', description: 'Field to send beside or instead of one of the lead', required: false },
  { name: 'price', type: 'number', description: 'Price to offer the lead for; default 0', required: false },
];

/** What a flow answers. */
export const FLOW_RESPONSE_VARIABLES: readonly ModuleVariable[] = [
  { name: 'outcome', type: 'string', description: 'success, failure or error' },
  { name: 'reason', type: 'string', description: 'Why, unless it is a success' },
  { name: 'price', type: 'number', description: 'What the other flow pays' },
];

/** `leadconduit-default.outbound`: hands the lead to another flow and takes its answer over (spec modules c1). */
export function createDefaultOutbound(options: { allowsPrivateHosts: AllowsPrivateHosts }): BuiltinExchangeModule {
  return {
    id: 'leadconduit-default.outbound',
    // The hosted package whose measured behaviour this is.
    version: '2.9.14',
    name: 'LeadConduit Standard',
    direction: 'outbound',
    style: 'request/response',
    requestVariables: REQUEST_VARIABLES,
    responseVariables: FLOW_RESPONSE_VARIABLES,
    validate: (vars) => validate(vars, options.allowsPrivateHosts),
    request,
    response: (vars, _request, response) => readFlowAnswer(vars, response),
  };
}

function validate(vars: Vars, allowsPrivateHosts: AllowsPrivateHosts): string | undefined {
  const urlProblem = deliveryUrlProblem(textOf(vars['url']), allowsPrivateHosts);
  if (urlProblem !== undefined) return urlProblem;
  if (!['GET', 'POST'].includes(readMethod(vars))) return 'Unsupported HTTP method - use GET or POST';
  return findOutcomeProblem(vars);
}

/** Why `default_outcome` cannot be one; undefined: it can, or there is none. */
export function findOutcomeProblem(vars: Vars): string | undefined {
  const outcome = textOf(vars['default_outcome']);
  if (outcome === '' || OUTCOMES.includes(outcome)) return undefined;
  return 'default outcome must be "success", "failure" or "error"';
}

function readMethod(vars: Vars): string {
  return textOf(vars['method']).toUpperCase() || 'POST';
}

function request(vars: Vars): OutboundRequest {
  const url = textOf(vars['url']);
  const group = isPlainObject(vars['default']) ? vars['default']['custom'] : undefined;
  const fields = listFields(vars, group);
  if (readMethod(vars) === 'GET') return { url: withQuery(url, fields), method: 'GET', headers: { Accept: ACCEPT } };
  return buildFlowPost(url, fields);
}

/** The lead as a form. */
export function buildFlowPost(url: string, fields: Fields): OutboundRequest {
  const body = encodeForm(Object.fromEntries(fields));
  const headers = {
    'Content-Type': 'application/x-www-form-urlencoded',
    'Content-Length': String(Buffer.byteLength(body)),
    Accept: ACCEPT,
  };
  return { url, method: 'POST', headers, body };
}

type Fields = Map<string, unknown>;

/** The lead's leaves under dotted names, custom fields over them, and the price over everything. */
export function listFields(vars: Vars, group: unknown): Fields {
  const fields: Fields = new Map();
  addLeaves(fields, { path: '', value: vars['lead'], keepsArrays: false });
  const custom: Fields = new Map();
  addLeaves(custom, { path: '', value: group, keepsArrays: true });
  for (const [name, value] of custom) if (value) fields.set(name, value);
  const price = normalOf(vars['price']);
  return fields.set('price', typeof price === 'number' && !Number.isNaN(price) ? price : textOf(price) || 0);
}

/** The depth is that of a lead, which hygiene bounds. */
function addLeaves(fields: Fields, branch: { path: string; value: unknown; keepsArrays: boolean }): void {
  const { path, value, keepsArrays } = branch;
  if (isPlainObject(value) || (Array.isArray(value) && !keepsArrays)) {
    for (const [name, member] of Object.entries(value)) {
      addLeaves(fields, { path: path === '' ? name : `${path}.${name}`, value: member, keepsArrays });
    }
    return;
  }
  if (value === undefined || path === '') return;
  fields.set(path, Array.isArray(value) ? value.map((member) => normalOf(member)) : normalOf(value));
}

/** Parameters of the same name in the URL are replaced. */
function withQuery(url: string, fields: Fields): string {
  if (!URL.canParse(url)) return url;
  const target = new URL(url);
  for (const [name, value] of fields) {
    target.searchParams.delete(name);
    for (const member of [value].flat()) target.searchParams.append(name, textOf(member));
  }
  return target.href;
}

/** Says what an answer is in; the status does not matter. Anything but JSON and XML is an error (spec modules c1). */
const PARSERS: ReadonlyMap<string, (body: string) => unknown> = new Map([
  ['application/json', jsonValue],
  ['application/xml', xmlValue],
  ['text/xml', xmlValue],
]);

/** The outcome, reason and price of an answer, and everything else that it carries. `reasons`: where one without an outcome says why. */
export function readFlowAnswer(
  vars: Vars,
  { headers, body }: OutboundResponse,
  reasons: readonly string[] = ['reason', 'message'],
): Record<string, unknown> {
  const type = headers['Content-Type'];
  if (typeof type !== 'string' || type.trim() === '') return refusal('No Content-Type specified in server response');
  const parse = PARSERS.get((type.split(';', 1)[0] ?? '').trim().toLowerCase());
  if (!parse) return refusal('Unsupported Content-Type specified in server response');
  const answer = appendedCopy(parse(body));
  const event = isPlainObject(answer) ? answer : {};
  if (event['outcome'] !== undefined && event['outcome'] !== null) return event;
  // Measured: of an answer without an outcome only the reason is kept.
  const outcome = textOf(vars['default_outcome']) || 'error';
  return { outcome, reason: reasons.map((name) => event[name]).find(Boolean) || 'Unrecognized response' };
}

function refusal(reason: string): Record<string, unknown> {
  return { outcome: 'error', reason };
}

/** undefined: not JSON, and so without an outcome. */
function jsonValue(body: string): unknown {
  try {
    return parseJson(body);
  } catch {
    return undefined;
  }
}

function xmlValue(body: string): unknown {
  const parsed = parseXml(body);
  return parsed.ok ? parsed.value : undefined;
}
