import { IDLE_MS_MAX, SESSION_MS_MAX } from '../../access/users/sessions.ts';
import type { CronRow } from '../job-row.ts';

export const endedSessions: CronRow = {
  name: 'ended-sessions',
  does: 'Deletes ended sessions and expired invitations.',
  when: 'cron',
  cron: '5 4 * * *',
  where: 'one node',
  timeoutMs: 600_000,
  attemptsMax: 3,
  run: async ({ tables }) => ({
    sessions: await tables.sweepSessions({ idleMs: IDLE_MS_MAX, ageMs: SESSION_MS_MAX }),
    invitations: await tables.sweepInvitations(),
  }),
};
