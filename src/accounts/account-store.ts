import type { Account } from '../model/entity.ts';

export interface AccountStore {
  find(accountId: string): Promise<Account | null>;
  /** The oldest account; null in an empty database. */
  first(): Promise<Account | null>;
  /** `now` in epoch ms. */
  insert(account: Account, now: number): Promise<void>;
}

/** An API key as it is stored: never the key itself. */
export interface ApiKeyRecord {
  accountId: string;
  id: string;
  /** SHA-256 of the key's text. */
  keyHash: Buffer;
  name: string;
  isSuperuser: boolean;
}

export interface ApiKeyStore {
  /** null: no such key, or it is revoked. */
  findByHash(keyHash: Buffer): Promise<ApiKeyRecord | null>;
  insert(record: ApiKeyRecord, now: number): Promise<void>;
  accountHasSuperuserKey(accountId: string): Promise<boolean>;
}
