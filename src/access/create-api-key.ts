import { createHash } from 'node:crypto';
import type { Clock } from '../lib/clock.ts';
import type { Ids } from '../lib/ids.ts';
import type { ApiKeyStore } from './api-key-store.ts';

const KEY_BYTES = 32;

export interface NewApiKey {
  accountId: string;
  name: string;
  /** May replace all flows of the account at once (decision 42). */
  isSuperuser: boolean;
}

/**
 * Makes an API key and answers it as 64 hexadecimal characters: the only time it can be read, because only its hash is
 * kept. `randomBytes` must be cryptographic; 256 random bits need no slow hash.
 */
export async function createApiKey(
  deps: { apiKeys: ApiKeyStore; ids: Ids; clock: Clock; randomBytes: (count: number) => Buffer },
  wanted: NewApiKey,
): Promise<{ id: string; key: string }> {
  const key = deps.randomBytes(KEY_BYTES).toString('hex');
  const id = deps.ids.next();
  await deps.apiKeys.insert({ ...wanted, id, keyHash: hashApiKey(key) }, deps.clock.now());
  return { id, key };
}

/** What of a key is stored and looked up. */
export function hashApiKey(key: string): Buffer {
  return createHash('sha256').update(key, 'utf8').digest();
}
