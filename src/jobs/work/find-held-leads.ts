import type { QueueRow } from '../job-row.ts';

/** What the job is asked, as it is stored. */
export interface FindHeldLeadsInput {
  holdId: string;
}

/** Pages of one job: 100 million leads. */
const PAGES_MAX = 1_000_000;

export const findHeldLeads: QueueRow = {
  name: 'find-held-leads',
  does: 'Finds the leads of a person under a legal hold: `POST /privacy/holds`. Later leads are found each night, before anything is deleted.',
  when: 'queue',
  where: 'one node',
  timeoutMs: 12 * 3_600_000,
  attemptsMax: 25,
  failures: [],
  run: async (job, { privacy }) => {
    const { holdId } = job.input as FindHeldLeadsInput; // written by the request
    let after = job.checkpoint as string | null; // its own, written below
    let [done, held] = [job.done, job.counters['held'] ?? 0];
    for (let page = 0; page < PAGES_MAX && !job.signal.aborted; page += 1) {
      const looked = await privacy.searchHold({ accountId: job.accountId, id: holdId }, { after, now: job.now() });
      if (looked === null) return;
      after = looked.after;
      done += looked.looked;
      held += looked.found;
      await job.write({ checkpoint: after, total: null, done, counters: { held, not_concerned: done - held } });
    }
  },
};
