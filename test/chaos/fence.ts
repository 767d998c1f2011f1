import type pg from 'pg';
import type { ServerProcess } from '../../bench/sluice-server.ts';
import { mixFlows } from './flows.ts';
import { countRuns, isRecovered, makeRetriesDue, pause, type Stage, signal, until, untilRecovered } from './stage.ts';
import { startTraffic } from './traffic.ts';

/**
 * The fence: a process is stopped (as a paused virtual machine is) in the middle of deliveries until its lease has run
 * out, and another takes its leads over and settles them. Then it wakes up, finds the recipients' answers in its
 * sockets, and wants to go on where it was. It may settle nothing and send nothing any more.
 */
export async function outliveLease(options: {
  stage: Stage;
  server: ServerProcess;
  connections: number;
}): Promise<void> {
  const { stage, server: sleeper, connections } = options;
  const survivor = await stage.startServer();
  const { ledger, flows } = stage;
  const paths = mixFlows(flows);
  const sleepersTraffic = await startTraffic({ port: sleeper.port, paths, connections, ledger });
  await stage.withDatabase(async (db) => {
    const isRipe = async (): Promise<boolean> => {
      await makeRetriesDue(db);
      const { claimed, attempts } = await countRuns(db);
      return claimed >= CLAIMED_MIN && attempts > 0;
    };
    await until(isRipe, RIPE_MS_MAX);
    const isInside = await until(() => stopInTransaction(db, sleeper), STOP_MS_MAX);
    if (!isInside) signal(sleeper.pid, 'SIGSTOP');
    const { claimed, further, attempts } = await countRuns(db);
    console.log(
      `stopped one of two processes ${isInside ? 'inside' : 'outside'} a transaction, with ${claimed} leads past their claim, ${further} of them past a further one, and ${attempts} attempts to deliver again`,
    );
    const recoveryMs = await untilRecovered(db);
    console.log(`the other had settled them after ${recoveryMs} ms`);
  });
  // The places that came back are taken by others before the sleeper wakes up.
  const survivorsTraffic = await startTraffic({
    port: survivor.port,
    paths,
    connections: SURVIVOR_CONNECTIONS,
    ledger,
  });
  await pause(SURVIVOR_MS);
  signal(sleeper.pid, 'SIGCONT');
  await sleepersTraffic.drain();
  await survivorsTraffic.drain();
  // Without the fence a counter is settled twice, and the schema keeps the second settlement out: its run row stays.
  await stage.withDatabase(isRecovered);
  await survivor.stop();
}

/**
 * Stops the process; lets it go on and answers false when it holds no locks: the worst moment to be stopped at is
 * between two packets of a transaction, with every counter of its group locked. Only a group that competes for a place
 * takes two packets, so it may not be met.
 */
async function stopInTransaction(db: pg.Client, sleeper: ServerProcess): Promise<boolean> {
  signal(sleeper.pid, 'SIGSTOP');
  await pause(STATEMENT_MS);
  const { rowCount } = await db.query(
    "select from pg_stat_activity where application_name = 'sluice commit' and state = 'idle in transaction'",
  );
  if (rowCount === 1) return true;
  signal(sleeper.pid, 'SIGCONT');
  return false;
}

/** What the database is still doing for the stopped process ends within this. */
const STATEMENT_MS = 10;
const STOP_MS_MAX = 20_000;
const CLAIMED_MIN = 40;
const RIPE_MS_MAX = 10_000;
const SURVIVOR_CONNECTIONS = 32;
const SURVIVOR_MS = 1_000;
