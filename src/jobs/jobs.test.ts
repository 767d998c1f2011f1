import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { parseCronItems } from 'graphile-worker';
import { describe, expect, it } from 'vitest';
import { packageRoot } from '../package-root.ts';
import { RENEW_EVERY_MS } from '../store/lease.ts';
import { ATTEMPT_MS_MAX } from './job-row.ts';
import { CRON_ROWS, JOBS, QUEUE_ROWS } from './jobs.ts';

/** Fixed in graphile-worker (its `resetLockedAt`). */
const QUEUE_GIVES_OUT_AGAIN_MS = 4 * 3_600_000;

const filesOf = (folder: string) =>
  readdirSync(join(packageRoot, 'src', 'jobs', folder))
    .filter((file) => !file.endsWith('.test.ts'))
    .map((file) => file.replace(/\.ts$/, ''));

describe('the table of jobs', () => {
  it('has a row for every file, and a file for every row', () => {
    expect(JOBS.map(({ name }) => name).sort()).toEqual([...filesOf('duties'), ...filesOf('work')].sort());
  });

  it('has cron times that the queue can read', () => {
    expect(() => parseCronItems(CRON_ROWS.map(({ name, cron }) => ({ task: name, match: cron })))).not.toThrow();
  });

  it.each(['import-leads', 'import-list', 'import-feedback'])(
    'ends an attempt of %s before the queue gives it out again',
    (name) => {
      const timeoutMs = QUEUE_ROWS.find((row) => row.name === name)?.timeoutMs;
      expect(timeoutMs).toBe(ATTEMPT_MS_MAX);
      expect(timeoutMs).toBeLessThan(QUEUE_GIVES_OUT_AGAIN_MS);
    },
  );

  it('renews the lease as often as it must be', () => {
    expect(JOBS.find(({ name }) => name === 'lease')).toMatchObject({ when: 'every', everyMs: RENEW_EVERY_MS });
  });
});
