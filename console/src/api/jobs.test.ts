import { expect, it, vi } from 'vitest';
import type { Job } from '../../../client/src/client.ts';

// The client of the console is made for the page it is on.
vi.stubGlobal('window', { location: { origin: 'http://127.0.0.1:1' } });
const { describeJob } = await import('./jobs.ts');

const job = (parts: Partial<Job>) =>
  ({ state: 'done', counters: {}, reason: null, progress: { done: 0, total: null }, ...parts }) as Job;

it.each([
  ['how far it is', job({ state: 'running', progress: progressOf(1_200, 5_000) }), '1,200 of 5,000'],
  ['what it has done of what it cannot count', job({ state: 'running', progress: progressOf(7, null) }), '7'],
  [
    'what came of its pieces, not that it ended',
    job({ state: 'failed', counters: { imported: 0, rejected: 6 } }),
    '6 rejected',
  ],
  ['why it did nothing', job({ state: 'failed', reason: 'The file is empty.' }), 'The file is empty.'],
])('a job tells %s', (_, given, text) => {
  expect(describeJob(given)).toBe(text);
});

function progressOf(done: number, total: number | null): Job['progress'] {
  return { done, total, rate_per_second: null, eta_seconds: null };
}
