/**
 * Reads JSON as `JSON.parse` does, and keeps every digit (decision 0040): a number that JavaScript cannot hold is the
 * text as it was written. `9007199254740993`, `1e400` and `0.1000000000000000055` are texts; `10.50` is 10.5 and `1E5`
 * is 100000, because nothing of their value is lost. Throws SyntaxError for what is no JSON.
 *
 * Ordinary bodies cost one look for a long number, about a tenth of the parsing. Node 20 hands no source text to a
 * reviver, so the numbers that lose are put into quotes and the text is parsed again.
 */
export function parseJson(text: string): unknown {
  const value: unknown = JSON.parse(text);
  // Only behind a successful parse: in valid JSON a digit outside of quotes is part of a number.
  return LONG_NUMBER.test(text) ? JSON.parse(text.replace(STRING_OR_NUMBER, quoteUnlessExact)) : value;
}

/** Up to 15 digits without an exponent survive as a double (IEEE 754). */
const LONG_NUMBER = /(?:^|[[:,\s])-?\d(?:[\d.]{15}|[\d.]*[eE])/;
const STRING_OR_NUMBER = /"[^"\\]*(?:\\.[^"\\]*)*"|-?\d[\d.]*(?:[eE][+-]?\d+)?/g;

function quoteUnlessExact(token: string): string {
  return token.startsWith('"') || isExact(token) ? token : `"${token}"`;
}

/** Is the number JavaScript makes of this text the one that was written, and is its text no `1e+21` for plain digits? */
function isExact(written: string): boolean {
  const number = Number(written);
  const text = String(number);
  if (text.includes('e') && !EXPONENT.test(written)) return false;
  return Number.isFinite(number) && writeDecimal(written) === writeDecimal(text);
}

const EXPONENT = /e/i;

const PARTS = /^-?(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/;
const LEADING_ZEROS = /^0+/;

/** One spelling for every spelling of a decimal: its digits without zeros around them, and the power of ten. */
function writeDecimal(text: string): string {
  const [, whole = '', fraction = '', exponent = '0'] = PARTS.exec(text) ?? [];
  const digits = (whole + fraction).replace(LEADING_ZEROS, '');
  let end = digits.length;
  while (digits[end - 1] === '0') end -= 1;
  if (end === 0) return '0';
  return `${digits.slice(0, end)}e${Number(exponent) - fraction.length + digits.length - end}`;
}
