import type { Section } from './sections.ts';

export type KeyMeaning = { kind: 'find' } | { kind: 'keys' } | { kind: 'prefix' } | { kind: 'go'; to: string } | null;

/** How long after `g` the second key counts. */
export const PREFIX_MS = 1_500;

/** What a single key means; `follows`: it came soon after `g`. */
export function readKey(key: string, given: { follows: boolean; sections: readonly Section[] }): KeyMeaning {
  if (given.follows) {
    const section = given.sections.find((each) => each.key === key);
    return section ? { kind: 'go', to: section.to } : null;
  }
  if (key === '/') return { kind: 'find' };
  if (key === '?') return { kind: 'keys' };
  return key === 'g' ? { kind: 'prefix' } : null;
}
