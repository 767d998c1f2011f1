import type { Permission } from './permissions.ts';
import { type Principal, permissionsOfRole } from './principal.ts';
import type { Role } from './roles.ts';

/**
 * A permission of a role that a principal has not itself; undefined: it has all. A principal cannot give more than it has, or
 * let somebody in who has more: a key that only manages users could make itself an owner.
 */
export function findLackingPermission({ permissions }: Principal, role: Role): Permission | undefined {
  return [...permissionsOfRole(role)].find((each) => !permissions.has(each));
}
