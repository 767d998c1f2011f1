import { createHash, randomBytes, scrypt } from 'node:crypto';
import { promisify } from 'node:util';
import type { FastifyInstance } from 'fastify';
import pg from 'pg';
import { createTestDatabase, type TestDatabase } from '../../../test/harness/database.ts';
import { TEST_SCHEMA } from '../../../test/harness/test-schema.ts';
import { createKeyAuthentication } from '../../access/authenticate-api-key.ts';
import { createApiKey, OWNERS_KEY } from '../../access/create-api-key.ts';
import { createKeyRequestLog, type KeyRequestLog } from '../../access/key-request-log.ts';
import type { Role } from '../../access/roles.ts';
import { createPasswordHasher } from '../../access/users/password-hash.ts';
import { ensureAccount } from '../../accounts/ensure-account.ts';
import { createReplayLine } from '../../drafts/replay-line.ts';
import { createRelayPlaces } from '../../feedback/relay-places.ts';
import { findField } from '../../fields/find-field.ts';
import { createFlowCompiler, type FindProblems } from '../../flow-compiler/flow-compiler.ts';
import { loadSurroundings } from '../../flows/flow-surroundings.ts';
import { createFindWarnings } from '../../flows/flow-warnings.ts';
import { parseInSlices } from '../../flows/parse-flow-document.ts';
import { inbound } from '../../integrations/builtin/leadconduit-default/inbound.ts';
import { BUILTIN_PACKAGES } from '../../integrations/builtin-packages.ts';
import type { ModuleRegistry, OutboundRequest } from '../../integrations/contract.ts';
import { createPackageCatalogue } from '../../integrations/package-catalogue.ts';
import { createIds } from '../../lib/ids.ts';
import { createSlicer } from '../../lib/slices.ts';
import { createListHash } from '../../lists/hash-list-form.ts';
import type { Account } from '../../model/entity.ts';
import { createPostingLimits } from '../../posting/posting-limits.ts';
import { createSharedViews } from '../../reports/shared-views.ts';
import { createAccountStore } from '../../store/postgres/accounts.ts';
import {
  createActivityStore,
  RECORD_NOTHING,
  type RecordChange,
  recordChangesOf,
} from '../../store/postgres/activity.ts';
import { createApiKeyStore } from '../../store/postgres/api-keys.ts';
import { createBatchFileStore } from '../../store/postgres/batch-files.ts';
import { buildChangingStores } from '../../store/postgres/changing-stores.ts';
import { createCredentialVault } from '../../store/postgres/credentials.ts';
import { createEventStore } from '../../store/postgres/events.ts';
import { createExportStore } from '../../store/postgres/exports.ts';
import { createFailureStore } from '../../store/postgres/failures.ts';
import { createSurroundingsReader } from '../../store/postgres/flow-surroundings.ts';
import { createFlowStore } from '../../store/postgres/flows.ts';
import { isUnavailable } from '../../store/postgres/is-unavailable.ts';
import { createJobFileStore } from '../../store/postgres/job-files.ts';
import { createJobStore } from '../../store/postgres/jobs.ts';
import { createKeyRequestStore } from '../../store/postgres/key-requests.ts';
import { createListImportStore } from '../../store/postgres/list-imports.ts';
import { createReadingStores } from '../../store/postgres/reading-stores.ts';
import { createReceiptStore } from '../../store/postgres/receipts.ts';
import { createResubmissionStore } from '../../store/postgres/resubmissions.ts';
import { createRevisionDocuments } from '../../store/postgres/revision-documents.ts';
import { createSecondFactorStore } from '../../store/postgres/second-factors.ts';
import { createSessionStore } from '../../store/postgres/sessions.ts';
import { createSignInFailureStore } from '../../store/postgres/sign-in-failures.ts';
import { createUserSettingsStore } from '../../store/postgres/user-settings.ts';
import { createUserStore } from '../../store/postgres/users.ts';
import { createSecretBox } from '../../store/secret-box.ts';
import { registerBatchDownloads } from '../batches/register-batch-downloads.ts';
import { registerExportDownloads } from '../exports/register-export-downloads.ts';
import { createTestMails } from '../handlers/mail.ts';
import { registerJobStreams } from '../jobs/register-job-streams.ts';
import { noteKeyRequest } from '../note-key-request.ts';
import { registerPostingPages } from '../posting/register-posting-pages.ts';
import { showSharedReport } from '../reports/show-shared-report.ts';
import { createHttpServer, type HttpServerDeps } from '../server.ts';
import { createSessionCookies } from '../session-cookie.ts';
import { CHEAP_SCRYPT } from './cheap-scrypt.ts';
import { NO_TURNS } from './no-turns.ts';

