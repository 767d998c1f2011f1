import { WATCH_EVERY_MS } from '../../alerts/cap-alert.ts';
import type { EveryRow } from '../job-row.ts';

export const capAlerts: EveryRow = {
  name: 'cap-alerts',
  does: 'Compares the counters of caps with the thresholds of accounts that want to be told, records what was reached once, and sends it until it is received.',
  when: 'every',
  everyMs: WATCH_EVERY_MS,
  where: 'each node',
  timeoutMs: 30_000,
  run: async ({ watchCaps }) => {
    const { recorded, sent, failed } = await watchCaps();
    return recorded + sent + failed > 0 ? { recorded, sent, failed } : undefined;
  },
};
