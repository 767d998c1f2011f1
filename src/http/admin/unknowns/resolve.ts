import { fail, ok, type Result } from '../../../lib/result.ts';
import { moneyFrom } from '../../../model/money.ts';
import type { Problem } from '../../../model/problem.ts';
import { type Finding, resolveUnknown } from '../../../retries/resolve-unknown.ts';
import { RESOLUTIONS } from '../../../retries/retry.ts';
import { answer, type Handler } from '../../api.ts';
import { type ApiError, apiError } from '../../errors.ts';
import { idParam } from '../../request-values.ts';
import { unknownAnswer } from './unknown-answer.ts';

const NO_UNKNOWN = apiError('not_found', 'There is no unknown delivery with this event id.');
const RESOLVED = apiError('conflict', 'This delivery has been resolved before.');
const BUSY = apiError('conflict', 'This delivery is being tried again, which may answer it: ask again in a moment.');
const NOTE_CHARACTERS_MAX = 1_000;

/** `POST /unknowns/{event_id}/resolve`: somebody says what became of a delivery (decision 24). */
export const resolveUnknownDelivery: Handler = async (deps, { principal, params, body }) => {
  const eventId = idParam(params, 'event_id');
  if (!eventId.ok) return eventId.error;
  const finding = findingOf(body);
  if (!finding.ok) return finding.error;
  const key = { accountId: principal.accountId, eventId: eventId.value };
  const unknown = await deps.retries.findUnknown(key);
  if (!unknown) return NO_UNKNOWN;
  const resolved = await resolveUnknown(deps, { unknown, finding: finding.value });
  if (resolved === 'again') return RESOLVED;
  if (resolved === 'busy') return BUSY;
  return answer(200, unknownAnswer((await deps.retries.findUnknown(key)) ?? unknown));
};

function findingOf(body: unknown): Result<Finding, ApiError> {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    return fail(apiError('malformed_body', 'The body must be a JSON object such as {"resolution": "delivered"}.'));
  }
  const { resolution, price = null, note = null, retry = false, ...others } = body as Record<string, unknown>; // an edge: checked below
  const problems: Problem[] = Object.keys(others).map((path) => ({ path, message: 'Is not known here.' }));
  const said = RESOLUTIONS.find((known) => known === resolution);
  if (!said) problems.push({ path: 'resolution', message: `Must be one of ${RESOLUTIONS.join(', ')}.` });
  const amount = price === null ? null : typeof price === 'number' ? moneyFrom(price) : undefined;
  if (amount === undefined) problems.push({ path: 'price', message: 'Must be a number of dollars, 0 or more.' });
  if (amount && said === 'not_delivered') problems.push({ path: 'price', message: 'Goes only with "delivered".' });
  if (note !== null && (typeof note !== 'string' || note.length > NOTE_CHARACTERS_MAX)) {
    problems.push({ path: 'note', message: `Must be a text of at most ${NOTE_CHARACTERS_MAX} characters.` });
  }
  if (typeof retry !== 'boolean') problems.push({ path: 'retry', message: 'Must be true or false.' });
  if (retry === true && said === 'delivered') {
    problems.push({ path: 'retry', message: 'What was delivered is not sent again: leave it out.' });
  }
  if (problems.length > 0 || !said) {
    return fail(apiError('invalid_document', 'The resolution is not valid; details says where.', problems));
  }
  return ok({
    resolution: said,
    price: amount ?? null,
    note: typeof note === 'string' ? note : null,
    isRetried: retry === true,
  });
}
