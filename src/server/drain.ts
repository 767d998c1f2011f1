import type { Log } from '../observe/log.ts';
import type { PhaseDeps } from '../pipeline/phase.ts';
import type { ServerParts } from './server-parts.ts';

/** Lets the leads under way end, and what they left be stored. No new one may come in any more. */
export async function drainLeads({ admission, phases, retries, runStore }: ServerParts, log: Log): Promise<void> {
  await admission.emptied();
  await within(phases, retries.drained());
  // A process must end although its database never comes back. Leads still unsaved then are settled by recovery.
  if (!(await within(phases, runStore.drained())))
    log.error({ leads: runStore.size() }, 'the database is unreachable: the outcomes of these leads are not stored');
}

/** Waits as long as a sender would at most; returns whether it was enough. */
export function within({ startTimer, settleWaitMs }: PhaseDeps, ended: Promise<void>): Promise<boolean> {
  return new Promise((resolve) => {
    const callOff = startTimer(settleWaitMs, () => resolve(false));
    void ended.then(() => {
      callOff();
      resolve(true);
    });
  });
}
