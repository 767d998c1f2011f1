import { LOOK_EVERY_MS } from '../../outbox/outbox-sender.ts';
import type { EveryRow } from '../job-row.ts';

export const outbox: EveryRow = {
  name: 'outbox',
  does: 'Takes the buckets and webhooks that events wait for and that no other server sends to, and sends to them until nothing waits, they fail, or others have their turn.',
  when: 'every',
  everyMs: LOOK_EVERY_MS,
  where: 'each node',
  timeoutMs: 10_000,
  run: async ({ sendOutbox }) => {
    const channels = await sendOutbox();
    return channels > 0 ? { channels } : undefined;
  },
};
