import type { ServerParts } from './server-parts.ts';

/** What a server needs before leads should be sent to it; a sentence where it is not well. */
export interface Readiness {
  isReady: boolean;
  checks: { readonly [Name in ReadinessCheck]: 'ok' | string };
}

export const READINESS_CHECKS = ['database', 'lease', 'clock', 'serving'] as const;
export type ReadinessCheck = (typeof READINESS_CHECKS)[number];

/** A load balancer asks every few seconds, so it must not wait for a database that is away. */
const DATABASE_MS_MAX = 1_000;

/**
 * Whether new leads should come to this server. Migrations are no check of their own: a server does not listen before
 * they are applied.
 */
export async function checkReadiness(
  { nodes, lease, clock, runStore, phases }: Pick<ServerParts, 'nodes' | 'lease' | 'clock' | 'runStore' | 'phases'>,
  isDraining: boolean,
): Promise<Readiness> {
  const isDatabaseThere = !runStore.isAway() && (await answersInTime(nodes, phases.startTimer));
  const checks = {
    database: isDatabaseThere ? 'ok' : 'The database does not answer.',
    lease: lease.isHeld() ? 'ok' : 'The lease of this process ran out: it cannot reach the database, or is too slow.',
    clock: clock.problem() ?? 'ok',
    serving: isDraining ? 'This server stops.' : 'ok',
  };
  return { isReady: Object.values(checks).every((each) => each === 'ok'), checks };
}

function answersInTime(nodes: ServerParts['nodes'], startTimer: ServerParts['phases']['startTimer']): Promise<boolean> {
  return new Promise((resolve) => {
    const callOff = startTimer(DATABASE_MS_MAX, () => resolve(false));
    nodes
      .readClock()
      .then(
        () => resolve(true),
        () => resolve(false),
      )
      .finally(callOff);
  });
}
