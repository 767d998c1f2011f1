import type { ProblemFilter } from '../../api/problems.ts';

export const STATES = ['open', 'acknowledged', 'muted', 'resolved', 'all'] as const;
const ID = /^[0-9a-f]{24}$/;

/** What the URL asks for; what is not known there is ignored. */
export function readProblemSearch(search: Record<string, unknown>): ProblemFilter {
  const state = STATES.find((each) => each === search['state']);
  return {
    ...(state !== undefined && state !== 'open' && { state }),
    ...idOf(search, 'flow_id'),
    ...idOf(search, 'recipient_id'),
  };
}

function idOf(search: Record<string, unknown>, name: 'flow_id' | 'recipient_id'): ProblemFilter {
  const given = search[name];
  return typeof given === 'string' && ID.test(given) ? { [name]: given } : {};
}
