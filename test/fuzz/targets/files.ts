import { createRecordReader } from '../../../src/csv/record-reader.ts';
import { createTextReader } from '../../../src/csv/text-reader.ts';
import { guessFile } from '../../../src/imports/guess-file.ts';
import { FileFault } from '../../../src/imports/read-text.ts';
import { soughtValues } from '../../../src/lists/sought-values.ts';
import type { Random } from '../random.ts';
import { type FuzzTarget, kindOfMessage, magnitude, mustHold } from '../target.ts';

const CELLS = [
  '',
  'a',
  '512-789-4321',
  'ann@example.com',
  '78704',
  '"',
  '""',
  '"a,b"',
  '"x""y"',
  'zoë',
  '\u0080',
] as const;
const DELIMITERS = [',', ';', '\t', '|'] as const;
const ENDS = ['\n', '\r\n', '\r', '\n\n'] as const;
const NAMES = ['phone', 'E-Mail', 'zip', 'value', 'id'] as const;
const MARKS = ['\u00ef\u00bb\u00bf', '\u00ff\u00fe', '\u00fe\u00ff', '\u001f\u008b\u0008', '\0'] as const;

/** Files that people send, byte by byte: encodings, delimiters, rows, and which column has the values. */
export const files: FuzzTarget = {
  name: 'files',
  tokens: [...CELLS, ...DELIMITERS, ...ENDS, ...NAMES, ...MARKS],
  generate: (random: Random) => {
    const delimiter = random.pick(DELIMITERS);
    const width = 1 + random.below(4);
    const row = (cells: readonly [string, ...string[]]) =>
      Array.from({ length: random.oneIn(8) ? random.below(6) : width }, () => random.pick(cells)).join(delimiter);
    const rows = Array.from({ length: random.below(8) }, () => row(CELLS) + random.pick(ENDS));
    const head = random.oneIn(2) ? row(NAMES) + random.pick(ENDS) : '';
    return (random.oneIn(4) ? random.pick(MARKS) : '') + head + rows.join('');
  },
  run(input) {
    // Each character up to U+00FF is a byte; others are two, as in UTF-16.
    const bytes = Buffer.from(input, /^[\0-\u00ff]*$/.test(input) ? 'latin1' : 'utf16le');
    const reader = createTextReader();
    const text = reader.push(bytes) + reader.end();
    const ends = [...DELIMITERS, null].map((delimiter) => {
      const whole = readAll(delimiter, [text]);
      const cut = Math.floor(text.length / 2);
      const pieces = readAll(delimiter, [text.slice(0, cut), text.slice(cut)]);
      mustHold(JSON.stringify(whole) === JSON.stringify(pieces), 'rows are the same in any pieces');
      mustHold(
        whole.every(({ fields }) => fields.length > 0),
        'every row has a field',
      );
      return `${magnitude(whole.length)}${whole.some(({ isBroken }) => isBroken) ? 'b' : ''}`;
    });
    return [reader.encoding() ?? 'ascii', ends.join(' '), guess(bytes)].join(' | ');
  },
};

function readAll(delimiter: string | null, pieces: readonly string[]) {
  const reader = createRecordReader(delimiter);
  return [...pieces.flatMap((piece) => reader.push(piece)), ...reader.end()];
}

function guess(bytes: Uint8Array): string {
  try {
    const guessed = guessFile(bytes, { sought: soughtValues('phone'), said: {} });
    if (!guessed.ok) return kindOfMessage(guessed.error);
    const { column, columns, hasHeader, delimiter } = guessed.value;
    mustHold(column >= 0 && column < columns.length, 'the column is one of the file');
    return `${delimiter ?? 'lines'} ${hasHeader} ${column}`;
  } catch (error) {
    if (!(error instanceof FileFault)) throw error;
    return 'damaged';
  }
}
