import type { Rule } from '../../../../src/model/rule-set.ts';
import { parseList } from '../../../../src/rules/parse-list.ts';
import { wordsOf } from './operator-words.ts';

/** A rule as the editor makes it: what is not chosen yet is a fault that the draft shows. */
export const NEW_RULE: Rule = { lhv: '', op: 'is equal to', rhv: '' };

/** The rule with another left side; an operator that its type does not have gives way to the type's first one. */
export function withLeft(rule: Rule, lhv: string, operators: readonly string[]): Rule {
  const next = { ...rule, lhv };
  const [first] = operators;
  return first === undefined || operators.includes(rule.op ?? '') ? next : withOperator(next, first);
}

/** The rule with another operator, and its right side in the shape that the operator takes. */
export function withOperator(rule: Rule, op: string): Rule {
  const right = wordsOf(op)?.right;
  const { rhv, ...others } = rule;
  if (right === 'none') return { ...others, op };
  if (right === 'list') return { ...others, op, rhv: readMembers(rhv) };
  return { ...others, op, rhv: readOne(rhv) };
}

/** The members of a right side, as texts; of a template the template. */
export function readMembers(rhv: unknown): string[] {
  if (Array.isArray(rhv)) return rhv.map(String);
  if (rhv === undefined || rhv === null || rhv === '') return [];
  const text = String(rhv);
  return text.includes('{{') ? [text] : parseList(text);
}

/** A right side as one text. */
export function readOne(rhv: unknown): string {
  if (Array.isArray(rhv)) return rhv.map(String).join(', ');
  return rhv === undefined || rhv === null ? '' : String(rhv);
}

/** Can the editor show the right side without losing anything of it? */
export function isEditable(rhv: unknown): boolean {
  if (Array.isArray(rhv)) return rhv.every((member) => typeof member === 'string' || typeof member === 'number');
  return rhv === undefined || rhv === null || ['string', 'number', 'boolean'].includes(typeof rhv);
}
