import { quoteCsvCell } from './quote-csv-cell.ts';

/** A row of an artefact as RFC 4180 has it; what a spreadsheet would take for a formula gets an apostrophe. */
export function writeCsvRow(values: readonly (string | null)[]): string {
  return `${values.map(writeCell).join(',')}\r\n`;
}

function writeCell(value: string | null): string {
  if (value === null) return '';
  return quoteCsvCell(/^[=+\-@\t\r]/.test(value) ? `'${value}` : value);
}