/** The API over a database of its own, for tests of handlers through the router. */
export interface TestApi {
  app: FastifyInstance;
  pool: pg.Pool;
  account: Account;
  /** The key of an owner. */
  key: string;
  /** The key of an editor of the same account. */
  plainKey: string;
  /** The key of another account's owner. */
  strangerKey: string;
  /** Files that are being received. */
  receiving: Set<string>;
  /** What tests of credentials sent; none is answered. */
  sent: OutboundRequest[];
  /** What a running server does each second. */
  writeKeyRequests: KeyRequestLog['write'];
  clock: { now(): number; monotonic(): number; set(epochMs: number): void };
  ask(request: AskOptions): Promise<Answer>;
  close(): Promise<void>;
}

export interface AskOptions {
  method?: 'GET' | 'POST' | 'PUT' | 'DELETE' | 'PATCH' | 'OPTIONS' | 'HEAD';
  url: string;
  /** null: none. Absent: the owner's. */
  key?: string | null;
  body?: unknown;
  /** Instead of `body`: the text as it is sent. */
  text?: string;
  headers?: Record<string, string>;
  /** Of the connection; absent: of this host. */
  address?: string;
}

export interface Answer {
  status: number;
  headers: Record<string, unknown>;
  text: string;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape
  body: any;
}

/** 3 March 2025, 12:00 UTC. */
export const TEST_NOW = Date.UTC(2025, 2, 3, 12);

