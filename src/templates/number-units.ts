import { ordinalSuffix } from './ordinal.ts';

/** A number in a unit: `1.5` and `k` of 1500. */
export interface Measure {
  amount: number;
  text: string;
}

interface Unit {
  /** Its letters in a pattern. */
  token: RegExp;
  measure(value: number, how: { token: string; locale: string }): Measure;
}

/** The units a pattern may ask for; the first that it has is meant. A letter inside a word is none. */
const UNITS: readonly Unit[] = [
  { token: /%/, measure: (value) => ({ amount: value * 100, text: '%' }) },
  { token: /BPS/, measure: (value) => ({ amount: value * 10_000, text: 'BPS' }) },
  { token: /e[+-]0/, measure: exponential },
  { token: /(?<![a-z])a[kmbt]?(?![a-z])/, measure: (value, { token }) => abbreviated(value, token.slice(1)) },
  { token: /(?<![a-z])i?b(?![a-z])/, measure: (value, { token }) => bytes(value, token === 'ib' ? BINARY : DECIMAL) },
  {
    token: /(?<![a-z])o(?![a-z])/,
    measure: (value, { locale }) => ({ amount: value, text: ordinalSuffix(value, { locale, counted: 'number' }) }),
  },
];

export interface MeasuredPattern extends Measure {
  /** Where the unit is written; undefined: there is none. */
  token: RegExp | undefined;
}

/** The number as its pattern counts it: 0.25 is 25 percent, 1500 is 1.5 thousand. */
export function measureFor(value: number, { format, locale }: { format: string; locale: string }): MeasuredPattern {
  for (const { token, measure } of UNITS) {
    const [found] = token.exec(format) ?? [];
    if (found !== undefined) return { token, ...measure(value, { token: found, locale }) };
  }
  return { token: undefined, amount: value, text: '' };
}

function exponential(value: number): Measure {
  const [mantissa = '', exponent = '+0'] = value.toExponential().split('e');
  return { amount: Number(mantissa), text: `e${exponent}` };
}

const SIZES: readonly [size: number, unit: string][] = [
  [1e12, 't'],
  [1e9, 'b'],
  [1e6, 'm'],
  [1e3, 'k'],
];

/** `forced`: the unit that is always taken, '' for the one that fits. */
function abbreviated(value: number, forced: string): Measure {
  const [size, unit] =
    SIZES.find(([least, name]) => (forced === '' ? Math.abs(value) >= least : name === forced)) ?? ([1, ''] as const);
  return { amount: value / size, text: unit };
}

interface ByteScale {
  step: number;
  names: readonly string[];
}

const DECIMAL: ByteScale = { step: 1000, names: ['B', 'KB', 'MB', 'GB', 'TB', 'PB', 'EB', 'ZB', 'YB'] };
const BINARY: ByteScale = { step: 1024, names: ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB', 'EiB', 'ZiB', 'YiB'] };

function bytes(value: number, { step, names }: ByteScale): Measure {
  let amount = value;
  let at = 0;
  for (; Math.abs(amount) >= step && at < names.length - 1; at += 1) amount /= step;
  return { amount, text: names[at] ?? '' };
}
