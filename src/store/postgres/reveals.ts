import type pg from 'pg';
import type { RevealStore } from '../../access/reveal-store.ts';
import type { RecordChange } from './activity.ts';

/** One row of the activity log; a lead has no name. */
export function createRevealStore(pool: pg.Pool, record: RecordChange): RevealStore {
  return {
    record: ({ accountId, leadId }) =>
      record(pool, accountId, {
        ...{ kind: 'lead', action: 'reveal', subject: { id: leadId, name: null }, before: null, after: null },
      }),
  };
}
