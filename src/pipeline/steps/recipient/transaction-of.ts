import type { DeliveryResult, OutboundRequest } from '../../../integrations/contract.ts';
import type { Transaction } from '../../../model/event.ts';

/** One exchange as the event keeps it (spec behaviour 4.2); secrets of the lead are scrubbed when it is stored. */
export function transactionOf(request: OutboundRequest, answer: { result: DeliveryResult; ms: number }): Transaction {
  const { result, ms } = answer;
  const { url, headers, body } = request.recorded ?? request;
  const recorded = {
    method: request.method,
    uri: url,
    version: versionOf(request),
    headers,
    body: body ?? null,
    timestamp: result.sentAt,
  };
  if (result.kind !== 'answered') return { request: recorded, response: null, ms, error: result.reason };
  const { status, version, headers: answered, body: text } = result.response;
  const response = {
    status,
    version,
    headers: request.isAnswerSecret ? {} : answered,
    body: request.isAnswerSecret ? NOT_KEPT : text,
    timestamp: result.receivedAt,
    ...(result.truncated ? { truncated: true } : {}),
  };
  return { request: recorded, response, ms };
}

/** As events have it: of HTTP, or that of an answer of a mail server. */
export function versionOf(request: OutboundRequest | null): string {
  return request?.mail === undefined ? '1.1' : 'ESMTP';
}

/** Where the answer itself is a secret. */
const NOT_KEPT = '********';
