import type { Verdict } from './verdicts.ts';

/** How many leads a kill found in each stage, counted in the database as it was left. */
export interface Moment {
  /** Past their claim, not settled. */
  claimed: number;
  /** Those of them that have claimed for a second delivery. */
  further: number;
  /** Settled, and the sender not yet answered. */
  settled: number;
  /** Later attempts to deliver, under way. */
  attempts: number;
}

interface Kill {
  kill: number;
  moment: Moment;
  /** Were there enough leads in every stage? */
  counts: boolean;
  /** From the start of the next server until no run is left. */
  recoveryMs: number;
  verdicts: Verdict[];
}

export function printKill({ kill, moment, counts, recoveryMs, verdicts }: Kill): void {
  const { claimed, further, settled, attempts } = moment;
  console.log(
    `kill ${kill}: ${claimed} leads past their claim, ${further} of them past a further one, ${settled} settled but not answered, ${attempts} attempts to deliver again; recovered in ${recoveryMs} ms${counts ? '' : ' (too few: made again)'}`,
  );
  printBroken(verdicts);
}

/** The database was killed alone, then one of its two servers. */
export function printLoss({
  kill,
  moment,
  backMs,
  verdicts,
}: Omit<Kill, 'counts' | 'recoveryMs'> & { backMs: number }): void {
  const { claimed, further, attempts } = moment;
  console.log(
    `database killed alone, ${kill}: ${claimed} leads past their claim, ${further} of them past a further one, ${attempts} attempts to deliver again; leads are taken again after ${backMs} ms; then one of two servers killed alone`,
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
