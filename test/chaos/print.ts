import type { Verdict } from './verdicts.ts';

/** How many leads a kill found in each stage, counted in the database as it was left. */
export interface Moment {
  /** Past reserve, without an intent. */
  reserved: number;
  /** Past an intent, not settled. */
  intended: number;
  /** Settled, and the sender not yet answered. */
  settled: number;
}

export function printKill(options: { kill: number; moment: Moment; recoveryMs: number; verdicts: Verdict[] }): void {
  const { kill, moment, recoveryMs, verdicts } = options;
  const { reserved, intended, settled } = moment;
  console.log(
    `kill ${kill}: ${reserved} leads past reserve, ${intended} past intent, ${settled} settled but not answered; recovered ${recoveryMs} ms after the start`,
  );
  printBroken(verdicts);
}

/** One line when all is well, else one for each broken verdict. */
export function printVerdicts(moment: string, verdicts: readonly Verdict[]): void {
  console.log(`${moment}:${verdicts.every(({ broken }) => broken === 0) ? ' all books agree' : ''}`);
  printBroken(verdicts);
}

/** The end of a run: every verdict with its count. */
export function printSummary(verdicts: readonly Verdict[], shortcomings: readonly string[]): void {
  console.log('');
  for (const { name, broken } of verdicts) console.log(`${broken === 0 ? 'ok  ' : 'FAIL'} ${name}: ${broken}`);
  for (const shortcoming of shortcomings) console.log(`FAIL ${shortcoming}`);
}

function printBroken(verdicts: readonly Verdict[]): void {
  for (const { name, broken, example } of verdicts)
    if (broken > 0) console.log(`  ${name}: ${broken}, such as ${example}`);
}
