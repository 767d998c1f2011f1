import type { EveryRow } from '../job-row.ts';

export const queue: EveryRow = {
  name: 'queue',
  does: 'Takes work from the queue, again after the database was away; frees work of processes that are gone, and fails jobs that were begun too often.',
  when: 'every',
  everyMs: 5_000,
  where: 'each node',
  timeoutMs: 30_000,
  run: async ({ ensureQueue, tables }) => {
    await ensureQueue();
    const freed = await tables.freeWork();
    const failed = await tables.failAbandoned();
    return freed + failed > 0 ? { processes_freed: freed, jobs_failed: failed } : undefined;
  },
};
