import type { Vars } from '../../../model/vars.ts';
import { isPlainObject, normalOf, textOf } from '../../../variables/rich-value.ts';
import type { HttpAnswer, InboundRequest } from '../../contract.ts';
import { negotiate } from '../../formats/negotiate.ts';
import { parseQuery } from '../../formats/parameters.ts';
import { DEFAULT_FIELD_IDS, pickFields } from '../../formats/response-fields.ts';
import { parseTarget } from '../../formats/target.ts';
import { writeAnswer } from '../../formats/write-answer.ts';
import { readRedirect, writeLocation } from './redirect.ts';

/**
 * The answer to a sender (spec modules b, api 4.2): 201 for a submission whatever its outcome, 200 for a ping, 303
 * to the query's `redir_url`. JSON or XML as the request accepts.
 *
 * The answer to a ping never has the lead's id, and without a price above 0 it is a failure, `no bid` where it has no reason.
 */
export function writeResponse(
  request: InboundRequest,
  vars: Vars,
  fieldIds: readonly string[] = DEFAULT_FIELD_IDS,
): HttpAnswer {
  const { kind } = parseTarget(request.uri);
  const values = pickFields(kind === 'ping' ? buildBid(vars) : vars, fieldIds);
  return answerSender(request, { status: kind === 'ping' ? 200 : 201, values });
}

/** Values in the format the request accepts, with a 303 to the query's `redir_url` instead of the status. */
export function answerSender(
  request: InboundRequest,
  answer: { status: number; values: Record<string, unknown> },
): HttpAnswer {
  const written = writeAnswer(negotiate(request.headers['Accept']) ?? 'application/json', answer);
  const { query } = parseTarget(request.uri);
  return query === '' ? written : redirected(written, query);
}

/** The variables of a ping: no lead id, and a failure where there is no price above 0. */
function buildBid(vars: Vars): Vars {
  const lead = isPlainObject(vars['lead']) ? { ...vars['lead'], id: undefined } : undefined;
  if (Number(normalOf(vars['price'])) > 0) return { ...vars, lead };
  const reason = textOf(vars['reason']) === '' ? 'no bid' : vars['reason'];
  return { ...vars, lead, outcome: 'failure', reason };
}

function redirected(answer: HttpAnswer, query: string): HttpAnswer {
  const redirect = readRedirect(parseQuery(query) ?? {});
  if (redirect === undefined) return answer;
  return { ...answer, status: 303, headers: { ...answer.headers, Location: writeLocation(redirect) } };
}
