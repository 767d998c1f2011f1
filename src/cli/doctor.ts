import { accessSync, constants, existsSync, statfsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { IANAZone } from 'luxon';
import pg from 'pg';
import { type Config, loadConfig } from '../config.ts';
import { systemClock } from '../lib/clock.ts';
import { createInstallationMailer } from '../mail/installation-mail.ts';
import { createLog } from '../observe/log.ts';
import { packageRoot } from '../package-root.ts';
import { createAccountStore } from '../store/postgres/accounts.ts';
import { createApiKeyStore } from '../store/postgres/api-keys.ts';
import { checkSecretKey } from '../store/postgres/installation.ts';
import { readMigrationState, readMigrations } from '../store/postgres/migrate.ts';
import { createNodeStore } from '../store/postgres/nodes.ts';
import { connectInSchema } from '../store/postgres/schemas.ts';
import { countSealedBefore } from '../store/postgres/seal-again.ts';
import { createSecretBox } from '../store/secret-box.ts';
import { checkProxy } from './check-proxy.ts';
import { checkStandby } from './check-standby.ts';
import { type Finding, ok } from './finding.ts';
import { nodeName } from './node-name.ts';
import { findDatabase } from './open-database.ts';
import { whyPortIsTaken } from './port-holder.ts';
import { readSecretKey } from './secret-key.ts';

interface Patient {
  config: Config;
  /** null: there is none yet, or it cannot be reached. */
  pool: pg.Pool | null;
  /** Of SLUICE_READ_DATABASE_URL; null: it is not set. */
  standby: pg.Pool | null;
}

interface DoctorCheck {
  name: string;
  run(patient: Patient): Promise<Finding>;
}

const GIB = 1024 ** 3;
const FREE_GIB_MIN = 1;
const FREE_GIB_LOW = 10;
const CLOCK_OFF_MS = 1_000;
const CLOCK_REFUSED_MS = 60_000;
const NODE_RECOMMENDED = 24;
const ZONES_KNOWN = ['America/New_York', 'Europe/Kyiv', 'Pacific/Kanton'];

const NO_MAIL =
  'No mail server is set: alerts are sent to webhooks alone. Set SLUICE_SMTP_URL and SLUICE_MAIL_FROM to send them by e-mail, too.';
const MAIL_TIMEOUT_MS = 10_000;

/** What `sluice doctor` looks at, in this order. The database comes first, because others ask it. */
export const DOCTOR_CHECKS: readonly DoctorCheck[] = [
  { name: 'node', run: async () => checkNode(process.versions.node) },
  { name: 'zones', run: async () => checkZones() },
  { name: 'disk', run: async ({ config }) => checkDisk(config) },
  { name: 'port', run: async ({ config }) => checkPort(config) },
  { name: 'proxy', run: async ({ config }) => checkProxy(config) },
  { name: 'database', run: async (patient) => withDatabase(patient, checkDatabase) },
  {
    name: 'standby',
    run: async (patient) => withDatabase(patient, (pool) => withStandby(patient, pool)),
  },
  { name: 'clock', run: async (patient) => withDatabase(patient, checkClock) },
  { name: 'secret key', run: async (patient) => withDatabase(patient, (pool) => checkSecret(pool, patient.config)) },
  { name: 'api keys', run: async (patient) => withDatabase(patient, checkApiKeys) },
  { name: 'mail', run: async ({ config }) => checkMail(config) },
];

/**
 * `sluice doctor`: looks at what a server needs and says what to do, one line a check. It changes nothing; the embedded
 * database is started for it when no server runs. Exit code 1 when something keeps a server from working.
 */
export async function runDoctor(): Promise<number> {
  const loaded = loadConfig(process.env);
  if (!loaded.ok) {
    for (const { message } of loaded.error) print('settings', { level: 'problem', says: message });
    return 1;
  }
  print('settings', ok('All settings are valid.'));
  const opened = await openPatientDatabase(loaded.value);
  const pool =
    opened.kind === 'open' ? new pg.Pool({ ...opened.connection, max: 1, connectionTimeoutMillis: 10_000 }) : null;
  pool?.on('error', () => undefined);
  const standby = openStandby(loaded.value);
  let problems = 0;
  try {
    for (const { name, run } of DOCTOR_CHECKS) {
      const finding =
        name === 'database' && opened.kind !== 'open'
          ? opened.finding
          : await run({ config: loaded.value, pool, standby });
      print(name, finding);
      if (finding.level === 'problem') problems += 1;
    }
  } finally {
    await Promise.all([pool?.end(), standby?.end()]);
    if (opened.kind === 'open') await opened.stop();
  }
  return problems === 0 ? 0 : 1;
}

function print(name: string, { level, says }: Finding): void {
  process.stdout.write(`${level.padEnd(8)} ${name.padEnd(11)} ${says}\n`);
}

type Opened =
  | { kind: 'open'; connection: pg.ClientConfig; stop(): Promise<void> }
  | { kind: 'closed'; finding: Finding };

async function openPatientDatabase(config: Config): Promise<Opened> {
  if (config.databaseUrl === null && !existsSync(join(config.dataDir, 'postgres')))
    return { kind: 'closed', finding: ok(`There is no database in ${config.dataDir} yet: the first start makes it.`) };
  const found = await findDatabase(config, createLog({ level: 'error', nodeName: nodeName() }));
  if (!found.ok) return { kind: 'closed', finding: { level: 'problem', says: found.error } };
  return { kind: 'open', connection: found.value.connection, stop: found.value.stop };
}

async function withDatabase({ pool }: Patient, check: (pool: pg.Pool) => Promise<Finding>): Promise<Finding> {
  if (pool === null) return ok('Not checked: there is no database.');
  try {
    return await check(pool);
  } catch (error) {
    return {
      level: 'problem',
      says: `The database does not answer (${codeOf(error)}): check that it runs and that DATABASE_URL is right.`,
    };
  }
}

/** A message of the database may hold values; its code does not. */
function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'no answer';
}

