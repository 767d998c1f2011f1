import type { Vars } from '../../../model/vars.ts';
import { isPlainObject, normalOf, textOf } from '../../../variables/rich-value.ts';
import type { HttpAnswer, InboundRequest } from '../../contract.ts';
import { type MediaType, negotiate } from './negotiate.ts';
import { parseQuery } from './parameters.ts';
import { locationOf, redirectOf } from './redirect.ts';
import { DEFAULT_FIELD_IDS, pickFields } from './response-fields.ts';
import { parseTarget } from './target.ts';
import { writeXml } from './write-xml.ts';

/**
 * The answer to a sender (spec modules b, api 4.2): 201 for a submission whatever its outcome, 200 for a ping, 303
 * to the query's `redir_url`. JSON or XML as the request accepts; who accepts only forms gets JSON under that name.
 *
 * A ping never tells the lead's id, and without a price above 0 it is a failure, `no bid` where it has no reason.
 * Content-Length counts bytes; the hosted module counts characters, which is wrong for other than ASCII text.
 */
export function writeResponse(
  request: InboundRequest,
  vars: Vars,
  fieldIds: readonly string[] = DEFAULT_FIELD_IDS,
): HttpAnswer {
  const target = parseTarget(request.uri);
  const isPing = target.kind === 'ping';
  const values = pickFields(isPing ? bidOf(vars) : vars, fieldIds);
  const mediaType = negotiate(request.headers['Accept']) ?? 'application/json';
  const body = WRITERS[mediaType](values);
  const answer: HttpAnswer = {
    status: isPing ? 200 : 201,
    headers: { 'Content-Type': mediaType, 'Content-Length': String(Buffer.byteLength(body)) },
    body,
  };
  return target.query === '' ? answer : redirected(answer, target.query);
}

const WRITERS: Record<MediaType, (values: Record<string, unknown>) => string> = {
  'application/x-www-form-urlencoded': JSON.stringify,
  'application/json': JSON.stringify,
  'application/xml': (values) => writeXml('result', values),
  'text/xml': (values) => writeXml('result', values),
};

/** The variables of a ping: no lead id, and a failure where there is no price above 0. */
function bidOf(vars: Vars): Vars {
  const lead = isPlainObject(vars['lead']) ? { ...vars['lead'], id: undefined } : undefined;
  if (Number(normalOf(vars['price'])) > 0) return { ...vars, lead };
  const reason = textOf(vars['reason']) === '' ? 'no bid' : vars['reason'];
  return { ...vars, lead, outcome: 'failure', reason };
}

function redirected(answer: HttpAnswer, query: string): HttpAnswer {
  const redirect = redirectOf(parseQuery(query) ?? {});
  if (redirect === undefined) return answer;
  return { ...answer, status: 303, headers: { ...answer.headers, Location: locationOf(redirect) } };
}
