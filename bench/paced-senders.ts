import { performance } from 'node:perf_hooks';
import { setTimeout as pause } from 'node:timers/promises';
import { Pool } from 'undici';

/** One lead as its sender saw it. */
export interface SentLead {
  leadId: string;
  /** Of `values`, in the order they were sent. */
  index: number;
  status: number;
  outcome: string;
  ms: number;
  /** Epoch ms, with a fraction, when the whole answer was there. */
  answeredAt: number;
}

const TICK_MS = 5;
const CONNECTIONS_MAX = 2_000;

/** Sends leads at a fixed rate, however long the answers take; resolves when the last is answered. */
export async function sendPaced(options: {
  port: number;
  path: string;
  leadsPerSecond: number;
  /** At most; absent: until `over`. */
  seconds?: number;
  /** Ends it early. */
  over?: AbortSignal;
  /** The submitted values of lead `index`. */
  valuesOf(index: number): Record<string, string>;
}): Promise<SentLead[]> {
  const { port, path, leadsPerSecond, seconds = Number.POSITIVE_INFINITY, over, valuesOf } = options;
  const pool = new Pool(`http://127.0.0.1:${port}`, { connections: CONNECTIONS_MAX, pipelining: 1 });
  const count = Math.round(leadsPerSecond * seconds);
  const startedAt = performance.now();
  const sending: Promise<SentLead>[] = [];
  while (sending.length < count && over?.aborted !== true) {
    const due = Math.min(count, Math.floor(((performance.now() - startedAt) * leadsPerSecond) / 1000) + 1);
    while (sending.length < due) sending.push(sendOne(pool, { path, index: sending.length, valuesOf }));
    await pause(TICK_MS);
  }
  const sent = await Promise.all(sending);
  await pool.close();
  return sent;
}

async function sendOne(
  pool: Pool,
  { path, valuesOf, index }: { path: string; index: number; valuesOf(index: number): Record<string, string> },
): Promise<SentLead> {
  const startedAt = performance.now();
  const { statusCode, body } = await pool.request({
    method: 'POST',
    path,
    headers: { 'Content-Type': 'application/json', Accept: 'application/json' },
    body: JSON.stringify(valuesOf(index)),
  });
  // An edge: the answer of a source, as spec behaviour 3 has it; a 503 has no lead.
  const answer = (await body.json()) as { outcome?: string; lead?: { id?: string } };
  const endedAt = performance.now();
  return {
    leadId: answer.lead?.id ?? '',
    index,
    status: statusCode,
    outcome: answer.outcome ?? '',
    ms: endedAt - startedAt,
    answeredAt: performance.timeOrigin + endedAt,
  };
}
