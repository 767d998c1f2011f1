import { queryOptions } from '@tanstack/react-query';
import { api } from '../../api/client.ts';

/** A source that a lead can be sent to. */
export interface SetupSource {
  id: string;
  name: string;
}

export interface SetupFlow {
  id: string;
  name: string;
  isDeployed: boolean;
  sources: SetupSource[];
}

export const flowsQuery = queryOptions({ queryKey: ['setup', 'flows'], queryFn: readFlows });

async function readFlows(): Promise<SetupFlow[]> {
  const flows = await api.listFlows({ include: ['id', 'name', 'deployed_revision', 'sources'] });
  return flows.map(({ id = '', name = '', deployed_revision, sources }) => ({
    ...{ id, name, isDeployed: typeof deployed_revision === 'number' },
    sources: readSources(sources),
  }));
}

/** As a flow document has them: `[{entity: {id, name}}]`. */
function readSources(sources: unknown): SetupSource[] {
  if (!Array.isArray(sources)) return [];
  return sources.flatMap((source: { entity?: { id?: unknown; name?: unknown } }) => {
    const { id, name } = source.entity ?? {};
    return typeof id === 'string' ? [{ id, name: typeof name === 'string' ? name : id }] : [];
  });
}

/** The flow and the source that the first lead goes to: as the URL names them, else the first that runs. */
export function chooseSource(
  flows: readonly SetupFlow[],
  wanted: { flow?: string | undefined; source?: string | undefined },
): { flow: SetupFlow; source: SetupSource } | null {
  const ready = flows.filter(({ isDeployed, sources }) => isDeployed && sources.length > 0);
  const flow = ready.find(({ id }) => id === wanted.flow) ?? ready[0];
  const source = flow?.sources.find(({ id }) => id === wanted.source) ?? flow?.sources[0];
  return flow && source ? { flow, source } : null;
}
