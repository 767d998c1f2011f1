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
