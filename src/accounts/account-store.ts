import { assert } from '../lib/assert.ts';
import type { Account } from '../model/entity.ts';

export interface AccountStore {
  find(accountId: string): Promise<Account | null>;
  /** The oldest account; null in an empty database. */
  first(): Promise<Account | null>;
  /** All, the oldest first. */
  list(): Promise<Account[]>;
  /** `now` in epoch ms. */
  insert(account: Account, now: number): Promise<void>;
  /** Replaces all but the id; leads that come in afterwards see it. */
  update(account: Account): Promise<void>;
}

/** The account of a caller, which exists. */
export async function loadAccount(
  { accounts }: { accounts: Pick<AccountStore, 'find'> },
  accountId: string,
): Promise<Account> {
  const account = await accounts.find(accountId);
  assert(account !== null, `the account ${accountId} of an API key exists`);
  return account;
}
