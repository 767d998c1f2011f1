import { Command, InvalidArgumentError, Option } from 'commander';
import { isGreen, runKill9 } from '../test/chaos/kill9.ts';
import { printSummary } from '../test/chaos/print.ts';
import { runRed } from '../test/chaos/red.ts';

const CONNECTIONS = 400;

const program = new Command('chaos').description('What must hold when processes die in the middle');

program
  .command('kill9')
  .description('kill the server and its PostgreSQL under load, restart, compare the books')
  .option('--kills <n>', 'kills with enough leads in every stage', whole, 5)
  .option('--connections <n>', 'senders at once', whole, CONNECTIONS)
  .option('--no-fence-phase', 'leave out the process that is stopped past its lease')
  .addOption(new Option('--switch <name>', 'switch a guarantee off').choices(['no-intent', 'no-fence', 'async-commit']))
  .action(async (options: { kills: number; connections: number; fencePhase: boolean; switch?: string }) => {
    const { kills, connections, fencePhase: hasFencePhase } = options;
    const switches = options.switch === undefined ? [] : [options.switch];
    const result = await runKill9({ kills, connections, hasFencePhase, switches, endsWhenBroken: false });
    printSummary(result.verdicts, result.shortcomings);
    process.exitCode = isGreen(result) ? 0 : 1;
  });

program
  .command('red')
  .description('each guarantee switched off in turn must be noticed')
  .option('--connections <n>', 'senders at once', whole, CONNECTIONS)
  .action(async ({ connections }: { connections: number }) => {
    process.exitCode = (await runRed(connections)) ? 0 : 1;
  });

await program.parseAsync();

function whole(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 0) throw new InvalidArgumentError('a whole number is needed');
  return value;
}
