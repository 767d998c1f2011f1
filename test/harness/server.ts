import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { buildAuthorization } from '../../client/src/authorization.ts';
import { type Client, createClient, type Flow } from '../../client/src/client.ts';
import { createApiKey, OWNERS_KEY } from '../../src/access/create-api-key.ts';
import { ensureFirstStart } from '../../src/cli/first-start.ts';
import { startServer } from '../../src/compose.ts';
import { type Config, loadConfig } from '../../src/config.ts';
import { CHEAP_SCRYPT } from '../../src/http/testing/cheap-scrypt.ts';
import { parseAllowedNetwork } from '../../src/integrations/forbidden-address.ts';
import { systemClock } from '../../src/lib/clock.ts';
import { createIds } from '../../src/lib/ids.ts';
import type { Account } from '../../src/model/entity.ts';
import type { Log } from '../../src/observe/log.ts';
import type { RunningServer, ServerOptions } from '../../src/server/server-options.ts';
import { createAccountStore } from '../../src/store/postgres/accounts.ts';
import { createApiKeyStore } from '../../src/store/postgres/api-keys.ts';
import { createTestDatabase, type TestDatabase } from './database.ts';
import { openTestRecipient, type TestRecipient } from './recipient.ts';
import { TEST_SCHEMA } from './test-schema.ts';

/** The whole server as it runs in production, over a database of its own, with a recipient to deliver to. */
export interface ComposedServer {
  url: string;
  account: Account;
  /** The API key of an owner. */
  key: string;
  /** The key of another account's owner. */
  strangerKey: string;
  recipient: TestRecipient;
  /** Its settings. */
  config: Config;
  /** For further server processes beside this one. */
  database: TestDatabase;
  /** The API by the names of its routes, with the superuser’s key; what it refuses is thrown. */
  client: Client;
  /** Asks the API; JSON in, JSON out. What it refuses is an answer like any other. */
  api(method: string, path: string, body?: unknown, options?: { key?: string | null }): Promise<ApiReply>;
  /** Saves and deploys a flow; throws what keeps it from running. Answers the flow as saved. */
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape
  deploy(flow: object): Promise<any>;
  /** Saves a flow that exists over its last revision, and deploys it. */
  redeploy(flow: { id: string }): Promise<void>;
  /** Submits a lead as JSON to one of a flow's sources, the first unless said otherwise. */
  submit(flow: SubmitTarget, values: unknown, options?: SubmitOptions): Promise<ApiReply>;
  /** Asks the database. */
  query(text: string, values?: unknown[]): Promise<Record<string, unknown>[]>;
  /** Another server over the same database; the caller stops it. */
  startBeside(changes: Partial<ServerOptions>): Promise<RunningServer>;
  /** Ends the server process' part and starts another one over the same database, as after a restart; with these changes. */
  restart(changes?: Partial<ServerOptions>): Promise<void>;
  stop(): Promise<void>;
}

export interface SubmitTarget {
  id: string;
  sources: { entity: { id: string } }[];
}

export interface SubmitOptions {
  source?: number;
  headers?: Record<string, string>;
  /** The body as it is sent, instead of the values as JSON. */
  text?: string;
}

export interface ApiReply {
  status: number;
  headers: Headers;
  text: string;
  /** The parsed JSON; undefined for any other body. */
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape
  body: any;
}

const SILENT: Log = { error: ignore, warn: ignore, info: ignore, debug: ignore };

/** Tests wait for duties, most of which run every few seconds: a third of the time of all tests was that. */
const DUTY_PACE = 10;

/**
 * `overrides` are settings as `config.ts` knows them; the port is a free one unless it is given. `log` gets the lines of the
 * server; `dutyPace` is how many times as often as in production duties run. The database is one of its own unless it is given, and goes with the server.
 */
