import { describe, expect, it } from 'vitest';
import type { Cell, Run } from './intake.ts';
import { summarise } from './intake-table.ts';

/** A run of a cell whose server answered so many requests in one second. */
function runOf(cell: Partial<Cell>, requests: number): Run {
  return {
    cell: { variant: 'sluice', workload: 'rejected', node: 'v20.1.0', connections: 64, ...cell },
    report: {
      requests,
      requestsInAll: requests,
      unexpected: 0,
      unexpectedSample: null,
      windowMs: 1000,
      p50Ms: 1,
      p99Ms: 2,
      cpuUs: { node: 500_000, postgres: 100_000 },
      loadCpuUs: 10_000,
    },
  };
}

describe('the table of the intake', () => {
  it('refuses a cell without requests, and names it', () => {
    expect(() => summarise([runOf({}, 900), runOf({ workload: 'delivered' }, 0)])).toThrow(
      /sluice delivered v20\.1\.0 64: no request was answered/,
    );
  });

  it('has the median of the rounds', () => {
    const cells = summarise([runOf({}, 400), runOf({}, 1000), runOf({}, 500)]);
    expect(cells).toMatchObject([{ requestsPerSecond: 500, nodeUsPerRequest: 1000, rounds: [400, 1000, 500] }]);
  });

  it('compares a server with the raw one under the same Node', () => {
    const cells = summarise([
      runOf({ variant: 'raw' }, 10_000),
      runOf({ variant: 'raw', node: 'v24.1.0' }, 20_000),
      runOf({}, 1000),
      runOf({ node: 'v24.1.0' }, 1000),
    ]);
    expect(cells.map(({ ratioToRaw }) => ratioToRaw)).toEqual([1, 1, 0.1, 0.05]);
  });
});
