import type { ExplainedRule } from '../events/explain-rules.ts';
import type { CompiledFlow } from '../flow-compiler/compiled-flow.ts';
import { isBlank } from '../rules/operand.ts';
import { operatorNamed } from '../rules/operators.ts';
import type { DistanceUnit, RuleDistance } from '../rules/rule-distance.ts';
import { textOf } from '../variables/rich-value.ts';
import { ANSWERS, CLAUSES, FOUND_BY, LIST_CHECKS, NEEDS, SENTENCES } from './sentences.ts';
import { quoted, shown } from './wording.ts';

/** Rules of one sentence at most; the JSON has all of them. */
const CLAUSES_MAX = 10;

/** Why rules did not hold that had to, as a sentence. undefined: nothing is known of them. */
export function whyFailed(flow: CompiledFlow, rules: readonly ExplainedRule[]): string | undefined {
  const [only] = rules;
  if (only === undefined) return undefined;
  if (rules.length === 1) return `${failedClause(flow, only)}.`;
  return SENTENCES.noneHeld({ clauses: joined(rules.map((rule) => failedClause(flow, rule))) });
}

/** What rules found. `meaning`: they had to hold, or a filter looked for what they describe. */
export function whatWas(
  flow: CompiledFlow,
  { rules, meaning }: { rules: readonly ExplainedRule[]; meaning: 'needed' | 'sought' },
): string | undefined {
  const say = meaning === 'needed' ? CLAUSES.wasAsNeeded : CLAUSES.wasAsSought;
  return rules.length === 0 ? undefined : joined(rules.map((rule) => observedClause(flow, { rule, say })));
}

function joined(clauses: readonly string[]): string {
  const [only = '', ...others] = clauses;
  if (others.length === 0) return only;
  const more = clauses.length - CLAUSES_MAX;
  const numbered = clauses.map((clause, index) => CLAUSES.numbered({ place: index + 1, clause }));
  return [...numbered.slice(0, CLAUSES_MAX), ...(more > 0 ? [CLAUSES.more({ count: more })] : [])].join('; ');
}

/** `Age was 17; 18 or more is needed (1 short)`, `State must be equal to TX; it was CA`. */
function failedClause(flow: CompiledFlow, rule: ExplainedRule): string {
  const listed = listClause(rule);
  if (listed !== undefined) return listed;
  const [label, left, right] = [writeLabel(flow, rule), shown(rule.left), shown(rule.right)];
  const needs = NEEDS.get(String(rule.op));
  if (needs && rule.distance) {
    const { scale } = rule.distance;
    const needed = scale === 'number' ? needs.amount(right) : needs.moment(right);
    return CLAUSES.needs({ label, left, needs: needed, distance: distanceText(rule.distance) });
  }
  return CLAUSES.must({ label, must: mustBe(rule), left });
}

/** As a generated reason has it: `must be equal to TX`. */
function mustBe({ op, right }: ExplainedRule): string {
  const operator = operatorNamed(String(op));
  if (!operator) return String(op);
  return operator.arity === 'unary' ? operator.phrase : `${operator.phrase} ${shown(right)}`;
}

/** `State was TX`; with what was asked where the value alone does not show it. */
function observedClause(
  flow: CompiledFlow,
  { rule, say }: { rule: ExplainedRule; say: typeof CLAUSES.wasAsNeeded },
): string {
  const listed = listClause(rule);
  if (listed !== undefined) return listed;
  const [label, left] = [writeLabel(flow, rule), shown(rule.left)];
  const isBlankTest = rule.op === 'is blank' || rule.op === 'is not blank';
  return isBlankTest || isSameText(rule) ? CLAUSES.was({ label, left }) : say({ label, left, op: asked(rule) });
}

/** `The lead is a duplicate`; undefined: the rule does not ask what a list check found. */
function listClause({ lhv, left }: ExplainedRule): string | undefined {
  const check = LIST_CHECKS.get(FOUND_BY.get(String(lhv).trim()) ?? '');
  if (!check || typeof left !== 'boolean') return undefined;
  const clause = left ? check.found : check.missing;
  return `${clause.charAt(0).toUpperCase()}${clause.slice(1)}`;
}

/** The operator and the right side: `is equal to TX`. */
function asked({ op, right }: ExplainedRule): string {
  return operatorNamed(String(op))?.arity === 'unary' ? String(op) : `${op} ${shown(right)}`;
}

function isSameText({ op, left, right }: ExplainedRule): boolean {
  return op === 'is equal to' && shown(left).toLowerCase() === shown(right).toLowerCase();
}

/** The rule as it was written, in words: `"Age is greater than or equal to 18"`; of a template, what it came to too. */
export function nameOfRule(flow: CompiledFlow, rule: ExplainedRule): string {
  const written = String(rule.lhv).includes('{{') || String(rule.rhv).includes('{{');
  const name = quoted(`${writeLabel(flow, rule)} ${asked(rule)}`);
  return written ? CLAUSES.writtenAs({ name, written: quoted(`${rule.lhv} ${rule.op} ${textOf(rule.rhv)}`) }) : name;
}

function writeLabel(flow: CompiledFlow, { label, lhv }: ExplainedRule): string {
  const path = String(lhv).trim();
  const [key, property = '', ...rest] = path.split('.');
  const step = flow.steps.find((each) => each.kind === 'recipient' && each.key === key);
  const answer = rest.length === 0 && step?.kind === 'recipient' ? ANSWERS.get(property)?.(step.entityName) : undefined;
  return answer ?? (isBlank(label) ? shown(path) : shown(label).replace(/^"(.*)"$/, '$1'));
}

/** ` (1 short)`, ` (3 days too late)`; empty where nothing lies between. */
export function distanceText({ scale, by, unit }: RuleDistance): string {
  if (by === 0) return '';
  const [below, above] = scale === 'number' ? ['short', 'over'] : ['too early', 'too late'];
  return ` (${lengthText(Math.abs(by), unit)} ${by < 0 ? below : above})`;
}

const UNIT_NAMES: readonly { name: string; ms: number }[] = [
  { name: 'day', ms: 86_400_000 },
  { name: 'hour', ms: 3_600_000 },
  { name: 'minute', ms: 60_000 },
  { name: 'second', ms: 1_000 },
];

function lengthText(length: number, unit: DistanceUnit): string {
  const rounded = Number(length.toFixed(4));
  if (unit === null) return String(rounded);
  if (unit === 'characters') return counted(rounded, 'character');
  const ms = unit === 'seconds' ? length * 1_000 : length;
  const largest = UNIT_NAMES.find((each) => ms >= each.ms);
  return largest ? counted(Math.floor(ms / largest.ms), largest.name) : 'less than a second';
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
