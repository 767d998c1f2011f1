import { expect, it } from 'vitest';
import { readHeadRows } from './read-head-rows.ts';

it.each([
  [
    'quotes, line ends and an empty line',
    '\ufeffa,b\r\n"x, y","say ""so"""\r\n\r\n1,2',
    ',',
    false,
    [
      ['a', 'b'],
      ['x, y', 'say "so"'],
      ['1', '2'],
    ],
  ],
  [
    'no row that is cut off',
    'a;b\n1;2\n3;4',
    ';',
    true,
    [
      ['a', 'b'],
      ['1', '2'],
    ],
  ],
  ['one value a line', 'ann\nbob\n', null, false, [['ann'], ['bob']]],
  ['a line end inside of quotes', 'a\n"x\ny"\n', ',', false, [['a'], ['x\ny']]],
])('the first rows of a file have %s', (_, text, delimiter, isCut, rows) => {
  expect(readHeadRows(text, { delimiter, isCut })).toEqual(rows);
});

it('the first rows of a file are at most 20 and the header', () => {
  expect(readHeadRows('x\n'.repeat(1_000), { delimiter: ',', isCut: false })).toHaveLength(21);
});
