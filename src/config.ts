import { isIP } from 'node:net';
import { join, resolve } from 'node:path';
import { type AllowedNetwork, parseAllowedNetwork } from './integrations/forbidden-address.ts';
import { parseMailAddress } from './integrations/formats/mail-text.ts';
import type { MailAddress, MailServer } from './integrations/mail-message.ts';
import { parseMailServerUrl } from './integrations/mail-server-url.ts';
import { nearestName } from './lib/nearest-name.ts';
import { fail, ok, type Result } from './lib/result.ts';
import type { Problem } from './model/problem.ts';

export const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

export const TEST_SWITCHES = [
  'no-intent',
  'no-fence',
  'async-commit',
  'claim-unchecked',
  'look-only-duplicates',
  'hold-answers',
] as const;
export type TestSwitch = (typeof TEST_SWITCHES)[number];

export const PLAN_CACHE_MODES = ['force_generic_plan', 'force_custom_plan', 'auto'] as const;

/** The settings of the server, read once at start. What each means is the doc of its row in SETTINGS. */
export interface Config {
  host: string;
  port: number;
  dataDir: string;
  /** null: in the data directory; see integrationsDirectory. */
  integrationsDir: string | null;
  /** null: the embedded server. */
  databaseUrl: string | null;
  /** null: reading routes ask the database too. */
  readDatabaseUrl: string | null;
  /** Of the installation in its database. */
  schema: string;
  /** Of the connections that store leads. */
  planCacheMode: (typeof PLAN_CACHE_MODES)[number];
  /** null: generated at the first start. */
  adminApiKey: string | null;
  /** 32 bytes; null: generated into the data directory. */
  secretKey: Buffer | null;
  secretKeyPrevious: Buffer | null;
  demoPort: number;
  allowPrivateNetworks: AllowedNetwork[];
  /** CIDR networks whose `X-Forwarded-For` is believed. */
  trustedProxies: string[];
  /** The origin people reach the server by, without a slash at the end; null: whatever the request names. */
  publicUrl: string | null;
  /** Where the installation’s own mail is handed over; null: it sends none. */
  smtpUrl: MailServer | null;
  /** The sender of that mail. */
  mailFrom: MailAddress | null;
  workers: number;
  /** How long a process warms up at most before it is ready; 0: not at all. */
  /** Of a partition; null: by what comes in. */
  partitionDays: number | null;
  warmSeconds: number;
  /** Read by bin/compile-cache.js, before there is a configuration. */
  isCompileCacheKept: boolean;
  settleWaitSeconds: number;
  timeoutSeconds: number;
  admissionMax: number;
  bodyMemoryMib: number;
  logLevel: LogLevel;
  /** Where the collector of traces is; null: none. */
  otlpEndpoint: string | null;
  tracePercent: number;
  /** Recipients get a `traceparent`. */
  isTracePassedOn: boolean;
  /** `POST …/test_step` answers. */
  isDistributionStepEnabled: boolean;
  testSwitches: ReadonlySet<TestSwitch>;
}

/** One setting. `T` is its type in the code, absent values included. */
export interface Setting<T> {
  /** The environment variable. */
  name: string;
  /** A variable of a standard that counts when ours is not set. */
  otherName?: string;
  /** What is allowed, as a noun phrase that fits behind "must be". */
  kind: string;
  /** As it would be written in the environment; empty: not set. */
  default: string;
  unit: string | null;
  /** Sentences for the operator. */
  doc: string;
  /** Text that is not allowed gives undefined. */
  parse(text: string): T | undefined;
}

