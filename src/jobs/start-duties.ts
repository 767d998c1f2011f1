import type { Clock } from '../lib/clock.ts';
import { type Loop, startLoop } from '../lib/loop.ts';
import type { Log } from '../observe/log.ts';
import type { DutyCounts, DutyDeps, EveryRow } from './job-row.ts';

export interface DutyTools {
  clock: Pick<Clock, 'monotonic'>;
  startTimer(ms: number, onEnd: () => void): () => void;
  /** What may be logged of an error. */
  kindOf(error: unknown): string;
  log: Log;
}

/**
 * Starts a loop for each row: a slow or failing one holds up no other. `pace` divides the pauses: a test that waits for
 * duties gives more than 1.
 */
export function startDuties(
  rows: readonly EveryRow[],
  context: { deps: DutyDeps; tools: DutyTools; pace?: number | undefined },
): Loop[] {
  const { deps, tools, pace = 1 } = context;
  const { log, kindOf } = tools;
  return rows.map((row) =>
    startLoop({
      everyMs: row.everyMs / pace,
      run: () => runLogged(row, { run: () => row.run(deps), tools }),
      onFailing: (error) => log.warn({ job: row.name, cause: kindOf(error) }, 'a background duty fails; it is retried'),
      onRecovered: () => log.info({ job: row.name }, 'a background duty works again'),
    }),
  );
}

/**
 * Runs a duty and writes its line: of what it did, or for debugging that it did nothing. One that takes longer than its
 * bound is reported while it still runs; it cannot be ended from outside. Rejects as the duty does.
 */
export async function runLogged(
  { name, timeoutMs }: { name: string; timeoutMs: number },
  { run, tools }: { run(): Promise<DutyCounts>; tools: DutyTools },
): Promise<void> {
  const { clock, log, startTimer } = tools;
  const startedAt = clock.monotonic();
  const callOff = startTimer(timeoutMs, () =>
    log.warn({ job: name, bound_ms: timeoutMs }, 'a background duty exceeds its time limit'),
  );
  try {
    const counts = await run();
    const line = { job: name, ms: Math.round(clock.monotonic() - startedAt), ...counts };
    if (counts) log.info(line, 'job');
    else log.debug(line, 'job');
  } finally {
    callOff();
  }
}
