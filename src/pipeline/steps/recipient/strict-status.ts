import type { Vars } from '../../../model/vars.ts';
import { textOf } from '../../../variables/rich-value.ts';

/**
 * What `strict_status: true` on a step makes of an answer (decision 22): a 4xx that the module would call a success is
 * a failure, and so is a redirect that was not followed unless a search of the step found what it looks for. Flows
 * without it keep the measured behaviour, where a 404 without a search term is a success.
 */
export function applyStrictStatus(
  event: Record<string, unknown>,
  { status, moduleVars }: { status: number; moduleVars: Vars },
): Record<string, unknown> {
  const isRefused = (status >= 400 && status < 500) || (status >= 300 && status < 400 && !isSearched(moduleVars));
  if (!isRefused || event['outcome'] !== 'success') return event;
  return { ...event, outcome: 'failure', reason: event['reason'] ?? `Recipient answered with status ${status}` };
}

/** Blank terms match any text, so they search for nothing. */
function isSearched(moduleVars: Vars): boolean {
  return textOf(moduleVars['outcome_search_term']).trim() !== '';
}