/** Every setting there is; `.env.example`, the reference and the refusals are made from this table. */
export const SETTINGS: { readonly [Key in keyof Config]: Setting<Config[Key]> } = {
  host: {
    name: 'SLUICE_HOST',
    kind: 'an IP address or a host name of this machine',
    default: '127.0.0.1',
    unit: null,
    doc: 'Where the server listens. 0.0.0.0 listens on all IPv4 addresses: put a TLS proxy in front of it.',
    parse: parseHost,
  },
  port: {
    name: 'SLUICE_PORT',
    kind: 'a port from 1 to 65535',
    default: '8400',
    unit: null,
    doc: 'The port of the API and the console.',
    parse: integerFrom({ min: 1, max: 65_535 }),
  },
  dataDir: {
    name: 'SLUICE_DATA_DIR',
    kind: 'a path',
    default: '.sluice',
    unit: null,
    doc: 'Holds the embedded database and the secret key; relative to the directory Sluice is started in.',
    parse: (text) => (text.includes('\0') ? undefined : text),
  },
  integrationsDir: {
    name: 'SLUICE_INTEGRATIONS_DIR',
    kind: 'a path',
    default: '',
    unit: null,
    doc: 'Where "sluice integrations add" installs packages, and where the server loads them from. Not set: integrations in the data directory.',
    parse: optional((text) => (text.includes('\0') ? undefined : text)),
  },
  databaseUrl: {
    name: 'DATABASE_URL',
    kind: 'a postgres:// URL',
    default: '',
    unit: null,
    doc: 'The URL of a PostgreSQL 15 to 18 to use instead of the embedded one. SLUICE_SECRET_KEY is required with it.',
    parse: optional(parseDatabaseUrl),
  },
  readDatabaseUrl: {
    name: 'SLUICE_READ_DATABASE_URL',
    kind: 'a postgres:// URL',
    default: '',
    unit: null,
    doc: 'The URL of a hot standby of DATABASE_URL. The routes that show leads and events, and the usage of fields, ask it; everything else asks DATABASE_URL. They show what the standby has. Not set: they ask DATABASE_URL.',
    parse: optional(parseDatabaseUrl),
  },
  schema: {
    name: 'SLUICE_SCHEMA',
    kind: 'a name of lower-case letters, digits and underscores that begins with a letter, at most 40 characters',
    default: 'public',
    unit: null,
    doc: 'The schema of the database in which this installation has its tables, made at the first start. Installations that share a database have one each; the job queue of each is in a second schema, `sluice_worker` beside `public`, else this name with `_worker`.',
    parse: (text) => (/^(?!pg_)[a-z][a-z0-9_]{0,39}$/.test(text) ? text : undefined),
  },
  planCacheMode: {
    name: 'SLUICE_PLAN_CACHE_MODE',
    kind: `one of ${PLAN_CACHE_MODES.join(', ')}`,
    default: 'force_generic_plan',
    unit: null,
    doc: 'PostgreSQL’s plan_cache_mode on the connections that store leads. Results are the same with each; the default makes a plan once and costs the least processor time.',
    parse: (text) => PLAN_CACHE_MODES.find((mode) => mode === text),
  },
  adminApiKey: {
    name: 'SLUICE_ADMIN_API_KEY',
    kind: 'at least 16 printable characters without spaces',
    default: '',
    unit: null,
    doc: 'The API key of the administrator, created at the first start. Not set: a key is generated and shown once.',
    parse: optional((text) => (/^[!-~]{16,200}$/.test(text) ? text : undefined)),
  },
  secretKey: {
    name: 'SLUICE_SECRET_KEY',
    kind: '64 hexadecimal characters (openssl rand -hex 32)',
    default: '',
    unit: null,
    doc: 'Encrypts stored credentials. Not set: generated into the data directory, readable by its owner only.',
    parse: optional((text) => (/^[0-9a-fA-F]{64}$/.test(text) ? Buffer.from(text, 'hex') : undefined)),
  },
  secretKeyPrevious: {
    name: 'SLUICE_SECRET_KEY_PREVIOUS',
    kind: '64 hexadecimal characters',
    default: '',
    unit: null,
    doc: 'The key of before, while SLUICE_SECRET_KEY is replaced: what was encrypted with it is read, and encrypted anew with SLUICE_SECRET_KEY. "sluice doctor" says when it is no longer needed.',
    parse: optional((text) => (/^[0-9a-fA-F]{64}$/.test(text) ? Buffer.from(text, 'hex') : undefined)),
  },
  demoPort: {
    name: 'SLUICE_DEMO_PORT',
    kind: 'a port from 1 to 65535',
    default: '8401',
    unit: null,
    doc: 'The port of the demo recipient of "sluice start --demo", on 127.0.0.1.',
    parse: integerFrom({ min: 1, max: 65_535 }),
  },
  allowPrivateNetworks: {
    name: 'SLUICE_ALLOW_PRIVATE_NETWORKS',
    kind: 'a comma-separated list of networks, each address/bits or address/bits:port',
    default: '',
    unit: null,
    doc: 'Private networks that recipients may live in, as in 10.1.0.0/16. All private addresses are refused otherwise.',
    parse: (text) => parseAll(splitList(text), parseNetwork),
  },
  trustedProxies: {
    name: 'SLUICE_TRUSTED_PROXIES',
    kind: 'a comma-separated list of addresses or networks, each address or address/bits',
    default: '',
    unit: null,
    doc: 'Proxies in front of Sluice, as in 127.0.0.1,10.1.0.0/16. Only from these is X-Forwarded-For read, from the right, and submission.ip becomes the sender’s address; otherwise it is the address of the connection.',
    parse: (text) => parseAll(splitList(text), parseProxy),
  },
  publicUrl: {
    name: 'SLUICE_PUBLIC_URL',
    kind: 'an http:// or https:// URL without a path, as in https://leads.example.com',
    default: '',
    unit: null,
    doc: 'The URL at which people reach the server: invitation links start with it, and only its pages may change something in a session. Steps that deliver to a submit URL at it go to the flow without HTTP. With https:// session cookies are sent over TLS alone. Set it behind a proxy that speaks TLS.',
    parse: optional(parseOrigin),
  },
  smtpUrl: {
    name: 'SLUICE_SMTP_URL',
    kind: 'an smtp:// or smtps:// URL, as in smtp://user:password@mail.example.com:587',
    default: '',
    unit: null,
    doc: 'The mail server of the installation, which sends the e-mails of alerts. smtp:// encrypts with STARTTLS (port 587), smtps:// from the first byte (port 465); smtp://…?encryption=none does not encrypt. It may have a private address. Not set: no such mail is sent. Recipient steps have mail servers of their own, as credentials.',
    parse: optional(parseMailServerUrl),
  },
  mailFrom: {
    name: 'SLUICE_MAIL_FROM',
    kind: 'an e-mail address, or a name and an address as in Sluice <leads@example.com>',
    default: '',
    unit: null,
    doc: 'The sender of the installation’s mail. Required with SLUICE_SMTP_URL.',
    parse: optional(parseMailAddress),
  },
  workers: {
    name: 'SLUICE_WORKERS',
    kind: 'a whole number from 1 to 16',
    default: '1',
    unit: 'processes',
    doc: 'Processes that share the port. Use more than one when each has about two processor cores.',
    parse: integerFrom({ min: 1, max: 16 }),
  },
  partitionDays: {
    name: 'SLUICE_PARTITION_DAYS',
    kind: 'auto or a whole number from 1 to 31',
    default: 'auto',
    unit: 'days',
    doc: 'How many days of leads a partition of the database holds that is made from now on. Data past its period is dropped by partitions: longer ones are fewer tables, shorter ones make room sooner. auto: a week, or a day where a day brings 1 GiB.',
    parse: (text) => (text === 'auto' ? null : integerFrom({ min: 1, max: 31 })(text)),
  },
  warmSeconds: {
    name: 'SLUICE_WARM_SECONDS',
    kind: 'a whole number from 0 to 60',
    default: '2',
    unit: 'seconds',
    doc: 'How long a process that starts runs made-up leads at most before it is ready, so that its first leads cost what later ones cost. Nothing of them is stored, sent or counted. 0 switches it off.',
    parse: integerFrom({ min: 0, max: 60 }),
  },
  isCompileCacheKept: {
    name: 'SLUICE_COMPILE_CACHE',
    kind: 'true or false',
    default: 'true',
    unit: null,
    doc: 'Keeps compiled code in compile-cache in the data directory, so that the next start takes less; only with Node 22.1 or newer.',
    parse: parseBoolean,
  },
  settleWaitSeconds: {
    name: 'SLUICE_SETTLE_WAIT_SECONDS',
    kind: 'a whole number from 1 to 300',
    default: '10',
    unit: 'seconds',
    doc: 'How long a sender waits for a database that became unreachable during its lead, before it gets 503.',
    parse: integerFrom({ min: 1, max: 300 }),
  },
  timeoutSeconds: {
    name: 'SLUICE_TIMEOUT_SECONDS',
    kind: 'a whole number from 1 to 360',
    default: '30',
    unit: 'seconds',
    doc: 'How long a recipient may take, where its step does not say.',
    parse: integerFrom({ min: 1, max: 360 }),
  },
  admissionMax: {
    name: 'SLUICE_ADMISSION_MAX',
    kind: 'a whole number from 1 to 100000',
    default: '1000',
    unit: 'leads',
    doc: 'Leads under way at once in a worker; further ones get 503 with Retry-After at once.',
    parse: integerFrom({ min: 1, max: 100_000 }),
  },
  bodyMemoryMib: {
    name: 'SLUICE_BODY_MEMORY_MIB',
    kind: 'a whole number from 8 to 4096',
    default: '64',
    unit: 'MiB',
    doc: 'Bodies of leads that a worker reads and handles at once; further ones get 503 with Retry-After. A quarter is kept for the first 16 KiB of each, so that large bodies leave room for ordinary leads.',
    parse: integerFrom({ min: 8, max: 4_096 }),
  },
  logLevel: {
    name: 'SLUICE_LOG_LEVEL',
    kind: `one of ${LOG_LEVELS.join(', ')}`,
    default: 'info',
    unit: null,
    doc: 'What is written to the log on standard output.',
    parse: (text) => LOG_LEVELS.find((level) => level === text),
  },
  otlpEndpoint: {
    name: 'SLUICE_OTLP_ENDPOINT',
    otherName: 'OTEL_EXPORTER_OTLP_ENDPOINT',
    kind: 'an http:// or https:// URL without user, query and fragment, as in http://127.0.0.1:4318',
    default: '',
    unit: null,
    doc: 'The collector that gets the spans of leads, as OTLP over HTTP at its path /v1/traces. Not set: OTEL_EXPORTER_OTLP_ENDPOINT; when that is not set either, no spans are made.',
    parse: optional(parseEndpoint),
  },
  tracePercent: {
    name: 'SLUICE_TRACE_PERCENT',
    kind: 'a whole number from 1 to 100',
    default: '100',
    unit: 'percent',
    doc: 'Of a hundred leads, how many leave spans. The others have a trace_id in the log all the same.',
    parse: integerFrom({ min: 1, max: 100 }),
  },
  isTracePassedOn: {
    name: 'SLUICE_TRACE_RECIPIENTS',
    kind: 'true or false',
    default: 'false',
    unit: null,
    doc: 'Sends the header traceparent (W3C Trace Context) with each request to a recipient or destination, unless a mapping sets it. Off by default: recipients get no header that the flow does not ask for.',
    parse: parseBoolean,
  },
  isDistributionStepEnabled: {
    name: 'SLUICE_ENABLE_DISTRIBUTION_STEP',
    kind: 'true or false',
    default: 'false',
    unit: null,
    doc: 'Lets POST /flows/{flow_id}/sources/{source_id}/test_step send test data to recipients. On with --demo.',
    parse: parseBoolean,
  },
  testSwitches: {
    name: 'SLUICE_TEST_SWITCHES',
    kind: `a comma-separated list of ${TEST_SWITCHES.join(', ')}`,
    default: '',
    unit: null,
    doc: 'For tests of the guarantees only: each switches a guarantee off. Never set it in production.',
    parse: parseTestSwitches,
  },
};

