import { RECOVER_EVERY_MS } from '../../store/recovery.ts';
import type { EveryRow } from '../job-row.ts';

export const recovery: EveryRow = {
  name: 'recovery',
  does: 'Settles leads whose process has stopped, as `error` with what may have been delivered.',
  when: 'every',
  everyMs: RECOVER_EVERY_MS,
  where: 'each node',
  timeoutMs: 30_000,
  run: async ({ recoverLeads }) => {
    const leads = await recoverLeads();
    return leads > 0 ? { leads } : undefined;
  },
};
