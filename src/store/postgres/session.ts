import pg from 'pg';
import { DatabaseGone } from '../batcher.ts';
import { runCalls } from './run-calls.ts';

/** A statement prepared once per connection. `values` of an empty run are given by `empty`, to prepare it ahead. */
export interface Statement {
  name: string;
  text: string;
  /** Parameters of a run that touches no row; used once per connection so that it is parsed before it is needed. */
  empty: readonly unknown[];
}

export interface PreparedCall {
  statement: Statement;
  values: unknown[];
}

/** One connection for one queue of group commits; connects again by itself. */
export interface Session {
  /** Sends calls that only read, each a transaction of its own, in one go and answers their rows. */
  ask(calls: readonly PreparedCall[]): Promise<pg.QueryResult[]>;
  /** Sends begin and all calls in one go and answers their rows; leaves the transaction open for `finish`. */
  begin(calls: readonly PreparedCall[]): Promise<pg.QueryResult[]>;
  /** Sends more calls inside the transaction that `begin` left open. */
  proceed(calls: readonly PreparedCall[]): Promise<pg.QueryResult[]>;
  /**
   * Sends the calls and the commit in one go, on the connection that `begin` used and on no other: its locks are what
   * makes the calls right. Throws `DatabaseGone` when that connection is gone or the end is in doubt.
   */
  finish(calls: readonly PreparedCall[]): Promise<pg.QueryResult[]>;
  /** begin and finish in one go. */
  transact(calls: readonly PreparedCall[]): Promise<pg.QueryResult[]>;
  /** Undoes what `begin` left open, if anything. */
  rollback(): Promise<void>;
  /** Makes sure that a connection stands. */
  connect(): Promise<void>;
  close(): Promise<void>;
}

/** SQLSTATEs after which the same transaction can simply be sent again. */
const TRANSIENT = new Set(['40001', '40P01', '55P03']);
/**
 * Classes that speak of the server, not of our data: connection, resources (disk full), operator intervention, system.
 * Not XX, internal errors: a row that always raises one would be sent again for ever, with everybody behind it.
 */
const SERVER_CLASSES = new Set(['08', '53', '57', '58']);
/**
 * Of the class 25: a server that was demoted takes no writes (25006), and it ends sessions that sleep inside a
 * transaction (25P03, idle_in_transaction_session_timeout) or whose transaction lasts too long (25P04).
 */
const SERVER_STATES = new Set(['25006', '25P03', '25P04']);

/** Raised by the function require_fence: a run of the group is no longer ours. */
export const FENCE_STATE = 'SLF01';
/** Raised by the function require_claim: a place that was asked for is gone. */
export const CLAIM_STATE = 'SLF02';
/** A row with the same key is there already. */
export const UNIQUE_STATE = '23505';

export function sqlState(error: unknown): string | undefined {
  if (error === null || typeof error !== 'object' || !('code' in error)) return undefined;
  return typeof error.code === 'string' && error.code.length === 5 ? error.code : undefined;
}

/** Is the transaction worth sending again as it is? */
export function isTransient(error: unknown): boolean {
  return TRANSIENT.has(sqlState(error) ?? '');
}

/**
 * A process that is stopped inside a transaction keeps its locks on hot counters, and others must be able to take its
 * leads over within 30 s (decision 9): it loses them well before its lease of 15 s.
 */
const SLEEP_SETTING = "set idle_in_transaction_session_timeout = '5s'";

export interface SessionOptions {
  connection: pg.ClientConfig;
  applicationName: string;
  /** Statements of this session; prepared when it connects. */
  statements: readonly Statement[];
  /** `set` commands of the session, such as synchronous_commit. */
  settings: readonly string[];
  /** Absent: `force_generic_plan`. */
  planCacheMode?: PlanCacheMode;
  /** Absent: each group is a transaction of its own. */
  words?: TransactionWords;
}

/** The commands around a group. */
export interface TransactionWords {
  /** Run once when the session has connected, before an empty group; absent: neither. */
  connected?: PreparedCall;
  begin: PreparedCall;
  commit: PreparedCall;
  rollback: PreparedCall;
  /** The command tag of a commit that is one. */
  committed: string;
}

/** A session that also runs commands outside of groups. */
export interface CommandSession extends Session {
  run(command: PreparedCall): Promise<void>;
}

/** Whether the plans of a session's statements are made once or for each run; results are the same. */
export type PlanCacheMode = 'force_generic_plan' | 'force_custom_plan' | 'auto';

/**
 * Plans always walk indexes, and are made once unless the installation says otherwise: the arrays of keys are short
 * against the tables, which the planner cannot know. Without this a generic plan may scan list_items whole. They make
 * statements fast and never right (decision page 0067).
 */
const PLAN_SETTINGS = [
  'set enable_hashjoin = off',
  'set enable_mergejoin = off',
  'set enable_seqscan = off',
  'set jit = off',
];

/** A server that does not answer within these is as good as gone: a cut network says nothing by itself. */
const CONNECT_MS_MAX = 5_000;
const ANSWER_MS_MAX = 20_000;

export function createSession(options: SessionOptions): Session {
  return createCommandSession(options);
}

