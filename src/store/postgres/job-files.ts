import type pg from 'pg';
import type { JobFileStore } from '../../jobs/job-files.ts';
import { assert } from '../../lib/assert.ts';
import type { ByteBox } from '../secret-box.ts';

/** More than the bounds of any file make. */
const PARTS_MAX = 10_000;

/** Files of jobs on PostgreSQL, part by part along the primary key: a process holds one part of a file at a time. */
export function createJobFileStore(pool: pg.Pool, box: ByteBox): JobFileStore {
  return {
    append: async ({ accountId, id, part, content, now }) => {
      await pool.query(
        'insert into job_files (account_id, job_id, part, content, created_at) values ($1, $2, $3, $4, $5)',
        [accountId, id, part, box.sealBytes(content, jobFileContext(id, part)), new Date(now)],
      );
    },
    read: async function* ({ accountId, id }) {
      for (let part = 0; part < PARTS_MAX; part += 1) {
        const { rows } = await pool.query<{ content: Buffer }>(
          'select content from job_files where account_id = $1 and job_id = $2 and part = $3',
          [accountId, id, part],
        );
        const [stored] = rows;
        if (!stored) return;
        const opened = box.openBytes(stored.content, jobFileContext(id, part));
        assert(opened, `part ${part} of the file of job ${id} was sealed with this key`);
        yield opened;
      }
    },
    remove: async ({ accountId, id }) => {
      await pool.query('delete from job_files where account_id = $1 and job_id = $2', [accountId, id]);
    },
  };
}

/** Where a part of a sealed file belongs. */
export function jobFileContext(jobId: string, part: number): string {
  return `job_file:${jobId}:${part}`;
}
