import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { treePids } from '../../bench/cpu.ts';
import { forkScript } from '../../bench/processes.ts';
import { type ServerProcess, startSluice } from '../../bench/sluice-server.ts';
import { openEmbeddedPostgres } from '../../src/store/embedded/embedded.ts';
import type { ChaosFlow } from './flows.ts';
import type { recipientHandlers } from './recipient.ts';
import { createLedger, type Ledger } from './traffic.ts';

/** What lasts through a whole run of chaos, whatever is killed in it. */
export interface Stage {
  ledger: Ledger;
  flows: ChaosFlow[];
  recipientUrl: string;
  recipientLogPath: string;
  startServer(): Promise<ServerProcess>;
  /** Calls `look` with a connection to the database; starts the database for as long as it looks when no server runs. */
  withDatabase<T>(look: (db: pg.Client) => Promise<T>): Promise<T>;
  /** Ends what still runs; the files stay, for a look at them, unless `isClean`. */
  end(options: { isClean: boolean }): Promise<void>;
}

/** Deliveries take up to this long, so that many are under way at any moment. */
const RECIPIENT_DELAY_MS_MAX = 150;

export async function setStage(switches: readonly string[]): Promise<Stage> {
  const home = mkdtempSync(join(tmpdir(), 'sluice-chaos-'));
  // The embedded server of a run by root runs as another user, who must be able to enter.
  chmodSync(home, 0o755);
  const dataDir = join(home, 'data');
  const recipientLogPath = join(home, 'recipient.log');
  const recipient = forkScript<typeof recipientHandlers>(new URL('./recipient.ts', import.meta.url));
  const servers: ServerProcess[] = [];
  const port = await recipient.ask('listen', { logPath: recipientLogPath, delayMsMax: RECIPIENT_DELAY_MS_MAX });
  return {
    ledger: createLedger(),
    flows: [],
    recipientUrl: `http://127.0.0.1:${port}`,
    recipientLogPath,
    async startServer() {
      const server = await startSluice({ dataDir, logPath: join(home, 'server.log'), switches, warmSeconds: 0 });
      servers.push(server);
      return server;
    },
    withDatabase: (look) => withDatabase(dataDir, look),
    async end({ isClean }) {
      for (const server of servers) if (!server.hasExited()) await killAll(server);
      await recipient.stop();
      if (isClean) rmSync(home, { recursive: true, force: true });
      else console.log(`the data, the server's log and the recipient's log are kept in ${home}`);
    },
  };
}

/** See `Stage.withDatabase`; of the database in `dataDir`. */
export async function withDatabase<T>(dataDir: string, look: (db: pg.Client) => Promise<T>): Promise<T> {
  const opened = await openEmbeddedPostgres({ dataDir });
  if (!opened.ok) throw new Error(opened.error.message);
  const db = new pg.Client(opened.value.connection);
  // The database may be killed while it is looked at: that is the point.
  db.on('error', () => {});
  try {
    await db.connect();
    return await look(db);
  } finally {
    await db.end().catch(() => undefined);
    await opened.value.stop();
  }
}

/** SIGKILL to the server and everything below it: all processes of its PostgreSQL too. Answers how many there were. */
export async function killAll(server: ServerProcess): Promise<number> {
  const pids = treePids(server.pid);
  for (const pid of pids) signal(pid, 'SIGKILL');
  await server.exited;
  return pids.length;
}

export function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    // ESRCH: a backend that ended between the listing and the signal.
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
}

const RECOVERY_MS_MAX = 40_000;
const POLL_MS = 20;

/** Waits until nothing is under way in any process; answers how long it took, ms. Throws when it takes too long. */
export async function untilRecovered(db: pg.Client): Promise<number> {
  const startedAt = performance.now();
  if (!(await isRecovered(db))) throw new Error(`runs are left after ${RECOVERY_MS_MAX / 1000} s`);
  return Math.round(performance.now() - startedAt);
}

/** The same for a run that may be broken: what is left is then for the verdicts to find. */
export function isRecovered(db: pg.Client): Promise<boolean> {
  return until(() => isAtRest(db), RECOVERY_MS_MAX);
}

/** No lead under way, no attempt either, and none that comes due while the books are read. */
async function isAtRest(db: pg.Client): Promise<boolean> {
  await db.query(`
    update retries set next_attempt_at = now() + interval '1 day'
    where status = 'waiting' and next_attempt_at < now() + interval '1 hour'`);
  const { rows } = await db.query<{ running: number }>(
    "select count(*)::int as running from retries where status = 'running'",
  );
  return rows[0]?.running === 0 && (await countRuns(db)).all === 0;
}

/** What waits to be tried again is due: a run has no time for a backoff. */
export async function makeRetriesDue(db: pg.Client): Promise<void> {
  await db.query("update retries set next_attempt_at = now() where status = 'waiting' and next_attempt_at > now()");
}

/** Asks again and again, at most for `msMax`; answers whether it became so. */
export async function until(isSo: () => Promise<boolean>, msMax: number): Promise<boolean> {
  const deadline = performance.now() + msMax;
  while (performance.now() < deadline) {
    if (await isSo()) return true;
    await pause(POLL_MS);
  }
  return false;
}

export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

export interface RunCounts {
  all: number;
  /** Leads that have claimed: they hold places and may have sent something. */
  claimed: number;
  /** Those of them with a further claim. */
  further: number;
  /** Later attempts to deliver. */
  attempts: number;
}

export async function countRuns(db: pg.Client): Promise<RunCounts> {
  const { rows } = await db.query<RunCounts>(`
    select count(*)::int as all,
      count(*) filter (where r.retry_id is null)::int as claimed,
      count(*) filter (where r.retry_id is null and i.lead_id is not null)::int as further,
      count(*) filter (where r.retry_id is not null)::int as attempts
    from runs r left join intents i on i.account_id = r.account_id and i.lead_id = r.lead_id and i.seq = 1`);
  return rows[0] ?? { all: 0, claimed: 0, further: 0, attempts: 0 };
}

/** Leads from an id on that are settled and whose sender got no answer. */
export async function countUnacknowledged(db: pg.Client, ledger: Ledger, firstId: string): Promise<number> {
  const { rows } = await db.query<{ id: string }>('select id from leads where id >= $1', [firstId]);
  return rows.filter(({ id }) => !ledger.acknowledged.has(id)).length;
}
