import { Type } from 'typebox';
import { isPermission, PERMISSIONS } from '../../access/permissions.ts';
import { isRole, ROLES } from '../../access/roles.ts';
import { listRoles } from '../handlers/roles.ts';
import { route } from '../route.ts';
import { CLOSED } from '../schemas.ts';

const PERMISSION = Type.Enum(Object.keys(PERMISSIONS).filter(isPermission));

const ROLE_LIST = Type.Object(
  {
    roles: Type.Array(
      Type.Object(
        {
          name: Type.Enum(Object.keys(ROLES).filter(isRole)),
          label: Type.String(),
          does: Type.String(),
          permissions: Type.Array(PERMISSION),
        },
        CLOSED,
      ),
    ),
    permissions: Type.Array(
      Type.Object({ name: PERMISSION, opens: Type.String({ description: 'What it allows, in words.' }) }, CLOSED),
    ),
  },
  { ...CLOSED, $id: 'RoleList' },
);

const vendor = { name: 'vendor', ...ROLES.vendor };

/** Roles of users and API keys (decision page 0048). */
export const ROLE_ROUTES = [
  route({
    name: 'listRoles',
    method: 'GET',
    path: '/roles',
    permission: 'session',
    answers: { 200: ROLE_LIST },
    doc: {
      summary: 'What each role may do, and what each permission opens.',
      example: {
        answer: {
          roles: [vendor],
          permissions: [{ name: 'leads.submit', opens: PERMISSIONS['leads.submit'] }],
        },
      },
    },
    handler: listRoles,
  }),
] as const;