export async function createTestApi(): Promise<TestApi> {
  const receiving = new Set<string>();
  const sent: OutboundRequest[] = [];
  const database: TestDatabase = await createTestDatabase();
  const pool = new pg.Pool({ ...database.connection, max: 4 });
  let now = TEST_NOW;
  let latest = now;
  const clock = {
    now: () => now,
    // Tests set the other one back.
    monotonic: () => {
      latest = Math.max(latest, now);
      return latest;
    },
    set: (epochMs: number) => {
      now = epochMs;
    },
  };
  const ids = createIds({ now: () => now, random: Math.random });
  const accounts = createAccountStore(pool);
  const apiKeys = createApiKeyStore(pool);
  const makings = { accounts, apiKeys, ids, clock, randomBytes };
  const account = await ensureAccount(makings, { name: 'Acme', timeZone: 'America/Chicago' });
  const stranger: Account = { ...account, id: ids.next(), name: 'Stranger' };
  await accounts.insert(stranger, now);
  const newKey = async (accountId: string, role: Role) =>
    (await createApiKey(makings, { ...OWNERS_KEY, accountId, name: 'test', scope: { role, permissions: null } })).key;
  const [key, plainKey, strangerKey] = await Promise.all([
    newKey(account.id, 'owner'),
    newKey(account.id, 'editor'),
    newKey(stranger.id, 'owner'),
  ]);
  const secretBox = createSecretBox(randomBytes(32), randomBytes);
  const people = {
    users: createUserStore(pool),
    sessions: createSessionStore(pool),
    secondFactors: createSecondFactorStore(pool, secretBox),
    failures: createSignInFailureStore(pool),
    userSettings: createUserSettingsStore(pool),
    passwords: createPasswordHasher({ scrypt: promisify(scrypt), randomBytes, cost: CHEAP_SCRYPT }),
    cookies: createSessionCookies({ isSecure: false }),
    buildInvitationUrl: (token: string) => `http://localhost/app/invitation#${token}`,
    clock,
    ids,
    randomBytes,
  };
  const documents = createRevisionDocuments(runSliced);
  const changing = (record: RecordChange) =>
    buildChangingStores({ pool, documents, secretBox, nodeId: 'test', ids, schema: TEST_SCHEMA }, record);
  const keys = createKeyAuthentication({ apiKeys, clock, report: ignore });
  const keyRequestStore = createKeyRequestStore(pool);
  const keyRequests = createKeyRequestLog({ store: keyRequestStore, ids, isUnavailable });
  const callers = { authenticate: keys.authenticate, publicOrigin: null, ...people };
  const readSurroundings = createSurroundingsReader({ pool, box: secretBox, clock, modules: onlyInbound, urlProblem });
  const { compile } = createFlowCompiler(onlyInbound, runSliced);
  const api: HttpServerDeps['api'] = {
    ...people,
    ...changing(RECORD_NOTHING),
    activity: createActivityStore(pool),
    keyRequests: keyRequestStore,
    receipts: createReceiptStore(pool, secretBox),
    forgetKey: keys.forget,
    listImports: createListImportStore(pool),
    jobFiles: createJobFileStore(pool, secretBox),
    receiving,
    sharedRuns: new Set(),
    takeSharedView: createSharedViews(clock),
    hashListValue: createListHash({
      md5: (text) => createHash('md5').update(text).digest('hex'),
      keyed: (text) => createHash('sha256').update(text).digest(),
    }),
    hashSearchValue: (text) => createHash('sha256').update(text).digest(),
    reading: createReadingStores(pool),
    events: createEventStore(pool),
    feedbackWork: {
      ...{
        relays: createRelayPlaces(),
        events: createEventStore(pool),
        clock,
        ids,
        report: ignore,
        startTimer: () => ignore,
      },
      findFlow: () => ({ kind: 'missing' }),
      findRevision: () => Promise.reject(new Error('no lead runs here')),
      deliver: () => Promise.reject(new Error('nothing is sent here')),
    },
    firehose: {
      vault: createCredentialVault(pool, secretBox),
      readConnectionString: async () => null,
      send: async () => ({ kind: 'unsent', reason: 'no network', blame: 'us' }),
      clock,
    },
    urlProblem,
    credentialTests: {
      vault: createCredentialVault(pool, secretBox),
      fetchAnew: async () => ({ kind: 'failed', reason: 'The token URL was not reached (no network)' }),
      trySftp: async () => ({ kind: 'failed', reason: 'no network', fingerprint: null }),
      checkMail: async () => ({ kind: 'unsent', reason: 'no network', blame: 'us', isWorthRetry: true }),
      deliver: async (request) => {
        sent.push(request);
        return { kind: 'unsent', reason: 'no network', sentAt: now, receivedAt: now };
      },
    },
    readSurroundings,
    mailAlert: async () => null,
    isMailSet: true,
    installationMail: {
      server: { host: 'mail.example.com', port: 587, security: 'starttls', username: 'ann', password: 'hidden-pass' },
      from: { name: 'Acme', address: 'leads@example.com' },
      send: async () => ({ kind: 'sent', code: 250, reply: '250 ok', accepted: [], rejected: [] }),
    },
    testMails: createTestMails(clock),
    sendAlert: async () => ({ fault: 'not received (no network)', headers: null, response: null }),
    askPrice: async () => ({ answer: { kind: 'failed', fault: 'was not reached' }, response: null }),
    testStep: null,
    postingLimits: createPostingLimits(clock),
    replays: createReplayLine(),
    recipientTimeoutMs: 30_000,
    findFlow: () => ({ kind: 'missing' }),
    failureCounts: createFailureStore(pool),
    resubmissions: createResubmissionStore(pool),
    runSubmission: () => Promise.reject(new Error('no lead runs here')),
    startTimer: () => ignore,
    findRevision: async (key) => {
      const stored = await createFlowStore({ pool, documents }).readRevision(key);
      const parsed = await runSliced(parseInSlices(stored));
      if (!parsed.ok) throw new Error('a stored flow can be read');
      const surroundings = await loadSurroundings({ readSurroundings }, key.accountId);
      return compile({ ...key, document: parsed.value.sound, surroundings });
    },
    modules: onlyInbound,
    catalogue: createPackageCatalogue({ registry: onlyInbound, builtin: BUILTIN_PACKAGES, installed: [] }),
    findProblems: unknownFields,
    compileFlow: compile,
    runSliced,
    findWarnings: createFindWarnings(runSliced),
    report: ignore,
    version: '0.0.0',
    processId: 1,
    checkReadiness: async () => ({ isReady: true, checks: { database: 'ok' }, problems: [] }),
    metrics: { write: async () => 'sluice_store_queue 0\n', contentType: 'text/plain' },
  };
  const app = await createHttpServer({
    trustedProxies: [],
    recordCall: (call) => noteKeyRequest(call, { keyRequests, clock }),
    recordFor: (origin) => changing(recordChangesOf(origin, { ids, clock })),
    api,
    callers,
    readingTurns: NO_TURNS,
    pages: { readSharedReport: showSharedReport({ api, findConsole: async () => null }) },
    registerConsole: () => undefined,
    registerDocs: () => undefined,
    registerIngest: (scope) => {
      registerJobStreams(scope, { jobs: createJobStore(pool), callers, clock, startTimer: () => ignore });
      const exportsFor = () => createExportStore(pool);
      registerExportDownloads(scope, { exportsFor, callers, clock, ids });
      registerPostingPages(scope, { api, publicOrigin: null, findConsole: async () => null });
      registerBatchDownloads(scope, { batches: createBatchFileStore(pool, secretBox), callers });
    },
    isUnavailable,
    log: SILENT,
  });
  return {
    app,
    pool,
    account,
    key,
    plainKey,
    strangerKey,
    receiving,
    sent,
    clock,
    writeKeyRequests: keyRequests.write,
    ask: (request) => ask(app, { key, ...request }),
    close: async () => {
      await app.close();
      await pool.end();
      await database.drop();
    },
  };
}