function openStandby({ readDatabaseUrl, schema }: Config): pg.Pool | null {
  if (readDatabaseUrl === null) return null;
  const connection = connectInSchema({ connectionString: readDatabaseUrl }, schema);
  const pool = new pg.Pool({ ...connection, max: 1, connectionTimeoutMillis: 10_000 });
  pool.on('error', () => undefined);
  return pool;
}

async function withStandby({ standby }: Patient, pool: pg.Pool): Promise<Finding> {
  if (standby === null) return ok('There is none: every route asks the database itself.');
  try {
    return await checkStandby(pool, standby);
  } catch (error) {
    return {
      level: 'problem',
      says: `The standby does not answer (${codeOf(error)}): check that it runs and that SLUICE_READ_DATABASE_URL is right.`,
    };
  }
}

function checkNode(version: string): Finding {
  const major = Number(version.split('.')[0]);
  if (major >= NODE_RECOMMENDED) return ok(`Node ${version}.`);
  return {
    level: 'warning',
    says: `Node ${version} works. Node ${NODE_RECOMMENDED} is maintained longer: use it.`,
  };
}

function checkZones(): Finding {
  const unknown = ZONES_KNOWN.filter((zone) => !IANAZone.isValidZone(zone));
  if (unknown.length === 0) return ok(`Time zone data ${process.versions.tz ?? 'of the system'}.`);
  const says = `The time zone data does not know ${unknown.join(', ')}: install a current Node, so that caps and hours change at the right instant.`;
  return { level: 'warning', says };
}

function checkDisk({ dataDir, databaseUrl }: Config): Finding {
  if (databaseUrl !== null) return ok('The database is on another server; this machine stores nothing.');
  const place = nearestFolder(resolve(dataDir));
  try {
    accessSync(place, constants.W_OK);
  } catch {
    return { level: 'problem', says: `${place} cannot be written: give it to the user that runs Sluice.` };
  }
  const { bavail, bsize } = statfsSync(place);
  const free = (Number(bavail) * Number(bsize)) / GIB;
  const says = `${free.toFixed(1)} GiB are free at ${place}`;
  if (free < FREE_GIB_MIN) return { level: 'problem', says: `${says}: make room, a full disk stops the database.` };
  if (free < FREE_GIB_LOW)
    return { level: 'warning', says: `${says}: that is little, since each lead takes kilobytes.` };
  return ok(`${says}.`);
}

function nearestFolder(path: string): string {
  return existsSync(path) ? path : nearestFolder(dirname(path));
}

