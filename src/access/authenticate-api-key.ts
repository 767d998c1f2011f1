import type { Clock } from '../lib/clock.ts';
import type { ApiKeyStore, FoundKey } from './api-key-store.ts';
import { hashApiKey } from './create-api-key.ts';
import { buildKeyPrincipal } from './key-principal.ts';
import type { Principal } from './principal.ts';

/** Who an `Authorization` header speaks for; null: no principal. */
export type Authenticate = (authorization: string | undefined) => Promise<Principal | null>;

export interface KeyAuthentication {
  authenticate: Authenticate;
  /** Forgets what is remembered of a key, so that its end holds on this server at once. */
  forget(keyId: string): void;
}

/** Verified keys are remembered so long, so a key that another server revoked works at most this much longer. */
const REMEMBERED_MS = 5_000;
const REMEMBERED_MAX = 1_000;
/** Longer than any key we make; keeps the work for a hostile header small. */
const HEADER_CHARACTERS_MAX = 1_024;
/** The use of a key is written at most this often. */
const NOTED_EVERY_MS = 60_000;

interface Remembered {
  principal: Principal;
  /** Epoch ms. */
  until: number;
}

/**
 * HTTP Basic with the API key as password; the user name is ignored (spec api 2.1). Keys that were found are remembered
 * for a moment, so that a busy sender does not cost a query a lead; wrong keys are not, so that they cannot fill the
 * memory. A key that is wrong, revoked, expired or rotated costs the same: one hash and one query by it. What is
 * compared is the hash, which a guesser cannot steer character by character.
 */
export function createKeyAuthentication(deps: {
  apiKeys: Pick<ApiKeyStore, 'findByHash' | 'noteUse'>;
  clock: Pick<Clock, 'now'>;
  /** Called when the use of a key could not be written; nothing depends on it. */
  report(error: unknown): void;
}): KeyAuthentication {
  const { apiKeys, clock } = deps;
  const remembered = new Map<string, Remembered>();
  const noted = new Map<string, number>();
  // Raised by `forget`: what was read before it is used once and not remembered.
  let epoch = 0;

  async function lookUp(keyHash: Buffer, name: string): Promise<Principal | null> {
    const begun = epoch;
    const found = await apiKeys.findByHash(keyHash);
    const now = clock.now();
    if (!found || !isValid(found, now)) return null;
    const principal = buildKeyPrincipal(found.key);
    const until = Math.min(now + REMEMBERED_MS, found.validUntil ?? Number.POSITIVE_INFINITY);
    if (begun === epoch) remember(remembered, name, { principal, until });
    return principal;
  }

  /** Beside the lead's path: nothing waits for it. */
  function noteUse({ accountId, actor }: Principal): void {
    const now = clock.now();
    const last = noted.get(actor.id);
    if (last !== undefined && now - last < NOTED_EVERY_MS) return;
    remember(noted, actor.id, now);
    apiKeys.noteUse({ accountId, id: actor.id }, now).catch(deps.report);
  }

  return {
    authenticate: async (authorization) => {
      const key = basicPassword(authorization);
      if (key === undefined) return null;
      const keyHash = hashApiKey(key);
      const name = keyHash.toString('base64');
      const known = remembered.get(name);
      const principal = known && known.until > clock.now() ? known.principal : await lookUp(keyHash, name);
      if (principal) noteUse(principal);
      return principal;
    },
    forget: (keyId) => {
      epoch += 1;
      for (const [name, { principal }] of remembered) if (principal.actor.id === keyId) remembered.delete(name);
    },
  };
}

function isValid({ validUntil }: FoundKey, now: number): boolean {
  return validUntil === null || validUntil > now;
}

/** The oldest entry makes room: a map keeps the order of insertion. */
function remember<T>(entries: Map<string, T>, name: string, entry: T): void {
  entries.delete(name);
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
