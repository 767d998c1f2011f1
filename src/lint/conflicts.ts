import { SCALES } from '../rules/scales.ts';
import { type Claim, negateClaim, type Saying, type ValueReading } from './claims.ts';

/** What one lint may still compare; past it nothing more is found, which is no harm. */
export interface LintWork {
  comparisonsLeft: number;
  /** Rules that may still be asked what a step's outcome means for them. */
  outcomesLeft: number;
}

/** A flow of a thousand ordinary rules needs a tenth of it; the bound is for the flow that is written to be slow. */
export const LINT_COMPARISONS_MAX = 200_000;
/** A thousand steps that are tried again ask half a million rules. */
export const LINT_OUTCOMES_MAX = 2_000_000;

/** Can no lead pass both? False where it is not certain. */
export function areContrary(one: Claim, other: Claim, work: LintWork): boolean {
  if (one.variable !== other.variable || work.comparisonsLeft <= 0) return false;
  work.comparisonsLeft -= 1;
  const isNegation = one.right === other.right && negateClaim(one)?.op === other.op;
  return isNegation || FORMATS_APART.has(`${one.op}/${other.op}`) || excludes(one.says, other.says, work);
}

const FORMATS_APART: ReadonlySet<string> = new Set([
  'format is valid/format is invalid',
  'format is invalid/format is valid',
]);

function excludes(one: Saying, other: Saying, work: LintWork): boolean {
  if (one.kind === 'blank') return !['blank', 'none-of', 'nothing'].includes(other.kind);
  if (other.kind === 'blank') return excludes(other, one, work);
  if (one.kind === 'range' && other.kind === 'range') return areApart(one, other);
  if (one.kind === 'one-of') return oneOfExcludes(one.values, other, work);
  return other.kind === 'one-of' && oneOfExcludes(other.values, one, work);
}

function oneOfExcludes(values: readonly ValueReading[], other: Saying, work: LintWork): boolean {
  if (other.kind === 'range') return values.every((value) => isOutside(value, other));
  if (other.kind !== 'one-of' && other.kind !== 'none-of') return false;
  work.comparisonsLeft -= values.length * other.values.length;
  if (work.comparisonsLeft <= 0) return false;
  return other.kind === 'one-of'
    ? values.every((value) => other.values.every((each) => areDifferent(value, each)))
    : values.every((value) => other.values.some((each) => areSame(value, each)));
}

/** No left side can equal both, whether it is a text, a number, a day or a range. */
function areDifferent(one: ValueReading, other: ValueReading): boolean {
  const isSameRange = one.bounds?.low === other.bounds?.low && one.bounds?.high === other.bounds?.high;
  return (
    one.text !== other.text &&
    (one.number === undefined || one.number !== other.number) &&
    (one.instant === undefined || one.instant !== other.instant) &&
    (one.bounds === undefined || !isSameRange)
  );
}

/** Every left side that equals one equals the other: 10 and "10" are not the same, a text 10.0 equals only the number. */
function areSame(one: ValueReading, other: ValueReading): boolean {
  return typeof one.written === typeof other.written && one.text === other.text;
}

type Range = Extract<Saying, { kind: 'range' }>;

function areApart(one: Range, other: Range): boolean {
  return one.scale === other.scale && (endsBefore(one, other) || endsBefore(other, one));
}

function endsBefore(one: Range, other: Range): boolean {
  const isTouching = one.bounds.high === other.bounds.low && (one.isHighOpen || other.isLowOpen);
  return one.bounds.high < other.bounds.low || isTouching;
}

/** Also a value that lies on another scale as well is left alone. */
function isOutside(value: ValueReading, range: Range): boolean {
  const position = SCALES[range.scale]?.(value.written);
  if (position === undefined || SCALES.filter((scale) => scale(value.written) !== undefined).length > 1) return false;
  const point: Range = { ...range, bounds: { low: position, high: position }, isLowOpen: false, isHighOpen: false };
  return areApart(point, range);
}
