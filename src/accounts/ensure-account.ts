import { PERSONAL_DAYS_DEFAULT } from '../keeping/periods.ts';
import type { Clock } from '../lib/clock.ts';
import type { Ids } from '../lib/ids.ts';
import type { Account } from '../model/entity.ts';
import type { AccountStore } from './account-store.ts';

/** The account of this installation: the oldest there is, or a new one with this name and IANA zone. */
export async function ensureAccount(
  deps: { accounts: AccountStore; ids: Ids; clock: Clock },
  wanted: { name: string; timeZone: string },
): Promise<Account> {
  const existing = await deps.accounts.first();
  if (existing) return existing;
  const account: Account = {
    id: deps.ids.next(),
    ...wanted,
    dataRetentionInDays: PERSONAL_DAYS_DEFAULT,
    isPingEnabled: true,
  };
  await deps.accounts.insert(account, deps.clock.now());
  return account;
}
