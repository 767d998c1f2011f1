import type { LeadRow } from './lead-row.ts';

/** What a pass over a file of leads has found, without values of leads. */
export interface LeadCheck {
  rows: number;
  /** Rows that would not be submitted. */
  rejected: number;
  errors: CheckGroup[];
  warnings: CheckGroup[];
}

/** Rows that need the same repair. */
export interface CheckGroup {
  message: string;
  rows: number;
  /** The numbers of the first ones, from 1 and without the header. */
  samples: number[];
}

const SAMPLES_MAX = 5;
/** More than a file has columns, twice. */
const GROUPS_MAX = 1_000;

/** Groups what is wrong with rows by its repair. */
export function createLeadCheck(): { add(row: LeadRow): void; end(): LeadCheck } {
  const errors = new Map<string, CheckGroup>();
  const warnings = new Map<string, CheckGroup>();
  let rows = 0;
  let rejected = 0;
  return {
    add: (row) => {
      rows += 1;
      if (row.errors.length > 0) rejected += 1;
      for (const message of row.errors) addTo(errors, message, row.number);
      for (const message of row.warnings) addTo(warnings, message, row.number);
    },
    end: () => ({ rows, rejected, errors: largestFirst(errors), warnings: largestFirst(warnings) }),
  };
}

function addTo(groups: Map<string, CheckGroup>, message: string, number: number): void {
  const group = groups.get(message) ?? { message, rows: 0, samples: [] };
  if (group.rows === 0 && groups.size >= GROUPS_MAX) return;
  groups.set(message, group);
  group.rows += 1;
  if (group.samples.length < SAMPLES_MAX) group.samples.push(number);
}

function largestFirst(groups: ReadonlyMap<string, CheckGroup>): CheckGroup[] {
  return [...groups.values()].sort((one, other) => other.rows - one.rows);
}
