import { isOperatorName, type OperatorName } from '../model/operator.ts';
import { readBounds } from './bounds.ts';
import { SCALES } from './scales.ts';

/** How far the left side of a comparison was from what it is compared with. */
export interface RuleDistance {
  /** Where the two sides lie. */
  scale: ScaleName;
  /** The left side less the right one, or less the nearer end of a range; 0: it is between the ends. */
  by: number;
  unit: DistanceUnit;
}

export type DistanceUnit = 'characters' | 'milliseconds' | 'seconds' | null;
export type ScaleName = (typeof SCALE_NAMES)[number];

/** As `SCALES`. */
const SCALE_NAMES = ['number', 'date', 'time'] as const;

/** A rule with both sides as resolved. */
export interface ResolvedRule {
  lhv: unknown;
  op: unknown;
  left: unknown;
  right: unknown;
}

/**
 * The distance of a comparison, on the first scale where both sides have a place: 17 against `18` is 1 below. null: the
 * operator does not compare, a side has no place, or its digits are a code and no quantity (`0830`, ZIP codes).
 */
export function ruleDistance({ lhv, op, left, right }: ResolvedRule): RuleDistance | null {
  const measure = isOperatorName(op) ? MEASURES[op] : null;
  if (!measure || isCode(lhv, left)) return null;
  const by = measure(left, right);
  const place = by.findIndex((each) => each !== undefined);
  const [scale, distance] = [SCALE_NAMES[place], by[place]];
  return scale === undefined || distance === undefined ? null : { scale, by: distance, unit: chooseUnit(scale, lhv) };
}

/** One distance per scale; undefined where a side has no place. */
type Measure = (left: unknown, right: unknown) => readonly (number | undefined)[];

const fromValue: Measure = (left, right) =>
  SCALES.map((scale) => {
    const [from, to] = [scale(left), scale(right)];
    return from === undefined || to === undefined ? undefined : from - to;
  });

/** Texts of digits are mostly codes: only for numbers it means something how unequal they are. */
const fromEqual: Measure = (left, right) => (typeof left === 'number' ? fromValue(left, right) : []);

const fromRange: Measure = (left, right) => {
  const bounds = readBounds(right);
  return SCALES.map((scale, index) => {
    const [range, position] = [bounds[index], scale(left)];
    if (range === undefined || position === undefined) return undefined;
    if (position < range.low) return position - range.low;
    return Math.max(0, position - range.high);
  });
};

/** null: the operator does not compare, or a negation, which holds everywhere but at one place. */
const MEASURES = {
  'is equal to': fromEqual,
  'is not equal to': null,
  'is less than': fromValue,
  'is less than or equal to': fromValue,
  'is greater than': fromValue,
  'is greater than or equal to': fromValue,
  'is between': fromRange,
  'is not between': null,
  'is included in': null,
  'is not included in': null,
  includes: null,
  'does not include': null,
  'matches pattern': null,
  'does not match pattern': null,
  'is blank': null,
  'is not blank': null,
  'is true': null,
  'is not true': null,
  'is false': null,
  'is not false': null,
  'format is valid': null,
  'format is invalid': null,
  'is obscene': null,
  'is not obscene': null,
} satisfies Record<OperatorName, Measure | null>;

/** An operator for which `ruleDistance` may measure how far the sides are apart. */
export type MeasuredOperator = {
  [Name in keyof typeof MEASURES]: (typeof MEASURES)[Name] extends null ? never : Name;
}[keyof typeof MEASURES];

/** `0830`, `01234`, and what a template writes as `HHmm`: 0959 and 1000 are a minute apart, not 41. */
function isCode(lhv: unknown, left: unknown): boolean {
  return (typeof left === 'string' && /^\s*0\d+\s*$/.test(left)) || (typeof lhv === 'string' && /hmm/i.test(lhv));
}

const UNITS: Readonly<Record<ScaleName, DistanceUnit>> = { number: null, date: 'milliseconds', time: 'seconds' };

function chooseUnit(scale: ScaleName, lhv: unknown): DistanceUnit {
  return scale === 'number' && typeof lhv === 'string' && /\.length\s*(\}\})?$/.test(lhv) ? 'characters' : UNITS[scale];
}