export async function startTestServer(
  { log = SILENT, dutyPace = DUTY_PACE, ...overrides }: Partial<Config> & { log?: Log; dutyPace?: number } = {},
  given?: TestDatabase,
): Promise<ComposedServer> {
  const database = given ?? (await createTestDatabase());
  const recipient = await openTestRecipient();
  const pool = new pg.Pool({ ...database.connection, max: 2 });
  // A test may kill the database; a later query reports it.
  pool.on('error', () => undefined);
  const accounts = await fill(pool);
  const options = {
    config: buildConfig(recipient, overrides),
    database: database.connection,
    secretKey: overrides.secretKey ?? randomBytes(32),
    nodeName: 'test',
    passwordCost: CHEAP_SCRYPT,
    dutyPace,
    log,
  };
  let server = await startServer(options);
  const openClient = () => createClient({ url: server.url, key: accounts.key });
  const api: ComposedServer['api'] = (method, path, body, { key = accounts.key } = {}) =>
    askApi(server.url, { method, path, body, key });
  return {
    get url() {
      return server.url;
    },
    get client() {
      return openClient();
    },
    ...accounts,
    recipient,
    config: options.config,
    database,
    api,
    deploy: (flow) => deploy(openClient(), flow),
    redeploy: (flow) => redeploy(openClient(), flow),
    submit: (flow, values, how = {}) => submit(server.url, { flow, values, how }),
    query: async (text, values) => (await pool.query<Record<string, unknown>>(text, values)).rows,
    startBeside: (changes) => startServer({ ...options, config: { ...options.config, port: 0 }, ...changes }),
    restart: async (changes = {}) => {
      await server.stop();
      server = await startServer({ ...options, ...changes });
    },
    stop: () => stopAll({ server, recipient, pool, database }),
  };
}

async function fill(pool: pg.Pool): Promise<{ account: Account; key: string; strangerKey: string }> {
  const ids = createIds({ now: Date.now, random: Math.random });
  const accounts = createAccountStore(pool);
  const makings = { accounts, apiKeys: createApiKeyStore(pool), ids, clock: systemClock, randomBytes };
  const key = randomBytes(16).toString('hex');
  const { account } = await ensureFirstStart(makings, key);
  const stranger: Account = { ...account, id: ids.next(), name: 'Stranger' };
  await accounts.insert(stranger, Date.now());
  const strangers = await createApiKey(makings, { ...OWNERS_KEY, accountId: stranger.id, name: 'test' });
  return { account, key, strangerKey: strangers.key };
}

function buildConfig(recipient: TestRecipient, overrides: Partial<Config>): Config {
  const config = loadConfig({});
  const own = parseAllowedNetwork(`127.0.0.1/32:${recipient.port}`);
  if (!config.ok || !own.ok) throw new Error('the settings of a test are sound');
  return {
    ...config.value,
    schema: TEST_SCHEMA,
    port: 0,
    // What the code of a test costs does not matter; a test of the warm-up asks for one.
    warmSeconds: 0,
    allowPrivateNetworks: [own.value],
    ...overrides,
  };
}

/** Saves and deploys a flow; throws what keeps it from running. Answers the flow as saved. */
// biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape
export async function deploy(client: Client, flow: object): Promise<any> {
  // Tests deploy what no author would write, too.
  const saved = await client.createFlow(flow as Flow);
  await client.deployFlow(saved.id);
  return saved;
}

/** Saves a flow that exists over its last revision, and deploys it. */
export async function redeploy(client: Client, flow: { id: string }): Promise<void> {
  await client.replaceFlow(flow.id, { ...flow, revision: undefined } as object as Flow); // as in `deploy`
  await client.deployFlow(flow.id);
}

/** Submits a lead to a server by its URL. */
export function submit(
  url: string,
  { flow, values, how }: { flow: SubmitTarget; values: unknown; how: SubmitOptions },
): Promise<ApiReply> {
  const source = flow.sources[how.source ?? 0]?.entity.id;
  return ask(`${url}/flows/${flow.id}/sources/${source}/submit`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Accept: 'application/json', ...how.headers },
    body: how.text ?? JSON.stringify(values),
  });
}

/** What a test asks of the API; `key: null` sends none. */
interface ApiRequest {
  method: string;
  path: string;
  body?: unknown;
  key: string | null;
}

/** Asks the API of a server by its URL; JSON in, JSON out. What it refuses is an answer like any other. */
export function askApi(url: string, { method, path, body, key }: ApiRequest): Promise<ApiReply> {
  return ask(`${url}${path}`, {
    method,
    headers: {
      ...(key === null ? {} : { Authorization: buildAuthorization(key) }),
      ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
}

/** One request and its whole answer. */
export async function ask(url: string, init: RequestInit): Promise<ApiReply> {
  const res = await fetch(url, init);
  const text = await res.text();
  const isJson = (res.headers.get('content-type') ?? '').startsWith('application/json') && text !== '';
  return { status: res.status, headers: res.headers, text, body: isJson ? JSON.parse(text) : undefined };
}

async function stopAll(running: {
  server: RunningServer;
  recipient: TestRecipient;
  pool: pg.Pool;
  database: TestDatabase;
}): Promise<void> {
  await running.server.stop();
  await running.recipient.close();
  await running.pool.end();
  await running.database.drop();
}

function ignore(): void {}
