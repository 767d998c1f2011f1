import type { Role } from '../../access/roles.ts';
import type { User } from '../../access/users/user.ts';

/** Of `users u`. */
export const USER_COLUMNS = `u.account_id, u.id, u.email, u.first_name, u.last_name, u.role,
  u.password_hash is not null as has_password, u.sealed_totp is not null as has_second_factor,
  u.created_at, u.last_login_at, u.disabled_at`;

export interface UserRow {
  account_id: string;
  id: string;
  email: string;
  first_name: string;
  last_name: string;
  role: Role;
  has_password: boolean;
  has_second_factor: boolean;
  created_at: Date;
  last_login_at: Date | null;
  disabled_at: Date | null;
}

export function userOf(row: UserRow): User {
  return {
    accountId: row.account_id,
    id: row.id,
    email: row.email,
    firstName: row.first_name,
    lastName: row.last_name,
    role: row.role,
    status: row.disabled_at ? 'disabled' : row.has_password ? 'active' : 'invited',
    hasSecondFactor: row.has_second_factor,
    createdAt: row.created_at.getTime(),
    lastLoginAt: row.last_login_at?.getTime() ?? null,
  };
}
