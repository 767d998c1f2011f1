import { normalOf, textOf } from '../variables/rich-value.ts';
import type { Evaluation } from './evaluation.ts';
import { roundTo } from './number-format.ts';

export interface MathFunction {
  argumentsMin: number;
  argumentsMax: number;
  run: (values: readonly unknown[], evaluation: Evaluation) => unknown;
}

/** More than an expression of the longest length can hold. */
const ANY_COUNT = 1_000;

/** A number of the value; NaN when it is none, also for missing and blank values, which are not zero. */
export function toNumber(value: unknown): number {
  const normal = normalOf(value);
  if (typeof normal === 'number') return normal;
  if (typeof normal === 'boolean') return normal ? 1 : 0;
  const text = textOf(normal).trim();
  return text === '' || text.length > NUMBER_CHARACTERS_MAX ? Number.NaN : Number(text);
}

/** Longer texts are no numbers. */
const NUMBER_CHARACTERS_MAX = 400;

/** The functions of `math` (spec behaviour 5.6). One of one argument may be written before it: `sqrt 4`. */
export const MATH_FUNCTIONS: ReadonlyMap<string, MathFunction> = new Map([
  ['sin', ofOne(Math.sin)],
  ['cos', ofOne(Math.cos)],
  ['tan', ofOne(Math.tan)],
  ['asin', ofOne(Math.asin)],
  ['acos', ofOne(Math.acos)],
  ['atan', ofOne(Math.atan)],
  ['sqrt', ofOne(Math.sqrt)],
  ['log', ofOne(Math.log)],
  ['abs', ofOne(Math.abs)],
  ['ceil', ofOne(Math.ceil)],
  ['floor', ofOne(Math.floor)],
  ['round', ofOne(Math.round)],
  ['exp', ofOne(Math.exp)],
  ['fac', ofOne(factorial)],
  ['roundTo', { argumentsMin: 1, argumentsMax: 2, run: ([value, places]) => roundToPlaces(value, places) }],
  ['random', { argumentsMin: 0, argumentsMax: 1, run: ([most], { ctx }) => ctx.random() * (toNumber(most) || 1) }],
  ['min', ofMany((numbers) => Math.min(...numbers))],
  ['max', ofMany((numbers) => Math.max(...numbers))],
  ['pyt', ofTwo(Math.hypot)],
  ['pow', ofTwo((base, exponent) => base ** exponent)],
  ['atan2', ofTwo(Math.atan2)],
  ['if', { argumentsMin: 3, argumentsMax: 3, run: ([condition, then, otherwise]) => (condition ? then : otherwise) }],
]);

/** The product of the whole numbers up to it; past 170 it is more than a number can hold. */
export function factorial(value: number): number {
  if (!Number.isInteger(value) || value < 0) return Number.NaN;
  if (value > 170) return Number.POSITIVE_INFINITY;
  let product = 1;
  for (let factor = 2; factor <= value; factor += 1) product *= factor;
  return product;
}

function ofOne(calculate: (value: number) => number): MathFunction {
  return { argumentsMin: 1, argumentsMax: 1, run: ([value]) => calculate(toNumber(value)) };
}

function ofTwo(calculate: (first: number, second: number) => number): MathFunction {
  return { argumentsMin: 2, argumentsMax: 2, run: ([first, second]) => calculate(toNumber(first), toNumber(second)) };
}

/** Lists among the arguments count with all their members; of no number there is no result. */
function ofMany(choose: (numbers: readonly number[]) => number): MathFunction {
  const run = (values: readonly unknown[]) => {
    const members = values.flatMap((value) => (Array.isArray(value) ? value.slice(0, ANY_COUNT) : [value]));
    return members.length > 0 ? choose(members.map(toNumber)) : Number.NaN;
  };
  return { argumentsMin: 1, argumentsMax: ANY_COUNT, run };
}

function roundToPlaces(value: unknown, places: unknown): number {
  const wanted = places === undefined ? 0 : Math.trunc(toNumber(places));
  return wanted >= -20 && wanted <= 20 ? roundTo(toNumber(value), wanted) : Number.NaN;
}
