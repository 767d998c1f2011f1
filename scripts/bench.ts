import { Command, InvalidArgumentError } from 'commander';
import { measureAuctions } from '../bench/auction.ts';
import { measureDeadline } from '../bench/deadline.ts';
import { measureDelivery } from '../bench/delivery.ts';
import { measureEngine } from '../bench/engine.ts';
import { measureFlows } from '../bench/flows.ts';
import { measureIntake } from '../bench/intake.ts';
import { measureIsolation } from '../bench/isolation.ts';
import { measureLimits } from '../bench/limits.ts';
import { measureLists } from '../bench/lists.ts';
import { measurePages } from '../bench/pages.ts';
import { measurePeers } from '../bench/peers.ts';
import { measureReading } from '../bench/reading.ts';
import { measureRecipients } from '../bench/recipients.ts';
import { measureRestarts } from '../bench/restart.ts';
import { measureSaving } from '../bench/saving.ts';
import { measureSavingUnderLoad } from '../bench/saving-load.ts';

const program = new Command('bench').description(
  'Benchmarks with a fixed workload and the peers they are compared with',
);

program
  .command('intake')
  .description('what a lead costs, against raw node:http and one transaction a lead')
  .option('--rounds <n>', 'rounds whose medians count', positive, 5)
  .option('--seconds <n>', 'length of each measured window', positive, 4)
  .option('--connections <list>', 'comma-separated', positives, [1, 16, 64, 256])
  .option('--node <path>', 'a second Node binary: its servers are measured beside those of this one')
  .option('--short', 'one round of one second of what a ratio needs, less warm; checks half of each ratio')
  .action(async (options: IntakeArguments) => {
    const { rounds, seconds, connections, warmUpWindowsMax } = options.short
      ? { rounds: 1, seconds: 1, connections: [64, 256], warmUpWindowsMax: 3 }
      : { ...options, warmUpWindowsMax: 20 };
    const isGood = await measureIntake({
      rounds,
      seconds,
      connections,
      warmUpWindowsMax,
      ...(options.node !== undefined && { nodePath: options.node }),
      ratiosOnly: options.short === true,
    });
    process.exitCode = isGood ? 0 : 1;
  });

program
  .command('peers')
  .description('the same flow by hand and in Node-RED, beside one INSERT; uses DATABASE_URL where it is set')
  .option('--rounds <n>', 'repetitions whose medians count', positive, 3)
  .option('--seconds <n>', 'length of each measured window', positive, 4)
  .option('--connections <list>', 'comma-separated', positives, [1, 16, 64])
  .action(async (options: { rounds: number; seconds: number; connections: number[] }) => {
    await measurePeers({ ...options, databaseUrl: process.env['DATABASE_URL'] });
  });

program
  .command('flows')
  .description('CPU of a lead that goes on to another flow of the same server, without HTTP and over it')
  .option('--rounds <n>', 'rounds whose medians count', positive, 3)
  .option('--seconds <n>', 'length of each measured window', positive, 3)
  .action(async (options: { rounds: number; seconds: number }) => {
    process.exitCode = (await measureFlows(options)) ? 0 : 1;
  });

program
  .command('engine')
  .description('CPU of reading, rules and mappings per lead, and of compiling a flow')
  .option('--rounds <n>', 'rounds whose medians count', positive, 5)
  .option('--short', 'rounds of 2 000 leads instead of 20 000')
  .action(({ rounds, short }: { rounds: number; short?: boolean }) => {
    const isGood = measureEngine({ rounds, leadsPerRound: short ? 2_000 : 20_000 });
    process.exitCode = isGood ? 0 : 1;
  });

program
  .command('delivery')
  .description('CPU of a delivery, against a bare undici call')
  .option('--rounds <n>', 'rounds whose medians count', positive, 5)
  .option('--short', 'three rounds of 2 000 deliveries instead of 10 000; allows 1.6 times the floor')
  .action(async ({ rounds, short }: { rounds: number; short?: boolean }) => {
    const isGood = await measureDelivery(
      short ? { rounds: 3, deliveriesPerRound: 2_000, slack: 1.6 } : { rounds, deliveriesPerRound: 10_000, slack: 1 },
    );
    process.exitCode = isGood ? 0 : 1;
  });

program
  .command('auction')
  .description('how long senders wait for an auction with bidders that hang, and whether the highest bid wins')
  .option('--seconds <n>', 'length of the measured window, at 20 auctions a second', positive, 15)
  .action(async (options: { seconds: number }) => {
    process.exitCode = (await measureAuctions(options)) ? 0 : 1;
  });

program
  .command('limits')
  .description('what limits cost: throughput of flows that have them, against the same flow without')
  .option('--rounds <n>', 'rounds whose medians count', positive, 7)
  .option('--seconds <n>', 'length of each measured window', positive, 3)
  .option('--connections <n>', 'at once', positive, 64)
  .action(async (options: { rounds: number; seconds: number; connections: number }) => {
    process.exitCode = (await measureLimits(options)) ? 0 : 1;
  });

