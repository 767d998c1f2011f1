import { readFileSync } from 'node:fs';
import type pg from 'pg';
import type { ReadingRequest } from './reading-requests.ts';
import type { ServerProcess } from './sluice-server.ts';

export interface ReadingOptions {
  /** Of a database that `npm run seed` has filled; absent: one of `leads` leads is made and removed again. */
  dataDir?: string;
  leads: number;
  /** How often each request is sent. */
  rounds: number;
  /** Of each window with submissions; 0: none is measured. */
  seconds: number;
  /** Rows of the export; 0: none is made. */
  exportRows: number;
  /** Times are promised on a quiet machine, ratios everywhere. */
  ratiosOnly: boolean;
}

/** All times of one request. */
export interface Read {
  request: ReadingRequest;
  ms: number[];
  /** CPU of each, µs, on average. */
  serverUs: number;
  postgresUs: number;
}

/** A server on a seeded database. */
export interface ReadingStage {
  server: ServerProcess;
  db: pg.Client;
}

/** Sends one request and reads all of its answer; ms. */
export async function read(
  { port, apiKey }: Pick<ServerProcess, 'port' | 'apiKey'>,
  request: ReadingRequest,
): Promise<number> {
  const { method, path, body } = request;
  const startedAt = performance.now();
  const answer = await fetch(`http://127.0.0.1:${port}${path}`, {
    method,
    headers: {
      Authorization: `Basic ${Buffer.from(`api:${apiKey}`).toString('base64')}`,
      ...(body !== undefined && { 'Content-Type': 'application/json' }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  const ms = performance.now() - startedAt;
  if (answer.status !== 200) throw new Error(`${method} ${path} was answered ${answer.status}: ${text.slice(0, 300)}`);
  return ms;
}

/** Of the process alone, without its PostgreSQL. */
export function readRssMib(pid: number): number {
  const line = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
  return Math.round(Number(line?.[1] ?? 0) / 1024);
}
