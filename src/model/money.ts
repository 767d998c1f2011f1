/** An amount of US dollars as a whole number of 1/10 000 dollars (decision 2), so that sums are exact. */
export type Money = number & { readonly unit: 'usd/10000' };

const UNITS_PER_DOLLAR = 10_000;
/** The largest amount on the wire, in dollars (spec behaviour 10). */
export const DOLLARS_MAX = 1_000_000;

export const NO_MONEY = 0 as Money; // the brand exists only for the compiler

/** Money from a JSON number or a numeric text; undefined when it is not a number in 0…1 000 000. */
export function moneyFrom(value: unknown): Money | undefined {
  const primitive = unboxed(value);
  if (typeof primitive === 'string' && primitive.trim() === '') return undefined;
  if (typeof primitive !== 'number' && typeof primitive !== 'string') return undefined;
  const dollars = Number(primitive);
  if (!Number.isFinite(dollars) || dollars < 0 || dollars > DOLLARS_MAX) return undefined;
  return Math.round(dollars * UNITS_PER_DOLLAR) as Money;
}

/** Only boxed values are asked: a plain object may carry anything under the name `valueOf`, its keys come from the sender. */
function unboxed(value: unknown): unknown {
  return value instanceof Number || value instanceof String ? value.valueOf() : value;
}

/** The JSON number that stands for an amount on the wire. */
export function dollars(amount: Money): number {
  return amount / UNITS_PER_DOLLAR;
}

export function addMoney(a: Money, b: Money): Money {
  return (a + b) as Money;
}
