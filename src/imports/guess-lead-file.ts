import type { ParseContext } from '../field-types/field-type.ts';
import { STATES } from '../field-types/states.ts';
import { fail, ok, type Result } from '../lib/result.ts';
import { readHeadRows } from './head-rows.ts';
import { isValidValue } from './is-valid-value.ts';
import { foldColumnName, LEAD_COLUMN_NAMES, REASON_COLUMN } from './lead-column-names.ts';
import { readCell } from './read-cell.ts';
import { readHead } from './read-text.ts';

/** A field of the flow that leads are imported to. */
export interface LeadField {
  id: string;
  name: string;
  type: string;
}

/** How a file of leads is read. */
export interface LeadFileGuess {
  encoding: string;
  isGzip: boolean;
  /** null: each line is one value. */
  delimiter: string | null;
  hasHeader: boolean;
  /** In the order of the file. */
  columns: LeadColumn[];
}

/** What a column is taken for, and why. */
export interface LeadColumn {
  /** As the first row has it; null: there is no header. */
  name: string | null;
  /** The id of a field; null: the column is not imported. */
  field: string | null;
  /** 0 to 1. */
  confidence: number;
  because: 'id' | 'name' | 'synonym' | 'values' | 'nothing';
  /** The share of its values that the type of the field reads, 0 to 1. */
  fits: number;
  /** Some of its values: values of people. */
  samples: string[];
}

/** Rows that are looked at. */
const ROWS_MAX = 200;
/** More columns than forms have fields. */
export const LEAD_COLUMNS_MAX = 500;
const SAMPLES_MAX = 3;
const SAMPLE_CHARACTERS_MAX = 60;
export const COLUMN_NAME_CHARACTERS_MAX = 128;

const CONFIDENCE = { id: 1, name: 0.95, synonym: 0.9, nextSynonym: 0.7, values: 0.6 } as const;
/** Of a column whose name says something and whose values say something else. */
const DOUBT = 0.6;
const FITS_MIN = 0.5;
/** Values alone must be nearly all of the type. */
const VALUES_FIT_MIN = 0.8;
/** A column with less is not imported unless the caller says so. */
const CONFIDENCE_MIN = 0.45;

/** Types that few other values look like, so that values alone tell them; the surest first. */
const TELLING_TYPES: readonly string[] = ['email', 'trustedform_url', 'ip', 'phone', 'state', 'postal_code'];

/** Guesses from the beginning of a file; the error is a sentence for the person who sent it. May throw a FileFault. */
export function guessLeadFile(
  head: Uint8Array,
  { fields, hasHeader, ctx }: { fields: readonly LeadField[]; hasHeader: boolean | undefined; ctx: ParseContext },
): Result<LeadFileGuess, string> {
  const { text, reader, isGzip } = readHead(head);
  const { delimiter, rows } = readHeadRows(text, ROWS_MAX);
  const [first, ...others] = rows;
  if (first === undefined) return fail('The file has no rows.');
  if (first.length > LEAD_COLUMNS_MAX) return fail(`The file has more than ${LEAD_COLUMNS_MAX} columns.`);
  const isHeader = hasHeader ?? looksLikeHeader(first, { fields, ctx, isAlone: others.length === 0 });
  const below = isHeader ? others : rows;
  const columns = guessColumns({ first, isHeader, below, fields, ctx });
  if (isHeader && below.length === 0) return fail('The file has no rows below its header.');
  return ok({ encoding: reader.encoding() ?? 'ascii', isGzip, delimiter, hasHeader: isHeader, columns });
}

function looksLikeHeader(
  first: readonly string[],
  { fields, ctx, isAlone }: { fields: readonly LeadField[]; ctx: ParseContext; isAlone: boolean },
): boolean {
  if (first.some((cell) => fields.some((field) => nameScore(cell, field).confidence > 0))) return true;
  const isValue = (cell: string) => ['email', 'phone', 'ip'].some((type) => isValidValue(type, cell.trim(), ctx));
  return !isAlone && !first.some(isValue);
}

interface Looking {
  first: readonly string[];
  isHeader: boolean;
  below: readonly (readonly string[])[];
  fields: readonly LeadField[];
  ctx: ParseContext;
}

