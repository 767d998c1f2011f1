import { type CapWindow, capWindowAt } from '../caps/cap-window.ts';
import { assert } from '../lib/assert.ts';
import type { Cap, PingLimit } from '../model/cap.ts';
import { listDeliverySteps } from '../model/delivery-steps.ts';
import type { FlowDocument } from '../model/flow.ts';

/** A cap as it runs, and the window of its counter that holds an instant. */
export interface RunningCap {
  cap: Cap & { id: string };
  flowId: string;
  /** Of the source's entity, as events name it; null: the cap is not of a source. */
  sourceId: string | null;
  stepId: string | null;
  timeZone: string;
  window: CapWindow;
  /** A counter of an older generation starts again with the next lead (decision 10). */
  generation: number;
}

export interface CapOwner {
  flowId: string;
  /** As deployed. */
  document: FlowDocument;
  capGenerations: Readonly<Record<string, number>>;
}

/** Every cap of a deployed flow, nested ones behind the cap they are in; flow, then sources, then steps. */
export function listRunningCaps(
  { flowId, document, capGenerations }: CapOwner,
  { now, timeZone: accountTimeZone }: { now: number; timeZone: string },
): RunningCap[] {
  const { caps, sources } = document;
  const placed = [
    ...flatten(caps).map((cap) => ({ cap, sourceId: null, stepId: null })),
    ...sources.flatMap((source) =>
      flatten(source.caps).map((cap) => ({ cap, sourceId: source.entity.id ?? null, stepId: null })),
    ),
    ...listDeliverySteps(document).flatMap(({ step }) =>
      flatten(step.caps).map((cap) => ({ cap, sourceId: null, stepId: step.id ?? null })),
    ),
  ];
  const windowOf = createWindowFinder(now, accountTimeZone);
  return placed.map(({ cap, ...owner }) => {
    const { id } = cap;
    const generation = id === undefined ? undefined : capGenerations[id];
    assert(id !== undefined && generation !== undefined, 'a deployed cap has an id and a generation');
    const window = windowOf(cap);
    return { cap: { ...cap, id }, flowId, ...owner, timeZone: cap.time_zone ?? accountTimeZone, window, generation };
  });
}

/** A calendar takes some 100 µs, and of a flow with a thousand caps most have the same windows. */
function createWindowFinder(now: number, accountTimeZone: string): (cap: Cap) => CapWindow {
  const known = new Map<string, CapWindow>();
  return (cap) => {
    const { duration, duration_units, time_zone, created_at } = cap;
    // One period begins where the calendar says, whenever the cap was made.
    const key = JSON.stringify([duration, duration_units, time_zone ?? null, duration === 1 ? null : created_at]);
    const window = known.get(key) ?? capWindowAt(cap, now, accountTimeZone);
    known.set(key, window);
    return window;
  };
}

/** Every ping limit of a deployed flow, as the caps that they count as; flow, then sources. */
export function listRunningPingLimits(
  { document, ...owner }: CapOwner,
  at: { now: number; timeZone: string },
): RunningCap[] {
  const asCaps = (limits: readonly PingLimit[] | null | undefined): Cap[] =>
    (limits ?? []).map((limit) => ({ ...limit, type: 'volume' }));
  const sources = document.sources.map((source) => ({ ...source, caps: asCaps(source.ping_limits) }));
  return listRunningCaps(
    { ...owner, document: { ...document, caps: asCaps(document.ping_limits), sources, steps: [] } },
    at,
  );
}

/** Depth is bounded when the flow is deployed. */
function flatten(caps: readonly Cap[] | null | undefined): Cap[] {
  return (caps ?? []).flatMap((cap) => [cap, ...flatten(cap.caps)]);
}
