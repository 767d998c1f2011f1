import type { Problem } from '../model/problem.ts';

/** Something that runs and is probably not meant, told to the author of a flow. */
export interface FlowWarning extends Problem {
  /** The row of `checks.ts` that found it. */
  check: string;
}
