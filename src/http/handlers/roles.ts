import { isPermission, PERMISSIONS } from '../../access/permissions.ts';
import { isRole, ROLES } from '../../access/roles.ts';
import { type ApiResult, answer } from '../api.ts';

/** `GET /roles`: what each role may do, and what each permission opens; the same for every account. */
export async function listRoles(): Promise<ApiResult> {
  return answer(200, ANSWER);
}

const ANSWER = {
  roles: Object.keys(ROLES)
    .filter(isRole)
    .map((name) => ({ name, ...ROLES[name] })),
  permissions: Object.keys(PERMISSIONS)
    .filter(isPermission)
    .map((name) => ({ name, opens: PERMISSIONS[name] })),
};
