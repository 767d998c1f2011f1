import { describe, expect, it } from 'vitest';
import type { Job } from './job.ts';
import { judgeJob, measurePace } from './judge-job.ts';

const isFailure = (outcome: string) => outcome !== 'success';

describe('judgeJob', () => {
  it.each([
    { counters: { success: 6 }, state: 'done' },
    { counters: { success: 5, error: 1 }, state: 'done_with_failures' },
    { counters: { error: 4, refused: 2 }, state: 'failed' },
    { counters: {}, state: 'done' },
  ])('$counters is $state', ({ counters, state }) => {
    expect(judgeJob(counters, isFailure).state).toBe(state);
  });

  it('counts what failed of all', () => {
    expect(judgeJob({ success: 5, error: 1, refused: 2 }, isFailure)).toMatchObject({ failed: 3, all: 8 });
  });
});

describe('measurePace', () => {
  const running = { state: 'running', total: 100, done: 30, begunAt: 0, begunDone: 10, updatedAt: 10_000 } as Job;

  it('is that of the attempt under way', () => {
    expect(measurePace(running)).toEqual({ ratePerSecond: 2, etaSeconds: 35 });
  });

  it.each([
    { name: 'nothing was done yet', job: { done: 10 } },
    { name: 'it waits', job: { state: 'queued' } },
    { name: 'it has ended', job: { state: 'done' } },
  ])('is not known while $name', ({ job }) => {
    expect(measurePace({ ...running, ...job } as Job)).toEqual({ ratePerSecond: null, etaSeconds: null });
  });

  it('gives no remaining time for an unknown total', () => {
    expect(measurePace({ ...running, total: null })).toEqual({ ratePerSecond: 2, etaSeconds: null });
  });
});
