import { type CsvRecord, createRecordReader } from '../csv/record-reader.ts';
import { readText } from './read-text.ts';

/** A file of an import, and how far it is behind it. */
export interface RowsToRead {
  bytes: AsyncIterable<Uint8Array>;
  delimiter: string | null;
  hasHeader: boolean;
  /** Rows that are behind it. */
  skipped: number;
  signal: AbortSignal;
}

/**
 * The rows of a file in order, as `toRow` makes them of their record and their number, from 1 and without the header. The
 * whole file is read each time; what is skipped costs about a second for a million rows. Ends when the signal is aborted.
 */
export async function* readRows<Row>(
  { bytes, delimiter, hasHeader, skipped, signal }: RowsToRead,
  toRow: (record: CsvRecord, number: number) => Row,
): AsyncGenerator<Row> {
  const reader = createRecordReader(delimiter);
  let number = hasHeader ? -1 : 0;
  const rowsOf = function* (records: CsvRecord[]): Generator<Row> {
    for (const record of records) {
      number += 1;
      if (number > skipped && number >= 1) yield toRow(record, number);
    }
  };
  for await (const text of readText(bytes)) {
    if (signal.aborted) return;
    yield* rowsOf(reader.push(text));
  }
  yield* rowsOf(reader.end());
}
