import unidecode from 'unidecode';

/**
 * A text in ASCII by the table of `unidecode` (rule O4 of what was measured): `—` is `--`, `€` is `EU`, and signs the
 * table does not know vanish, emoji among them. Each character is asked for alone: over a whole text the package takes
 * `É»` for broken UTF-8 and leaves it as it is.
 */
export function writeAscii(text: string): string {
  return text.replace(NOT_ASCII, transliterate);
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: ASCII is what stays
const NOT_ASCII = /[^\x00-\x7f]/g;

function transliterate(character: string): string {
  const ascii = unidecode(character);
  // Line and paragraph separators come back as they are, and the end of some pages of the table is the word "undefined".
  if (ascii === character) return ' ';
  return ascii === 'undefined' ? '' : ascii;
}
