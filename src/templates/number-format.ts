import { measureFor } from './number-units.ts';
import { remember } from './remember.ts';

/**
 * A number in the patterns of numeral.js, which flows are written in (spec behaviour 5.6): `0,0`, `$0,0.00`,
 * `0.[00]%`, `0o`, `0a`, `(0,0)`, `0.0b`, `0.00e+0`, `00:00:00`. `0` is a digit, `[0]` one that is left out when it is
 * zero. A currency sign stays the one that is written: an amount in dollars is none in euros.
 */
export function formatNumber(value: number, how: { format: string; locale: string }): string {
  const { format, locale } = how;
  if (CLOCK.test(format)) return clockText(value);
  const { token, amount, text: unit } = measureFor(value, how);
  const pattern = DIGITS.exec(format);
  if (!pattern) return String(value);
  const [digits, whole = '', grouping, decimals = ''] = pattern;
  const isGrouped = grouping !== undefined;
  const text = decimalText(Math.abs(amount), { wholeDigits: whole.length, decimals, isGrouped, locale });
  const before = format.slice(0, pattern.index).replace(token ?? '', '');
  const after = withUnit(format.slice(pattern.index + digits.length), { token, unit });
  const isNegative = amount < 0 && /[1-9]/.test(text);
  return signed(before.replace(/[(+-]/g, '') + text + after, { format: format.replace(token ?? '', ''), isNegative });
}

/**
 * Is this a pattern for numbers and not for dates? Dates have letters that numbers do not, save those of a currency
 * (`0,0.00 USD`).
 */
export function isNumberFormat(format: string): boolean {
  const bare = format.replace(/\[[^0.\]][^\]]*\]/g, '').replace(CURRENCY, '');
  return bare.includes('0') && !/[YMDHhsSwWQXxLEGgdZ]/.test(bare);
}

/** Three capitals that are not thrice the same, as `MMM` is. */
const CURRENCY = /\b(?!([A-Z])\1\1)[A-Z]{3}\b/g;

/** `0`, `00`, `0,0` or none, then `.` or `[.]`, then digits of which the bracketed ones may be left out. */
const DIGITS = /(?=0|(?:\[\.\]|\.)\[?0)(0*)(,0+)?((?:\[\.\]|\.)(?:0+|\[0+\])*)?/;

const CLOCK = /0:0/;

/** Seconds as `17:44:06`. */
function clockText(seconds: number): string {
  const whole = Math.round(Math.abs(seconds));
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60];
  const padded = [minutes, whole % 60].map((part) => String(part).padStart(2, '0'));
  return `${seconds < 0 ? '-' : ''}${[hours, ...padded].join(':')}`;
}

interface DecimalForm {
  /** Digits before the point at least; 0: those before the point are left out. */
  wholeDigits: number;
  decimals: string;
  isGrouped: boolean;
  locale: string;
}

function decimalText(value: number, how: DecimalForm): string {
  const places = how.decimals.replace(/[^0]/g, '').length;
  const optional = [...how.decimals.matchAll(/\[(0+)\]/g)].reduce((sum, [, zeros = '']) => sum + zeros.length, 0);
  const rounded = roundTo(value, places);
  // `[.]` leaves out the point and all decimals of a whole number.
  const placesMin = how.decimals.startsWith('[.]') && Number.isInteger(rounded) ? 0 : places - optional;
  const settings = [
    how.locale,
    how.isGrouped,
    how.wholeDigits,
    Math.min(placesMin, PLACES_MAX),
    Math.min(places, PLACES_MAX),
  ];
  const parts = numberFormat(settings.join(' ')).formatToParts(rounded);
  const isShown = ({ type }: Intl.NumberFormatPart) => how.wholeDigits > 0 || (type !== 'integer' && type !== 'group');
  return parts
    .filter(isShown)
    .map(({ value: part }) => part)
    .join('');
}

const numberFormat = remember((settings) => {
  const [locale, isGrouped, wholeDigits, placesMin, placesMax] = settings.split(' ');
  return new Intl.NumberFormat(locale, {
    useGrouping: isGrouped === 'true',
    minimumIntegerDigits: Math.min(Math.max(Number(wholeDigits), 1), PLACES_MAX),
    minimumFractionDigits: Number(placesMin),
    maximumFractionDigits: Number(placesMax),
    numberingSystem: 'latn',
  });
});

/** What every platform's number formats take. */
const PLACES_MAX = 20;

/** Half away from zero on the written decimal: 1.005 becomes 1.01, which binary rounding would make 1. */
export function roundTo(value: number, places: number): number {
  const [digits = '', exponent = '0'] = String(value).split('e');
  const shifted = Math.round(Number(`${digits}e${Number(exponent) + places}`));
  const [shiftedDigits = '', shiftedExponent = '0'] = String(shifted).split('e');
  const rounded = Number(`${shiftedDigits}e${Number(shiftedExponent) - places}`);
  return Number.isFinite(rounded) ? rounded : value;
}

/** What stands behind the digits, with the unit in its place; a unit that is written before them comes last. */
function withUnit(after: string, { token, unit }: { token: RegExp | undefined; unit: string }): string {
  const bare = after.replace(token ?? '', UNIT_PLACE).replace(/[)+-]/g, '');
  return bare.includes(UNIT_PLACE) ? bare.replace(UNIT_PLACE, () => unit) : bare + unit;
}

const UNIT_PLACE = '\u0000';

function signed(text: string, how: { format: string; isNegative: boolean }): string {
  if (how.isNegative) return how.format.includes('(') ? `(${text})` : `-${text}`;
  return how.format.includes('+') ? `+${text}` : text;
}
