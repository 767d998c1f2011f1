import { createHash } from 'node:crypto';
import type { Clock } from '../lib/clock.ts';
import type { Ids } from '../lib/ids.ts';
import type { ApiKey, ApiKeyStore, NewApiKey } from './api-key-store.ts';

const KEY_BYTES = 32;
/** Lets people and scanners of leaked secrets recognise the text. */
const KEY_MARK = 'slk_';
/** Of a key, its first characters are shown in lists: the mark and 32 of its 256 bits. */
const PREFIX_CHARACTERS = KEY_MARK.length + 8;

export type WantedApiKey = Omit<NewApiKey, 'id' | 'keyHash' | 'prefix'>;

/** What a key that a first start or a command on the server makes may do: everything, without an end. */
export const OWNERS_KEY = {
  scope: { role: 'owner', permissions: null },
  flowIds: null,
  sourceIds: null,
  expiresAt: null,
  createdBy: null,
} as const;

/**
 * Makes an API key and returns it as `slk_` and 64 hexadecimal characters: the only time it can be read, because only
 * its hash is kept. `randomBytes` must be cryptographic; 256 random bits need no slow hash.
 */
export async function createApiKey(
  deps: { apiKeys: ApiKeyStore; ids: Ids; clock: Clock; randomBytes: (count: number) => Buffer },
  wanted: WantedApiKey,
): Promise<{ record: ApiKey; key: string }> {
  const { key, keyHash, prefix } = makeKeyText(deps.randomBytes);
  const record = await deps.apiKeys.insert({ ...wanted, id: deps.ids.next(), keyHash, prefix }, deps.clock.now());
  return { record, key };
}

/** Until when a key's text so far stays valid after a rotation unless the caller says otherwise: a day. */
export const ROTATION_GRACE_MS = 86_400_000;

/**
 * Gives a key a new text under the same id, so that what names the id goes on; the text so far stays valid for
 * `graceMs`. null: there is no such key in force.
 */
export async function rotateApiKey(
  deps: { apiKeys: ApiKeyStore; clock: Clock; randomBytes: (count: number) => Buffer },
  { key, graceMs }: { key: { accountId: string; id: string }; graceMs: number },
): Promise<{ record: ApiKey; key: string } | null> {
  const text = makeKeyText(deps.randomBytes);
  const now = deps.clock.now();
  const { keyHash, prefix } = text;
  const record = await deps.apiKeys.rotate(key, { keyHash, prefix, previousValidUntil: now + graceMs, now });
  return record && { record, key: text.key };
}

/** What of a key is stored and looked up. */
export function hashApiKey(key: string): Buffer {
  return createHash('sha256').update(key, 'utf8').digest();
}

function makeKeyText(randomBytes: (count: number) => Buffer): { key: string; keyHash: Buffer; prefix: string } {
  const key = KEY_MARK + randomBytes(KEY_BYTES).toString('hex');
  return { key, keyHash: hashApiKey(key), prefix: key.slice(0, PREFIX_CHARACTERS) };
}
