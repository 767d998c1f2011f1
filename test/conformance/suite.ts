import type { Mismatch } from './difference.ts';

/** How the cases of one file of measured behaviour are checked. A case is a line of the file, parsed. */
export interface Suite {
  file: string;
  /**
   * Every difference from what was measured; none: we behave as measured. `folder` is where the file is, for what lies
   * beside it.
   */
  check(measured: unknown, folder: string): Mismatch[] | Promise<Mismatch[]>;
  /** Cases of modules that are not built yet: counted as pending, neither passed nor failed. */
  isPending?(measured: unknown): boolean;
  /** Differences we want; each with its reason. */
  lenient?: readonly LenientRule[];
}

/** Excuses single differences: a case is lenient when every one of its differences is excused. */
export interface LenientRule {
  why: string;
  covers(mismatch: Mismatch, measured: unknown): boolean;
}

/** Something other than a crash has to come: a check that throws has no expected value, so it is never excused. */
export const CRASHES: LenientRule = {
  why: 'the measured module crashed; any sane handling will do',
  covers: ({ expected }) => typeof expected === 'object' && expected !== null && Object.hasOwn(expected, '$throws'),
};

/** The check itself failed; no rule excuses it. */
export function failedCheck(why: string): Mismatch[] {
  return [{ path: 'check', expected: undefined, actual: why }];
}