/** Where integration packages are installed: an absolute path. */
export function integrationsDirectory({ integrationsDir, dataDir }: Config): string {
  return resolve(integrationsDir ?? join(dataDir, 'integrations'));
}

/** The names in the environment that are ours to judge. */
const OUR_PREFIX = 'SLUICE_';

/**
 * The settings of an environment, or everything that is wrong with it: a value that is not allowed, a SLUICE_ name that
 * does not exist, a combination that cannot work. An empty value counts as not set.
 */
export function loadConfig(env: Readonly<Record<string, string | undefined>>): Result<Config, Problem[]> {
  const problems = unknownNames(env);
  const config: Record<string, unknown> = {};
  for (const [key, setting] of Object.entries(SETTINGS)) {
    const name = chooseName(env, setting);
    const text = env[name]?.trim() || setting.default;
    const value = setting.parse(text);
    if (value === undefined) problems.push(badValue(setting, { name, text }));
    config[key] = value;
  }
  if (env['DATABASE_URL'] && !env['SLUICE_SECRET_KEY']) problems.push(MISSING_SECRET);
  if (env['SLUICE_READ_DATABASE_URL'] && !env['DATABASE_URL']) problems.push(MISSING_DATABASE);
  if (env['SLUICE_SMTP_URL'] && !env['SLUICE_MAIL_FROM']) problems.push(MISSING_SENDER);
  // Each key of the table holds what its row parsed, or there is a problem.
  return problems.length > 0 ? fail(problems) : ok(config as unknown as Config);
}

