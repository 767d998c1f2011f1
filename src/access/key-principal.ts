import type { Clock } from '../lib/clock.ts';
import { type ApiKey, type ApiKeyStore, isInForce, type KeyScope } from './api-key-store.ts';
import type { Permission } from './permissions.ts';
import { type Principal, permissionsOfRole } from './principal.ts';

/** The principal that a key stands for. */
export function buildKeyPrincipal({ accountId, id, name, scope, flowIds, sourceIds }: ApiKey): Principal {
  return {
    accountId,
    actor: { kind: 'key', id, name },
    permissions: permissionsOfScope(scope),
    limits: { flowIds: flowIds && new Set(flowIds), sourceIds: sourceIds && new Set(sourceIds) },
  };
}

export function permissionsOfScope(scope: KeyScope): ReadonlySet<Permission> {
  return scope.role === null ? new Set(scope.permissions) : permissionsOfRole(scope.role);
}

/** What each key of the account that is in force stands for. */
export async function listKeysInForce(
  { apiKeys, clock }: { apiKeys: Pick<ApiKeyStore, 'list'>; clock: Pick<Clock, 'now'> },
  accountId: string,
): Promise<Principal[]> {
  const now = clock.now();
  return (await apiKeys.list(accountId)).filter((key) => isInForce(key, now)).map(buildKeyPrincipal);
}
