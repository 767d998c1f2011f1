import type { DutyDeps, EveryRow } from '../job-row.ts';

/** In each process: it must not depend on the queue. */
export const partitions: EveryRow = {
  name: 'partitions',
  does: 'Creates the partitions of the next 14 days, one a week or, where much comes in, one a day; and reports leads that are in none.',
  when: 'every',
  everyMs: 3_600_000,
  where: 'each node',
  timeoutMs: 60_000,
  run: async (deps) => {
    await makePartitions(deps);
    const leads = await deps.tables.countStrays();
    if (leads > 0) deps.log.error({ leads }, 'leads are outside the partitions: check the clocks of the servers');
    return undefined;
  },
};

/** Makes the partitions of the days ahead, and logs those that cannot be made yet. */
export async function makePartitions({ tables, log }: Pick<DutyDeps, 'tables' | 'log'>): Promise<void> {
  const unmade = await tables.makePartitions();
  if (unmade.length > 0) log.warn({ partitions: unmade }, 'these partitions could not be created yet');
}
