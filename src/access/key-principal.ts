import type { ApiKey, KeyScope } from './api-key-store.ts';
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
