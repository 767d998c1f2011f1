/** An API key as it is stored: never the key itself. */
export interface ApiKeyRecord {
  accountId: string;
  id: string;
  /** SHA-256 of the key's text. */
  keyHash: Buffer;
  name: string;
  isSuperuser: boolean;
}

/** What may be shown of a key. */
export interface ListedApiKey {
  id: string;
  name: string;
  isSuperuser: boolean;
  /** Epoch ms. */
  createdAt: number;
}

export interface ApiKeyStore {
  /** null: no such key, or it is revoked. */
  findByHash(keyHash: Buffer): Promise<ApiKeyRecord | null>;
  insert(record: ApiKeyRecord, now: number): Promise<void>;
  accountHasSuperuserKey(accountId: string): Promise<boolean>;
  /** The keys in force, the oldest first. */
  list(accountId: string): Promise<ListedApiKey[]>;
  /** Ends a key; false: there is none of this id in force. */
  revoke(id: string, now: number): Promise<boolean>;
}
