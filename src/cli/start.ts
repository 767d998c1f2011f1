import { randomBytes } from 'node:crypto';
import { startServer } from '../compose.ts';
import { type Config, loadConfig } from '../config.ts';
import { openDemoRecipient } from '../demo/demo-recipient.ts';
import { fail, ok, type Result } from '../lib/result.ts';
import { createLog, type Log } from '../observe/log.ts';
import type { DatabaseConnection } from '../store/database-connection.ts';
import { banner } from './banner.ts';
import { withDemoRecipient } from './demo.ts';
import { nodeName } from './node-name.ts';
import { openDatabase } from './open-database.ts';
import { sentenceOfListenError, whyPortIsTaken } from './port-holder.ts';
import { prepareFirstStart } from './prepare-first-start.ts';
import { readOrMakeSecretKey } from './secret-key.ts';
import { stopSignal } from './stop-signal.ts';
import { startWorkers } from './workers.ts';

export interface StartOptions {
  isDemo: boolean;
  version: string;
}

/** Undoes one thing that was started. */
type Closer = () => Promise<void>;

/** `sluice start`: starts everything, serves until a signal stops it, stops everything. Returns the exit code. */
export async function start(options: StartOptions): Promise<number> {
  const loaded = loadConfig(process.env);
  if (!loaded.ok) return refuse(loaded.error.map(({ message }) => message));
  const asked = stopSignal();
  const log = createLog({ level: loaded.value.logLevel, nodeName: nodeName() });
  const closers: Closer[] = [];
  try {
    const served = await bringUp({ ...options, config: loaded.value, log, closers });
    if (!served.ok) return refuse([served.error]);
    process.stdout.write(served.value.banner);
    const reason = await Promise.race([asked, served.value.gaveUp]);
    log.info({ reason }, 'stopping: new leads are refused, running ones finish');
    return reason === GAVE_UP ? 1 : 0;
  } finally {
    for (const close of closers.reverse()) await close();
    await log.flush();
  }
}

/** Why the server stops without a request to. */
const GAVE_UP = 'workers crash as soon as they start';

interface BringUp extends StartOptions {
  config: Config;
  log: Log;
  /** Filled in the order things are started; the caller closes them in reverse, on success and on failure. */
  closers: Closer[];
}

async function bringUp(context: BringUp): Promise<Result<{ banner: string; gaveUp: Promise<string> }, string>> {
  const { isDemo, version, log, closers } = context;
  const config = isDemo ? withDemoRecipient(context.config) : context.config;
  warnOfTestSwitches(config);
  const portTaken = await whyPortIsTaken(config);
  if (portTaken !== undefined) return fail(portTaken);
  const database = await openDatabase(config, log, say);
  if (!database.ok) return database;
  closers.push(database.value.stop);
  const secretKey = config.secretKey ? ok(config.secretKey) : readOrMakeSecretKey(config.dataDir, randomBytes);
  if (!secretKey.ok) return secretKey;
  const recipient = isDemo ? await openDemoRecipient(config.demoPort) : ok(null);
  if (!recipient.ok) return recipient;
  if (recipient.value) closers.push(recipient.value.close);
  const demoRecipientUrl = recipient.value?.url ?? null;
  const { connection } = database.value;
  const notices = [...database.value.notices];
  const first = await prepareFirstStart({
    connection,
    adminApiKey: config.adminApiKey,
    secretKey: secretKey.value,
    secretKeyPrevious: config.secretKeyPrevious,
    secretKeyFrom: config.secretKey ? 'SLUICE_SECRET_KEY' : `The key in ${config.dataDir}/secret-key`,
    demoRecipientUrl,
  });
  if (!first.ok) return first;
  const { newAdminApiKey, otherAdminKeys, welcomeToken } = first.value;
  if (otherAdminKeys > 0) notices.push(otherKeysNotice(otherAdminKeys));
  say('Starting the server …');
  const served = await serve({ config, isDemo, log, closers, connection, secretKey: secretKey.value });
  if (!served.ok) return served;
  const { url, gaveUp } = served.value;
  const facts = {
    version,
    url,
    origin: config.publicUrl ?? url,
    welcomeToken,
    newAdminApiKey,
    demoRecipientUrl,
    notices,
  };
  return ok({ banner: banner(facts), gaveUp });
}

interface Serve {
  config: Config;
  isDemo: boolean;
  log: Log;
  closers: Closer[];
  connection: DatabaseConnection;
  secretKey: Buffer;
}

/** One worker serves in this process; more are processes of their own, and this one only looks after them. */
async function serve(context: Serve): Promise<Result<{ url: string; gaveUp: Promise<string> }, string>> {
  const { config, isDemo, log, closers, connection: database, secretKey } = context;
  if (config.workers > 1) {
    const message = { kind: 'start' as const, database, secretKeyHex: secretKey.toString('hex'), isDemo };
    const workers = await startWorkers({ count: config.workers, start: message, log });
    if (!workers.ok) return workers;
    closers.push(workers.value.stop);
    return ok({ url: workers.value.url, gaveUp: workers.value.gaveUp.then(() => GAVE_UP) });
  }
  try {
    const server = await startServer({ config, database, secretKey, nodeName: nodeName(), log });
    closers.push(server.stop);
    await server.warmed;
    return ok({ url: server.url, gaveUp: new Promise<never>(() => undefined) });
  } catch (error) {
    return fail(await sentenceOfListenError(error, config));
  }
}

function otherKeysNotice(count: number): string {
  const keys = count === 1 ? 'One other administrator key is' : `${count} other administrator keys are`;
  return `SLUICE_ADMIN_API_KEY is a new key. ${keys} still valid: "node bin/sluice.js keys list" shows them, "keys revoke <id>" ends one.`;
}

function warnOfTestSwitches(config: Config): void {
  if (config.testSwitches.size === 0) return;
  const names = [...config.testSwitches].join(', ');
  process.stderr.write(
    `\n!!! SLUICE_TEST_SWITCHES is set (${names}): guarantees are switched off. LEADS CAN BE LOST OR SENT TWICE. !!!\n\n`,
  );
}

/** A line for a person who waits; the log has lines of its own. */
function say(sentence: string): void {
  process.stdout.write(`${sentence}\n`);
}

function refuse(sentences: string[]): number {
  process.stderr.write(`${sentences.join('\n')}\n`);
  return 1;
}
