import type pg from 'pg';
import type { MetricGauges } from '../observe/metrics.ts';
import { countOpenWork, type OpenWork } from '../store/postgres/open-work.ts';
import type { ServerParts } from './server-parts.ts';

/** Counts of the database are asked for at most this often, however often the metrics are. */
const COUNTS_EVERY_MS = 10_000;

type Parts = Pick<
  ServerParts,
  'pool' | 'clock' | 'lease' | 'runStore' | 'recipientLimits' | 'running' | 'admission' | 'bodies' | 'readingTurns'
>;

/** What the metrics read when they are asked for: queues, pools and what waits for somebody. */
export function buildMetricGauges(parts: Parts): MetricGauges {
  const { pool, clock, lease, runStore, recipientLimits, running, admission, bodies, readingTurns } = parts;
  const readOpenWork = rememberOpenWork(pool, clock.monotonic);
  const sum = (read: (health: ReturnType<typeof recipientLimits.health>[number]) => number) =>
    recipientLimits.health().reduce((total, health) => total + read(health), 0);
  return {
    leads_running: { help: 'Leads between their first phase and their answer.', read: () => running.count() },
    leads_admitted: { help: 'Leads that hold a place of SLUICE_ADMISSION_MAX.', read: admission.count },
    store_queue: { help: 'Looks, claims and settlements that wait or are under way.', read: runStore.size },
    looks_waiting: {
      help: 'Looks at lists and caps that wait for their group or their answer; a part of store_queue.',
      read: () => runStore.sizes().look,
    },
    commits_waiting: {
      help: 'Claims and settlements that wait for their group or commit; a part of store_queue.',
      read: () => runStore.sizes().commit,
    },
    store_away: { help: '1 while the database is out of reach of leads.', read: () => Number(runStore.isAway()) },
    body_bytes: { help: 'Bytes of bodies that are read or handled.', read: bodies.bytes },
    readings_waiting: {
      help: 'Requests for pages, search and statistics that wait for their turn, because leads come in.',
      read: readingTurns.waiting,
    },
    recipient_requests_running: {
      help: 'Requests that wait for a recipient’s answer.',
      read: () => sum((h) => h.running),
    },
    recipient_requests_waiting: {
      help: 'Requests that wait for a place at their recipient.',
      read: () => sum((h) => h.waiting),
    },
    recipient_circuits_open: {
      help: 'Recipients whose circuit is not closed: nothing, or a probe only, is sent to them.',
      read: () => sum((h) => Number(h.state !== 'closed')),
    },
    lease_held: { help: '1 while this process may send.', read: () => Number(lease.isHeld()) },
    clock_refused: {
      help: '1 while no leads are taken because the clock is wrong.',
      read: () => Number(clock.problem() !== undefined),
    },
    pool_connections: { help: 'Connections of the API’s pool.', read: () => pool.totalCount },
    pool_waiting: { help: 'Queries that wait for a connection of it.', read: () => pool.waitingCount },
    retries_open: {
      help: 'Retries that wait or run, in the whole database.',
      read: async () => (await readOpenWork()).retries,
    },
    firehose_waiting: {
      help: 'Rows of the outbox that wait to be sent, one for each lead and bucket or webhook, in the whole database; 100,000 at most.',
      read: async () => (await readOpenWork()).outbox,
    },
    firehose_set_aside: {
      help: 'The same that were refused for what they are, and wait for POST /firehose/recover or /webhooks/{id}/recover.',
      read: async () => (await readOpenWork()).setAside,
    },
    firehose_failing: {
      help: 'Buckets and webhooks that take no events at the moment, in the whole database.',
      read: async () => (await readOpenWork()).failing,
    },
    digests_waiting: {
      help: 'Rows that statistics and search have not counted yet, in the whole database; 100,000 at most.',
      read: async () => (await readOpenWork()).digests,
    },
    digests_behind_seconds: {
      help: 'How far statistics and search are behind: the age of the oldest of them.',
      read: async () => (await readOpenWork()).digestsBehind,
    },
    unknowns_open: {
      help: 'Unresolved deliveries of unknown outcome, in the whole database.',
      read: async () => (await readOpenWork()).unknowns,
    },
  };
}

function rememberOpenWork(pool: pg.Pool, now: () => number): () => Promise<OpenWork> {
  let asked: { at: number; counts: Promise<OpenWork> } | undefined;
  return () => {
    if (asked && now() - asked.at < COUNTS_EVERY_MS) return asked.counts;
    const counts = countOpenWork(pool);
    asked = { at: now(), counts };
    counts.catch(() => {
      asked = undefined;
    });
    return counts;
  };
}
