import type { ScryptCost } from '../../access/users/password-hash.ts';

/** What a password costs in tests. */
export const CHEAP_SCRYPT: ScryptCost = { N: 16, r: 1, p: 1 };
