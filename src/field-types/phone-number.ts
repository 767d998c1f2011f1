import {
  type CountryCode,
  getCountries,
  getCountryCallingCode,
  Metadata,
  type PhoneNumber,
  parsePhoneNumberFromString,
} from 'libphonenumber-js/max';
import { isValidAmerican } from './american-number.ts';

/** What a text says about a telephone number. */
export interface PhoneReading {
  /** The national number; masked digits are stars. */
  national: string;
  extension: string | null;
  /** Of the area code; 0 when the number has none, or it is not known. */
  areaLength: number;
  callingCode: number;
  country: string | null;
  isMasked: boolean;
  isValid: boolean;
}

/** The longest text the reference's library looks at. */
const TEXT_LENGTH_MAX = 250;

/**
 * Reads a telephone number, American unless it says otherwise: punctuation, a leading 1, vanity letters, extensions
 * and stars for masked digits are understood. undefined when the text is not a number at all; a number that no one can
 * have is read and not valid.
 */
export function readPhoneNumber(text: string): PhoneReading | undefined {
  if (text.length > TEXT_LENGTH_MAX) return undefined;
  const { body, extension } = splitExtension(withPlainDigits(text));
  if (!VIABLE.test(body)) return undefined;
  const dialled = dial(body);
  // Stars are read as a digit that is no prefix of anything, so that the country and the length are understood.
  const digits = dialled.replaceAll('*', '2');
  const isMasked = dialled.includes('*') || (extension?.includes('*') ?? false);
  if (AMERICAN_DIGITS.test(digits)) return readAmerican({ dialled, digits, extension, isMasked });
  const number = parsePhoneNumberFromString(digits, { defaultCountry: 'US', extract: false });
  if (number === undefined) return undefined;
  return {
    national: dialled.slice(-number.nationalNumber.length),
    extension,
    areaLength: measureArea(number),
    callingCode: Number(number.countryCallingCode),
    country: mainCountryOf(number),
    isMasked,
    isValid: isMasked || number.isValid(),
  };
}

/** A whole number of the North American plan, with or without its calling code. */
const AMERICAN_DIGITS = /^(?:\+?1)?[2-9]\d{9}$/;

/** What the library finds of such a number, without the library. */
function readAmerican(number: {
  dialled: string;
  digits: string;
  extension: string | null;
  isMasked: boolean;
}): PhoneReading {
  const { dialled, digits, extension, isMasked } = number;
  const { nationalLength, areaLength } = AMERICAN;
  return {
    national: dialled.slice(-nationalLength),
    extension,
    areaLength,
    callingCode: 1,
    country: AMERICAN.country,
    isMasked,
    isValid: isMasked || isValidAmerican(digits.slice(-nationalLength)),
  };
}

const ASCII_ONLY = /^[\0-\x7f]*$/;
const FULL_WIDTH = /[\uff01-\uff5e]/g;
const FULL_WIDTH_SHIFT = '\uff01'.charCodeAt(0) - '!'.charCodeAt(0);

/** Digits of every script and full-width signs as those of ASCII. */
function withPlainDigits(text: string): string {
  if (ASCII_ONLY.test(text)) return text;
  return text
    .replace(FULL_WIDTH, (sign) => String.fromCharCode(sign.charCodeAt(0) - FULL_WIDTH_SHIFT))
    .replace(/(?![0-9])\p{Nd}/gu, digitOf);
}

/** Digits stand in rows of ten that begin with zero, so it is their distance from the beginning of the row. */
function digitOf(sign: string): string {
  const codePoint = sign.codePointAt(0) ?? 0;
  let start = codePoint;
  while (codePoint - start < DIGIT_ROWS_MAX && /^\p{Nd}$/u.test(String.fromCodePoint(start - 1))) start -= 1;
  return String((codePoint - start) % 10);
}

/** Five rows of mathematical digits stand one behind another. */
const DIGIT_ROWS_MAX = 50;

/**
 * `x12`, `ext. 12`, `extension 12`, `#12`, `;ext=12`, or what is dialled after a pause (`,,12`, `;12`), at the end.
 * It may be masked. Behind a pause it is shorter: a second number is no extension.
 */
