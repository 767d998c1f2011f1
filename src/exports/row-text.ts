import { neutraliseFormula } from '../csv/neutralise-formula.ts';
import { quoteCsvCell } from '../csv/quote-csv-cell.ts';
import { hideReason } from '../events/hide-values.ts';
import { HIDDEN } from '../model/hidden.ts';
import type { ExportDefinition } from './export.ts';
import type { ExportColumn, OpenedRow } from './export-columns.ts';
import { createTimeFormat } from './format-time.ts';

/** The text of a file: what it begins with, and each row. */
export interface RowText {
  beginning: string;
  write(opened: OpenedRow): string;
}

/** Columns whose texts may quote a value. */
const QUOTING: readonly string[] = ['reason', 'lead_reason'];

type Layout = Pick<ExportDefinition, 'format' | 'date_format' | 'time_zone' | 'hides_values'>;

const LINE_END = '\r\n';

export function createRowText(columns: readonly ExportColumn[], layout: Layout): RowText {
  const cells = columns.map((column) => createCell(column, layout));
  if (layout.format === 'jsonl') {
    const names = columns.map(({ field }) => `${JSON.stringify(field)}:`);
    return {
      beginning: '',
      write: (opened) =>
        `{${cells.map((read, index) => `${names[index]}${JSON.stringify(read(opened) ?? null)}`).join(',')}}\n`,
    };
  }
  const headings = columns.map((column) => quoteCsvCell(neutraliseFormula(describeColumn(column, layout))));
  return {
    beginning: headings.join(',') + LINE_END,
    write: (opened) => {
      const line = cells.map((read) => writeCell(read(opened))).join(',');
      // An empty line is no row.
      return (line === '' ? '""' : line) + LINE_END;
    },
  };
}

/** A time without its zone would be read in another one, so the heading names it. */
function describeColumn({ heading, kind }: ExportColumn, { date_format, time_zone }: Layout): string {
  return kind === 'time' && date_format === 'standard' ? `${heading} (${time_zone})` : heading;
}

/** Returns what reads a cell: text, a number, a boolean, a list or an object; null or undefined: there is nothing. */
function createCell(column: ExportColumn, layout: Layout): (opened: OpenedRow) => unknown {
  if (layout.hides_values && column.isPersonal) return () => HIDDEN;
  if (layout.hides_values && QUOTING.includes(column.field)) return (opened) => hideReason(column.read(opened));
  if (column.kind !== 'time') return column.read;
  const format = createTimeFormat(layout.date_format, layout.time_zone);
  return (opened) => {
    const at = instantOf(column.read(opened));
    return Number.isNaN(at) ? null : format(at);
  };
}

/** The last instant of a `Date`. */
const EPOCH_MS_MAX = 8.64e15;
/** A zone is at most so far from UTC. */
const OFFSET_MS_MAX = 86_400_000;

function instantOf(value: unknown): number {
  const at = typeof value === 'string' ? Date.parse(value) : typeof value === 'number' ? value : Number.NaN;
  return Math.abs(at) < EPOCH_MS_MAX - OFFSET_MS_MAX ? at : Number.NaN;
}

function writeCell(value: unknown): string {
  switch (typeof value) {
    case 'string':
      return quoteCsvCell(neutraliseFormula(value));
    case 'number':
    case 'boolean':
      return String(value);
    case 'object':
      return value === null ? '' : quoteCsvCell(JSON.stringify(value));
    default:
      return '';
  }
}
