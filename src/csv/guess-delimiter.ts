import { createRecordReader } from './record-reader.ts';

const DELIMITERS = [',', ';', '\t', '|'] as const;
/** Rows that are looked at. */
const ROWS_MAX = 50;
/** So many of them have the same number of fields. */
const ALIKE_MIN = 0.8;

/** What separates the fields of a file that begins with this text; null: each line is one value. */
export function guessDelimiter(head: string): string | null {
  const guesses = DELIMITERS.map((delimiter) => {
    const counts = createRecordReader(delimiter)
      .push(head)
      .slice(0, ROWS_MAX)
      .map(({ fields }) => fields.length);
    const usual = mostFrequent(counts);
    const alike = counts.filter((count) => count === usual).length / Math.max(1, counts.length);
    return { delimiter, fields: usual > 1 && alike >= ALIKE_MIN ? usual : 1 };
  });
  const best = guesses.reduce((one, other) => (other.fields > one.fields ? other : one));
  return best.fields > 1 ? best.delimiter : guessByHeader(head);
}

/** Of so many rows that have fewer or more fields than the first one, it is still the header. */
const SEVERAL_MIN = 0.5;
/** A name of a column, and no sentence. */
const NAME = /^[\p{L}_][\p{L}\p{N}_. /()-]{0,39}$/u;

/** Of a ragged file: its first row has names of columns, and most others have several fields. */
function guessByHeader(head: string): string | null {
  const guesses = DELIMITERS.map((delimiter) => {
    const [first, ...others] = createRecordReader(delimiter).push(head).slice(0, ROWS_MAX);
    const names = first?.fields ?? [];
    const areNames = names.every((name) => NAME.test(name)) && new Set(names).size === names.length;
    const several = others.filter(({ fields }) => fields.length > 1).length / Math.max(1, others.length);
    return { delimiter, fields: areNames && several >= SEVERAL_MIN ? names.length : 1 };
  });
  const best = guesses.reduce((one, other) => (other.fields > one.fields ? other : one));
  return best.fields > 1 ? best.delimiter : null;
}

function mostFrequent(counts: readonly number[]): number {
  const times = new Map<number, number>();
  for (const count of counts) times.set(count, (times.get(count) ?? 0) + 1);
  const [most] = [...times].sort(([, one], [, other]) => other - one);
  return most?.[0] ?? 1;
}
