import { createHash } from 'node:crypto';

const TOKEN_BYTES = 32;

/** A token that cannot be guessed, 43 characters for a URL or a cookie. `randomBytes` must be cryptographic. */
export function createToken(randomBytes: (count: number) => Buffer): string {
  return randomBytes(TOKEN_BYTES).toString('base64url');
}

/** What of a token is stored and looked up; 256 random bits need no slow hash. */
export function hashToken(token: string): Buffer {
  return createHash('sha256').update(token, 'utf8').digest();
}
