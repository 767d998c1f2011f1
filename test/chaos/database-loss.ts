import { treePids } from '../../bench/cpu.ts';
import type { ServerProcess } from '../../bench/sluice-server.ts';
import { firstIdAt } from '../../src/lib/ids.ts';
import { mixFlows } from './flows.ts';
import type { Moment } from './print.ts';
import {
  countRuns,
  countUnacknowledged,
  killAll,
  makeRetriesDue,
  type Stage,
  signal,
  until,
  untilRecovered,
} from './stage.ts';
import { startTraffic } from './traffic.ts';

/**
 * Two servers under load share one PostgreSQL, which is killed alone: what was being committed is in doubt. What was under way keeps its result in memory and settles when the database is back, what is new
 * is refused. Then the second server is killed alone, and the first settles its leads.
 */
export async function outliveDatabase(options: {
  stage: Stage;
  /** Owns the database. */
  server: ServerProcess;
  /** Started again when it was killed. */
  second: ServerProcess;
  connections: number;
}): Promise<{ second: ServerProcess; moment: Moment; backMs: number }> {
  const { stage, server, second, connections } = options;
  const { ledger, flows } = stage;
  const paths = mixFlows(flows);
  const firstId = firstIdAt(Date.now());
  const half = Math.ceil(connections / 2);
  const traffic = await startTraffic({ port: server.port, paths, connections: half, ledger });
  const secondTraffic = await startTraffic({ port: second.port, paths, connections: half, ledger });
  const moment = await stage.withDatabase(async (db) => {
    let found: Moment = { claimed: 0, further: 0, settled: 0, attempts: 0 };
    const isRipe = async (): Promise<boolean> => {
      await makeRetriesDue(db);
      const { claimed, further, attempts } = await countRuns(db);
      found = { claimed, further, attempts, settled: await countUnacknowledged(db, ledger, firstId) };
      return attempts > 0 && Math.min(claimed, further) >= RUNS_MIN;
    };
    await until(isRipe, RIPE_MS_MAX);
    for (const pid of treePids(server.postmasterPid())) signal(pid, 'SIGKILL');
    return found;
  });
  const acknowledgedBefore = ledger.acknowledged.size;
  const startedAt = performance.now();
  if (!(await until(async () => ledger.acknowledged.size > acknowledgedBefore + connections, BACK_MS_MAX)))
    throw new Error(`no lead was taken for ${BACK_MS_MAX / 1000} s after the database was killed`);
  const backMs = Math.round(performance.now() - startedAt);
  await killAll(second);
  await secondTraffic.lost;
  await traffic.drain();
  await stage.withDatabase(untilRecovered);
  return { second: await stage.startServer(), moment, backMs };
}

const RUNS_MIN = 20;
const RIPE_MS_MAX = 10_000;
const BACK_MS_MAX = 30_000;
