import { queryOptions } from '@tanstack/react-query';
import { type CapCounter, type PingLimitCounter, SluiceError } from '../../../client/src/client.ts';
import { readPlaces } from './cap-places.ts';
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

const PLACES_STALE_MS = 60_000;

export const capPlacesQuery = (flowId: string) =>
  queryOptions({
    queryKey: ['cap-places', flowId],
    queryFn: async () => readPlaces(await api.readFlow(flowId, { include: ['sources', 'steps'] })),
    staleTime: PLACES_STALE_MS,
  });

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

/** Whether a change is of a cap or of a ping limit. */
export type CounterKind = 'cap' | 'ping-limit';

/** Gives the window that runs a maximum of its own; null: the flow's. Leads see it at once. */
export function setWindowMaximum(kind: CounterKind, id: string, maximum: number | null): Promise<unknown> {
  return kind === 'cap' ? api.changeCapWindow(id, { maximum }) : api.changePingLimitWindow(id, { maximum });
}
