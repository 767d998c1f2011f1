import { treePids } from '../../bench/cpu.ts';
import type { ServerProcess } from '../../bench/sluice-server.ts';
import { mixOf } from './flows.ts';
import { pause, type Stage, signal, until, untilRecovered } from './stage.ts';
import { startTraffic } from './traffic.ts';

/**
 * The database is killed alone, over and over, under a server that lives on: what was under way keeps its result in
 * memory and settles when the database is back, what is new is refused, and nothing is forgotten or done twice.
 */
export async function outliveDatabase(options: {
  stage: Stage;
  server: ServerProcess;
  connections: number;
}): Promise<void> {
  const { stage, server, connections } = options;
  const { ledger, flows } = stage;
  const traffic = await startTraffic({ port: server.port, paths: mixOf(flows), connections, ledger });
  for (let loss = 1; loss <= LOSSES; loss += 1) {
    await pause(LOAD_MS);
    for (const pid of treePids(server.postmasterPid())) signal(pid, 'SIGKILL');
    const told = ledger.acknowledged.size;
    const startedAt = performance.now();
    if (!(await until(async () => ledger.acknowledged.size > told + connections, BACK_MS_MAX)))
      throw new Error(`no lead was taken for ${BACK_MS_MAX / 1000} s after the database was killed`);
    console.log(
      `database killed alone, ${loss}: leads are taken again after ${Math.round(performance.now() - startedAt)} ms`,
    );
  }
  await traffic.drain();
  await stage.withDatabase(untilRecovered);
}

const LOSSES = 3;
const LOAD_MS = 1_000;
const BACK_MS_MAX = 30_000;
