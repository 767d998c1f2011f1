/** An amount of US dollars as a whole number of 1/10 000 dollars (decision 2), so that sums are exact. */
export type Money = number & { readonly unit: 'usd/10000' };

const UNITS_PER_DOLLAR = 10_000;
/** The largest amount on the wire, in dollars (spec behaviour 10). */
export const DOLLARS_MAX = 1_000_000;

export const NO_MONEY = 0 as Money; // the brand exists only for the compiler

/**
 * Money from a number or a text; undefined when it is no amount of US dollars in 0…1 000 000. The one reader of money:
 * what is shown as a price and what is booked are the same amount.
 */
export function moneyFrom(value: unknown): Money | undefined {
  const primitive = unboxed(value);
  const dollars = typeof primitive === 'string' ? dollarsIn(primitive) : primitive;
  if (typeof dollars !== 'number') return undefined;
  if (!Number.isFinite(dollars) || dollars < 0 || dollars > DOLLARS_MAX) return undefined;
  return nearestMoney(dollars);
}

/** Money from a number of dollars with up to four decimals; undefined when it is none in 0…`dollarsMax`. */
export function exactMoneyFrom(value: unknown, dollarsMax: number): Money | undefined {
  if (typeof value !== 'number' || !(value >= 0 && value <= dollarsMax)) return undefined;
  const amount = nearestMoney(value);
  return dollars(amount) === value ? amount : undefined;
}

/** An amount of dollars, to the nearest ten-thousandth. */
export function nearestMoney(value: number): Money {
  return Math.round(value * UNITS_PER_DOLLAR) as Money; // the brand exists only for the compiler
}

/** Whether there is anything to read: a blank price is none, and not a wrong one. */
export function isPriceGiven(value: unknown): boolean {
  const primitive = unboxed(value);
  return primitive !== undefined && primitive !== null && (typeof primitive !== 'string' || primitive.trim() !== '');
}

const CURRENCY = String.raw`(?:US\s?\$|\$|USD)`;
/** Spaces of every kind between number and sign. */
const AMOUNT = new RegExp(String.raw`^\s*(?:${CURRENCY}\s*)?(\S.*?)(?:\s*(?:${CURRENCY}|dollars?))?\s*$`, 'i');
/** As JSON writes a number, and with `.5` and `5.`. */
const PLAIN = /^\+?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;
/** Groups of three, the first never a lone 0: `1,234`, `1,234.50`. */
const COMMA_GROUPS = /^[1-9]\d{0,2}(?:[,'’\s]\d{3})+(?:\.\d*)?$/;
/** `1.234,50`, `1 234,50`, `1.234.567`. */
const DOT_GROUPS = /^[1-9]\d{0,2}(?:[.'’\s]\d{3})+,\d{1,2}$|^[1-9]\d{0,2}(?:\.\d{3}){2,}$/;
/** One comma that no thousands can stand before: `12,50`, `12,5`. */
const DECIMAL_COMMA = /^\d+,\d{1,2}$/;

/**
 * Dollars in a text: `$1,234.50`, `1234.5`, `12.50 USD`; a decimal comma where nothing else can be meant. undefined for
 * anything else, another currency among it: a wrong amount is worse than none.
 */
function dollarsIn(text: string): number | undefined {
  if (text.length > MONEY_CHARACTERS_MAX) return undefined;
  const [, number = ''] = AMOUNT.exec(text) ?? [];
  if (PLAIN.test(number)) return Number(number);
  if (COMMA_GROUPS.test(number)) return Number(number.replace(/[,'’\s]/g, ''));
  if (DOT_GROUPS.test(number) || DECIMAL_COMMA.test(number)) {
    return Number(number.replace(/[.'’\s]/g, '').replace(',', '.'));
  }
  return undefined;
}

/** No amount is longer; what is longer is not looked at. */
const MONEY_CHARACTERS_MAX = 64;

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
