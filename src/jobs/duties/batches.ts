import { LOOK_EVERY_MS } from '../../batches/batch-runner.ts';
import type { EveryRow } from '../job-row.ts';

export const batches: EveryRow = {
  name: 'batches',
  does: 'Begins the runs of [batches](../guides/batches.md) that are due: by their schedule, because a file is to be sent again, or because somebody asked. Each runs in one process.',
  when: 'every',
  everyMs: LOOK_EVERY_MS,
  where: 'each node',
  timeoutMs: 10_000,
  run: async ({ clockProblem, runDueBatches }) => {
    // A schedule goes by the right time.
    const begun = clockProblem() === undefined ? await runDueBatches() : 0;
    return begun > 0 ? { begun } : undefined;
  },
};
