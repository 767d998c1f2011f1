import { cleanValues } from '../../variables/clean-values.ts';
import type { RunOf } from '../phase-access.ts';
import { PROCEED, type Verdict } from '../verdict.ts';

/** Cleans names and values (decision 38). Nothing of what the database cannot store passes here. */
export function hygiene(run: RunOf<'hygiene'>): Verdict {
  run.values = cleanValues(run.parsed).values;
  return PROCEED;
}
