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
  return best.fields > 1 ? best.delimiter : null;
}

function mostFrequent(counts: readonly number[]): number {
  const times = new Map<number, number>();
  for (const count of counts) times.set(count, (times.get(count) ?? 0) + 1);
  const [most] = [...times].sort(([, one], [, other]) => other - one);
  return most?.[0] ?? 1;
}
