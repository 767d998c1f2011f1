import type { Permission } from './permissions.ts';
import type { Actor } from './principal.ts';
import type { Role } from './roles.ts';

/** What a key may do: what its role may, or a list of permissions of its own. */
export type KeyScope = { role: Role; permissions: null } | { role: null; permissions: readonly Permission[] };

/** A key that expired or was revoked is listed for so long, because the activity log names it. */
export const ENDED_KEY_DAYS_KEPT = 90;

/** What an API key is: never the key itself. Times are epoch ms. */
export interface ApiKey {
  accountId: string;
  id: string;
  name: string;
  /** The first characters of the key as it was shown last; null: of a key that the operator chose. */
  prefix: string | null;
  scope: KeyScope;
  /** Where it may submit; null: to every flow, to every source. */
  flowIds: readonly string[] | null;
  sourceIds: readonly string[] | null;
  createdAt: number;
  /** null: made by a first start, or before keys had an author. */
  createdBy: Actor | null;
  /** null: never. */
  expiresAt: number | null;
  /** Exact to a minute; null: not since this was recorded. */
  lastUsedAt: number | null;
  revokedAt: number | null;
  /** Until when what it was before its last rotation is valid too; null: it is not. */
  previousValidUntil: number | null;
}

/** A key as it is written: its fields, and what is stored of its text. */
export interface NewApiKey extends Pick<ApiKey, 'accountId' | 'id' | 'name' | 'prefix' | 'scope' | 'createdBy'> {
  /** SHA-256 of the key's text. */
  keyHash: Buffer;
  flowIds: readonly string[] | null;
  sourceIds: readonly string[] | null;
  expiresAt: number | null;
}

/** What is known of the text of a key. */
export interface FoundKey {
  key: ApiKey;
  /** Until when this text is valid, by rotation or by expiry, epoch ms; null: it has no end. */
  validUntil: number | null;
}

/** The new text of a key. */
export interface Rotation {
  keyHash: Buffer;
  prefix: string;
  /** Until when the text so far stays valid, epoch ms. */
  previousValidUntil: number;
  now: number;
}

/** Does the key open anything at this instant? */
export function isInForce({ revokedAt, expiresAt }: ApiKey, now: number): boolean {
  return revokedAt === null && (expiresAt === null || expiresAt > now);
}

export interface ApiKeyStore {
  /** null: no key has this text, or it is revoked. One that has expired is found: the caller compares the time. */
  findByHash(keyHash: Buffer): Promise<FoundKey | null>;
  find(key: { accountId: string; id: string }): Promise<ApiKey | null>;
  /** The account's keys, the oldest first; those that ended for `ENDED_KEY_DAYS_KEPT` days. */
  list(accountId: string): Promise<ApiKey[]>;
  /** Rejects a text that some key has had before: a revoked one, or one that is deleted. */
  insert(key: NewApiKey, now: number): Promise<ApiKey>;
  /** null: there is no key of this id in force. */
  rotate(key: { accountId: string; id: string }, rotation: Rotation): Promise<ApiKey | null>;
  /** Ends a key at once; null: there is none of this id in force. */
  revoke(key: { accountId: string; id: string }, now: number): Promise<ApiKey | null>;
  /** Keeps when a key was used; at most once a minute per key is written, on however many servers. */
  noteUse(key: { accountId: string; id: string }, now: number): Promise<void>;
}
