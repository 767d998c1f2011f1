import type { Clock } from '../../lib/clock.ts';
import type { RecipientHealthStore, RecipientKey } from './recipient-health.ts';
import { nameGate, type RecipientLimits } from './recipient-limits.ts';

/** How often a process reports the changed health of its recipients to the others. */
export const REPORT_EVERY_MS = 2_000;

/**
 * Makes the work of one loop: closes circuits on request, then reports what changed since the last time.
 * Rejects when the database cannot be asked; everything is reported the next time.
 */
export function createHealthReport(
  limits: Pick<RecipientLimits, 'health' | 'closeCircuit'>,
  { store, clock }: { store: Pick<RecipientHealthStore, 'report' | 'takeAsked'>; clock: Pick<Clock, 'now'> },
): () => Promise<void> {
  let reported = new Map<string, { key: RecipientKey; text: string }>();

  async function closeAsked(): Promise<void> {
    if (limits.health().every(({ state }) => state === 'closed')) return;
    for (const key of await store.takeAsked()) limits.closeCircuit(key);
  }

  return async () => {
    await closeAsked();
    const all = limits.health().map((health) => ({ name: nameGate(health), health, text: JSON.stringify(health) }));
    const names = new Set(all.map(({ name }) => name));
    const changed = all.filter(({ name, text }) => reported.get(name)?.text !== text).map(({ health }) => health);
    const gone = [...reported].filter(([name]) => !names.has(name)).map(([, { key }]) => key);
    if (changed.length + gone.length === 0) return;
    await store.report({ changed, gone, now: clock.now() });
    reported = new Map(all.map(({ name, health, text }) => [name, { key: health, text }]));
  };
}
