import { fail, ok, type Result } from '../lib/result.ts';
import { readHeadRows } from './head-rows.ts';
import { readHead } from './read-text.ts';

/** How a file is read, and which of its columns has the values. */
export interface FileGuess {
  encoding: string;
  isGzip: boolean;
  /** null: each line is one value. */
  delimiter: string | null;
  hasHeader: boolean;
  /** From 0. */
  column: number;
  columns: GuessedColumn[];
}

export interface GuessedColumn {
  /** As the first row has it; null: there is no header. */
  name: string | null;
  /** The share of its values that are what is looked for, 0 to 1. */
  fits: number;
}

/** What values are looked for. */
export interface Sought {
  /** Is it such a value? */
  fits(value: string): boolean;
  /** How columns of such values are called. */
  names: RegExp;
  /** Anything fits, so that only its name tells a column from others. */
  isAnything: boolean;
}

/** What the caller says instead of having it guessed. */
export interface FileSaid {
  /** A name of the header or a number from 1. */
  column?: string | undefined;
  header?: boolean | undefined;
}

/** Rows that are looked at. */
const ROWS_MAX = 200;
/** A column with fewer such values is another one. */
const FITS_MIN = 0.5;
/** Columns that a sentence names. */
const NAMED_MAX = 20;
const NAME_CHARACTERS_MAX = 64;

/** Guesses from the beginning of a file; the error is a sentence for the person who sent it. May throw a FileFault. */
export function guessFile(
  head: Uint8Array,
  { sought, said }: { sought: Sought; said: FileSaid },
): Result<FileGuess, string> {
  const { text, reader, isGzip } = readHead(head);
  const { delimiter, rows } = readHeadRows(text, ROWS_MAX);
  const [first, ...others] = rows;
  if (first === undefined) return fail('The file has no rows.');
  const width = Math.max(...rows.map((fields) => fields.length));
  const below = others.length > 0 ? others : rows;
  const fits = Array.from({ length: width }, (_, column) => shareOf(below, column, sought));
  const chosen = chooseColumn({ first, fits, sought, said: said.column });
  if (!chosen.ok) return chosen;
  const column = chosen.value;
  const hasHeader =
    said.header ?? isHeader(first, { column, sought, fits: fits[column] ?? 0, isNamed: isNamed(first, said) });
  const columns = fits.map((share, index) => ({
    name: hasHeader ? (first[index] ?? '').trim() : null,
    fits: Math.round(share * 100) / 100,
  }));
  return ok({ encoding: reader.encoding() ?? 'ascii', isGzip, delimiter, hasHeader, column, columns });
}

function shareOf(rows: readonly (readonly string[])[], column: number, { fits }: Sought): number {
  const values = rows.map((fields) => fields[column] ?? '').filter((value) => value.trim() !== '');
  return values.length === 0 ? 0 : values.filter(fits).length / values.length;
}

function chooseColumn({
  first,
  fits,
  sought,
  said,
}: {
  first: readonly string[];
  fits: readonly number[];
  sought: Sought;
  said: string | undefined;
}): Result<number, string> {
  if (said !== undefined) return findColumn(first, { said, width: fits.length });
  if (fits.length === 1) return ok(0);
  const scores = fits.map((share, index) => {
    const isCalled = sought.names.test(first[index] ?? '');
    if (sought.isAnything) return isCalled ? 1 : 0;
    return share < FITS_MIN ? 0 : share + (isCalled ? 1 : 0);
  });
  const best = scores.indexOf(Math.max(...scores));
  if ((scores[best] ?? 0) > 0) return ok(best);
  return fail(
    `It is not clear which column has the values: name one with column. The first row has ${namesOf(first)}.`,
  );
}

function findColumn(
  first: readonly string[],
  { said, width }: { said: string; width: number },
): Result<number, string> {
  const wanted = said.trim().toLowerCase();
  const named = first.findIndex((name) => name.trim().toLowerCase() === wanted);
  if (named !== -1) return ok(named);
  const number = /^\d{1,4}$/.test(wanted) ? Number(wanted) : 0;
  if (number >= 1 && number <= width) return ok(number - 1);
  return fail(`There is no column "${said.slice(0, NAME_CHARACTERS_MAX)}". The first row has ${namesOf(first)}.`);
}

/** The caller named a column as the first row does. */
function isNamed(first: readonly string[], { column }: FileSaid): boolean {
  if (column === undefined) return false;
  return first.some((name) => name.trim().toLowerCase() === column.trim().toLowerCase());
}

function isHeader(
  first: readonly string[],
  { column, sought, fits, isNamed }: { column: number; sought: Sought; fits: number; isNamed: boolean },
): boolean {
  const cell = first[column] ?? '';
  if (isNamed) return true;
  if (sought.isAnything) return sought.names.test(cell);
  return !sought.fits(cell) && (fits >= FITS_MIN || sought.names.test(cell));
}

/** The first row may be one of values, so only names are repeated: what has no digit and no @. */
function namesOf(first: readonly string[]): string {
  const names = first.slice(0, NAMED_MAX).map((name, index) => {
    const isName = /^[^\d@]{1,64}$/.test(name.trim());
    return isName ? `"${name.trim()}"` : `a column ${index + 1}`;
  });
  return names.join(', ');
}
