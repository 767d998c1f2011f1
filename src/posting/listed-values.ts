import type { Rule } from '../model/rule-set.ts';
import { parseList } from '../rules/parse-list.ts';
import { textOf } from '../variables/rich-value.ts';

/** The values that a rule lists, as they were written: of `is included in` its members. A template has none. */
export function listedValues({ op, rhv }: Rule): string[] {
  const members = Array.isArray(rhv) ? rhv : [rhv];
  if (members.some((member) => typeof member === 'string' && member.includes('{{'))) return [];
  if (op === 'is equal to') return members.map((member) => textOf(member).trim());
  if (op !== 'is included in' && op !== 'is not included in') return [];
  return Array.isArray(rhv) ? rhv.map((member) => textOf(member).trim()) : parseList(textOf(rhv));
}
