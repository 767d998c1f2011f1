import { Metadata, type PhoneNumber, parsePhoneNumberFromString } from 'libphonenumber-js/max';

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
 * and stars for masked digits are understood. undefined when the text is no number at all; a number that nobody can
 * have is read and not valid.
 */
export function readPhoneNumber(text: string): PhoneReading | undefined {
  if (text.length > TEXT_LENGTH_MAX) return undefined;
  const { body, extension } = splitExtension(text);
  if (!VIABLE.test(body)) return undefined;
  const dialled = dial(body);
  // Stars are read as a digit that is no prefix of anything, so that the country and the length are understood.
  const number = parsePhoneNumberFromString(dialled.replaceAll('*', '2'), { defaultCountry: 'US', extract: false });
  if (number === undefined) return undefined;
  const isMasked = dialled.includes('*');
  return {
    national: dialled.slice(-number.nationalNumber.length),
    extension,
    areaLength: areaLengthOf(number),
    callingCode: Number(number.countryCallingCode),
    // All of the North American plan is US, Canada too (measured).
    country: number.countryCallingCode === '1' ? 'US' : (number.country ?? null),
    isMasked,
    isValid: isMasked || number.isValid(),
  };
}

/** `x12`, `ext. 12`, `extension 12`, `#12`, `;ext=12` at the end. */
const EXTENSION = /(?:;ext=|[ \t\u00a0,]*(?:extension|e?xtn?|x|#|~|int|anexo)[:.]?[ \t\u00a0,-]*)(\d{1,20})#?$/i;
/** Three digits before any letter, and nothing but digits, letters and the punctuation of numbers. */
const VIABLE =
  /^[+\uff0b]*(?:[\s().[\]/~x\u00ad\u2010-\u2015\u2212-]*[\d*]){3}[\s\da-z*().[\]/~\u00ad\u2010-\u2015\u2212-]*$|^\d\d$/i;

/** What stands before an extension must be a number itself. */
function splitExtension(text: string): { body: string; extension: string | null } {
  const match = EXTENSION.exec(text);
  const body = match && withoutWords(text.slice(0, match.index));
  if (!body || !VIABLE.test(body)) return { body: withoutWords(text), extension: null };
  return { body, extension: match?.[1] ?? null };
}

const BEFORE_FIRST = /^[^+\uff0b\d*]+/;
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
  const plus = /^[+\uff0b]/.test(text) ? '+' : '';
  return plus + keys.replace(/[^\d*]/g, '');
}

function keyOf(letter: string): string {
  return KEYPAD.charAt(letter.toLowerCase().charCodeAt(0) - 'a'.charCodeAt(0));
}

/** Length of a national number in the North American plan, and of its area code. */
const AMERICAN = { nationalLength: 10, areaLength: 3 };

/**
 * Abroad it is the first group of the written form, for numbers that belong to a place (the rule of Google's
 * library): countries without a trunk prefix, except Mexico and Italy with its leading zero, have no area codes.
 */
function areaLengthOf(number: PhoneNumber): number {
  const national = number.nationalNumber;
  if (number.countryCallingCode === '1') return national.length === AMERICAN.nationalLength ? AMERICAN.areaLength : 0;
  if (!isGeographic(number) || !(national.startsWith('0') || hasAreaCodes(number))) return 0;
  const [, area = '', next = '', ...rest] = number.formatInternational().split(/\D+/).filter(Boolean);
  if (next === '') return 0;
  // In front of an Argentine mobile's area code stands a 9 of its own.
  return number.countryCallingCode === ARGENTINA && area === '9' && rest.length > 0
    ? area.length + next.length
    : area.length;
}

const MEXICO = '52';
const ARGENTINA = '54';
/** With Brazil and Indonesia: mobile numbers have area codes too. */
const GEOGRAPHIC_MOBILE: ReadonlySet<string> = new Set([MEXICO, ARGENTINA, '55', '62']);

function isGeographic(number: PhoneNumber): boolean {
  const type = number.getType();
  if (type === 'MOBILE') return GEOGRAPHIC_MOBILE.has(number.countryCallingCode);
  return type === 'FIXED_LINE' || type === 'FIXED_LINE_OR_MOBILE';
}

/** A country with a trunk prefix has area codes; Mexico gave its prefix up and kept them. */
function hasAreaCodes(number: PhoneNumber): boolean {
  if (number.countryCallingCode === MEXICO) return true;
  if (number.country === undefined) return false;
  const metadata = new Metadata();
  metadata.selectNumberingPlan(number.country);
  const plan = metadata.numberingPlan;
  // The library has this method and does not declare it.
  return plan !== undefined && 'nationalPrefix' in plan && typeof plan.nationalPrefix === 'function'
    ? Boolean(plan.nationalPrefix())
    : false;
}
