/**
 * How much text one evaluation of a rule set may read (decision 40): ten thousand rules over a lead of a megabyte each
 * would take seconds. Measured at 5 ns a character for the slowest common operator (patterns), so 40 ms.
 */
export const RULE_WORK_CHARACTERS_MAX = 8_388_608;

/** The reason of a rule that was not evaluated because the work was used up; a defined end, and no rule passes by it. */
export const WORK_USED_UP = `Rules read more than ${RULE_WORK_CHARACTERS_MAX} characters of the lead`;

export interface RuleWork {
  charactersLeft: number;
}

/** Takes the work of reading a value; false when there is not enough left. */
export function spendOn(value: unknown, work: RuleWork): boolean {
  work.charactersLeft -= Array.isArray(value) ? sizeOfMembers(value) : sizeOf(value);
  return work.charactersLeft >= 0;
}

/** Numbers, dates and short texts cost about the same. */
const CHARACTERS_OF_A_SHORT_VALUE = 16;

function sizeOf(value: unknown): number {
  const characters = typeof value === 'string' || value instanceof String ? value.length : 0;
  return Math.max(characters, CHARACTERS_OF_A_SHORT_VALUE);
}

function sizeOfMembers(members: readonly unknown[]): number {
  let size = CHARACTERS_OF_A_SHORT_VALUE;
  for (const member of members) size += sizeOf(member);
  return size;
}
