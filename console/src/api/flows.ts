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

/** A flow as it is saved, with what the console shows of it. */
export interface FlowFacts {
  id: string;
  name: string;
  state: FlowState;
  /** What is saved differs from what runs. */
  isChanged: boolean;
  /** How many places keep it from running. */
  errors: number;
  updatedAt: string;
  deployedRevision: number | null;
  revision: number;
  sources: FlowSource[];
}

export type FlowState = 'live' | 'off' | 'test';

export interface FlowSource {
  /** Of the entity, as in the submit URL. */
  id: string;
  name: string;
  isEnabled: boolean;
  needsKey: boolean;
}

const INCLUDED = ['id', 'name', 'enabled', 'errors', 'updated_at', 'deployed_revision', 'revision', 'sources'];

/** All flows, by name. */
export const flowsQuery = queryOptions({
  queryKey: ['flows'],
  queryFn: async () => {
    const flows = await api.listFlows({ include: INCLUDED });
    return flows.map(readFlowFacts).sort((one, other) => one.name.localeCompare(other.name));
  },
});

export const flowQuery = (id: string) =>
  queryOptions({
    queryKey: ['flows', id],
    queryFn: async () => readFlowFacts(await api.readFlow(id, { include: INCLUDED })),
  });

/** Of a document with the properties of `INCLUDED`: what a person left out has its default. */
export function readFlowFacts(flow: Record<string, unknown>): FlowFacts {
  const deployedRevision = typeof flow['deployed_revision'] === 'number' ? flow['deployed_revision'] : null;
  const revision = Number(flow['revision'] ?? 0);
  const isOff = flow['enabled'] !== true;
  return {
    id: String(flow['id'] ?? ''),
    name: String(flow['name'] ?? ''),
    state: deployedRevision === null ? 'test' : isOff ? 'off' : 'live',
    isChanged: deployedRevision !== null && deployedRevision !== revision,
    errors: Object.keys(flow['errors'] ?? {}).length,
    updatedAt: String(flow['updated_at'] ?? ''),
    ...{ deployedRevision, revision },
    sources: Array.isArray(flow['sources']) ? flow['sources'].flatMap(readFlowSource) : [],
  };
}

function readFlowSource(source: {
  enabled?: boolean;
  authentication_required?: boolean;
  entity?: { id?: string; name?: string };
}): FlowSource[] {
  const { entity, enabled, authentication_required: needsKey } = source;
  if (entity?.id === undefined) return [];
  return [{ id: entity.id, name: entity.name ?? entity.id, isEnabled: enabled !== false, needsKey: needsKey === true }];
}
