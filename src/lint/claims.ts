import type { OperatorName } from '../model/operator.ts';
import type { Rule } from '../model/rule-set.ts';
import { type Bounds, readBounds } from '../rules/bounds.ts';
import { foldedText } from '../rules/operand.ts';
import { findOpposite, operatorNamed } from '../rules/operators.ts';
import { parseList } from '../rules/parse-list.ts';
import { readInstant, readNumber, SCALES } from '../rules/scales.ts';
import { compileTemplate } from '../templates/compile-template.ts';
import { parsePath } from '../variables/property-path.ts';

/**
 * What a rule that passes says of its variable, as far as it can be known without a lead. Only what is certain is
 * kept: a rule that is understood half says nothing about values.
 */
export interface Claim {
  /** The variable's path, one spelling for all of its writings. */
  variable: string;
  op: OperatorName;
  /** The right side as written; two rules with the same one can be each other's negation. */
  right: string;
  says: Saying;
}

export type Saying =
  | { kind: 'one-of' | 'none-of'; values: readonly ValueReading[] }
  /** On one scale of `SCALES`, ends inside unless they are open. */
  | { kind: 'range'; scale: number; bounds: Bounds; isLowOpen: boolean; isHighOpen: boolean }
  | { kind: 'blank' }
  /** The variable has a value; which one is not known. */
  | { kind: 'present' }
  | { kind: 'nothing' };

/** A right side in every way an operator may compare it. */
export interface ValueReading {
  written: unknown;
  text: string;
  number: number | undefined;
  instant: number | undefined;
  bounds: Bounds | undefined;
}

/** Longer lists are not compared member by member. */
const VALUES_MAX = 200;

/** The claim of one rule without its nested set; undefined: its left side is no variable, or its operator unknown. */
export function claimOf(rule: Rule): Claim | undefined {
  const known = claims.get(rule);
  if (known !== undefined) return known ?? undefined;
  const claim = readClaim(rule);
  claims.set(rule, claim ?? null);
  return claim;
}

/** Several checks ask for the same rules; documents are never changed. null: the rule claims nothing. */
const claims = new WeakMap<Rule, Claim | null>();

function readClaim(rule: Rule): Claim | undefined {
  const variable = findVariable(rule.lhv);
  const operator = typeof rule.op === 'string' ? operatorNamed(rule.op) : undefined;
  if (variable === undefined || operator === undefined || isFromTemplate(rule.rhv)) return undefined;
  const right = operator.arity === 'unary' ? '' : JSON.stringify(rule.rhv ?? '');
  return { variable, op: operator.name, right, says: SAYINGS[operator.name](rule.rhv) };
}

/** What holds when a claim does not; undefined where no operator says it: a blank fails both of two comparisons, and both formats. */
export function negateClaim(claim: Claim): Claim | undefined {
  const op = findOpposite(claim.op);
  if (op === undefined) return undefined;
  return { ...claim, op, says: SAYINGS[op](JSON.parse(claim.right === '' ? '""' : claim.right)) };
}

const PRESENT: SayingOf = () => ({ kind: 'present' });
const NOTHING: SayingOf = () => ({ kind: 'nothing' });

type SayingOf = (right: unknown) => Saying;

/** Per operator what its passing says. A blank value fails all positive operators, so what passes one is present. */
const SAYINGS: Readonly<Record<OperatorName, SayingOf>> = {
  'is equal to': (right) => equality('one-of', right) ?? { kind: 'present' },
  'is not equal to': (right) => equality('none-of', right) ?? { kind: 'nothing' },
  'is less than': (right) => comparison(right, { side: 'high', isOpen: true }),
  'is less than or equal to': (right) => comparison(right, { side: 'high', isOpen: false }),
  'is greater than': (right) => comparison(right, { side: 'low', isOpen: true }),
  'is greater than or equal to': (right) => comparison(right, { side: 'low', isOpen: false }),
  'is between': between,
  'is not between': NOTHING,
  'is included in': (right) => membership('one-of', right) ?? { kind: 'present' },
  'is not included in': (right) => membership('none-of', right) ?? { kind: 'nothing' },
  includes: PRESENT,
  'does not include': NOTHING,
  'matches pattern': PRESENT,
  'does not match pattern': NOTHING,
  'is blank': () => ({ kind: 'blank' }),
  'is not blank': PRESENT,
  'is true': () => ({ kind: 'one-of', values: [readValue('true')] }),
  'is not true': NOTHING,
  'is false': () => ({ kind: 'one-of', values: [readValue('false')] }),
  'is not false': NOTHING,
  'format is valid': PRESENT,
  'format is invalid': PRESENT,
  'is obscene': PRESENT,
  'is not obscene': NOTHING,
};

/** A path, or a template that is one path alone. */
function findVariable(lhv: unknown): string | undefined {
  if (typeof lhv !== 'string') return undefined;
  if (lhv.includes('{{')) {
    const template = compileTemplate(lhv);
    return template.ok && template.value.kind === 'variable' ? template.value.variables[0] : undefined;
  }
  const parsed = parsePath(lhv.trim());
  return parsed.ok && parsed.value.length > 0 ? parsed.value.join('.') : undefined;
}

function isFromTemplate(right: unknown): boolean {
  const members: readonly unknown[] = Array.isArray(right) ? right : [right];
  return members.some((member) => typeof member === 'string' && member.includes('{{'));
}

/** A text with commas may also stand for a list, so it says nothing certain of one value. */
function equality(kind: 'one-of' | 'none-of', right: unknown): Saying | undefined {
  if (Array.isArray(right) || foldedText(right) === '' || parseList(foldedText(right)).length !== 1) return undefined;
  return { kind, values: [readValue(right)] };
}

function membership(kind: 'one-of' | 'none-of', right: unknown): Saying | undefined {
  const members: unknown[] = Array.isArray(right) ? right : parseList(foldedText(right));
  const written = members.filter((member) => foldedText(member) !== '');
  if (written.length === 0 || written.length > VALUES_MAX) return undefined;
  return { kind, values: written.map(readValue) };
}

function comparison(right: unknown, { side, isOpen }: { side: 'low' | 'high'; isOpen: boolean }): Saying {
  const end = onlyScale(SCALES.map((scale) => scale(right)));
  if (end === undefined) return { kind: 'present' };
  const open = { low: Number.NEGATIVE_INFINITY, high: Number.POSITIVE_INFINITY };
  return {
    kind: 'range',
    scale: end.scale,
    bounds: { ...open, [side]: end.value },
    isLowOpen: isOpen && side === 'low',
    isHighOpen: isOpen && side === 'high',
  };
}

function between(right: unknown): Saying {
  const range = onlyScale(readBounds(right));
  if (range === undefined) return { kind: 'present' };
  return { kind: 'range', scale: range.scale, bounds: range.value, isLowOpen: false, isHighOpen: false };
}

/** What lies on two scales (20260131 is a number and a day) is certain on neither. */
function onlyScale<T>(positions: readonly (T | undefined)[]): { scale: number; value: T } | undefined {
  const found = positions.flatMap((value, scale) => (value === undefined ? [] : [{ scale, value }]));
  return found.length === 1 ? found[0] : undefined;
}

function readValue(written: unknown): ValueReading {
  return {
    written,
    text: foldedText(written),
    number: readNumber(written),
    instant: readInstant(written),
    bounds: readBounds(written)[0],
  };
}
