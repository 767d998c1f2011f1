import { Command, InvalidArgumentError } from 'commander';
import { FUZZ_TARGETS } from '../test/fuzz/targets.ts';
import { watchTarget } from '../test/fuzz/watch-target.ts';

const NAMES = FUZZ_TARGETS.map(({ name }) => name);

const program = new Command('fuzz')
  .description('Feeds the parsers of the flow language with random input; what is new or wrong joins test/fuzz/corpus')
  .argument('[targets...]', `${NAMES.join(', ')}; all when none is named`, target, NAMES)
  .option('--seconds <n>', 'how long each target runs', positive, 60)
  .option('--seed <n>', 'the same seed on the same corpus gives the same inputs', positive, Date.now() % 2 ** 31)
  .action(async (targets: string[], { seconds, seed }: { seconds: number; seed: number }) => {
    for (const name of targets) {
      const report = await watchTarget(name, { seconds, seed });
      const { inputs, ends, kept, faults } = report;
      console.log(
        `${name}: ${inputs} inputs, ${ends} kinds of end, ${kept} kept, ${faults.length} faults (seed ${seed})`,
      );
      for (const fault of faults) console.log(`  ${fault.replaceAll('\n', '\n    ')}`);
      if (faults.length > 0) process.exitCode = 1;
    }
  });

await program.parseAsync();

function target(name: string, earlier: string[]): string[] {
  if (!NAMES.includes(name)) throw new InvalidArgumentError(`there are ${NAMES.join(', ')}`);
  return earlier === NAMES ? [name] : [...earlier, name];
}

function positive(text: string): number {
  const value = Number(text);
  if (!(value > 0)) throw new InvalidArgumentError('a number above 0 is needed');
  return value;
}
