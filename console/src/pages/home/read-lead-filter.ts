import type { LeadFilter } from '../../api/leads.ts';

const ID = /^[0-9a-f]{24}$/;
const OUTCOMES = ['success', 'failure', 'error'] as const;

/** Of the query of the address; what is no filter is left out. */
export function readLeadFilter(search: Record<string, unknown>): LeadFilter {
  const flowId = readId(search['flow_id']);
  const sourceId = readId(search['source_id']);
  const outcome = OUTCOMES.find((each) => each === search['outcome']);
  return {
    ...(flowId !== undefined && { flow_id: flowId }),
    ...(sourceId !== undefined && { source_id: sourceId }),
    ...(outcome !== undefined && { outcome }),
  };
}

function readId(value: unknown): string | undefined {
  return typeof value === 'string' && ID.test(value) ? value : undefined;
}
