import type { Permission } from './permissions.ts';
import { ROLES, type Role } from './roles.ts';

/**
 * Who acts, as the activity log names them. `user`: a person by their own API key; `session`: by their browser;
 * `machine`: a command on the server itself.
 */
export interface Actor {
  kind: 'key' | 'user' | 'session' | 'machine';
  /** Of the API key or of the user; of the machine, the command. */
  id: string;
  name: string;
}

/** To which flows and sources a principal may submit; null: to all of the account. Both must fit. */
export interface SubmitLimits {
  flowIds: ReadonlySet<string> | null;
  /** As in the submit URL: the id of the source's entity, or the source's own. */
  sourceIds: ReadonlySet<string> | null;
}

/** The caller of a request, as its API key or its session identifies it: in which account, who, and what it may do. */
export interface Principal {
  accountId: string;
  actor: Actor;
  permissions: ReadonlySet<Permission>;
  limits: SubmitLimits;
}

/** May it see the values of leads? */
export function maySeeValues({ permissions }: Pick<Principal, 'permissions'>): boolean {
  return permissions.has('personal_data.read');
}

export const UNLIMITED: SubmitLimits = { flowIds: null, sourceIds: null };

/** The permissions of each role as sets, made once: principals share them. */
const PERMISSIONS_OF_ROLES = new Map<Role, ReadonlySet<Permission>>(
  // The keys of ROLES are roles.
  (Object.keys(ROLES) as Role[]).map((role) => [role, new Set<Permission>(ROLES[role].permissions)]),
);

/** What a role may do. */
export function permissionsOfRole(role: Role): ReadonlySet<Permission> {
  return PERMISSIONS_OF_ROLES.get(role) ?? new Set();
}
