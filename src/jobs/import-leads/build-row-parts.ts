import { writeCsvRow } from '../../csv/write-csv-row.ts';
import { foldColumnName, REASON_COLUMN } from '../../imports/lead-column-names.ts';
import { readCell } from '../../imports/read-cell.ts';
import type { ArtefactPart } from '../job.ts';
import type { ImportLeadsCheckpoint, ImportLeadsInput } from './import-leads-input.ts';

/** A row that has ended. */
export interface EndedRow {
  number: number;
  outcome: 'success' | 'failure' | 'error' | 'rejected';
  /** null: no lead was made of it. */
  leadId: string | null;
  reason: string | null;
  /** Of a rejected row: as they were sent. */
  cells: readonly string[] | null;
}

const KEPT_MS = 7 * 86_400_000;
/** The file of rejected rows is read as a whole. */
const REJECTED_CHARACTERS_MAX = 64 * 1024 * 1024;
export const RESULT_FILE = 'result.csv';
export const REJECTED_FILE = 'rejected.csv';

interface Written {
  input: ImportLeadsInput;
  parts: ImportLeadsCheckpoint['parts'];
  rejectedCharacters: number;
  now: number;
}

/** What rows that have ended add to the files of the job: `result.csv` has each, `rejected.csv` can be repaired. */
export function buildRowParts(
  rows: readonly EndedRow[],
  { input, parts, rejectedCharacters, now }: Written,
): { added: ArtefactPart[]; parts: Written['parts']; rejectedCharacters: number } {
  if (rows.length === 0) return { added: [], parts, rejectedCharacters };
  const file = { contentType: 'text/csv; charset=utf-8', expiresAt: now + KEPT_MS };
  const lines = rows.map(({ number, outcome, leadId, reason }) =>
    writeCsvRow([String(number), outcome, leadId, reason]),
  );
  const heading = parts.result === 0 ? writeCsvRow(['row', 'outcome', 'lead_id', 'reason']) : '';
  const result = { ...file, name: RESULT_FILE, part: parts.result + 1, content: heading + lines.join('') };
  const text = rejectedCharacters < REJECTED_CHARACTERS_MAX ? writeRejected(rows, input) : '';
  if (text === '') return { added: [result], parts: { ...parts, result: parts.result + 1 }, rejectedCharacters };
  const names = parts.rejected === 0 && input.hasHeader ? writeHeader(input) : '';
  const rejected = { ...file, name: REJECTED_FILE, part: parts.rejected + 1, content: names + text };
  return {
    added: [result, rejected],
    parts: { result: parts.result + 1, rejected: parts.rejected + 1 },
    rejectedCharacters: rejectedCharacters + text.length,
  };
}

function writeHeader({ columns }: ImportLeadsInput): string {
  const names = columns.map(({ name }) => name ?? '');
  return writeCsvRow([...names.filter((name) => !isReason(name)), REASON_COLUMN]);
}

/** With the columns of the file in their order, and the reason behind them. */
function writeRejected(rows: readonly EndedRow[], { columns }: ImportLeadsInput): string {
  const reasonAt = columns.findIndex(({ name }) => name !== null && isReason(name));
  return rows
    .flatMap(({ cells, reason }) => (cells === null ? [] : [{ cells, reason }]))
    .map(({ cells, reason }) => {
      const width = Math.max(columns.length, cells.length);
      // An apostrophe of an earlier file is not doubled.
      const all = Array.from({ length: width }, (_, column) => readCell(cells[column]));
      return writeCsvRow([...all.filter((_, column) => column !== reasonAt), reason]);
    })
    .join('');
}

function isReason(name: string): boolean {
  return foldColumnName(name) === foldColumnName(REASON_COLUMN);
}