async function ask(app: FastifyInstance, request: AskOptions): Promise<Answer> {
  const { method = 'GET', url, key, body, text, headers, address } = request;
  const payload = text ?? (body === undefined ? undefined : JSON.stringify(body));
  const res = await app.inject({
    method,
    url,
    headers: {
      ...(key === null || key === undefined ? {} : { authorization: basic(key) }),
      ...(payload === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(payload === undefined ? {} : { payload }),
    ...(address === undefined ? {} : { remoteAddress: address }),
  });
  const isJson = String(res.headers['content-type'] ?? '').startsWith('application/json');
  return {
    status: res.statusCode,
    headers: res.headers,
    text: res.body,
    body: isJson && res.body !== '' ? JSON.parse(res.body) : undefined,
  };
}

export function basic(key: string): string {
  return `Basic ${Buffer.from(`API:${key}`).toString('base64')}`;
}

const onlyInbound: ModuleRegistry = {
  find: (id) => (id === inbound.id ? inbound : undefined),
  list: () => [inbound],
};

const urlProblem = (url: string) => (url.startsWith('https://') ? undefined : 'URL must be public');

const runSliced = createSlicer({ now: () => performance.now(), schedule: setImmediate });

/** A stand-in for compiling that finds one kind of problem. */
const unknownFields: FindProblems = async (document, { customFields }) =>
  document.fields.flatMap((fieldId, index) =>
    findField(fieldId, customFields) ? [] : [{ path: `fields.${index}`, message: `There is no field ${fieldId}.` }],
  );

const SILENT = { error: ignore, warn: ignore, info: ignore, debug: ignore };

function ignore(): void {}
