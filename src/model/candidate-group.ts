import type { Candidate } from './flow.ts';

/**
 * Recipients of a distribution with the same group are offered a lead together and share their turns: those of a tier, the
 * exclusive ones apart. `1`, `1 exclusive`.
 */
export function candidateGroupOf({ tier = 1, exclusive = false }: Pick<Candidate, 'tier' | 'exclusive'>): string {
  return `${tier}${exclusive ? ' exclusive' : ''}`;
}
