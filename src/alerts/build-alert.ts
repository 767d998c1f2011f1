import { showUnits } from '../caps/cap-units.ts';
import type { CompiledFlow } from '../flow-compiler/compiled-flow.ts';
import type { Reached } from './find-reached.ts';

/** The body of an alert; every attempt sends the same. */
export function buildAlertBody(
  { watched: { cap: running, count, held, maximum }, threshold }: Reached,
  { flow, now }: { flow: Pick<CompiledFlow, 'id' | 'name'>; now: number },
): string {
  const { cap, sourceId, stepId, timeZone, window } = running;
  return JSON.stringify({
    type: 'cap.threshold_reached',
    timestamp: new Date(now).toISOString(),
    data: {
      threshold,
      cap: {
        id: cap.id,
        type: cap.type,
        name: cap.name ?? null,
        source_id: sourceId,
        step_id: stepId,
        maximum: showUnits(cap.type, maximum),
        duration: cap.duration,
        duration_units: cap.duration_units,
        time_zone: timeZone,
      },
      flow: { id: flow.id, name: flow.name },
      count: showUnits(cap.type, count),
      held: showUnits(cap.type, held),
      started_at: new Date(window.startsAt).toISOString(),
      expires_at: new Date(window.endsAt).toISOString(),
    },
  });
}

/** The same of no cap: what a test sends. */
export function buildTestBody(now: number): string {
  return JSON.stringify({
    type: 'cap.test',
    timestamp: new Date(now).toISOString(),
    data: { threshold: null, cap: null, flow: null, count: null, held: null, started_at: null, expires_at: null },
  });
}
