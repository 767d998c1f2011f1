import { quoteCsvCell } from './quote-csv-cell.ts';

/**
 * A row of an artefact as RFC 4180 has it; what a spreadsheet would take for a formula gets an apostrophe. A number is none,
 * although it may begin with a minus sign.
 */
export function writeCsvRow(values: readonly (string | number | null)[]): string {
  return `${values.map(writeCell).join(',')}\r\n`;
}

function writeCell(value: string | number | null): string {
  if (value === null) return '';
  if (typeof value === 'number') return String(value);
  return quoteCsvCell(/^[=+\-@\t\r]/.test(value) ? `'${value}` : value);
}
