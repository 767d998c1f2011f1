import type { Role } from '../roles.ts';

/** A person with access to an account. */
export interface User {
  accountId: string;
  id: string;
  /** In lower case. */
  email: string;
  /** Empty until the person gives one. */
  firstName: string;
  lastName: string;
  role: Role;
  /** `invited`: has not set a password yet. `disabled`: cannot sign in until enabled again. */
  status: 'invited' | 'active' | 'disabled';
  hasSecondFactor: boolean;
  /** Epoch ms. */
  createdAt: number;
  /** Epoch ms; null: never. */
  lastLoginAt: number | null;
}

/** A sign-in of a user in one browser. */
export interface Session {
  accountId: string;
  id: string;
  userId: string;
  /** Epoch ms. */
  createdAt: number;
  /** Epoch ms, up to a minute old. */
  lastSeenAt: number;
  ip: string;
  userAgent: string;
}

/** RFC 5321 4.5.3.1.3, without the brackets. */
const EMAIL_CHARACTERS_MAX = 254;
/** One `@`, something on both sides, a dot in the domain. Mail decides the rest. */
const EMAIL = /^[^\s@"(),:;<>[\\\]]+@[^\s@"(),:;<>[\\\]]+\.[^\s@"(),:;<>[\\\]]+$/;

/** An e-mail address as users are found by: trimmed and in lower case. undefined: it is no e-mail address. */
export function parseUserEmail(text: string): string | undefined {
  const email = text.trim().toLowerCase();
  return email.length <= EMAIL_CHARACTERS_MAX && EMAIL.test(email) ? email : undefined;
}
