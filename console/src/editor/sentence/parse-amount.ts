/** What a person typed, as the document has it; else why it is none, with what would be. */
export type Parsed<Value> = { ok: true; value: Value } | { ok: false; fault: string };

/** The largest price in dollars (spec behaviour 10), and the largest maximum of a revenue cap. */
export const PRICE_DOLLARS_MAX = 1_000_000;
export const CAP_DOLLARS_MAX = 1_000_000_000;
/** Of leads, deliveries and pings in a window. */
export const COUNT_MAX = 2_000_000_000;

interface Bounds {
  min?: number;
  max: number;
}

/**
 * Dollars with up to four decimals, written as `4.5`, `$1,234.50` or `.25`. The digits go into the number as they are:
 * nothing is computed or rounded, so the document says what was typed.
 */
export function parseDollars(text: string, { min = 0, max }: Bounds): Parsed<number> {
  const digits = text.trim().replace(/^\$\s*/, '');
  const plain = /^[1-9]\d{0,2}(?:,\d{3})+(?:\.\d*)?$/.test(digits) ? digits.replaceAll(',', '') : digits;
  const [, , decimals = ''] = /^(\d*)(?:\.(\d*))?$/.exec(plain) ?? [];
  if (!/\d/.test(plain) || !/^\d*(?:\.\d*)?$/.test(plain))
    return { ok: false, fault: 'Write an amount in dollars, such as 4.50.' };
  if (decimals.replace(/0+$/, '').length > DECIMALS_MAX)
    return { ok: false, fault: `An amount has up to four decimals, such as 0.0125.` };
  const value = Number(plain);
  if (value < min || value > max || (min === 0 && value < 0)) return { ok: false, fault: boundsFault(min, max) };
  return { ok: true, value };
}

const DECIMALS_MAX = 4;

function boundsFault(min: number, max: number): string {
  return `Write an amount from ${showDollars(min)} to ${max.toLocaleString('en-US')} dollars.`;
}

/** The inverse: at least cents, `4.50`, `0.0125`; what a document has besides is shown as it is. */
export function showDollars(dollars: number | null | undefined): string {
  if (dollars === null || dollars === undefined) return '';
  const text = String(dollars);
  const [whole, decimals = ''] = text.split('.');
  return /^\d+(?:\.\d+)?$/.test(text) ? `${whole}.${decimals.padEnd(2, '0')}` : text;
}

/** A whole number, written as `50` or `1,200`. */
export function parseWhole(text: string, { min = 0, max }: Bounds): Parsed<number> {
  const digits = text.trim();
  const plain = /^[1-9]\d{0,2}(?:,\d{3})+$/.test(digits) ? digits.replaceAll(',', '') : digits;
  const value = Number(plain);
  if (/^\d+$/.test(plain) && value >= min && value <= max) return { ok: true, value };
  return { ok: false, fault: `Write a whole number from ${min} to ${max.toLocaleString('en-US')}.` };
}

/** A number that need not be whole, such as a weight or a percentage: `12.5`. */
export function parseNumber(text: string, { min = 0, max }: Bounds): Parsed<number> {
  const plain = text.trim().replace(/\s*%$/, '');
  const value = Number(plain);
  if (/^(?:\d+\.?\d*|\.\d+)$/.test(plain) && value >= min && value <= max) return { ok: true, value };
  return { ok: false, fault: `Write a number from ${min} to ${max.toLocaleString('en-US')}.` };
}

export function showNumber(value: number | null | undefined): string {
  return value === null || value === undefined ? '' : String(value);
}
