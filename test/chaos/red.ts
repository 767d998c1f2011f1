import { type Kill9Result, type Phase, runKill9 } from './kill9.ts';
import { printSummary } from './print.ts';

/** The guarantees that can be switched off, and the part of a run that misses them. */
const RED_RUNS: readonly { name: string; misses: string; phase: Phase; kills: number }[] = [
  { name: 'no-intent', misses: 'requests leave before it is durable that they may', phase: 'kills', kills: 8 },
  // Any other commit flushes the log too, so on a busy machine many kills find nothing to lose; one is enough.
  { name: 'async-commit', misses: 'answers leave before the commit is flushed', phase: 'kills', kills: 40 },
  {
    name: 'claim-unchecked',
    misses: 'places are taken without asking again whether there is room',
    phase: 'kills',
    kills: 8,
  },
  { name: 'look-only-duplicates', misses: 'values are looked at and not held', phase: 'kills', kills: 8 },
  { name: 'no-fence', misses: 'a process may settle leads that are no longer its own', phase: 'fence', kills: 8 },
];

/** `npm run chaos -- red`: with each guarantee off the verdicts must notice. Answers whether all of them do. */
export async function runRed(connections: number): Promise<boolean> {
  const unnoticed: string[] = [];
  for (const { name, misses, phase, kills } of RED_RUNS) {
    console.log(`\n--- ${name}: ${misses}`);
    const result = await runKill9({
      phases: [phase],
      kills,
      connections,
      switches: [name],
      endsWhenBroken: true,
    });
    printSummary(result.verdicts, []);
    if (!isNoticed(result)) unnoticed.push(name);
  }
  console.log('');
  for (const { name } of RED_RUNS)
    console.log(`${name}: ${unnoticed.includes(name) ? 'NOT NOTICED' : 'red, as it must be'}`);
  return unnoticed.length === 0;
}

/** By a verdict on the books; a shortcoming of the run itself proves nothing. */
function isNoticed({ verdicts }: Kill9Result): boolean {
  return verdicts.some(({ broken }) => broken > 0);
}
