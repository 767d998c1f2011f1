import { queryOptions } from '@tanstack/react-query';
import { type CapCounter, type PingLimitCounter, SluiceError } from '../../../client/src/client.ts';
import { api } from './client.ts';

export type { CapCounter, PingLimitCounter };

/** Counters change with every lead: a page that shows them asks again this often while it is looked at. */
const FRESH_MS = 10_000;

/** Caps of a flow that leads asked for a place in the window that runs, by id. */
export const capsOfFlowQuery = (flowId: string) =>
  queryOptions({
    queryKey: ['caps', 'flow', flowId],
    queryFn: async () => byId(await listOrNone(() => api.listCaps({ flow_id: flowId }))),
    refetchInterval: FRESH_MS,
  });

/** The same of ping limits. */
export const pingLimitsOfFlowQuery = (flowId: string) =>
  queryOptions({
    queryKey: ['ping-limits', 'flow', flowId],
    queryFn: async () => byId(await listOrNone(() => api.listPingLimits({ flow_id: flowId }))),
    refetchInterval: FRESH_MS,
  });

/** One cap, also when no lead asked for a place yet; null: it is in no flow as deployed. */
export const capQuery = (id: string) =>
  queryOptions({
    queryKey: ['caps', 'one', id],
    queryFn: () => readOrNull(() => api.readCap(id)),
    refetchInterval: FRESH_MS,
  });

export const pingLimitQuery = (id: string) =>
  queryOptions({
    queryKey: ['ping-limits', 'one', id],
    queryFn: () => readOrNull(() => api.readPingLimit(id)),
    refetchInterval: FRESH_MS,
  });

/** Every cap of deployed flows, with those that no lead asked yet. */
export const allCapsQuery = queryOptions({
  queryKey: ['caps', 'all'],
  queryFn: () => api.listCaps({ idle: 'true' }),
  refetchInterval: FRESH_MS,
});

export const allPingLimitsQuery = queryOptions({
  queryKey: ['ping-limits', 'all'],
  queryFn: () => api.listPingLimits({ idle: 'true' }),
  refetchInterval: FRESH_MS,
});

/** How the last windows of a cap ended. */
export const capWindowsQuery = (id: string) =>
  queryOptions({ queryKey: ['caps', 'windows', id], queryFn: () => api.listCapWindows(id) });

/** Where caps of a flow are, by the ids that counters have. */
export interface CapPlaces {
  sources: ReadonlyMap<string, CapPlace>;
  steps: ReadonlyMap<string, CapPlace>;
}

export interface CapPlace {
  name: string;
  /** Of the editor: `sources.0.caps`. */
  panel: string;
}

const PLACES_STALE_MS = 60_000;

export const capPlacesQuery = (flowId: string) =>
  queryOptions({
    queryKey: ['cap-places', flowId],
    queryFn: async () => readPlaces(await api.readFlow(flowId, { include: ['sources', 'steps'] })),
    staleTime: PLACES_STALE_MS,
  });

interface Placed {
  id?: string;
  name?: string;
  description?: string;
  entity?: { id?: string; name?: string };
  recipients?: Placed[];
}

/** Of a flow as it is saved: a part without a name is called by its place. */
export function readPlaces({ sources, steps }: { sources?: unknown; steps?: unknown }): CapPlaces {
  const ofSources = listOf(sources).map(({ entity }, index): [string, CapPlace] => [
    entity?.id ?? '',
    { name: entity?.name ?? `Source ${index + 1}`, panel: `sources.${index}.caps` },
  ]);
  const ofSteps = listOf(steps).flatMap((step, index) => {
    const path = `steps.${index}`;
    const inside = (step.recipients ?? []).map((each, place) => placeOf(each, `${path}.recipients.${place}`, place));
    return [placeOf(step, path, index), ...inside];
  });
  return { sources: new Map(ofSources), steps: new Map(ofSteps) };
}

function placeOf({ id = '', entity, description, name }: Placed, path: string, index: number): [string, CapPlace] {
  return [id, { name: entity?.name || description || name || `Step ${index + 1}`, panel: `${path}.caps` }];
}

/** As it is saved, a flow has lists there. */
function listOf(parts: unknown): Placed[] {
  return Array.isArray(parts) ? parts : [];
}

/** Where alerts of caps go; null: nobody is told. */
export const capAlertsQuery = queryOptions({
  queryKey: ['cap-alerts'],
  queryFn: () => readOrNull(() => api.readCapAlerts()),
});

function byId<Counter extends { id: string }>(counters: readonly Counter[]): ReadonlyMap<string, Counter> {
  return new Map(counters.map((counter) => [counter.id, counter]));
}

/** A flow that is not saved yet has no counters. */
function listOrNone<Counter>(list: () => Promise<Counter[]>): Promise<Counter[]> {
  return list().catch((error: unknown) => {
    if (error instanceof SluiceError && error.status === 404) return [];
    throw error;
  });
}

function readOrNull<Counter>(read: () => Promise<Counter>): Promise<Counter | null> {
  return read().catch((error: unknown) => {
    if (error instanceof SluiceError && error.status === 404) return null;
    throw error;
  });
}

/** Whether a change of the count is of a cap or of a ping limit. */
export type CounterKind = 'cap' | 'ping-limit';

/** Adds to the count of the window that runs; leads see it at once. */
export function addToCount(kind: CounterKind, id: string, add: number): Promise<unknown> {
  return kind === 'cap' ? api.changeCapCount(id, { add }) : api.changePingLimitCount(id, { add });
}