const MISSING_SECRET: Problem = {
  path: 'SLUICE_SECRET_KEY',
  message:
    'SLUICE_SECRET_KEY must be set with DATABASE_URL, so that every server of that database has the same key: create one with "openssl rand -hex 32".',
};

const MISSING_DATABASE: Problem = {
  path: 'DATABASE_URL',
  message:
    'DATABASE_URL must be set with SLUICE_READ_DATABASE_URL: the second one is a standby of the first, and the embedded database has none.',
};

const MISSING_SENDER: Problem = {
  path: 'SLUICE_MAIL_FROM',
  message: 'SLUICE_MAIL_FROM must be set with SLUICE_SMTP_URL: mail servers refuse mail without a sender.',
};

function chooseName(
  env: Readonly<Record<string, string | undefined>>,
  { name, otherName }: Pick<Setting<unknown>, 'name' | 'otherName'>,
): string {
  return otherName !== undefined && !env[name]?.trim() && env[otherName]?.trim() ? otherName : name;
}

function unknownNames(env: Readonly<Record<string, string | undefined>>): Problem[] {
  const known = Object.values(SETTINGS).map(({ name }) => name);
  const unknown = Object.keys(env).filter((name) => name.startsWith(OUR_PREFIX) && !known.includes(name));
  return unknown.map((name) => {
    const near = nearestName(name, known);
    const hint = near === undefined ? 'docs/reference/settings.md lists them all' : `did you mean ${near}?`;
    return { path: name, message: `There is no setting ${name}: ${hint}` };
  });
}

