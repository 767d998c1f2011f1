import { LOOK_EVERY_MS } from '../../retries/retry-runner.ts';
import type { EveryRow } from '../job-row.ts';

export const retries: EveryRow = {
  name: 'retries',
  does: 'Claims deliveries that are due to be tried again. They are part of the lead’s protocol, not of the queue.',
  when: 'every',
  everyMs: LOOK_EVERY_MS,
  where: 'each node',
  timeoutMs: 10_000,
  run: async ({ clockProblem, runDueRetries }) => {
    // An attempt counts in the windows of its own instant, so it waits for the right time as a new lead does.
    if (clockProblem() === undefined) await runDueRetries();
    return undefined;
  },
};
