import { neutraliseFormula } from '../csv/neutralise-formula.ts';
import type { BatchDefinition, FileFormat } from './batch.ts';

type Layout = Pick<BatchDefinition, 'columns' | 'format' | 'escape_formulas'>;

const DELIMITERS: Readonly<Record<FileFormat, string>> = { csv: ',', tsv: '\t', pipe: '|' };

const LINE_END = '\r\n';

/** The first line of a file. */
export function writeHeader({ columns, ...layout }: Layout): string {
  return writeLine(
    columns.map(({ header }) => header),
    layout,
  );
}

/** A row as a line, in the order of the columns. One that has no value is empty; a value of no column is left out. */
export function writeRow(values: Readonly<Record<string, unknown>>, { columns, ...layout }: Layout): string {
  return writeLine(
    columns.map(({ name }) => (Object.hasOwn(values, name) ? String(values[name] ?? '') : '')),
    layout,
  );
}

/** Quoted as RFC 4180 says: a value with the delimiter, a quote or a line end; lines end with CR LF. */
function writeLine(values: readonly string[], layout: Omit<Layout, 'columns'>): string {
  const delimiter = DELIMITERS[layout.format];
  const line = values.map((value) => quote(neutralise(value, layout), delimiter)).join(delimiter);
  // An empty line is no row.
  return (line === '' ? '""' : line) + LINE_END;
}

function neutralise(value: string, { escape_formulas: isOn }: Pick<Layout, 'escape_formulas'>): string {
  return isOn ? neutraliseFormula(value) : value;
}

function quote(value: string, delimiter: string): string {
  const isPlain = !value.includes(delimiter) && !value.includes('"') && !value.includes('\n') && !value.includes('\r');
  return isPlain ? value : `"${value.replaceAll('"', '""')}"`;
}
