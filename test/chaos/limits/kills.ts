import type pg from 'pg';
import { treePids } from '../../../bench/cpu.ts';
import type { ServerProcess } from '../../../bench/sluice-server.ts';
import { countRuns, killAll, pause, type Stage, signal, until } from '../stage.ts';
import type { Ledger } from '../traffic.ts';

/** What was killed, and how long the others needed. */
export interface NodeLoss {
  what: 'server' | 'database';
  /** Leads under way when it was killed. */
  running: number;
  /** Until no run of the dead process was left; null: no process was killed. */
  deadHoldsMs: number | null;
  /** Until leads were taken again; null: they never ceased to be. */
  backMs: number | null;
}

const RECOVERY_MS_MAX = 60_000;
const BACK_MS_MAX = 60_000;
const POLL_MS = 100;
/** Answers after the database died that show that it is back. */
const ANSWERS_MIN = 100;

/** SIGKILL to one server under load; it is started again when the others have settled what it had under way. */
export async function killServer(options: {
  db: pg.Client;
  stage: Stage;
  servers: ServerProcess[];
  index: number;
}): Promise<NodeLoss> {
  const { db, stage, servers, index } = options;
  const victim = servers[index];
  if (!victim) throw new Error(`there is no server ${index}`);
  const { rows } = await db.query<{ id: string }>('select id from nodes where pid = $1', [victim.pid]);
  const nodeId = rows[0]?.id ?? '';
  await killAll(victim);
  const startedAt = performance.now();
  const countLeft = async (): Promise<number> => {
    const found = await db.query<{ left: number }>('select count(*)::int as left from runs where node_id = $1', [
      nodeId,
    ]);
    return found.rows[0]?.left ?? 0;
  };
  const running = await countLeft();
  await until(async () => {
    await pause(POLL_MS);
    return (await countLeft()) === 0;
  }, RECOVERY_MS_MAX);
  const deadHoldsMs = Math.round(performance.now() - startedAt);
  servers[index] = await stage.startServer();
  return { what: 'server', running, deadHoldsMs, backMs: null };
}

/** SIGKILL to all processes of PostgreSQL under load; the server that owns it starts it again. */
export async function killDatabase(options: {
  db: pg.Client;
  server: ServerProcess;
  ledger: Ledger;
}): Promise<NodeLoss> {
  const { db, server, ledger } = options;
  const { all } = await countRuns(db);
  for (const pid of treePids(server.postmasterPid())) signal(pid, 'SIGKILL');
  const acknowledgedBefore = ledger.acknowledged.size;
  const startedAt = performance.now();
  const isBack = async () => ledger.acknowledged.size > acknowledgedBefore + ANSWERS_MIN;
  if (!(await until(isBack, BACK_MS_MAX)))
    throw new Error(`no lead was taken for ${BACK_MS_MAX / 1000} s after the database was killed`);
  return { what: 'database', running: all, deadHoldsMs: null, backMs: Math.round(performance.now() - startedAt) };
}
