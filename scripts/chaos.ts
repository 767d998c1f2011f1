import { Command, InvalidArgumentError, Option } from 'commander';
import { TEST_SWITCHES } from '../src/config.ts';
import { isGreenFirehose, runFirehose } from '../test/chaos/firehose/run-firehose.ts';
import { isGreen, PHASES, type Phase, runKill9 } from '../test/chaos/kill9.ts';
import { isGreenRun, runLimits } from '../test/chaos/limits/run-limits.ts';
import { runMoney } from '../test/chaos/money.ts';
import { printSummary } from '../test/chaos/print.ts';
import { runRed } from '../test/chaos/red.ts';
import { runResend } from '../test/chaos/resend.ts';
import { runSoak } from '../test/chaos/soak.ts';
import { runStatistics } from '../test/chaos/statistics.ts';

const CONNECTIONS = 400;
const LIMIT_CONNECTIONS = 64;
const SHORT_STATISTICS = { leads: 500, isShort: true };
const SHORT_MONEY = { leads: 1_000, kills: 2, isShort: true };

const program = new Command('chaos').description('What must hold when processes die in the middle');

program
  .command('kill9')
  .description('kill the server and its PostgreSQL under load, restart, compare the books')
  .option('--kills <n>', 'kills of each kind, with enough leads in every stage', whole, 5)
  .option('--connections <n>', 'senders at once', whole, CONNECTIONS)
  .option('--phases <list>', `some of ${PHASES.join(',')}`, phases, [...PHASES])
  .addOption(new Option('--switch <name>', 'switch a guarantee off').choices(TEST_SWITCHES))
  .action(async (options: { kills: number; connections: number; phases: Phase[]; switch?: string }) => {
    const { switch: off, ...rest } = options;
    const switches = off === undefined ? [] : [off];
    const result = await runKill9({ ...rest, switches, endsWhenBroken: false });
    printSummary(result.verdicts, result.shortcomings);
    process.exitCode = isGreen(result) ? 0 : 1;
  });

program
  .command('resend')
  .description('senders repeat what was not bought while a retry waits: no person is sold twice')
  .option('--kills <n>', 'kills of both servers and their PostgreSQL', whole, 3)
  .option('--persons <n>', 'persons to sell', whole, 4_000)
  .action(async (options: { kills: number; persons: number }) => {
    const { verdicts, shortcomings } = await runResend(options);
    printSummary(verdicts, shortcomings);
    process.exitCode = shortcomings.length === 0 && verdicts.every(({ broken }) => broken === 0) ? 0 : 1;
  });

program
  .command('limits')
  .description('every kind of limit on three servers while servers and PostgreSQL are killed: all must be exact')
  .option('--connections <n>', 'senders at once', whole, LIMIT_CONNECTIONS)
  .option('--parts <list>', 'kinds of limits, by their names; all unless given', (text) => text.split(','), [])
  .addOption(new Option('--switch <name>', 'switch a guarantee off').choices(TEST_SWITCHES))
  .action(async (options: { connections: number; parts: string[]; switch?: string }) => {
    const { switch: off, ...rest } = options;
    const result = await runLimits({ ...rest, switches: off === undefined ? [] : [off] });
    printSummary(result.verdicts, result.faults);
    process.exitCode = isGreenRun(result) ? 0 : 1;
  });

program
  .command('firehose')
  .description('events in two buckets, one of which goes away, while the server is killed: nothing lost, in order')
  .option('--seconds <n>', 'how long a bucket is away', whole, 120)
  .option('--short', 'the same within a minute: a bucket is away for 10 s')
  .action(async ({ seconds, short }: { seconds: number; short?: boolean }) => {
    const result = await runFirehose({ downSeconds: short ? 10 : seconds });
    printSummary(result.verdicts, result.faults);
    process.exitCode = isGreenFirehose(result) ? 0 : 1;
  });

program
  .command('money')
  .description('leads with returns, conversions and late retries while the server is killed: all sums must be exact')
  .option('--leads <n>', 'leads to send', whole, 10_000)
  .option('--kills <n>', 'kills of the server and its PostgreSQL', whole, 6)
  .option('--seed <n>', 'of the lives of the leads', whole, 20_261_127)
  .option('--short', 'the same within a minute: 1,000 leads, two kills')
  .action(async (options: { leads: number; kills: number; seed: number; short?: boolean }) => {
    const { faults } = await runMoney({ isShort: false, ...options, ...(options.short && SHORT_MONEY) });
    process.exitCode = faults.length === 0 ? 0 : 1;
  });

program
  .command('statistics')
  .description(
    'leads, retries, feedback, pings and corrections while servers and PostgreSQL are killed: all counts must be exact',
  )
  .option('--leads <n>', 'leads to send, and a third as many pings', whole, 5_000)
  .option('--seed <n>', 'of the lives of the leads', whole, 20_261_128)
  .option('--short', 'the same within a minute: 500 leads, three kills')
  .action(async (options: { leads: number; seed: number; short?: boolean }) => {
    process.exitCode =
      (await runStatistics({ isShort: false, ...options, ...(options.short && SHORT_STATISTICS) })).faults.length === 0
        ? 0
        : 1;
  });

program
  .command('red')
  .description('each guarantee switched off in turn must be noticed')
  .option('--connections <n>', 'senders at once', whole, CONNECTIONS)
  .action(async ({ connections }: { connections: number }) => {
    process.exitCode = (await runRed(connections)) ? 0 : 1;
  });

program
  .command('soak')
  .description('minutes of leads to recipients that fail by chance: nothing may grow, nothing may be lost or doubled')
  .option('--minutes <n>', 'how long', whole, 10)
  .action(async ({ minutes }: { minutes: number }) => {
    process.exitCode = (await runSoak({ minutes })) ? 0 : 1;
  });

await program.parseAsync();

function phases(text: string): Phase[] {
  return text.split(',').map((name) => {
    const phase = PHASES.find((known) => known === name);
    if (phase === undefined) throw new InvalidArgumentError(`a phase is one of ${PHASES.join(', ')}`);
    return phase;
  });
}

function whole(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 0) throw new InvalidArgumentError('a whole number is needed');
  return value;
}
