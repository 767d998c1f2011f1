import { describe, expect, it } from 'vitest';
import { formatPeers, type PeerRun, STORED, summarisePeers } from './peers-table.ts';

/** A round of a cell: so many leads in one second, and what they took of the server and of PostgreSQL. */
function runOf(peer: string, round: number, given: { leads: number; nodeUs: number; postgresUs?: number }): PeerRun {
  const { leads, nodeUs, postgresUs } = given;
  return {
    cell: { peer, variant: peer === 'one-insert' ? STORED : 'rejected', connections: 16 },
    round,
    residentMiB: 100,
    report: {
      requests: leads,
      requestsInAll: leads,
      unexpected: 0,
      unexpectedSample: null,
      windowMs: 1000,
      p50Ms: 1,
      p99Ms: 2,
      cpuUs: { node: nodeUs * leads, ...(postgresUs !== undefined && { postgres: postgresUs * leads }) },
      loadCpuUs: 0,
    },
  };
}

describe('the table of peers', () => {
  it('compares each peer with Sluice in the same round, so that a slow minute touches both', () => {
    const rows = summarisePeers([
      runOf('sluice', 0, { leads: 1000, nodeUs: 200, postgresUs: 100 }),
      runOf('by-hand', 0, { leads: 500, nodeUs: 400, postgresUs: 200 }),
      runOf('sluice', 1, { leads: 100, nodeUs: 200, postgresUs: 100 }),
      runOf('by-hand', 1, { leads: 50, nodeUs: 400, postgresUs: 200 }),
    ]);
    expect(rows.map(({ sluiceSpeed, sluiceCpu }) => [sluiceSpeed, sluiceCpu])).toEqual([
      [1, 1],
      [2, 0.5],
    ]);
  });

  it('compares the one that only stores with each variant', () => {
    const rows = summarisePeers([
      runOf('sluice', 0, { leads: 1000, nodeUs: 200, postgresUs: 100 }),
      runOf('one-insert', 0, { leads: 4000, nodeUs: 100, postgresUs: 50 }),
    ]);
    expect(rows[1]).toMatchObject({ variant: 'stored / rejected', sluiceSpeed: 0.25, sluiceCpu: 2 });
  });

  it('shows no CPU of a database for a server without one', () => {
    const rows = summarisePeers([
      runOf('sluice', 0, { leads: 1000, nodeUs: 200, postgresUs: 100 }),
      runOf('node-red-memory', 0, { leads: 1000, nodeUs: 600 }),
    ]);
    expect(rows[1]).toMatchObject({ postgresUs: null, sluiceCpu: 0.5 });
    expect(formatPeers(rows)).toContain('| 600 | – | 100 | × 1.00 | × 0.50 |');
  });

  it('refuses a cell without requests, and names it', () => {
    expect(() => summarisePeers([runOf('by-hand', 0, { leads: 0, nodeUs: 1 })])).toThrow(
      /by-hand rejected at 16 connections: no request was answered/,
    );
  });
});
