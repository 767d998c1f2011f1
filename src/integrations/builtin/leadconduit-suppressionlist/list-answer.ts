import { parseJson } from '../../../lib/parse-json.ts';
import { isPlainObject } from '../../../variables/rich-value.ts';
import type { OutboundResponse } from '../../contract.ts';

/** What an answer comes to: outcome and reason, and where it is a success everything it said. */
export type ListAnswer = Record<string, unknown> & { outcome: string };

/** In the order of the measured module (spec modules e). */
export function readListAnswer({ status, headers, body }: OutboundResponse): ListAnswer {
  if (status === 401) return { outcome: 'error', reason: 'Authentication failed' };
  if (status === 402) return { outcome: 'failure', reason: 'Unpaid account' };
  if (!/application\/json/i.test(String(headers['Content-Type'] ?? '')))
    return { outcome: 'error', reason: 'Unsupported response' };
  const parsed = parseObject(body);
  if (parsed === undefined) return { outcome: 'error', reason: 'Error parsing response' };
  const { error, ...said } = parsed;
  if (error) return { outcome: 'error', reason: String(error).replace(/\.$/, '') };
  return { ...said, outcome: 'success', reason: null, duration: headers['X-Runtime'] };
}

function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    const value = parseJson(text);
    return isPlainObject(value) ? value : undefined;
  } catch {
    // What is no JSON is an outcome, not a fault.
    return undefined;
  }
}

/** The answer to a question; which lists had the value, and when it was added last. */
export function readQueryAnswer(response: OutboundResponse): ListAnswer {
  const { exists_in_lists: lists, entries, ...answer } = readListAnswer(response);
  const addedAt = latestOf(entries);
  return {
    ...answer,
    ...(lists === undefined ? {} : { found_in: lists }),
    ...(addedAt === undefined ? {} : { added_at: addedAt }),
  } as ListAnswer; // of the same answer
}

/** As it was written. */
function latestOf(entries: unknown): unknown {
  if (!Array.isArray(entries)) return undefined;
  const times = entries.map((entry: unknown) => (isPlainObject(entry) ? entry['added_at'] : undefined));
  const known = times.filter((time) => !Number.isNaN(Date.parse(String(time))));
  return known.sort((one, other) => Date.parse(String(other)) - Date.parse(String(one)))[0];
}
