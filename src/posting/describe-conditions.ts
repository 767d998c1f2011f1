import { FOUND_BY, LIST_CHECKS } from '../explain/sentences.ts';
import { shown } from '../explain/wording.ts';
import type { Rule } from '../model/rule-set.ts';
import { operatorNamed } from '../rules/operators.ts';
import { compileTemplate } from '../templates/compile-template.ts';
import type { Condition } from './conditions.ts';
import { listedValues } from './listed-values.ts';
import type { NameVariable } from './name-variables.ts';
import type { PostingRule } from './posting-page.ts';

/** Conditions in the words of a vendor; of those that cannot be said, how many rules they are. */
export function describeConditions(
  conditions: readonly Condition[],
  nameVariable: NameVariable,
): { rules: PostingRule[]; hiddenCount: number } {
  const described = conditions.map((condition) => ({ condition, rule: describeCondition(condition, nameVariable) }));
  const shownRules = described.flatMap(({ rule }) => rule ?? []);
  const hidden = described.filter(({ rule }) => rule === null);
  return {
    rules: shownRules.slice(0, RULES_MAX),
    hiddenCount:
      hidden.reduce((sum, { condition }) => sum + countRules(condition), 0) +
      Math.max(0, shownRules.length - RULES_MAX),
  };
}

/** Entries of one page. */
const RULES_MAX = 200;

/** null: a part of it asks for what vendors neither post nor know. Half a choice would be a wrong rule. */
export function describeCondition(condition: Condition, nameVariable: NameVariable): PostingRule | null {
  if (condition.kind === 'rule') return describeRule(condition, nameVariable);
  const rules = condition.of.map((part) => describeCondition(part, nameVariable));
  if (rules.includes(null) || rules.length === 0) return null;
  const sentence = condition.kind === 'any' ? 'At least one of these must hold:' : 'All of these must hold:';
  return { kind: condition.kind, sentence, rules: rules.filter((rule) => rule !== null) };
}

export function countRules(condition: Condition): number {
  return condition.kind === 'rule' ? 1 : condition.of.reduce((sum, part) => sum + countRules(part), 0);
}

function describeRule(
  { rule, isNegated }: { rule: Rule; isNegated: boolean },
  nameVariable: NameVariable,
): PostingRule | null {
  const operator = operatorNamed(String(rule.op));
  const left = findLeft(rule.lhv);
  if (!operator || left === null) return null;
  const check = LIST_CHECKS.get(FOUND_BY.get(left) ?? '');
  if (check) {
    const wanted = wantedFinding(operator.name, rule.rhv);
    if (wanted === null) return null;
    const sentence = `This must hold: ${wanted === isNegated ? check.missing : check.found}.`;
    return { kind: 'rule', sentence, parameters: [] };
  }
  const named = nameVariable(left);
  if (named === null) return null;
  const said = operator.phrase.replace('be included in', 'be one of');
  const phrase = isNegated ? negatePhrase(said) : said;
  const right = operator.arity === 'unary' ? { text: '', parameters: [] } : describeRight(rule, nameVariable);
  if (right === null) return null;
  const sentence = `${[named.text, phrase, right.text].filter((part) => part !== '').join(' ')}.`;
  return { kind: 'rule', sentence, parameters: [...named.parameters, ...right.parameters] };
}

/** A path, or a template of one variable alone; null: anything else. */
function findLeft(lhv: unknown): string | null {
  if (typeof lhv !== 'string') return null;
  if (!lhv.includes('{{')) return lhv.trim();
  const compiled = compileTemplate(lhv);
  if (!compiled.ok || compiled.value.kind !== 'variable') return null;
  return compiled.value.variables[0] ?? null;
}

/** Literals as they are, variables by the vendor's name; null: it has a variable that vendors do not know. */
function describeRight(rule: Rule, nameVariable: NameVariable): { text: string; parameters: readonly string[] } | null {
  const { rhv } = rule;
  if (typeof rhv === 'string' && rhv.includes('{{')) {
    const variable = findLeft(rhv);
    const named = variable === null ? null : nameVariable(variable);
    return named && { text: named.text, parameters: named.parameters };
  }
  const members = listedValues(rule);
  const written: readonly unknown[] = members.length > 0 ? members : Array.isArray(rhv) ? rhv : [rhv];
  if (written.some((member) => typeof member === 'string' && member.includes('{{'))) return null;
  const more = written.length - MEMBERS_SHOWN_MAX;
  const texts = written.slice(0, MEMBERS_SHOWN_MAX).map((member) => shown(member));
  return { text: texts.join(', ') + (more > 0 ? ` and ${more} more` : ''), parameters: [] };
}

/** Members of a list inside a sentence; the parameter's allowed values have all. */
const MEMBERS_SHOWN_MAX = 12;

/** What a rule about a list check wants to be found; null: it is no plain question. */
function wantedFinding(op: string, rhv: unknown): boolean | null {
  switch (op) {
    case 'is true':
    case 'is not false':
      return true;
    case 'is false':
    case 'is not true':
      return false;
    case 'is equal to':
      return readBoolean(rhv);
    case 'is not equal to': {
      const said = readBoolean(rhv);
      return said === null ? null : !said;
    }
    default:
      return null;
  }
}

function readBoolean(rhv: unknown): boolean | null {
  const text = String(rhv).toLowerCase();
  if (text === 'true') return true;
  return text === 'false' ? false : null;
}

/** `must not be` for `must be` and back: exact for every operator, where some have no opposite. */
function negatePhrase(phrase: string): string {
  return phrase.includes('must not') ? phrase.replace('must not', 'must') : phrase.replace('must', 'must not');
}
