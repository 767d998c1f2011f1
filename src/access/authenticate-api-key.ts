import { timingSafeEqual } from 'node:crypto';
import type { Clock } from '../lib/clock.ts';
import type { ApiKeyRecord, ApiKeyStore } from './api-key-store.ts';
import { hashApiKey } from './create-api-key.ts';
import { type Principal, permissionsOfRole, UNLIMITED } from './principal.ts';

/** Who an `Authorization` header speaks for; null: nobody. */
export type Authenticate = (authorization: string | undefined) => Promise<Principal | null>;

/** Verified keys are remembered so long, so a revoked key works at most this much longer. */
const REMEMBERED_MS = 5_000;
const REMEMBERED_MAX = 1_000;
/** Longer than any key we make; keeps the work for a hostile header small. */
const HEADER_CHARACTERS_MAX = 1_024;

/**
 * HTTP Basic with the API key as password; the user name is ignored (spec api 2.1). Keys that were found are remembered
 * for a moment, so that a busy sender does not cost a query a lead; wrong keys are not, so that they cannot fill the
 * memory.
 */
export function createAuthenticate(deps: { apiKeys: ApiKeyStore; clock: Clock }): Authenticate {
  const { apiKeys, clock } = deps;
  const remembered = new Map<string, { principal: Principal; until: number }>();

  return async (authorization) => {
    const key = basicPassword(authorization);
    if (key === undefined) return null;
    const keyHash = hashApiKey(key);
    const name = keyHash.toString('base64');
    const known = remembered.get(name);
    if (known && known.until > clock.now()) return known.principal;
    remembered.delete(name);
    const record = await apiKeys.findByHash(keyHash);
    if (!record || !timingSafeEqual(record.keyHash, keyHash)) return null;
    const principal = buildPrincipal(record);
    remember(remembered, name, { principal, until: clock.now() + REMEMBERED_MS });
    return principal;
  };
}

/** A superuser's key may do everything, any other what an editor may: all that keys could do before they had a scope. */
function buildPrincipal({ accountId, id, name, isSuperuser }: ApiKeyRecord): Principal {
  const permissions = permissionsOfRole(isSuperuser ? 'owner' : 'editor');
  return { accountId, actor: { kind: 'key', id, name }, permissions, limits: UNLIMITED };
}

/** The oldest entry makes room: a map keeps the order of insertion. */
function remember<T>(entries: Map<string, T>, name: string, entry: T): void {
  const oldest = entries.keys().next();
  if (entries.size >= REMEMBERED_MAX && !oldest.done) entries.delete(oldest.value);
  entries.set(name, entry);
}

/** The password of `Basic <base64 of user:password>`, by RFC 7617; undefined: there is none. */
function basicPassword(authorization: string | undefined): string | undefined {
  if (authorization === undefined || authorization.length > HEADER_CHARACTERS_MAX) return undefined;
  const encoded = /^basic +([A-Za-z0-9+/=_-]+) *$/i.exec(authorization)?.[1];
  if (encoded === undefined) return undefined;
  const decoded = Buffer.from(encoded, 'base64').toString('utf8');
  const colon = decoded.indexOf(':');
  const password = colon === -1 ? '' : decoded.slice(colon + 1);
  return password === '' ? undefined : password;
}
