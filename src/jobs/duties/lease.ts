import { RENEW_EVERY_MS } from '../../store/lease.ts';
import type { EveryRow } from '../job-row.ts';

export const lease: EveryRow = {
  name: 'lease',
  does: 'Renews the lease of the process and compares its clock with the database’s. Without a lease for 10 s it sends nothing more.',
  when: 'every',
  everyMs: RENEW_EVERY_MS,
  where: 'each node',
  timeoutMs: RENEW_EVERY_MS,
  run: async ({ renewLease }) => {
    await renewLease();
    return undefined;
  },
};
