import type { ParseContext } from './field-type.ts';
import { type Day, daysInMonth, findDay, findUtcInstant, MIDNIGHT } from './zoned-time.ts';

/** The accepted spellings of a day, in the order they are tried: month first, then day first (spec behaviour 7). */
export const DATE_FORMATS = [
  'ddd MMM DD YYYY',
  'MMM DD YYYY',
  'M/D/YYYY',
  'M/D/YY',
  'YYYY-MM-DD',
  'MM-DD-YYYY',
  'MMDDYYYY',
  'YYYYMMDD',
  'ddd DD MMM YYYY',
  'DD MMM YYYY',
  'D/M/YYYY',
  'D/M/YY',
  'YYYY-DD-MM',
  'DD-MM-YYYY',
  'DDMMYYYY',
  'YYYYDDMM',
] as const;

/** Real dates with words around them are shorter; the lenient reading costs time per character. */
export const DATE_LENGTH_MAX = 100;

/**
 * The day a text means; undefined when it means none. Today completes a text that lacks the year (`Jun 2`).
 *
 * First every format strictly. Then every format leniently: a part may be missing or shorter, and what stands
 * between parts is skipped; of the readings the one that leaves the least of the text and the format unused wins.
 * The reference reads so (spec modules d, measured), and odd dates that it accepts must mean the same day here:
 * `5 Sept 2017`, `2017-06-02T10:20:30Z`, but also `1995`, which is January 19.
 */
export function readDay(text: string, ctx: ParseContext): Day | undefined {
  if (text.length > DATE_LENGTH_MAX) return undefined;
  return readStrictly(text) ?? readLeniently(text, findDay(ctx.now, ctx.timeZone));
}

function readStrictly(text: string): Day | undefined {
  for (const { parts, strict } of FORMATS) {
    const match = strict.exec(text);
    if (match === null) continue;
    const day = complete(new Map(parts.map((part, i) => [part, match[i + 1] ?? ''])), NO_DAY);
    if (day.isValid) return day;
  }
  return undefined;
}

/** Strict formats name every part: nothing of it is ever used. */
const NO_DAY: Day = { year: 0, month: 0, day: 0 };

/**
 * Until a reading is valid only validity counts; from then on only what is left over. So an invalid reading that
 * fits better makes the text invalid: `2017-02-30` is not rescued as the 20th of January 2017.
 */
function readLeniently(text: string, today: Day): Day | undefined {
  let best: (Completed & { unused: number }) | undefined;
  let isValidFound = false;
  for (const { pieces } of FORMATS) {
    const { found, unused } = readPieces(text, pieces);
    const day = complete(found, today);
    const isBetter = best === undefined || unused < best.unused || (!isValidFound && day.isValid);
    if (isBetter) best = { ...day, unused };
    isValidFound ||= day.isValid;
  }
  return best?.isValid ? best : undefined;
}

type Part = 'ddd' | 'MMM' | 'DD' | 'D' | 'MM' | 'M' | 'YYYY' | 'YY';

