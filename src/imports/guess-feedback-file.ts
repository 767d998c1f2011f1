import { isId } from '../lib/ids.ts';
import { fail, ok, type Result } from '../lib/result.ts';
import { readHeadRows } from './head-rows.ts';
import { readHead } from './read-text.ts';

/** The columns of a file of feedback, in the order of the reference; the others are not imported. */
export const FEEDBACK_COLUMNS = ['event_id', 'lead_id', 'recipient_id', 'reason', 'type'] as const;
export type FeedbackColumn = (typeof FEEDBACK_COLUMNS)[number];

/** How a file of feedback is read. */
export interface FeedbackFileGuess {
  encoding: string;
  isGzip: boolean;
  /** null: each line is one value. */
  delimiter: string | null;
  hasHeader: boolean;
  /** From 0; null: the file has no such column. */
  columns: Record<FeedbackColumn, number | null>;
  /** As the first row has them; null: there is no header. */
  names: (string | null)[];
}

/** What the caller says instead of having it guessed. */
export interface FeedbackFileSaid {
  header?: boolean | undefined;
  /** Each a name of the header or a number from 1; an empty text: the file has none. */
  columns: Partial<Record<FeedbackColumn, string | undefined>>;
}

/** Rows that are looked at. */
const ROWS_MAX = 200;
/** A column with fewer ids is another one. */
const FITS_MIN = 0.5;
const NAME_CHARACTERS_MAX = 64;

/** How columns are called, without case and without what stands between words. */
const NAMES: Readonly<Record<FeedbackColumn, RegExp>> = {
  event_id: /^(event|feedback|delivery)(event)?id$/,
  lead_id: /^leadid$/,
  recipient_id: /^(recipient|buyer)id$/,
  reason: /^((return|feedback)?reason|returnreason|comment)$/,
  type: /^(feedback)?type$/,
};

/** Guesses from the beginning of a file; the error is a sentence for the person who sent it. May throw a FileFault. */
export function guessFeedbackFile(head: Uint8Array, said: FeedbackFileSaid): Result<FeedbackFileGuess, string> {
  const { text, reader, isGzip } = readHead(head);
  const { delimiter, rows } = readHeadRows(text, ROWS_MAX);
  const [first, ...others] = rows;
  if (first === undefined) return fail('The file has no rows.');
  // A row of values has an id somewhere.
  const hasHeader = said.header ?? !first.some((cell) => isId(cell.trim()));
  const below = hasHeader ? others : rows;
  const found = findColumns(first, { said, hasHeader, below });
  if (!found.ok) return found;
  const columns = found.value;
  if (columns.event_id === null && columns.lead_id === null) return fail(NO_ID);
  const names = first.map((cell) => (hasHeader ? cell.trim().slice(0, NAME_CHARACTERS_MAX) : null));
  return ok({ encoding: reader.encoding() ?? 'ascii', isGzip, delimiter, hasHeader, columns, names });
}

const NO_ID =
  'It is not clear which column has the ids of events: name it with event_id_column, or name lead_id_column and recipient_id_column.';

interface Looking {
  said: FeedbackFileSaid;
  hasHeader: boolean;
  below: readonly (readonly string[])[];
}

function findColumns(
  first: readonly string[],
  { said, hasHeader, below }: Looking,
): Result<FeedbackFileGuess['columns'], string> {
  const columns: FeedbackFileGuess['columns'] = {
    ...{ event_id: null, lead_id: null, recipient_id: null, reason: null, type: null },
  };
  for (const column of FEEDBACK_COLUMNS) {
    const wanted = said.columns[column];
    const at = wanted === undefined ? guessColumn(first, { column, hasHeader }) : sayColumn(first, wanted);
    if (at === undefined) return fail(`There is no column "${wanted?.slice(0, NAME_CHARACTERS_MAX)}".`);
    columns[column] = at;
  }
  const isGiven = said.columns.event_id !== undefined || said.columns.lead_id !== undefined;
  if (!isGiven && columns.event_id === null && columns.lead_id === null) columns.event_id = findIds(first, below);
  return ok(columns);
}

function guessColumn(
  first: readonly string[],
  { column, hasHeader }: { column: FeedbackColumn; hasHeader: boolean },
): number | null {
  const at = hasHeader ? first.findIndex((name) => NAMES[column].test(fold(name))) : -1;
  return at === -1 ? null : at;
}

function fold(name: string): string {
  return name.toLowerCase().replace(/[^a-z]/g, '');
}

/** undefined: there is none. */
function sayColumn(first: readonly string[], wanted: string): number | null | undefined {
  const text = wanted.trim().toLowerCase();
  if (text === '') return null;
  const named = first.findIndex((name) => name.trim().toLowerCase() === text);
  if (named !== -1) return named;
  const number = /^\d{1,4}$/.test(text) ? Number(text) : 0;
  return number >= 1 && number <= first.length ? number - 1 : undefined;
}

/** The only column whose values are ids; null: none, or several. */
function findIds(first: readonly string[], below: Looking['below']): number | null {
  const columns = first.flatMap((_, column) => {
    const values = below.map((fields) => fields[column]?.trim() ?? '').filter((value) => value !== '');
    return values.length > 0 && values.filter(isId).length / values.length >= FITS_MIN ? [column] : [];
  });
  return columns.length === 1 ? (columns[0] ?? null) : null;
}
