import { keepOnly } from './aggregations.ts';
import { component, type FieldType, type ParseContext, rawComponent } from './field-type.ts';
import { parseIsoInstant } from './iso-time.ts';
import { operatorPairs } from './operator-pairs.ts';
import { richText } from './rich-value.ts';
import { submitted, textOf } from './submitted.ts';

export const rangeType: FieldType = {
  name: 'range',
  isMaskable: false,
  components: [
    rawComponent,
    component('mid', 'number', 'The average without its fraction; of a single number the number itself'),
    component('max', 'number', 'The upper end; empty for an open range such as 65+'),
    component('min', 'number', 'The lower end'),
    component('avg', 'number', 'The average of both ends, to two decimals; of a single number the number itself'),
  ],
  operators: operatorPairs('equal', 'compare', 'blank', 'format', 'includes', 'includedIn'),
  parse(value, ctx) {
    const raw = value instanceof String ? textOf(submitted(value)) : textOf(value);
    // What a number or a day reads as, and not what it was written as: `$2.50` was read as 2.5 (measured). A range is read
    // again from what was written: its ends may be too large to be written out, and `1e+30` is an open range.
    const text = isRange(value) ? raw : textOf(value);
    const ends = readInstants(text, ctx) ?? readOpen(text) ?? readTwoEnds(text) ?? readSingle(text);
    const { normal, min, max } = ends;
    return richText(normal, { raw, ...computeMiddle(ends), min, max, valid: min !== null });
  },
  aggregate: keepOnly('normal', 'min', 'max', 'avg', 'mid'),
  examples: ['1-10', '$50,000 to $100,000', '65+', '30 days'],
};

function isRange(value: unknown): boolean {
  return value instanceof String && Object.hasOwn(value, 'min') && Object.hasOwn(value, 'max');
}

interface Ends {
  normal: string;
  min: number | null;
  max: number | null;
}

/** Of one number itself; of two ends to two decimals, as `toFixed` rounds, and without the fraction (measured). */
function computeMiddle({ min, max }: Ends): { avg: number | null; mid: number | null } {
  if (min === null || max === null) return { avg: null, mid: null };
  if (min === max) return { avg: min, mid: min };
  const avg = Number(((min + max) / 2).toFixed(2));
  return { avg, mid: Math.trunc(avg) };
}

const ISO_START = /^\s*\d{4}-\d\d-\d\d/;
/** An offset is not the year of the next date: `T10:00-2019-02-01` has none. */
const ISO_TIME = /\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d(?![\d-]))?)?/g;

/** One or two ISO dates or times, as epoch ms; a further one is not looked at. */
function readInstants(text: string, ctx: ParseContext): Ends | undefined {
  if (!ISO_START.test(text)) return undefined;
  const [min, max] = [...text.matchAll(ISO_TIME)].slice(0, 2).map(([time]) => parseIsoInstant(time, ctx.timeZone));
  if (min === undefined) return undefined;
  return { normal: max === undefined ? String(min) : `${min}-${max}`, min, max: max ?? min };
}

/** A plus sign makes the number before it the lower end: `18 - 65+` is 65 and above. */
function readOpen(text: string): Ends | undefined {
  const kept = numericPart(text);
  const [, number] = NUMBER_AT_END.exec(kept.slice(0, Math.max(kept.indexOf('+'), 0)).trimEnd()) ?? [];
  if (number === undefined) return undefined;
  return { normal: `${Number(number)}+`, min: Number(number), max: null };
}

/** A sign belongs to a number where no digit stands before it: `18-65` is no minus 65. */
const NUMBER_AT_END = /((?<!\d)-?\d+(?:\.\d+)?)$/;
/** `to` between the numbers is gone by now; only the lower end can be negative (spec modules d). */
const TWO_ENDS = /(-?\d+(?:\.\d+)?)([\s-]+)(\d+(?:\.\d+)?)/;
/** `-4 - -2` is none (measured). */
const DASH_AND_SIGN = /-\s*-/;

function readTwoEnds(text: string): Ends | undefined {
  const [, from, between, to] = TWO_ENDS.exec(numericPart(text)) ?? [];
  if (from === undefined || between === undefined || to === undefined) return undefined;
  if (from.startsWith('-') && DASH_AND_SIGN.test(between)) return undefined;
  return { normal: `${Number(from)}-${Number(to)}`, min: Number(from), max: Number(to) };
}

/** One number, both ends of itself; it keeps the words around it: `30 days`. */
function readSingle(text: string): Ends {
  const digits = numericPart(text).replace(/[\s+]/g, '');
  const number = digits === '' ? Number.NaN : Number(digits);
  const end = Number.isNaN(number) ? null : number;
  return { normal: text, min: end, max: end };
}

/** The patterns above take quadratic time, and longer numbers are infinite: a longer text has no number. */
const TEXT_LENGTH_MAX = 300;

/** Between two numbers it needs no blanks: `$500to$900`. In capitals it does (measured). */
const TO = /(?<=\d[^\da-z]*)to(?=[^\da-z]*\d)/g;

/** Digits, points, signs and blanks: `$1,000 to $2,000` is `1000   2000`. */
function numericPart(text: string): string {
  return text.length > TEXT_LENGTH_MAX ? '' : text.replace(TO, ' ').replace(/[^\d.+\s-]/g, '');
}