const EXTENSION =
  /(?:(?:;ext=|[ \t\u00a0,]*(?:extension|e?xtn?|x|#|~|int|anexo)[:.]?[ \t\u00a0,-]*)([\d*]{1,20})|[ \t\u00a0]*(?:,+|;)[:.]?[ \t\u00a0,-]*([\d*]{1,9}))#?$/i;
/** Three digits before any letter, and nothing but digits, letters and the punctuation of numbers. */
const VIABLE =
  /^\+*(?:[\s().[\]/~x\u00ad\u2010-\u2015\u2212-]*[\d*]){3}[\s\da-z*().[\]/~\u00ad\u2010-\u2015\u2212-]*$|^\d\d$/i;

/** What stands before an extension must be a number itself. */
function splitExtension(text: string): { body: string; extension: string | null } {
  const match = EXTENSION.exec(text);
  const body = match && withoutWords(text.slice(0, match.index));
  if (!body || !VIABLE.test(body)) return { body: withoutWords(text), extension: null };
  return { body, extension: match?.[1] ?? match?.[2] ?? null };
}

const BEFORE_FIRST = /^[^+\d*]+/;
const BEHIND_LAST = /[^\da-z*#]+$/i;

/** `tel: (512) 789-4321.` is `512) 789-4321`. */
function withoutWords(text: string): string {
  return text.replace(BEFORE_FIRST, '').replace(BEHIND_LAST, '');
}

/** With fewer letters they are no vanity number but slips, and are left out. */
const VANITY_LETTERS_MIN = 3;
const KEYPAD = '22233344455566677778889999';

/** The keys to press, with stars left in place. */
function dial(text: string): string {
  const isVanity = text.replace(/[^a-z]/gi, '').length >= VANITY_LETTERS_MIN;
  const keys = isVanity ? text.replace(/[a-z]/gi, keyOf) : text;
  const plus = text.startsWith('+') ? '+' : '';
  return plus + keys.replace(/[^\d*]/g, '');
}

function keyOf(letter: string): string {
  return KEYPAD.charAt(letter.toLowerCase().charCodeAt(0) - 'a'.charCodeAt(0));
}

/** Length of a national number in the North American plan, and of its area code; the plan's main country. */
const AMERICAN = { nationalLength: 10, areaLength: 3, country: 'US' };

/**
 * At home three digits, unless the number is of another length or begins with a digit no area begins with. Abroad the
 * first group of the international form, for every sort of number; a number of one group has none (measured).
 */
function measureArea(number: PhoneNumber): number {
  const national = number.nationalNumber;
  if (number.countryCallingCode === '1') {
    const hasArea = national.length === AMERICAN.nationalLength && !/^[01]/.test(national);
    return hasArea ? AMERICAN.areaLength : 0;
  }
  const [, area = '', next = '', ...rest] = number.formatInternational().split(/\D+/).filter(Boolean);
  if (next === '') return 0;
  // In front of an Argentine mobile's area code stands a 9 of its own.
  return number.countryCallingCode === ARGENTINA && area === '9' && rest.length > 0
    ? area.length + next.length
    : area.length;
}

const ARGENTINA = '54';

/** The first country of a calling code is its main one: US for all of +1, GB for Jersey (measured). */
function mainCountryOf({ countryCallingCode, country }: PhoneNumber): string | null {
  return MAIN_COUNTRIES.get(countryCallingCode) ?? country ?? null;
}

const MAIN_COUNTRIES: ReadonlyMap<string, CountryCode> = mainCountries();

function mainCountries(): Map<string, CountryCode> {
  // The library has this method and does not declare it.
  const metadata: Metadata & { getCountryCodesForCallingCode?: (code: string) => CountryCode[] } = new Metadata();
  const countries = new Map<string, CountryCode>();
  for (const country of getCountries()) {
    const code = getCountryCallingCode(country);
    countries.set(code, metadata.getCountryCodesForCallingCode?.(code)[0] ?? country);
  }
  return countries;
}