export function createCommandSession(options: SessionOptions): CommandSession {
  const { words = TRANSACTION } = options;
  let client: pg.Client | null = null;
  /** The connection on which `begin` left a transaction open. */
  let begun: pg.Client | null = null;
  /** Attempts to connect; a session is closed after the last of them. */
  const connecting = new Set<Promise<unknown>>();
  let isClosed = false;

  async function connect(): Promise<pg.Client> {
    if (client) return client;
    if (isClosed) throw new DatabaseGone('the session is closed');
    const attempt = openConnection();
    connecting.add(attempt);
    return attempt.finally(() => connecting.delete(attempt));
  }

  async function openConnection(): Promise<pg.Client> {
    const fresh = new pg.Client({
      ...options.connection,
      application_name: options.applicationName,
      connectionTimeoutMillis: CONNECT_MS_MAX,
      query_timeout: ANSWER_MS_MAX,
    });
    fresh.on('error', () => forget(fresh));
    fresh.on('end', () => forget(fresh));
    try {
      await fresh.connect();
      const { planCacheMode = 'force_generic_plan', settings } = options;
      const all = [SLEEP_SETTING, `set plan_cache_mode = ${planCacheMode}`, ...PLAN_SETTINGS, ...settings];
      await fresh.query(all.join(';'));
      await prepareAll(fresh, options.statements);
      if (words.connected) await runCalls(fresh, [words.connected, words.begin, words.commit]);
    } catch (error) {
      void fresh.end().catch(ignoreBrokenConnection);
      // No lead's data is to blame for a connection that cannot be made, whatever the server says (a changed password).
      throw asGone(error);
    }
    if (isClosed) {
      await fresh.end().catch(ignoreBrokenConnection);
      throw new DatabaseGone('the session was closed');
    }
    client = fresh;
    return fresh;
  }

  function forget(broken: pg.Client): void {
    if (client === broken) client = null;
  }

  async function send(current: pg.Client, calls: readonly PreparedCall[]): Promise<pg.QueryResult[]> {
    try {
      return await runCalls(current, calls);
    } catch (error) {
      return clearAway(current, error);
    }
  }

  function leaveTransaction(): pg.Client {
    const current = begun;
    begun = null;
    if (current === null || current !== client) throw new DatabaseGone('the connection broke inside a transaction');
    return current;
  }

  async function clearAway(current: pg.Client, error: unknown): Promise<never> {
    if (isServerFault(error)) {
      forget(current);
      void current.end().catch(ignoreBrokenConnection);
      throw asGone(error);
    }
    // The failed transaction must not stay open under the next group.
    await current.query(words.rollback.statement.text).catch(() => forget(current));
    throw error;
  }

  return {
    ask: async (calls) => send(await connect(), calls),
    begin: async (calls) => {
      const current = await connect();
      const results = await send(current, [words.begin, ...calls]);
      begun = current;
      return results.slice(1);
    },
    proceed: async (calls) => {
      const current = leaveTransaction();
      const results = await send(current, calls);
      begun = current;
      return results;
    },
    finish: async (calls) => committed(await send(leaveTransaction(), [...calls, words.commit]), words),
    transact: async (calls) =>
      committed(await send(await connect(), [words.begin, ...calls, words.commit]), words).slice(1),
    rollback: async () => {
      const current = begun;
      begun = null;
      if (current !== null && current === client) await send(current, [words.rollback]);
    },
    connect: async () => {
      await connect();
    },
    run: async (command) => {
      await send(await connect(), [command]);
    },
    close: async () => {
      const current = client;
      client = null;
      isClosed = true;
      await Promise.allSettled(connecting);
      await current?.end().catch(ignoreBrokenConnection);
    },
  };
}

/** A COMMIT of a failed transaction answers ROLLBACK without an error. */
function committed(results: pg.QueryResult[], words: TransactionWords): pg.QueryResult[] {
  const last = results.at(-1);
  if (last?.command !== words.committed)
    throw new Error(`invariant broken: the transaction ended with ${last?.command}`);
  return results.slice(0, -1);
}

async function prepareAll(client: pg.Client, statements: readonly Statement[]): Promise<void> {
  const calls = statements.map((statement) => ({ statement, values: [...statement.empty] }));
  await runCalls(client, [BEGIN, ...calls, ROLLBACK]);
  await runCalls(client, [BEGIN, COMMIT]);
}

/** A command without parameters. */
export function commandCall(name: string, text: string): PreparedCall {
  return { statement: { name, text, empty: [] }, values: [] };
}

export const BEGIN = commandCall('begin', 'begin');
const COMMIT = commandCall('commit', 'commit');
const ROLLBACK = commandCall('rollback', 'rollback');

const TRANSACTION: TransactionWords = { begin: BEGIN, commit: COMMIT, rollback: ROLLBACK, committed: 'COMMIT' };

function isServerFault(error: unknown): boolean {
  const state = sqlState(error);
  return state === undefined || SERVER_STATES.has(state) || SERVER_CLASSES.has(state.slice(0, 2));
}

function asGone(error: unknown): DatabaseGone {
  return new DatabaseGone(error instanceof Error ? error.message : String(error), { cause: error });
}

/** Ending a connection that is broken already may fail; there is nothing left to end. */
function ignoreBrokenConnection(): void {}
