import { fail, ok, type Result } from '../../../lib/result.ts';
import type { Vars } from '../../../model/vars.ts';
import { expandNames } from '../../../variables/expand-names.ts';
import { isPlainObject, textOf } from '../../../variables/rich-value.ts';
import { unflatten } from '../../../variables/unflatten.ts';
import type { BuiltinInboundModule, HttpAnswer, InboundRequest } from '../../contract.ts';
import { findBreach } from '../../formats/bounds.ts';
import { mergeQuery } from '../../formats/merge-query.ts';
import { negotiate } from '../../formats/negotiate.ts';
import { parseQuery } from '../../formats/parameters.ts';
import { NO_BODY, parseBody } from '../../formats/parse-body.ts';
import { methodNotAllowed, notAcceptable, tooManyParameters, unparsableFeedback } from '../../formats/refusals.ts';
import { pickFlat } from '../../formats/response-fields.ts';
import { parseTarget } from '../../formats/target.ts';
import { writeAnswer } from '../../formats/write-answer.ts';
import { STANDARD_PACKAGE_VERSION } from './standard-package.ts';

/**
 * `leadconduit-standard.inbound.feedback`: reads a recipient's feedback about a delivery, `/feedback?event_id=…`, and
 * writes the answer to it (spec modules b, last paragraph; api 7). Which delivery is meant is the engine's business.
 */
export const feedback: BuiltinInboundModule = {
  id: 'leadconduit-standard.inbound.feedback',
  version: STANDARD_PACKAGE_VERSION,
  name: 'LeadConduit Feedback',
  direction: 'inbound',
  isPingable: false,
  requestVariables: [
    { name: 'type', type: 'string', description: 'return or conversion', required: true, examples: ['return'] },
    { name: 'reason', type: 'string', description: 'Why, in the recipient’s words', required: false },
  ],
  responseVariables: [
    { name: 'outcome', type: 'string', description: 'success, failure or error' },
    { name: 'reason', type: 'string', description: 'Why, unless it is a success' },
    { name: 'price', type: 'number', description: 'What the lead was bought for' },
    { name: 'lead.id', type: 'string', description: 'The lead’s id' },
    { name: 'lead.first_name', type: 'string', description: 'First name of whom the feedback is about' },
    { name: 'lead.last_name', type: 'string', description: 'Last name of whom the feedback is about' },
    { name: 'lead.email', type: 'string', description: 'E-mail address of whom the feedback is about' },
    { name: 'lead.phone_1', type: 'string', description: 'Phone number of whom the feedback is about' },
  ],
  params: [],
  request: readFeedback,
  response: writeFeedback,
};

/**
 * Names of the query are expanded; `event_id` is no value. Refusals are those of the default module, but a method is
 * refused with 415.
 */
function readFeedback(request: InboundRequest): Result<unknown, HttpAnswer> {
  const method = request.method.toUpperCase();
  if (method !== 'GET' && method !== 'POST') return fail({ ...methodNotAllowed(method), status: 415 });
  if (negotiate(request.headers['Accept']) === undefined) return fail(notAcceptable());
  const query = parseQuery(parseTarget(request.uri).query);
  if (query === undefined) return fail(tooManyParameters());
  const values = expandNames(query);
  const body = method === 'POST' ? parseBody(request, unparsableFeedback) : ok(NO_BODY);
  if (!body.ok) return body;
  const given = body.value === NO_BODY ? values : mergeQuery(body.value, values);
  const breach = findBreach(given);
  if (breach !== undefined) return fail(breach);
  if (isPlainObject(given)) delete given['event_id'];
  return ok(given);
}

const FIELD_IDS: readonly string[] = [
  'outcome',
  'reason',
  'lead.id',
  'lead.first_name',
  'lead.last_name',
  'lead.email',
  'lead.phone_1',
  'price',
];

const FORBIDDEN = /forbidden/i;

/** Missing variables are left out of JSON and are empty elements of XML; there is no price where none was given. */
function writeFeedback(request: InboundRequest, vars: Vars, fieldIds: readonly string[] = FIELD_IDS): HttpAnswer {
  const mediaType = negotiate(request.headers['Accept']) ?? 'application/json';
  const picked = pickFlat(vars, fieldIds);
  const answered = mediaType.endsWith('xml')
    ? { ...Object.fromEntries(fieldIds.map((id) => [id, ''])), ...picked }
    : picked;
  const status = FORBIDDEN.test(textOf(vars['reason'])) ? 409 : 201;
  return writeAnswer(mediaType, { status, values: unflatten(answered) });
}
