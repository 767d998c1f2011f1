import { describe, expect, it } from 'vitest';
import { PERMISSIONS } from './permissions.ts';
import { ROLES } from './roles.ts';

describe('the roles', () => {
  it('give every permission to the owner, and to no other role the keys and users', () => {
    expect(ROLES.owner.permissions).toEqual(Object.keys(PERMISSIONS));
    const { owner: _owner, ...others } = ROLES;
    for (const { permissions } of Object.values(others))
      expect(permissions).not.toEqual(expect.arrayContaining(['keys.manage']));
  });

  it('let an analyst read and a vendor submit, and nothing more', () => {
    expect(ROLES.analyst.permissions.filter((each) => !each.endsWith('.read'))).toEqual([]);
    expect(ROLES.vendor.permissions).toEqual(['leads.submit']);
  });
});