const WORD = /\d*[a-z'\u00a0-\u05ff]+/i;
const PATTERNS: Record<Part, { strict: string; lenient: RegExp }> = {
  ddd: { strict: '[a-z]{3}', lenient: WORD },
  MMM: { strict: '[a-z]{3}', lenient: WORD },
  DD: { strict: '\\d\\d', lenient: /\d\d?/ },
  D: { strict: '\\d\\d?', lenient: /\d\d?/ },
  MM: { strict: '\\d\\d', lenient: /\d\d?/ },
  M: { strict: '\\d\\d?', lenient: /\d\d?/ },
  YYYY: { strict: '\\d{4}', lenient: /\d{1,4}/ },
  YY: { strict: '\\d\\d', lenient: /\d\d?/ },
};

/** A part of a format, or (`part` undefined) what stands between two. */
interface Piece {
  part: Part | undefined;
  lenient: RegExp;
}

interface Format {
  parts: readonly Part[];
  /** The whole text, a group for each part. */
  strict: RegExp;
  pieces: readonly Piece[];
}

const FORMATS: readonly Format[] = DATE_FORMATS.map(compileFormat);

function compileFormat(format: string): Format {
  const names: string[] = format.match(/ddd|MMM|DD?|MM?|YYYY|YY|./g) ?? [];
  const strict = names.map((name) => (isPart(name) ? `(${PATTERNS[name].strict})` : name)).join('');
  return {
    parts: names.filter(isPart),
    strict: new RegExp(`^${strict}$`, 'i'),
    pieces: names.map((name) =>
      isPart(name) ? { part: name, lenient: PATTERNS[name].lenient } : { part: undefined, lenient: new RegExp(name) },
    ),
  };
}

function isPart(name: string): name is Part {
  return Object.hasOwn(PATTERNS, name);
}

interface Reading {
  found: ReadonlyMap<Part, string>;
  /** Characters of the text, and ten for each part of the format. */
  unused: number;
}

const UNUSED_PART = 10;

function readPieces(text: string, pieces: readonly Piece[]): Reading {
  const found = new Map<Part, string>();
  let rest = text;
  let unused = text.length;
  for (const { part, lenient } of pieces) {
    const match = lenient.exec(rest);
    if (match !== null) {
      rest = rest.slice(match.index + match[0].length);
      unused -= match[0].length;
      if (part) found.set(part, match[0]);
    } else if (part) {
      unused += UNUSED_PART;
    }
  }
  return { found, unused };
}

interface Completed extends Day {
  /** Is it a day of the calendar, on the weekday that was named? */
  isValid: boolean;
}

/** From a missing day on, the first; from a missing year on, today's. */
function complete(found: ReadonlyMap<Part, string>, today: Day): Completed {
  const givenYear = yearIn(found);
  const givenMonth = monthIn(found);
  const givenDay = numberOf(found.get('DD') ?? found.get('D'));
  const year = givenYear ?? today.year;
  const month = givenMonth ?? (givenYear === undefined ? today.month : 1);
  const day = givenDay ?? 1;
  const isDay = month >= 1 && month <= 12 && day >= 1 && day <= daysInMonth(year, month);
  return {
    year,
    month,
    day,
    isValid: found.size > 0 && isDay && isWeekdayRight(found.get('ddd'), { year, month, day }),
  };
}

function yearIn(found: ReadonlyMap<Part, string>): number | undefined {
  const digits = found.get('YYYY') ?? found.get('YY');
  if (digits === undefined) return undefined;
  const year = Number(digits);
  const isShort = digits.length === 2 || found.has('YY');
  return isShort ? year + (year > LAST_YEAR_OF_2000S ? 1900 : 2000) : year;
}

/** Of two-digit years: 68 is 2068, 69 is 1969. */
const LAST_YEAR_OF_2000S = 68;

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const WEEKDAYS = ['su', 'mo', 'tu', 'we', 'th', 'fr', 'sa'];

/** 0 for a word that is no month. Words are known by how they begin: `Sept`, and `junk` too. */
function monthIn(found: ReadonlyMap<Part, string>): number | undefined {
  const word = found.get('MMM')?.toLowerCase();
  if (word === undefined) return numberOf(found.get('MM') ?? found.get('M'));
  return MONTHS.findIndex((month) => word.startsWith(month)) + 1;
}

function isWeekdayRight(word: string | undefined, day: Day): boolean {
  if (word === undefined) return true;
  const weekday = new Date(findUtcInstant({ ...day, ...MIDNIGHT })).getUTCDay();
  return word.toLowerCase().startsWith(WEEKDAYS[weekday] ?? '');
}

function numberOf(digits: string | undefined): number | undefined {
  return digits === undefined ? undefined : Number(digits);
}
