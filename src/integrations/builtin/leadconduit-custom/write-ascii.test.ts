import { expect, it } from 'vitest';
import { writeAscii } from './write-ascii.ts';

// biome-ignore format: a table reads better in rows
const cases: [string, string, string][] = [
  ['ASCII as it is', 'a\n\t~', 'a\n\t~'],
  ['accents without them', 'José Łódź Straße', 'Jose Lodz Strasse'],
  ['signs by name', '€5 or £6 — ©', 'EU5 or PS6 -- (c)'],
  ['other scripts by sound', 'Привет 田中', 'Priviet Tian Zhong '],
  ['emoji not at all', '👍 a 🇩🇪', ' a '],
  ['letters that look like broken UTF-8', 'CAFÉ» Â°', 'CAFE>> Adeg'],
  ['line separators as blanks', 'a\u2028b', 'a b'],
  ['characters behind the table not at all', '\u02ff\ud800', ''],
];

it.each(cases)('%s', (_what, text, ascii) => {
  expect(writeAscii(text)).toBe(ascii);
});