interface Score {
  confidence: number;
  because: LeadColumn['because'];
  fits: number;
}

function guessColumns(looking: Looking): LeadColumn[] {
  const { first, isHeader, below, fields, ctx } = looking;
  const values = first.map((_, column) => below.map((cells) => readCell(cells[column])).filter((cell) => cell !== ''));
  const scores = first.flatMap((cell, column) => {
    const name = isHeader ? cell : null;
    if (name !== null && foldColumnName(name) === foldColumnName(REASON_COLUMN)) return [];
    return fields.map((field) => ({ column, field, ...scoreOf({ name, field, values: values[column] ?? [], ctx }) }));
  });
  const chosen = new Map<number, { field: LeadField } & Score>();
  const taken = new Set<string>();
  // The surest first; of equal ones in the order of the file, then of the flow.
  for (const score of scores.sort((one, other) => other.confidence - one.confidence)) {
    if (score.confidence < CONFIDENCE_MIN) break;
    if (chosen.has(score.column) || taken.has(score.field.id)) continue;
    chosen.set(score.column, score);
    taken.add(score.field.id);
  }
  return first.map((cell, column) => {
    const { field, confidence = 0, because = 'nothing', fits = 0 } = chosen.get(column) ?? {};
    return {
      name: isHeader ? cell.trim().slice(0, COLUMN_NAME_CHARACTERS_MAX) : null,
      ...{ field: field?.id ?? null, confidence, because, fits },
      samples: [...new Set(values[column])].slice(0, SAMPLES_MAX).map((each) => each.slice(0, SAMPLE_CHARACTERS_MAX)),
    };
  });
}

function scoreOf({
  name,
  field,
  values,
  ctx,
}: {
  name: string | null;
  field: LeadField;
  values: readonly string[];
  ctx: ParseContext;
}): Score {
  const { confidence, because } = name === null ? NOTHING : nameScore(name, field);
  const isTelling = TELLING_TYPES.includes(field.type);
  if (confidence === 0 && !isTelling) return { ...NOTHING, fits: 0 };
  // A state that is not known is kept as it is, and valid.
  const isOne = (value: string) =>
    field.type === 'state' && confidence === 0 ? STATES.has(value.toUpperCase()) : isValidValue(field.type, value, ctx);
  const fits = shareOf(values, isOne);
  if (confidence > 0) {
    const isDoubtful = values.length > 0 && fits < FITS_MIN;
    return { confidence: rounded(isDoubtful ? confidence * DOUBT : confidence), because, fits };
  }
  if (fits < VALUES_FIT_MIN) return { ...NOTHING, fits };
  const rank = TELLING_TYPES.indexOf(field.type) / 100;
  return { confidence: rounded(CONFIDENCE.values * fits - rank), because: 'values', fits };
}

const NOTHING = { confidence: 0, because: 'nothing' } as const;

function nameScore(name: string, field: LeadField): Pick<Score, 'confidence' | 'because'> {
  const trimmed = name.trim().toLowerCase();
  if (trimmed === '') return NOTHING;
  if (trimmed === field.id.toLowerCase()) return { confidence: CONFIDENCE.id, because: 'id' };
  const folded = foldColumnName(trimmed);
  if (folded === foldColumnName(field.id) || folded === foldColumnName(field.name))
    return { confidence: CONFIDENCE.name, because: 'name' };
  if (!LEAD_COLUMN_NAMES[field.id]?.includes(folded)) return NOTHING;
  const isFirst = FIRST_FIELDS.get(folded) === field.id;
  return { confidence: isFirst ? CONFIDENCE.synonym : CONFIDENCE.nextSynonym, because: 'synonym' };
}

/** The field that a name stands for before others. */
const FIRST_FIELDS: ReadonlyMap<string, string> = new Map(
  Object.entries(LEAD_COLUMN_NAMES)
    .flatMap(([id, names]) => names.map((name): [string, string] => [name, id]))
    .reverse(),
);

function shareOf(values: readonly string[], isOne: (value: string) => boolean): number {
  return values.length === 0 ? 0 : rounded(values.filter(isOne).length / values.length);
}

function rounded(share: number): number {
  return Math.round(share * 100) / 100;
}
