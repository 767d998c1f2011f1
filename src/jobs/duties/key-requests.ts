import type { EveryRow } from '../job-row.ts';

export const keyRequests: EveryRow = {
  name: 'key-requests',
  does: 'Writes what API keys have asked for since to the request log; says how many requests found no place in the queue.',
  when: 'every',
  everyMs: 1_000,
  where: 'each node',
  timeoutMs: 30_000,
  run: async ({ writeKeyRequests, log }) => {
    const { skipped } = await writeKeyRequests();
    if (skipped > 0) log.warn({ job: 'key-requests', skipped }, 'requests of API keys are missing in the request log');
    return undefined;
  },
};
