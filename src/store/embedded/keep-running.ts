import type { Result } from '../../lib/result.ts';
import type { StartRefusal } from '../start-refusal.ts';
import { isRunning, type Postmaster, stopPostmaster } from './postmaster.ts';

/** How soon a dead server is noticed, and the pause between attempts to start it again. */
const LOOK_MS = 1_000;

/**
 * Starts a server that died without being asked to (the system ended it for memory, somebody killed it) again, at
 * most once a second, until it is stopped. PostgreSQL restarts single backends itself; only its first process needs us.
 */
export function keepRunning(options: {
  postmaster: Postmaster;
  start: () => Promise<Result<Postmaster, StartRefusal>>;
  report: (sentence: string) => void;
}): { stop(): Promise<void> } {
  let current = options.postmaster;
  let restart: Promise<void> | undefined;

  async function startAgain(): Promise<void> {
    options.report(`PostgreSQL (pid ${current.pid}) ended and is started again.`);
    const started = await options.start();
    if (started.ok) current = started.value;
    options.report(started.ok ? `PostgreSQL runs again (pid ${current.pid}).` : started.error.message);
  }

  const timer = setInterval(() => {
    if (restart || isRunning(current)) return;
    restart = startAgain().finally(() => {
      restart = undefined;
    });
  }, LOOK_MS);

  return {
    async stop() {
      clearInterval(timer);
      await restart;
      await stopPostmaster(current);
    },
  };
}