async function checkPort(config: Config): Promise<Finding> {
  const taken = await whyPortIsTaken(config);
  if (taken === undefined) return ok(`Port ${config.port} is free.`);
  return { level: taken.includes('Sluice that already runs') ? 'ok' : 'problem', says: taken };
}

async function checkDatabase(pool: pg.Pool): Promise<Finding> {
  const state = await readMigrationState(pool, readMigrations(join(packageRoot, 'sql')));
  if (state.refusal) return { level: 'problem', says: state.refusal.message };
  if (state.missing === 0) return ok(`PostgreSQL ${state.major}, with all ${state.applied} migrations.`);
  return {
    level: 'warning',
    says: `PostgreSQL ${state.major} has ${state.applied} migrations; the next start applies ${state.missing} more. Back it up first.`,
  };
}

async function checkClock(pool: pg.Pool): Promise<Finding> {
  const askedAt = systemClock.now();
  const databaseNow = await createNodeStore(pool).readClock();
  const aheadMs = Math.round((askedAt + systemClock.now()) / 2 - databaseNow);
  const says = `This machine is ${Math.abs(aheadMs)} ms ${aheadMs < 0 ? 'behind' : 'ahead of'} the database`;
  if (Math.abs(aheadMs) < CLOCK_OFF_MS) return ok(`${says}.`);
  const remedy = 'let NTP set the clocks of both';
  if (Math.abs(aheadMs) < CLOCK_REFUSED_MS) return { level: 'warning', says: `${says}: ${remedy}.` };
  return { level: 'problem', says: `${says}, so no leads are taken: ${remedy}.` };
}

async function checkSecret(pool: pg.Pool, config: Config): Promise<Finding> {
  const key = config.secretKey ?? readSecretKey(config.dataDir);
  if (key === null)
    return { level: 'problem', says: `There is no secret key in ${config.dataDir}: put secret-key back.` };
  switch (
    await checkSecretKey(
      pool,
      createSecretBox(key, () => Buffer.alloc(0), config.secretKeyPrevious),
    )
  ) {
    case 'right':
      return describeRotation(pool, { key, previous: config.secretKeyPrevious });
    case 'not-stored':
      return ok('Nothing is encrypted with it yet.');
    case 'wrong':
      return {
        level: 'problem',
        says: 'It does not decrypt the stored credentials: restore the earlier SLUICE_SECRET_KEY or the file secret-key.',
      };
  }
}

/** Whether the key of before is still needed, when there is one. */
async function describeRotation(
  pool: pg.Pool,
  { key, previous }: { key: Buffer; previous: Buffer | null },
): Promise<Finding> {
  if (previous === null) return ok('It decrypts the stored credentials.');
  const count = await countSealedBefore(
    pool,
    createSecretBox(key, () => Buffer.alloc(0), previous),
  );
  if (count === 0) return ok('Everything is encrypted with it: SLUICE_SECRET_KEY_PREVIOUS is no longer needed.');
  return {
    level: 'warning',
    says: `${count} values are still encrypted with SLUICE_SECRET_KEY_PREVIOUS: keep it until a running server has encrypted them anew.`,
  };
}

async function checkMail({ smtpUrl, mailFrom }: Config): Promise<Finding> {
  if (smtpUrl === null || mailFrom === null) return ok(NO_MAIL);
  const mailer = createInstallationMailer(systemClock);
  const fault = await mailer.check(smtpUrl, { timeoutMs: MAIL_TIMEOUT_MS });
  await mailer.close();
  if (fault === null) return ok(`${smtpUrl.host} takes mail of ${mailFrom.address}; no message was sent.`);
  return { level: 'warning', says: `${fault.reason}: no mail is sent before SLUICE_SMTP_URL is right.` };
}

async function checkApiKeys(pool: pg.Pool): Promise<Finding> {
  const keys = createApiKeyStore(pool);
  const accounts = await createAccountStore(pool).list();
  const counts = await Promise.all(accounts.map(async ({ id }) => (await keys.list(id)).length));
  const count = counts.reduce((sum, each) => sum + each, 0);
  if (count > 0) return ok(`${count} valid; "sluice keys list" shows them.`);
  return {
    level: 'problem',
    says: 'None is valid: start with SLUICE_ADMIN_API_KEY, or run "sluice admin reset-key".',
  };
}
