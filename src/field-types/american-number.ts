import { type CountryCode, Metadata } from 'libphonenumber-js/max';
import { assert } from '../lib/assert.ts';

/*
 * The library compiles the patterns of a country anew for each number it is asked about, and nearly every number of a
 * lead is of the North American plan. Its patterns are compiled once here. What the library finds is found here, too: a
 * test compares the two.
 */

/** What the library has of a country and does not declare (its metadata.js). */
interface Plan {
  leadingDigits(): string | undefined;
  nationalNumberPattern(): string;
  types(): readonly unknown[] | undefined;
  type(name: string): { pattern(): string | undefined; possibleLengths(): readonly number[] | undefined } | undefined;
}

interface Country {
  /** A number that begins so is of this country; undefined: one that is valid in it. */
  leading: RegExp | undefined;
  isValid(national: string): boolean;
}

const CALLING_CODE = '1';
const NATIONAL_LENGTH = 10;

/** Of the library's `getNumberType`. */
const TYPES = [
  ...['FIXED_LINE', 'MOBILE', 'PREMIUM_RATE', 'TOLL_FREE', 'SHARED_COST', 'VOIP', 'PERSONAL_NUMBER', 'PAGER', 'UAN'],
  'VOICEMAIL',
];

const COUNTRIES: readonly Country[] = compileCountries();

/** Is it a number that somebody can have? `national` has ten digits. */
export function isValidAmerican(national: string): boolean {
  const country = COUNTRIES.find(({ leading, isValid }) => (leading ? leading.test(national) : isValid(national)));
  return country?.isValid(national) ?? false;
}

function compileCountries(): Country[] {
  const metadata = new Metadata() as Metadata & { getCountryCodesForCallingCode(code: string): CountryCode[] };
  return metadata.getCountryCodesForCallingCode(CALLING_CODE).map((code) => {
    metadata.selectNumberingPlan(code);
    assert(metadata.numberingPlan, 'each country of a calling code has a plan');
    return compileCountry(metadata.numberingPlan as unknown as Plan);
  });
}

function compileCountry(plan: Plan): Country {
  const leadingDigits = plan.leadingDigits();
  const general = entire(plan.nationalNumberPattern());
  const types = TYPES.flatMap((name) => {
    const type = plan.type(name);
    const pattern = type?.pattern();
    const lengths = type?.possibleLengths();
    return pattern && (!lengths || lengths.includes(NATIONAL_LENGTH)) ? [pattern] : [];
  });
  const ofType = plan.types() ? entire(types.join('|')) : general;
  return {
    leading: leadingDigits ? new RegExp(`^(?:${leadingDigits})`) : undefined,
    isValid: (national) => general.test(national) && ofType.test(national),
  };
}

function entire(pattern: string): RegExp {
  return new RegExp(`^(?:${pattern})$`);
}
