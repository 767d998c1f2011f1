/** What a spreadsheet would take for a formula (OWASP, "CSV injection"). */
const FORMULA = /^[=+\-@\t\r]/;
/** A number with its sign, or a phone number in the international form: no formula, and receivers read them as they are. */
const SIGNED_NUMBER = /^[+-]\d[\d .,()-]*$/;

/** The value with an apostrophe before what a spreadsheet would take for a formula. */
export function neutraliseFormula(value: string): string {
  return FORMULA.test(value) && !SIGNED_NUMBER.test(value) ? `'${value}` : value;
}
