import type { Credential, CredentialTypeName, CredentialValues, LiveCredential } from '../model/credential.ts';

export interface CredentialKey {
  accountId: string;
  credentialId: string;
}

/** What the caller of the API gives. */
export interface CredentialDefinition {
  name: string;
  type: CredentialTypeName;
  package: string | null;
  settings: CredentialValues;
  /** Those that are given; the others stay as they are stored. */
  secrets: CredentialValues;
}

/** Where a flow, a pricing service or a batch names a credential: one of the three is set. */
export interface CredentialUse {
  flow: { id: string; name: string } | null;
  pricingService: { id: string; name: string } | null;
  batch: { id: string; name: string } | null;
  /** Dotted: `steps.0.credential_id`. */
  path: string;
  /** In the saved revision, in the one that runs, or in both; of a pricing service and of a batch both. */
  isSaved: boolean;
  isDeployed: boolean;
}

export type CredentialRemoval =
  | { kind: 'done'; credential: Credential }
  | { kind: 'missing' }
  | { kind: 'used'; uses: CredentialUse[] };

export type CredentialReplacement =
  | { kind: 'done'; credential: Credential }
  | { kind: 'missing' }
  /** Another type, which asks for other secrets. */
  | { kind: 'other-type'; type: CredentialTypeName }
  /** The stored secrets cannot be read, and not all of them are given. */
  | { kind: 'unreadable' };

/** A token that was fetched with a credential. */
export interface FetchedToken {
  accessToken: string;
  /** Epoch ms. */
  expiresAt: number;
}

/** The credentials of the accounts, as the API keeps them. */
export interface CredentialStore {
  /** By name. */
  list(accountId: string): Promise<Credential[]>;
  find(key: CredentialKey): Promise<Credential | null>;
  insert(key: CredentialKey, made: { definition: CredentialDefinition; now: number }): Promise<Credential>;
  replace(key: CredentialKey, made: { definition: CredentialDefinition; now: number }): Promise<CredentialReplacement>;
  remove(key: CredentialKey): Promise<CredentialRemoval>;
  listUses(key: CredentialKey): Promise<CredentialUse[]>;
}

/** What those who use credentials read and write. */
export interface CredentialVault {
  /** All of an account. */
  readAll(accountId: string): Promise<LiveCredential[]>;
  find(key: CredentialKey): Promise<LiveCredential | null>;
  /** null: there is none, or it cannot be read. */
  readToken(key: CredentialKey): Promise<FetchedToken | null>;
  /** Nothing where the credential has changed since `updatedAt`. */
  writeToken(key: CredentialKey, token: FetchedToken & { updatedAt: number }): Promise<void>;
  noteUse(key: CredentialKey, at: number): Promise<void>;
  /** Adds to its secrets what a module has renewed; null: there is none, or it cannot be read. */
  update(
    key: CredentialKey,
    made: { changed: Readonly<Record<string, string>>; now: number },
  ): Promise<LiveCredential | null>;
}
