import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { parseCronItems } from 'graphile-worker';
import { describe, expect, it } from 'vitest';
import { packageRoot } from '../package-root.ts';
import { RENEW_EVERY_MS } from '../store/lease.ts';
import { CRON_ROWS, JOBS } from './jobs.ts';

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

  it('renews the lease as often as it must be', () => {
    expect(JOBS.find(({ name }) => name === 'lease')).toMatchObject({ when: 'every', everyMs: RENEW_EVERY_MS });
  });
});
