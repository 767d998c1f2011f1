import type { Problem } from '../model/problem.ts';

/** A warning to the author of a flow: it runs, but is probably not meant. */
export interface FlowWarning extends Problem {
  /** The row of `checks.ts` that found it. */
  check: string;
}
