import { guessDelimiter } from '../csv/guess-delimiter.ts';
import { createRecordReader } from '../csv/record-reader.ts';

/** The rows that the beginning of a file has, up to a number, and what separates their fields; null: nothing does. */
export function readHeadRows(text: string, rowsMax: number): { delimiter: string | null; rows: (readonly string[])[] } {
  const delimiter = guessDelimiter(text);
  const reader = createRecordReader(delimiter);
  const read = reader.push(text);
  // The last row may be cut off, and without a line break behind it it may be the only one below the header.
  const records = read.length > 1 ? read : [...read, ...reader.end()];
  return { delimiter, rows: records.slice(0, rowsMax).map(({ fields }) => fields) };
}
