import { isJsonObject } from '../../../flows/flow-json.ts';
import type { FlowRecord } from '../../../flows/flow-store.ts';

/** In which flows, as saved, a destination is. */
export interface FlowUsages {
  count: number;
  flows: { id: string; name: string }[];
}

export function flowUsagesOf(flows: readonly FlowRecord[], instanceId: string): FlowUsages {
  const using = flows
    .filter(({ document }) => namesDestination(document['destinations'], instanceId))
    .map(({ id, document }) => ({ id, name: String(document['name'] ?? '') }));
  return { count: using.length, flows: using };
}

function namesDestination(destinations: unknown, instanceId: string): boolean {
  return (
    Array.isArray(destinations) &&
    destinations.some((each: unknown) => isJsonObject(each) && each['instance_id'] === instanceId)
  );
}