/** Keys are not repeated, because the sentence is printed and logged. */
function badValue(setting: Setting<unknown>, { name, text }: { name: string; text: string }): Problem {
  const secrets: readonly Setting<unknown>[] = [
    SETTINGS.adminApiKey,
    SETTINGS.secretKey,
    SETTINGS.secretKeyPrevious,
    SETTINGS.databaseUrl,
    SETTINGS.readDatabaseUrl,
    SETTINGS.smtpUrl,
    // It may be given with a password.
    SETTINGS.otlpEndpoint,
  ];
  const isSecret = secrets.includes(setting);
  const got = isSecret ? 'what it is set to' : JSON.stringify(text);
  return { path: name, message: `${name} must be ${setting.kind}, not ${got}.` };
}

function integerFrom({ min, max }: { min: number; max: number }): (text: string) => number | undefined {
  return (text) => {
    const value = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
    return value >= min && value <= max ? value : undefined;
  };
}

function optional<T>(parse: (text: string) => T | undefined): (text: string) => T | null | undefined {
  return (text) => (text === '' ? null : parse(text));
}

function parseBoolean(text: string): boolean | undefined {
  return text === 'true' ? true : text === 'false' ? false : undefined;
}

function parseHost(text: string): string | undefined {
  return isIP(text) !== 0 || /^[a-zA-Z0-9]([a-zA-Z0-9.-]{0,251}[a-zA-Z0-9])?$/.test(text) ? text : undefined;
}

function parseDatabaseUrl(text: string): string | undefined {
  // libpq's form without a host (`postgres://user@/name?host=/run/postgresql`) is no URL to the standard.
  const isUrl = URL.canParse(text.replace('@/', '@localhost/'));
  return isUrl && /^postgres(ql)?:\/\//.test(text) ? text : undefined;
}

function parseOrigin(text: string): string | undefined {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isOrigin = url !== undefined && /^https?:$/.test(url.protocol) && [url.origin, `${url.origin}/`].includes(text);
  return isOrigin ? url.origin : undefined;
}

function parseEndpoint(text: string): string | undefined {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isPlain = url !== undefined && `${url.username}${url.password}${url.search}${url.hash}` === '';
  return isPlain && /^https?:$/.test(url.protocol) ? url.href : undefined;
}

function parseNetwork(text: string): AllowedNetwork | undefined {
  const network = parseAllowedNetwork(text);
  return network.ok ? network.value : undefined;
}

function parseProxy(text: string): string | undefined {
  const [address = '', bits, ...rest] = text.split('/');
  const family = isIP(address);
  if (family === 0 || rest.length > 0) return undefined;
  if (bits === undefined) return text;
  return /^\d{1,3}$/.test(bits) && Number(bits) <= (family === 4 ? 32 : 128) ? text : undefined;
}

function parseTestSwitches(text: string): ReadonlySet<TestSwitch> | undefined {
  const switches = parseAll(splitList(text), (entry) => TEST_SWITCHES.find((name) => name === entry));
  return switches && new Set(switches);
}

function splitList(text: string): string[] {
  return text
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '');
}

function parseAll<T>(entries: string[], parse: (entry: string) => T | undefined): T[] | undefined {
  const values = entries.flatMap((entry) => parse(entry) ?? []);
  return values.length === entries.length ? values : undefined;
}
