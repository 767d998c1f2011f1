import { type ApiKeyStore, isInForce } from '../access/api-key-store.ts';
import { createApiKey, hashApiKey, OWNERS_KEY, type WantedApiKey } from '../access/create-api-key.ts';
import type { AccountStore } from '../accounts/account-store.ts';
import { ensureAccount } from '../accounts/ensure-account.ts';
import type { Clock } from '../lib/clock.ts';
import type { Ids } from '../lib/ids.ts';
import type { Account } from '../model/entity.ts';

export interface FirstStartDeps {
  accounts: AccountStore;
  apiKeys: ApiKeyStore;
  ids: Ids;
  clock: Clock;
  randomBytes: (count: number) => Buffer;
}

export interface FirstStart {
  account: Account;
  /** A key made just now, to be shown this once; null: there was one, or the operator set it. */
  newAdminApiKey: string | null;
  /** Administrator keys that are valid beside one that the settings have just added; 0: none was added. */
  otherAdminKeys: number;
}

const ACCOUNT = { name: 'Sluice', timeZone: 'America/New_York' };
const KEY_NAME = 'Administrator';

/**
 * Makes what an empty database lacks: the account and an administrator's API key. A key from the settings that the
 * database does not know is added at any start, which is how an operator who lost the only one gets back in.
 */
export async function ensureFirstStart(deps: FirstStartDeps, adminApiKey: string | null): Promise<FirstStart> {
  const account = await ensureAccount(deps, ACCOUNT);
  const now = deps.clock.now();
  const wanted: WantedApiKey = { accountId: account.id, name: KEY_NAME, ...OWNERS_KEY };
  const owners = (await deps.apiKeys.list(account.id)).filter(
    (key) => key.scope.role === 'owner' && isInForce(key, now),
  );
  if (adminApiKey !== null) {
    const keyHash = hashApiKey(adminApiKey);
    const known = await deps.apiKeys.findByHash(keyHash);
    if (known && (known.validUntil ?? now + 1) > now) return { account, newAdminApiKey: null, otherAdminKeys: 0 };
    await deps.apiKeys.insert({ ...wanted, id: deps.ids.next(), keyHash, prefix: null }, now);
    return { account, newAdminApiKey: null, otherAdminKeys: owners.length };
  }
  if (owners.length > 0) return { account, newAdminApiKey: null, otherAdminKeys: 0 };
  const { key } = await createApiKey(deps, wanted);
  return { account, newAdminApiKey: key, otherAdminKeys: 0 };
}
