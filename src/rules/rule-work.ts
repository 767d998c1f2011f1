/**
 * How much text one evaluation of a rule set may read (decision 40): ten thousand rules over a lead of a megabyte each
 * would take seconds. Measured at 5 to 10 ns a character for the operators, so 20 to 40 ms.
 */
export const RULE_WORK_CHARACTERS_MAX = 4_194_304;

/** The reason of a rule that was not evaluated because the work was used up; a defined end, and no rule passes by it. */
export const WORK_USED_UP = `Rules read more than ${RULE_WORK_CHARACTERS_MAX} characters of the lead, or their templates work too long`;

export interface RuleWork {
  charactersLeft: number;
  /** Of all templates on either side together: one has as much alone. */
  stepsLeft: number;
}

/** Takes the work of reading a value; false when there is not enough left. */
export function spendOn(value: unknown, work: RuleWork): boolean {
  // Nothing is measured any more: ten thousand rules may follow, each of a long list.
  if (work.charactersLeft < 0 || work.stepsLeft < 0) return false;
  work.charactersLeft -= Array.isArray(value) ? sizeOfMembers(value) : measureSize(value);
  return work.charactersLeft >= 0;
}

/** Numbers, dates and short texts cost about the same. */
const CHARACTERS_OF_A_SHORT_VALUE = 16;
/** A member becomes a text, and a key of a set: 200 to 400 ns. */
const CHARACTERS_OF_A_MEMBER = 48;

function measureSize(value: unknown): number {
  const characters = typeof value === 'string' || value instanceof String ? value.length : 0;
  return Math.max(characters, CHARACTERS_OF_A_SHORT_VALUE);
}

function sizeOfMembers(members: readonly unknown[]): number {
  let size = CHARACTERS_OF_A_SHORT_VALUE;
  for (const member of members) size += Math.max(measureSize(member), CHARACTERS_OF_A_MEMBER);
  return size;
}
