import type { LeadPast } from '../events/lead-past.ts';
import { compileSegmentsLookup } from '../variables/lookup.ts';

/** As few asterisks as a masked value that is looked for in a request leaves there, see `scrub-secrets.ts`. */
const MASK = /\*{3,}/;
const ELSEWHERE = 'a parameter of the request';

/**
 * What of a lead was masked when it was stored (decision 31) and would be sent as asterisks: the ids of its fields;
 * else, that its request holds asterisks, which a sender may also have written.
 */
export function maskedValues({ lead, flow }: LeadPast): string[] {
  const stored = lead.document?.vars?.lead ?? {};
  const fields = flow.fields
    .filter(({ mask, segments }) => mask !== null && isThere(compileSegmentsLookup(segments)(stored)))
    .map(({ id }) => id);
  if (fields.length > 0) return fields;
  const { uri = '', body } = lead.document?.request ?? {};
  return MASK.test(uri) || MASK.test(body ?? '') ? [ELSEWHERE] : [];
}

function isThere(value: unknown): boolean {
  return value !== undefined && value !== null;
}
