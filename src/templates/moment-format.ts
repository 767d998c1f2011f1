import type { DateTime } from 'luxon';
import { isAmerican, LOCALIZED_TOKENS, localizedForm } from './localized-forms.ts';
import { type Counted, ordinalText } from './ordinal.ts';
import { nameZone } from './zone-name.ts';

/** A moment on the calendar and how it is to be shown. */
export interface Moment {
  /** In the zone and the locale it is shown in. */
  readonly time: DateTime;
  /** Was a zone asked for? Only then `z` has a text. */
  readonly hasZone: boolean;
}

/**
 * A date in the tokens of moment.js, which flows are written in (spec behaviour 5.6): `MM/DD/YYYY`, `HHmm`, `dddd`.
 * Text in brackets is kept; what is no token stands for itself. Names and `L`, `LT` … follow the locale.
 */
export function formatMoment(moment: Moment, format: string): string {
  const long = format.replace(LOCALIZED, (part) => (part.startsWith('[') ? part : localizedForm(moment.time, part)));
  return long.replace(PART, (part) => {
    if (part.startsWith('[')) return part.slice(1, -1);
    if (part.startsWith('\\')) return part.slice(1);
    return TOKENS.get(part)?.(moment.time, moment) ?? part;
  });
}

/** Steps of an evaluation that a format takes. */
export function formatSteps(format: string): number {
  let steps = 0;
  for (const character of format) steps += DEAR_CHARACTERS.get(character) ?? STEPS_PER_CHARACTER;
  return steps;
}

/** Measured: 6 µs a token. */
const STEPS_PER_CHARACTER = 2;
/** The platform is asked for the name of a zone, up to 800 µs the first time; an American week needs another day, 50 µs. */
const DEAR_CHARACTERS: ReadonlyMap<string, number> = new Map([
  ['z', 200],
  ['w', 17],
  ['g', 17],
]);

const LOCALIZED = /\[[^[\]]*\]|LTS|LT|LL?L?L?|ll?l?l?/g;
const PART =
  /\[[^[\]]*\]|\\[\s\S]|Mo|MMMM|MMM|MM|M|Qo|Q|DDDD|DDDo|DDD|Do|DD|D|dddd|ddd|dd|do|d|e|E|wo|ww|w|Wo|WW|W|YYYYYY|YYYYY|YYYY|YY|Y|gggg|gg|GGGG|GG|A|a|HH|H|hh|h|kk|k|mm|m|ss|s|S{1,9}|zz|z|ZZ|Z|X|x/g;

type Token = (time: DateTime, moment: Moment) => string;

const TOKENS: ReadonlyMap<string, Token> = new Map<string, Token>([
  ['M', (time) => String(time.month)],
  ['Mo', (time) => ordinal(time, time.month)],
  ['MM', (time) => padded(time.month, 2)],
  ['MMM', (time) => time.toFormat('MMM')],
  ['MMMM', (time) => time.toFormat('MMMM')],
  ['Q', (time) => String(time.quarter)],
  ['Qo', (time) => ordinal(time, time.quarter)],
  ['D', (time) => String(time.day)],
  ['Do', (time) => ordinal(time, time.day, 'day')],
  ['DD', (time) => padded(time.day, 2)],
  ['DDD', (time) => String(time.ordinal)],
  ['DDDo', (time) => ordinal(time, time.ordinal)],
  ['DDDD', (time) => padded(time.ordinal, 3)],
  ['d', (time) => String(time.weekday % 7)],
  ['do', (time) => ordinal(time, time.weekday % 7)],
  ['dd', (time) => time.toFormat('ccc').slice(0, 2)],
  ['ddd', (time) => time.toFormat('ccc')],
  ['dddd', (time) => time.toFormat('cccc')],
  ['e', (time) => String(isAmerican(time) ? time.weekday % 7 : time.weekday - 1)],
  ['E', (time) => String(time.weekday)],
  ['w', (time) => String(localWeek(time).week)],
  ['wo', (time) => ordinal(time, localWeek(time).week, 'week')],
  ['ww', (time) => padded(localWeek(time).week, 2)],
  ['W', (time) => String(time.weekNumber)],
  ['Wo', (time) => ordinal(time, time.weekNumber, 'week')],
  ['WW', (time) => padded(time.weekNumber, 2)],
  ['Y', (time) => String(time.year)],
  ['YY', (time) => padded(time.year % 100, 2)],
  ['YYYY', (time) => padded(time.year, 4)],
  ['YYYYY', (time) => padded(time.year, 5)],
  ['YYYYYY', (time) => `+${padded(time.year, 6)}`],
  ['gg', (time) => padded(localWeek(time).year % 100, 2)],
  ['gggg', (time) => padded(localWeek(time).year, 4)],
  ['GG', (time) => padded(time.weekYear % 100, 2)],
  ['GGGG', (time) => padded(time.weekYear, 4)],
  ['A', (time) => writeMeridiem(time).toUpperCase()],
  ['a', (time) => writeMeridiem(time).toLowerCase()],
  ['H', (time) => String(time.hour)],
  ['HH', (time) => padded(time.hour, 2)],
  ['h', (time) => String(time.hour % 12 || 12)],
  ['hh', (time) => padded(time.hour % 12 || 12, 2)],
  ['k', (time) => String(time.hour || 24)],
  ['kk', (time) => padded(time.hour || 24, 2)],
  ['m', (time) => String(time.minute)],
  ['mm', (time) => padded(time.minute, 2)],
  ['s', (time) => String(time.second)],
  ['ss', (time) => padded(time.second, 2)],
  ['z', (time, { hasZone }) => (hasZone ? nameZone(time) : '')],
  ['zz', (time, { hasZone }) => (hasZone ? nameZone(time) : '')],
  ['Z', (time) => time.toFormat('ZZ')],
  ['ZZ', (time) => time.toFormat('ZZZ')],
  ['X', (time) => String(Math.floor(time.toMillis() / 1000))],
  ['x', (time) => String(time.toMillis())],
  // Fractions of a second: digits past the third are zeros.
  ...['S', 'SS', 'SSS', 'SSSS', 'SSSSS', 'SSSSSS', 'SSSSSSS', 'SSSSSSSS', 'SSSSSSSSS'].map((token): [string, Token] => [
    token,
    (time) => padded(time.millisecond, 3).padEnd(9, '0').slice(0, token.length),
  ]),
]);

/** Every token, for the reference. */
export const DATE_TOKENS: readonly string[] = [...TOKENS.keys(), ...LOCALIZED_TOKENS];

function padded(value: number, width: number): string {
  return String(value).padStart(width, '0');
}

function ordinal(time: DateTime, value: number, counted: Counted = 'number'): string {
  return ordinalText(value, { locale: time.locale ?? 'en', counted });
}

/** `AM` and `PM`, or what the language has instead; of `a. m.` the letters. */
function writeMeridiem(time: DateTime): string {
  return time.toFormat('a').replace(/\P{Letter}/gu, '');
}

/** American weeks begin on Sunday and week 1 holds January 1; elsewhere ISO weeks are used. */
function localWeek(time: DateTime): { week: number; year: number } {
  if (!isAmerican(time)) return { week: time.weekNumber, year: time.weekYear };
  // The Saturday that ends the week decides its year.
  const saturday = time.plus({ days: 6 - (time.weekday % 7) });
  return { week: Math.ceil(saturday.ordinal / 7), year: saturday.year };
}
