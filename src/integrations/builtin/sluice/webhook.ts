import type { Vars } from '../../../model/vars.ts';
import { isPlainObject, normalOf, textOf } from '../../../variables/rich-value.ts';
import type { BuiltinExchangeModule, ModuleVariable, OutboundRequest, OutboundResponse } from '../../contract.ts';
import { type AllowsPrivateHosts, deliveryUrlProblem } from '../../formats/delivery-url.ts';
import {
  buildSignedHeaders,
  decodeKey,
  SECRET_PREFIX,
  type SigningTools,
  withoutPrefix,
} from '../../formats/standard-webhook.ts';

/** Bytes of a key: the specification's least and most. */
const KEY_BYTES_MIN = 24;
const KEY_BYTES_MAX = 64;

const REQUEST_VARIABLES: readonly ModuleVariable[] = [
  { name: 'url', type: 'string', required: true, description: 'Where the document is posted to' },
  {
    name: 'secret',
    type: 'credential',
    required: true,
    description: 'The key the document is signed with: whsec_ and 24 to 64 bytes in base64',
  },
  {
    name: 'event_type',
    type: 'string',
    required: false,
    description: 'The type of the document; lead.processed unless given',
  },
  { name: 'payload.*', type: 'wildcard', required: false, description: 'What the document carries as its data' },
];

const RESPONSE_VARIABLES: readonly ModuleVariable[] = [
  { name: 'outcome', type: 'string', description: 'success for 2xx, failure for other answers, error for 5xx' },
  { name: 'reason', type: 'string', description: 'Why it is not a success' },
];

/**
 * `sluice.outbound.webhook`: posts `{type, timestamp, data}` with the headers of the Standard Webhooks specification
 * (webhook-id, webhook-timestamp, webhook-signature). The id is that of the delivery and stays when it is tried again.
 */
export function createWebhook(options: {
  allowsPrivateHosts: AllowsPrivateHosts;
  tools: SigningTools;
}): BuiltinExchangeModule {
  const { allowsPrivateHosts, tools } = options;
  return {
    id: 'sluice.outbound.webhook',
    version: '1.0.0',
    name: 'Signed webhook',
    direction: 'outbound',
    style: 'request/response',
    requestVariables: REQUEST_VARIABLES,
    responseVariables: RESPONSE_VARIABLES,
    validate: (vars) => deliveryUrlProblem(textOf(vars['url']), allowsPrivateHosts) ?? secretProblem(vars),
    request: (vars) => buildRequest(vars, tools),
    response: (_vars, _request, response) => decideOutcome(response),
  };
}

function secretProblem(vars: Vars): string | undefined {
  const secret = textOf(vars['secret']).trim();
  if (secret === '') return 'Secret is required';
  const key = decodeKey(secret);
  // Reading base64 passes over what is none.
  const isWhole = BASE64.test(withoutPrefix(secret));
  if (isWhole && key.length >= KEY_BYTES_MIN && key.length <= KEY_BYTES_MAX) return undefined;
  return `Secret must be ${SECRET_PREFIX} and ${KEY_BYTES_MIN} to ${KEY_BYTES_MAX} bytes in base64`;
}

const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/;

function buildRequest(vars: Vars, tools: SigningTools): OutboundRequest {
  const body = JSON.stringify({
    type: textOf(vars['event_type']) || 'lead.processed',
    timestamp: normalOf(isPlainObject(vars['submission']) ? vars['submission']['timestamp'] : undefined),
    data: normalValues(vars['payload'] ?? {}, 0),
  });
  const signed = { id: `msg_${textOf(vars['delivery_id'])}`, body, secret: textOf(vars['secret']).trim() };
  return {
    url: textOf(vars['url']).trim(),
    method: 'POST',
    headers: buildSignedHeaders(signed, tools),
    body,
    followAllRedirects: false,
  };
}

/** As deep as an answer is kept on an event. */
const DEPTH_MAX = 64;

/** Rich values as their normal form, as JSON has them. */
function normalValues(value: unknown, depth: number): unknown {
  if (depth > DEPTH_MAX || typeof value === 'function') return undefined;
  const normal = normalOf(value);
  if (Array.isArray(normal)) return normal.map((member) => normalValues(member, depth + 1));
  if (!isPlainObject(normal)) return normal;
  return Object.fromEntries(Object.entries(normal).map(([name, member]) => [name, normalValues(member, depth + 1)]));
}

function decideOutcome({ status }: OutboundResponse): Record<string, unknown> {
  if (status >= 200 && status < 300) return { outcome: 'success' };
  if (status >= 500) return { outcome: 'error', reason: `The endpoint failed (${status})` };
  // The specification's way to say: do not send here any more.
  if (status === 410) return { outcome: 'failure', reason: 'The endpoint is gone (410)' };
  return { outcome: 'failure', reason: `The endpoint refused it (${status})` };
}
