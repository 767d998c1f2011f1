import type { CsvRecord } from '../csv/record-reader.ts';
import type { ParseContext } from '../field-types/field-type.ts';
import { isValidValue } from './is-valid-value.ts';
import { readCell } from './read-cell.ts';

/** What becomes of the columns of a file. */
export interface LeadRowPlan {
  /** By column: the name of the parameter that it is submitted as; null: it is not imported. */
  columns: readonly (string | null)[];
  /** Values of rows that have none of their own, by parameter. */
  constants: Readonly<Record<string, string>>;
  /** Are rows with a value that the type of its field does not read submitted? */
  takesInvalid: boolean;
  /** By field. */
  types: ReadonlyMap<string, string>;
}

/** A row as it would be submitted, and what is wrong with it. */
export interface LeadRow {
  /** From 1, without the header. */
  number: number;
  cells: readonly string[];
  values: Record<string, string>;
  /** Sentences without values. Empty: the row is submitted. */
  errors: string[];
  warnings: string[];
}

/** Reads a row; pure. */
export function readLeadRow(
  { fields: cells, isBroken }: CsvRecord,
  { number, plan, ctx }: { number: number; plan: LeadRowPlan; ctx: ParseContext },
): LeadRow {
  const row: LeadRow = { number, cells, values: {}, errors: [], warnings: [] };
  if (isBroken) return { ...row, errors: ['A quote is not closed, or the row is too long'] };
  if (cells.slice(plan.columns.length).some((cell) => cell.trim() !== ''))
    return { ...row, errors: ['The row has more cells than the file has columns'] };
  let isBlank = true;
  for (const [column, parameter] of plan.columns.entries()) {
    if (parameter === null) continue;
    const text = readCell(cells[column]);
    if (text === '') {
      if (plan.constants[parameter] === undefined) row.warnings.push(`${parameter} is empty`);
      continue;
    }
    isBlank = false;
    row.values[parameter] = text;
    const type = plan.types.get(parameter);
    if (type === undefined || isValidValue(type, text, ctx)) continue;
    (plan.takesInvalid ? row.warnings : row.errors).push(`${parameter} is no valid ${type}`);
  }
  if (isBlank) return { ...row, warnings: [], errors: ['No column that is imported has a value'] };
  for (const [parameter, constant] of Object.entries(plan.constants)) row.values[parameter] ??= constant;
  return row;
}
