import { queryOptions } from '@tanstack/react-query';
import { api } from './client.ts';

export interface FlowName {
  id: string;
  name: string;
  sources: { id: string; name: string }[];
}

/** Names of flows and of their sources, to find them by. */
export const flowNamesQuery = queryOptions({ queryKey: ['flow-names'], queryFn: readFlowNames, staleTime: 60_000 });

async function readFlowNames(): Promise<FlowName[]> {
  const flows = await api.listFlows({ include: ['id', 'name', 'sources'] });
  return flows.map(({ id = '', name = '', sources }) => ({
    ...{ id, name },
    sources: Array.isArray(sources) ? sources.flatMap(readSource) : [],
  }));
}

/** A source of a flow as it is saved: its entity may lack a name. */
function readSource(source: unknown): FlowName['sources'] {
  const entity = (source as { entity?: { id?: string; name?: string } }).entity;
  return entity?.id === undefined ? [] : [{ id: entity.id, name: entity.name ?? entity.id }];
}
