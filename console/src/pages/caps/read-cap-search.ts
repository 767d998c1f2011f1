import type { CounterKind } from '../../api/caps.ts';

export const CAP_STATES = ['full', 'near', 'used', 'unused'] as const;
export type CapState = (typeof CAP_STATES)[number];

export interface CapSearch {
  q?: string;
  state?: CapState;
  kind?: CounterKind;
  /** The cap whose panel is open. */
  cap?: string;
}

const KINDS = ['cap', 'ping-limit'] as const;
const ID = /^[0-9a-f]{24}$/i;

/** Of the query of the address; what is no filter is left out. */
export function readCapSearch(search: Record<string, unknown>): CapSearch {
  const q = typeof search['q'] === 'string' || typeof search['q'] === 'number' ? String(search['q']) : '';
  const state = CAP_STATES.find((each) => each === search['state']);
  const kind = KINDS.find((each) => each === search['kind']);
  const cap = typeof search['cap'] === 'string' && ID.test(search['cap']) ? search['cap'] : undefined;
  return {
    ...(q !== '' && { q }),
    ...(state !== undefined && { state }),
    ...(kind !== undefined && { kind }),
    ...(cap !== undefined && { cap }),
  };
}
