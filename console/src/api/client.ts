import { createClient } from '../../../client/src/client.ts';

/** Of the session; a request that changes something carries it (docs/guides/users.md). */
let csrfToken: string | undefined;

export function setCsrfToken(token: string | undefined): void {
  csrfToken = token;
}

const askServer: typeof fetch = (input, init) => {
  const headers = new Headers(init?.headers);
  if (csrfToken !== undefined && init?.method !== 'GET') headers.set('X-CSRF-Token', csrfToken);
  return fetch(input, { ...init, headers });
};

/** The API as the console asks it: all that it does goes through here. The session is in a cookie that no script reads. */
export const api = createClient({ url: window.location.origin, tools: { fetch: askServer } });

/** The same for what a page sends while it is left: the browser carries it on, up to 64 KiB. No answer may be seen. */
export const apiOnLeaving = createClient({
  url: window.location.origin,
  tools: { fetch: (input, init) => askServer(input, { ...init, keepalive: true }) },
});
