import { editsBetween } from './nearest-name.ts';

const COMPARED_CHARACTERS_MAX = 64;
/** Two edits of a name, one of a name of up to four letters, which would be half another name after two. */
const EDITS_MAX = 2;
const SHORT_NAME_CHARACTERS_MAX = 4;

/**
 * The known name a misspelt one was meant to be; undefined when none is near. Case and the marks between words do not
 * count: `acceptanceCriteria` and `Acceptance-Criteria` are `acceptance_criteria`.
 */
export function misspeltName(name: string, known: readonly string[]): string | undefined {
  const letters = keepLetters(name);
  const ranked = known
    .map((candidate) => ({ candidate, edits: editsBetween(letters, keepLetters(candidate)) }))
    .filter(({ candidate, edits }) => edits <= editsMax(Math.min(letters.length, keepLetters(candidate).length)))
    .sort((a, b) => a.edits - b.edits);
  return ranked[0]?.candidate;
}

function editsMax(characters: number): number {
  return characters <= SHORT_NAME_CHARACTERS_MAX ? 1 : EDITS_MAX;
}

/** Longer names are no misspelt ones, and cost more to compare. */
function keepLetters(name: string): string {
  return name
    .slice(0, COMPARED_CHARACTERS_MAX)
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, '');
}