program
  .command('recipients')
  .description('does the 20th recipient of a lead cost what the 2nd costs? CPU and WAL')
  .option('--rounds <n>', 'rounds whose medians count', positive, 5)
  .option('--seconds <n>', 'length of each measured window', positive, 4)
  .action(async (options: { rounds: number; seconds: number }) => {
    process.exitCode = (await measureRecipients(options)) ? 0 : 1;
  });

program
  .command('lists')
  .description('an import of a million rows with a kill -9, and a list check against five million entries')
  .option('--rows <n>', 'rows of the imported file', positive, 1_000_000)
  .option('--entries <n>', 'entries of the large list', positive, 5_000_000)
  .option('--rounds <n>', 'rounds whose medians count', positive, 5)
  .option('--seconds <n>', 'length of each measured window', positive, 4)
  .action(async (options: { rows: number; entries: number; rounds: number; seconds: number }) => {
    process.exitCode = (await measureLists(options)) ? 0 : 1;
  });

program
  .command('reading')
  .description('pages, rules, search, statistics and exports of a seeded installation, and what senders feel of them')
  .option('--data-dir <path>', 'of a database that `npm run seed` has filled; without it one is made for the time')
  .option('--leads <n>', 'of the one that is made', positive, 20_000)
  .option('--rounds <n>', 'how often each request is sent', positive, 5)
  .option('--seconds <n>', 'of each window with submissions', positive, 10)
  .option('--export <n>', 'rows of the export', positive, 1_000_000)
  .option('--short', 'ratios to a lead’s page alone, without submissions and export')
  .action(async (options: ReadingArguments) => {
    const { dataDir, leads, rounds, seconds, short = false } = options;
    const isGood = await measureReading({
      ...(dataDir !== undefined && { dataDir }),
      ...{ leads, rounds: short ? 3 : rounds, seconds: short ? 0 : seconds, ratiosOnly: short },
      exportRows: short ? 0 : options.export,
    });
    process.exitCode = isGood ? 0 : 1;
  });

program
  .command('pages')
  .description('CPU of pages that match nothing and of rare ones, against full ones, at 50 000 leads; ratios alone')
  .action(async () => {
    process.exitCode = (await measurePages()) ? 0 : 1;
  });

program
  .command('isolation')
  .description('leads to four recipients while a fifth hangs, against the same undisturbed')
  .option('--rounds <n>', 'rounds whose medians count', positive, 5)
  .option('--short', 'three rounds of 4 seconds instead of 10; allows half as much again')
  .action(async ({ rounds, short }: { rounds: number; short?: boolean }) => {
    const isGood = await measureIsolation(
      short ? { rounds: 3, seconds: 4, slack: 1.5 } : { rounds, seconds: 10, slack: 1 },
    );
    process.exitCode = isGood ? 0 : 1;
  });

program
  .command('deadline')
  .description('answers of a source with a deadline while three of five recipients hang')
  .option('--short', '6 seconds instead of 30')
  .action(async ({ short }: { short?: boolean }) => {
    process.exitCode = (await measureDeadline({ seconds: short ? 6 : 30 })) ? 0 : 1;
  });

program
  .command('saving')
  .description(
    'the largest flows: CPU of reading, compiling and checking them, and two servers under load that save them',
  )
  .option('--leads <n>', 'leads per second at each server', positive, 50)
  .option('--only <text>', 'comma-separated: only flows whose name has one of these, and only under load', texts)
  .action(async ({ leads, only }: { leads: number; only?: string[] }) => {
    const arePiecesShort = only !== undefined || measureSaving();
    const isServing = await measureSavingUnderLoad({ leadsPerSecond: leads, ...(only !== undefined && { only }) });
    process.exitCode = arePiecesShort && isServing ? 0 : 1;
  });

program
  .command('restart')
  .description('CPU of the first 1 000 leads after a restart against later ones, with the warm-up and without')
  .option('--rounds <n>', 'restarts whose medians count', positive, 3)
  .option('--leads <n>', 'leads between the first and those they are compared with', positive, 20_000)
  .option('--node <path>', 'a second Node binary: its servers are measured beside those of this one')
  .action(async ({ rounds, leads, node }: { rounds: number; leads: number; node?: string }) => {
    const isGood = await measureRestarts({
      rounds,
      leadsBetween: leads,
      ...(node !== undefined && { nodePath: node }),
    });
    process.exitCode = isGood ? 0 : 1;
  });

await program.parseAsync();

interface IntakeArguments {
  rounds: number;
  seconds: number;
  connections: number[];
  node?: string;
  short?: boolean;
}

interface ReadingArguments {
  dataDir?: string;
  leads: number;
  rounds: number;
  seconds: number;
  export: number;
  short?: boolean;
}

function positive(text: string): number {
  const value = Number(text);
  if (!(value > 0)) throw new InvalidArgumentError('a number above 0 is needed');
  return value;
}

function positives(text: string): number[] {
  return text.split(',').map(positive);
}

function texts(text: string): string[] {
  return text.split(',');
}
