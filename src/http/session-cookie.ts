import { SESSION_MS_MAX } from '../access/users/sessions.ts';

/** Reads and writes the cookie that holds the token of a session. */
export interface SessionCookies {
  /** Of the cookie. */
  name: string;
  /** The token in a `Cookie` header; undefined: there is none. */
  read(header: string | undefined): string | undefined;
  /** The `Set-Cookie` of a token. */
  set(token: string): string;
  /** The `Set-Cookie` that removes it. */
  cleared: string;
}

/** Of a server that is reached by TLS, and of one that is not. */
export const SECURE_COOKIE_NAME = '__Host-sluice_session';
const PLAIN_COOKIE_NAME = 'sluice_session';

/** A token has 43 characters of base64url. */
const TOKEN = /^[\w-]{43}$/;
/** Longer headers are not ours. */
const HEADER_CHARACTERS_MAX = 8_192;

/**
 * Cookies by RFC 6265bis. Strict: no request that another site begins carries it; a page of the console that is opened
 * from a mail asks for its data itself, which does. `isSecure`: the server is reached by TLS; then browsers send it over
 * TLS alone, and `__Host-` keeps other hosts of the domain from setting one.
 */
export function createSessionCookies({ isSecure }: { isSecure: boolean }): SessionCookies {
  const name = isSecure ? SECURE_COOKIE_NAME : PLAIN_COOKIE_NAME;
  const attributes = `; Path=/; HttpOnly; SameSite=Strict${isSecure ? '; Secure' : ''}`;
  return {
    name,
    read: (header = '') => {
      if (header.length > HEADER_CHARACTERS_MAX) return undefined;
      const pairs = header.split(';').map((pair) => pair.trim());
      const value = pairs.find((pair) => pair.startsWith(`${name}=`))?.slice(name.length + 1);
      return value !== undefined && TOKEN.test(value) ? value : undefined;
    },
    set: (token) => `${name}=${token}${attributes}; Max-Age=${SESSION_MS_MAX / 1000}`,
    cleared: `${name}=${attributes}; Max-Age=0`,
  };
}
