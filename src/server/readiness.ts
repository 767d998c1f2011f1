import type { PhaseDeps } from '../pipeline/phase.ts';
import type { DatabaseClock } from '../store/database-clock.ts';
import { type Lease, RENEW_EVERY_MS } from '../store/lease.ts';
import type { NodeStore } from '../store/postgres/nodes.ts';
import type { PostgresRunStore } from '../store/postgres/run-store.ts';

/** What a server looks at; leads may be sent to it although the standby of reading routes is away. */
export const READINESS_CHECKS = ['database', 'migrations', 'lease', 'clock', 'warm', 'serving', 'standby'] as const;
export type ReadinessCheck = (typeof READINESS_CHECKS)[number];

/** One check that fails. Anybody may read it, so it names no address and nothing of the configuration. */
export interface ReadinessProblem {
  check: ReadinessCheck;
  /** What is wrong, a sentence. */
  message: string;
  /** What to do, a sentence. */
  remedy: string;
  /** When this process first saw it, epoch ms; it looks every 5 seconds and whenever it is asked. */
  since: number;
}

export interface Readiness {
  isReady: boolean;
  /**
   * `ok` or the message of the problem. Migrations count as ok while the database does not answer. Without a standby
   * nothing is said of it.
   */
  checks: Readonly<Record<Exclude<ReadinessCheck, 'standby'>, string>> & { readonly standby?: string };
  /** In the order of READINESS_CHECKS. */
  problems: readonly ReadinessProblem[];
}

/** A load balancer asks every few seconds, so it must not wait for a database that is away. */
const DATABASE_MS_MAX = 1_000;

const SECONDS = RENEW_EVERY_MS / 1_000;
const REMEDIES: { readonly [Name in ReadinessCheck]: string } = {
  database: 'Look at PostgreSQL and at the network to it; this server continues by itself when the database answers.',
  migrations: 'Restart this server: it applies what is missing. If a backup was put back, restart all servers.',
  lease: `Look at the database and at the load of this machine; the lease is renewed every ${SECONDS} seconds.`,
  clock: 'Let NTP set the clocks of this machine and of the database.',
  warm: 'Wait: it takes SLUICE_WARM_SECONDS at most. Leads that come meanwhile are accepted.',
  serving: 'Send leads to another server, or start this one again.',
  standby: 'Look at SLUICE_READ_DATABASE_URL: routes that show leads and events return 503 until it answers.',
};

interface ReadinessParts {
  nodes: Pick<NodeStore, 'readSchemaVersion'>;
  /** null: there is none. */
  standby: Pick<NodeStore, 'readSchemaVersion'> | null;
  lease: Pick<Lease, 'isHeld'>;
  clock: Pick<DatabaseClock, 'problem'>;
  runStore: Pick<PostgresRunStore, 'isAway'>;
  phases: Pick<PhaseDeps, 'clock' | 'startTimer'>;
  draining: { isOn: boolean };
  warming: { isOn: boolean };
}

/**
 * Whether new leads should come to this server, and since when not. Callers that ask at the same time share one look, so
 * that strangers cannot multiply queries.
 * @param schemaVersion the last migration of this program; a database that is ahead of it is fine (a rolling update)
 */
export function createReadiness(parts: ReadinessParts, schemaVersion: number): () => Promise<Readiness> {
  const seenAt = new Map<ReadinessCheck, number>();
  let looking: Promise<Readiness> | undefined;

  async function look(): Promise<Readiness> {
    const messages = await findProblems(parts, schemaVersion);
    const now = parts.phases.clock.now();
    const problems = READINESS_CHECKS.flatMap((check): ReadinessProblem[] => {
      const message = messages[check];
      if (message === undefined) {
        seenAt.delete(check);
        return [];
      }
      const since = seenAt.get(check) ?? now;
      seenAt.set(check, since);
      return [{ check, message, remedy: REMEDIES[check], since }];
    });
    const { database = 'ok', migrations = 'ok', lease = 'ok', clock = 'ok', warm = 'ok', serving = 'ok' } = messages;
    const checks = { database, migrations, lease, clock, warm, serving };
    return {
      isReady: problems.every(({ check }) => check === 'standby'),
      checks: parts.standby ? { ...checks, standby: messages.standby ?? 'ok' } : checks,
      problems,
    };
  }

  return () => {
    looking ??= look().finally(() => {
      looking = undefined;
    });
    return looking;
  };
}

async function findProblems(
  { nodes, standby, lease, clock, runStore, phases, draining, warming }: ReadinessParts,
  schemaVersion: number,
): Promise<{ [Name in ReadinessCheck]?: string | undefined }> {
  const [applied, replayed] = await Promise.all([
    readInTime(nodes, phases.startTimer),
    standby && readInTime(standby, phases.startTimer),
  ]);
  return {
    database: runStore.isAway() || applied === null ? 'The database does not answer.' : undefined,
    migrations: applied !== null && applied < schemaVersion ? lacksMigrations(applied, schemaVersion) : undefined,
    lease: lease.isHeld()
      ? undefined
      : 'The lease of this process ran out: it cannot reach the database, or is too slow.',
    clock: clock.problem(),
    warm: warming.isOn ? 'This server is warming up: it runs made-up leads until its code is fast.' : undefined,
    serving: draining.isOn ? 'This server is stopping.' : undefined,
    standby: standby && replayed === null ? 'The standby of reading routes does not answer.' : undefined,
  };
}

function lacksMigrations(applied: number, needed: number): string {
  return `The database has ${applied} of the ${needed} migrations that this program needs.`;
}

/** The last migration of a database; null: it did not answer in time. */
function readInTime(nodes: ReadinessParts['nodes'], startTimer: PhaseDeps['startTimer']): Promise<number | null> {
  return new Promise((resolve) => {
    const callOff = startTimer(DATABASE_MS_MAX, () => resolve(null));
    nodes
      .readSchemaVersion()
      .then(resolve, () => resolve(null))
      .finally(callOff);
  });
}
