import { randomBytes } from 'node:crypto';
import { openDatabase } from '../src/cli/open-database.ts';
import { prepareFirstStart } from '../src/cli/prepare-first-start.ts';
import { stopSignal } from '../src/cli/stop-signal.ts';
import { startServer } from '../src/compose.ts';
import { loadConfig } from '../src/config.ts';
import type { Result } from '../src/lib/result.ts';
import { createLog, type Log } from '../src/observe/log.ts';
import { createOneStatementStore } from './one-statement.ts';

/** The server as `sluice start` brings it up, with the one-statement store in the place of group commit. */
const NODE_NAME = 'one-statement';

const asked = stopSignal();
const config = expectValue(loadConfig(process.env));
const log: Log = createLog({ level: config.logLevel, nodeName: NODE_NAME });
const database = expectValue(await openDatabase(config, log));
const { connection } = database;
const secretKey = randomBytes(32);
expectValue(
  await prepareFirstStart({
    connection,
    adminApiKey: config.adminApiKey,
    secretKey,
    secretKeyFrom: 'the benchmark',
    demoRecipientUrl: null,
  }),
);
const server = await startServer({
  config,
  database: connection,
  secretKey,
  nodeName: NODE_NAME,
  log,
  openRunStore: createOneStatementStore,
});
await asked;
await server.stop();
await database.stop();
process.exit(0);

function expectValue<T>(result: Result<T, unknown>): T {
  if (!result.ok) throw new Error(JSON.stringify(result.error));
  return result.value;
}
