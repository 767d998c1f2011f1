import { chmodSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { Command, InvalidArgumentError } from 'commander';
import { seedDatabase } from '../bench/seed/seed-database.ts';
import { API_KEY } from '../bench/sluice-server.ts';

const program = new Command('seed')
  .description('Fills a database with a made-up installation: 8 flows, 30 sources, 40 recipients and what they did')
  .option('--leads <n>', 'how many; each has about five events', positive, 2_000_000)
  .option('--days <n>', 'over so many days that end now', positive, 60)
  .option('--seed <n>', 'the same number makes the same leads', positive, 1)
  .option('--database-url <url>', 'a PostgreSQL in the place of the embedded one')
  .option('--data-dir <path>', 'where the embedded database is', process.env['SLUICE_DATA_DIR'] ?? 'sluice-data')
  .option('--append', 'add to a database that has leads')
  .action(async ({ leads, days, seed, databaseUrl, dataDir, append }: SeedArguments) => {
    mkdirSync(dataDir, { recursive: true });
    chmodSync(dataDir, 0o755);
    const done = await seedDatabase({
      ...{ leads, days, seed, dataDir, appends: append === true },
      ...(databaseUrl !== undefined && { databaseUrl }),
      logPath: join(dataDir, 'seed.log'),
      say: (sentence) => console.log(sentence),
    });
    if (typeof done === 'string') {
      console.error(done);
      process.exitCode = 1;
    } else console.log(`A server on it knows the administrator's key ${API_KEY}.`);
  });

await program.parseAsync();

interface SeedArguments {
  leads: number;
  days: number;
  seed: number;
  databaseUrl?: string;
  dataDir: string;
  append?: boolean;
}

function positive(text: string): number {
  const value = Number(text);
  if (!(value > 0)) throw new InvalidArgumentError('a number above 0 is needed');
  return value;
}
