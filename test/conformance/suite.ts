/** How the cases of one file of measured behaviour are checked. A case is a line of the file, parsed. */
export interface Suite {
  file: string;
  /** undefined when we behave as measured, else what was expected and what came instead. */
  check(measured: unknown): string | undefined | Promise<string | undefined>;
  /** Cases of modules that are not built yet: counted, neither passed nor failed. */
  isNotYet?(measured: unknown): boolean;
  /** Differences we want; each with its reason. */
  lenient?: readonly LenientRule[];
}

export interface LenientRule {
  why: string;
  covers(measured: unknown): boolean;
}

/** Files say so in different places of a case. */
export const CRASHES: LenientRule = {
  why: 'the measured module crashed; any sane handling will do',
  covers: (measured) => JSON.stringify(measured).includes('"$throws"'),
};
