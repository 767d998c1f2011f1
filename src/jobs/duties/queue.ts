import type { EveryRow } from '../job-row.ts';

export const queue: EveryRow = {
  name: 'queue',
  does: 'Takes work from the queue and reconnects to it; releases work of stopped processes, and fails jobs that were started too often.',
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
