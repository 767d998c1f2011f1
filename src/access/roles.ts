import { isPermission, PERMISSIONS, type Permission } from './permissions.ts';

const EVERYTHING: readonly Permission[] = Object.keys(PERMISSIONS).filter(isPermission);

/** What each role may do. A user has one role; an API key has one or a list of permissions of its own. */
export const ROLES = {
  owner: { label: 'Owner', does: 'Everything.', permissions: EVERYTHING },
  editor: {
    label: 'Editor',
    does: 'Builds and publishes flows and looks after leads; not keys, users and the account.',
    permissions: EVERYTHING.filter(
      (each) =>
        ![
          'keys.manage',
          'users.manage',
          'account.manage',
          'privacy.manage',
          'flows.replace_all',
          'activity.read',
        ].includes(each),
    ),
  },
  analyst: {
    label: 'Analyst',
    does: 'Reads everything and changes nothing.',
    permissions: [
      'flows.read',
      'leads.read',
      'personal_data.read',
      'lists.read',
      'reports.read',
      'jobs.read',
      'activity.read',
    ],
  },
  vendor: { label: 'Vendor', does: 'Submits leads to the sources it is limited to.', permissions: ['leads.submit'] },
} as const satisfies Record<string, { label: string; does: string; permissions: readonly Permission[] }>;

export type Role = keyof typeof ROLES;

export function isRole(name: string): name is Role {
  return Object.hasOwn(ROLES, name);
}
