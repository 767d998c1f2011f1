import type { Principal } from './principal.ts';

/** A source that asks for a key. Ids in lower case. */
export interface GuardedSource {
  accountId: string;
  flowId: string;
  /** What submit URLs may name it by: the id of its entity and its own. */
  sourceIds: readonly string[];
  /** The one API key that may submit (decision 56); null: every key whose scope fits. */
  credentialId: string | null;
}

/** May this principal submit to this source? null is a sender without a valid key. */
export function maySubmit(principal: Principal | null, source: GuardedSource): boolean {
  if (principal === null || principal.accountId !== source.accountId) return false;
  if (!principal.permissions.has('leads.submit')) return false;
  if (source.credentialId !== null && source.credentialId !== principal.actor.id) return false;
  const { flowIds, sourceIds } = principal.limits;
  if (flowIds !== null && !flowIds.has(source.flowId)) return false;
  return sourceIds === null || source.sourceIds.some((id) => sourceIds.has(id));
}
