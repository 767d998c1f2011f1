import { remember } from './remember.ts';

/**
 * A number in the patterns of numeral.js, which flows are written in (spec behaviour 5.6): `0,0`, `$0,0.00`,
 * `0.[00]%`, `0o`, `0a`, `(0,0)`. `0` is a digit, `[0]` one that is left out when it is zero.
 */
export function formatNumber(value: number, how: { format: string; locale: string }): string {
  const { format, locale } = how;
  const pattern = DIGITS.exec(format);
  if (!pattern) return String(value);
  const [digits, , grouping, decimals = ''] = pattern;
  const isPercent = format.includes('%');
  const scaled = isPercent ? value * 100 : value;
  const { amount, unit } = ABBREVIATION.test(format) ? abbreviated(scaled) : { amount: scaled, unit: '' };
  const text = decimalText(Math.abs(amount), { decimals, isGrouped: grouping !== undefined, locale });
  const before = format.slice(0, pattern.index);
  const after = format.slice(pattern.index + digits.length);
  const isNegative = amount < 0 && /[1-9]/.test(text);
  return signed(prefixOf(before) + text + suffixOf(after, { unit, value: amount }), { format, isNegative });
}

/** Is this a pattern for numbers and not for dates? Dates have letters that numbers do not. */
export function isNumberFormat(format: string): boolean {
  const bare = format.replace(/\[[^0.\]][^\]]*\]/g, '');
  return bare.includes('0') && !/[YMDHhsSwWQXxLEGgdZ]/.test(bare);
}

/** `0`, `00`, `0,0`, then `.` or `[.]`, then digits of which the bracketed ones may be left out. */
const DIGITS = /(0+)(,0+)?((?:\[\.\]|\.)(?:0+|\[0+\])*)?/;
const ABBREVIATION = /a/;

const UNITS: readonly [size: number, unit: string][] = [
  [1e12, 't'],
  [1e9, 'b'],
  [1e6, 'm'],
  [1e3, 'k'],
];

function abbreviated(value: number): { amount: number; unit: string } {
  const [size, unit] = UNITS.find(([least]) => Math.abs(value) >= least) ?? [1, ''];
  return { amount: value / size, unit };
}

function decimalText(value: number, how: { decimals: string; isGrouped: boolean; locale: string }): string {
  const places = how.decimals.replace(/[^0]/g, '').length;
  const optional = [...how.decimals.matchAll(/\[(0+)\]/g)].reduce((sum, [, zeros = '']) => sum + zeros.length, 0);
  const rounded = roundTo(value, places);
  // `[.]` leaves out the point and all decimals of a whole number.
  const placesMin = how.decimals.startsWith('[.]') && Number.isInteger(rounded) ? 0 : places - optional;
  const settings = [how.locale, how.isGrouped, Math.min(placesMin, PLACES_MAX), Math.min(places, PLACES_MAX)];
  return numberFormat(settings.join(' ')).format(rounded);
}

const numberFormat = remember((settings) => {
  const [locale, isGrouped, placesMin, placesMax] = settings.split(' ');
  return new Intl.NumberFormat(locale, {
    useGrouping: isGrouped === 'true',
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

function prefixOf(before: string): string {
  return before.replace(/[(+-]/g, '');
}

function suffixOf(after: string, how: { unit: string; value: number }): string {
  return after.replace(/[)+-]/g, '').replace('a', how.unit).replace('o', ordinalSuffix(how.value));
}

function signed(text: string, how: { format: string; isNegative: boolean }): string {
  if (how.isNegative) return how.format.includes('(') ? `(${text})` : `-${text}`;
  return how.format.includes('+') ? `+${text}` : text;
}

const ORDINAL_SUFFIXES: ReadonlyMap<Intl.LDMLPluralRule, string> = new Map([
  ['one', 'st'],
  ['two', 'nd'],
  ['few', 'rd'],
]);
const ORDINALS = new Intl.PluralRules('en', { type: 'ordinal' });

function ordinalSuffix(value: number): string {
  return ORDINAL_SUFFIXES.get(ORDINALS.select(Math.abs(value))) ?? 'th';
}
