import type { Authenticate } from '../access/authenticate-api-key.ts';
import type { Principal } from '../access/principal.ts';
import { permissionsOfRole, UNLIMITED } from '../access/principal.ts';
import { describeActor } from '../access/users/describe-actor.ts';
import { findLiveSession, isCsrfToken, type LiveSession, type SessionDeps } from '../access/users/sessions.ts';
import { fail, ok, type Result } from '../lib/result.ts';
import { type ApiError, apiError } from './errors.ts';
import type { SessionCookies } from './session-cookie.ts';

/** What of a request says who asks, and from which page. */
export interface CallerRequest {
  method: string;
  headers: Readonly<Record<string, string | string[] | undefined>>;
  /** Of the `Host` header. */
  host: string;
}

/** Who asks: by an API key, or by a session, which is then `live`. */
export interface Caller {
  principal: Principal;
  live: LiveSession | null;
}

export interface IdentifyDeps extends Pick<SessionDeps, 'sessions' | 'clock'> {
  authenticate: Authenticate;
  cookies: SessionCookies;
  /** Where people reach the server, as in `https://leads.example.com`; null: under any name. */
  publicOrigin: string | null;
}

/**
 * Who asks. An `Authorization` header decides alone; without one the cookie does. A session that changes something must
 * come from a page of ours and prove it with the CSRF token, because browsers send cookies by themselves.
 */
export async function identifyCaller(deps: IdentifyDeps, request: CallerRequest): Promise<Result<Caller, ApiError>> {
  const { headers } = request;
  if (headers['authorization'] !== undefined) {
    const principal = await deps.authenticate(textOf(headers['authorization']));
    return principal ? ok({ principal, live: null }) : fail(AUTHENTICATION_FAILED);
  }
  const token = deps.cookies.read(textOf(headers['cookie']));
  const live = token === undefined ? null : await findLiveSession(deps, token);
  if (!live) return fail(AUTHENTICATION_FAILED);
  if (!isSafe(request.method)) {
    const foreign = findForeignOrigin(request, deps.publicOrigin);
    if (foreign) return fail(foreign);
    if (!isCsrfToken(textOf(headers['x-csrf-token']) ?? '', live.token)) return fail(CSRF_TOKEN_REQUIRED);
  }
  return ok({ principal: buildSessionPrincipal(live), live });
}

const AUTHENTICATION_FAILED = apiError('authentication_failed', 'authentication failed');
const CSRF_TOKEN_REQUIRED = apiError(
  'csrf_token_required',
  'A request of a session that changes something needs the CSRF token in X-CSRF-Token: GET /session returns it.',
);
const FOREIGN_ORIGIN = apiError(
  'origin_not_allowed',
  'Only pages of this server may send this request. Behind a proxy, set SLUICE_PUBLIC_URL to the URL that people use.',
);

/** Nothing changes by them (RFC 9110 9.2.1). */
function isSafe(method: string): boolean {
  return method === 'GET' || method === 'HEAD';
}

/**
 * Refuses a change that a page of another site asks for. Browsers send `Origin` with every request that is no GET; what
 * sends none is no browser.
 */
export function findForeignOrigin(request: CallerRequest, publicOrigin: string | null): ApiError | undefined {
  const origin = textOf(request.headers['origin']);
  if (origin === undefined || isSafe(request.method)) return undefined;
  if (publicOrigin !== null) return origin === publicOrigin ? undefined : FOREIGN_ORIGIN;
  // By host alone: a proxy that speaks TLS may hide that the page came by https.
  const isOwn = URL.canParse(origin) && new URL(origin).host === request.host;
  return isOwn ? undefined : FOREIGN_ORIGIN;
}

function buildSessionPrincipal({ user }: LiveSession): Principal {
  return {
    accountId: user.accountId,
    actor: describeActor(user),
    permissions: permissionsOfRole(user.role),
    limits: UNLIMITED,
  };
}

function textOf(header: string | string[] | undefined): string | undefined {
  return Array.isArray(header) ? header.join(', ') : header;
}
