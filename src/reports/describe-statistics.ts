import { DateTime } from 'luxon';
import { dollars, type Money } from '../model/money.ts';
import { type Column, computeColumn, readsCost } from '../statistics/columns.ts';
import type { Grouping } from '../statistics/groupings.ts';
import type { TimeFrame } from '../statistics/time-frame.ts';
import { isOfRecipients } from './choose-level.ts';
import type { CountedRow } from './run-statistics.ts';
import type { StatisticsQuestion } from './statistics-question.ts';
import type { Names } from './statistics-store.ts';

/** A value of a row; the compared columns are objects. */
export type RowValue = string | number | boolean | null | object;

/** A row as the API answers it: the values of its groups with their names, its part of the time frame, its columns. */
export type StatisticsRow = Record<string, RowValue>;

/** A time frame as it is shown: the end is its last millisecond, so that both ends can be handed to `/events`. */
export function describeTimeFrame({ startsAt, endsAt }: TimeFrame, timeZone: string): { start: string; end: string } {
  return { start: isoIn(startsAt, timeZone), end: isoIn(endsAt - 1, timeZone) };
}

function isoIn(instant: number, timeZone: string): string {
  return DateTime.fromMillis(instant, { zone: timeZone }).toISO() ?? '';
}

/** Parts of questions, which have one zone each. */
const describedParts = new WeakMap<TimeFrame, ReturnType<typeof describeTimeFrame>>();

/** Once for all rows of a part: two times in a zone cost more than the rest of a row. */
function describePart(part: TimeFrame, timeZone: string): ReturnType<typeof describeTimeFrame> {
  const known = describedParts.get(part);
  if (known) return known;
  const described = describeTimeFrame(part, timeZone);
  describedParts.set(part, described);
  return described;
}

export function describeRow(
  question: StatisticsQuestion,
  { row, names, compared }: { row: CountedRow; names: Names; compared: CountedRow | null | undefined },
): StatisticsRow {
  const part = question.parts[row.part];
  return {
    ...(question.interval !== undefined && part ? { timeframe: describePart(part, question.timeZone) } : {}),
    ...Object.assign(
      {},
      ...question.groupBy.map((grouping, index) => describeGroup(grouping, row.group[index] ?? null, names)),
    ),
    ...describeColumns(question, row.measured),
    ...(compared === undefined ? {} : { compared: compareColumns(question, row, compared) }),
  };
}

function describeGroup({ property, dimension, nameProperty }: Grouping, value: string | null, names: Names): object {
  if (nameProperty !== undefined) {
    const known = dimension === 'flow' ? names.flows : names.entities;
    return { [property]: value, [nameProperty]: value === null ? null : (known.get(value) ?? null) };
  }
  const isPrice = dimension === 'purchase_price' || dimension === 'sale_price';
  // Prices are kept in the unit of Money.
  return { [property]: isPrice && value !== null ? dollars(Number(value) as Money) : value };
}

export function describeColumns(
  question: StatisticsQuestion,
  measured: CountedRow['measured'],
): Record<string, number | null> {
  return Object.fromEntries(question.columns.map((column) => [column.name, amountOf(question, column, measured)]));
}

/** null: nobody can say it, as what a recipient cost: a lead is bought once, however many recipients get it. */
function amountOf(question: StatisticsQuestion, column: Column, measured: CountedRow['measured']): number | null {
  if (readsCost(column) && isOfRecipients(question)) return null;
  return computeColumn(column, measured, question.isByLead);
}

/** Of each column the value of the compared time frame, the difference, and how many times it the value is. */
function compareColumns(question: StatisticsQuestion, row: CountedRow, compared: CountedRow | null): object {
  return Object.fromEntries(
    question.columns.map((column) => {
      const value = amountOf(question, column, row.measured);
      const before = amountOf(question, column, compared?.measured ?? {});
      const isKnown = value !== null && before !== null;
      return [
        column.name,
        {
          value: before,
          difference: isKnown ? round(value - before) : null,
          ratio: isKnown && before !== 0 ? round(value / before) : null,
        },
      ];
    }),
  );
}

const DECIMALS = 10_000;

function round(value: number): number {
  return Math.round(value * DECIMALS) / DECIMALS;
}
