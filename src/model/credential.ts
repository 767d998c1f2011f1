/** What kind of secret a credential is (src/credentials/credential-types.ts). */
export const CREDENTIAL_TYPES = ['user', 'token', 'api_key', 'oauth2', 'aws', 'azure', 'smtp', 'sftp'] as const;
export type CredentialTypeName = (typeof CREDENTIAL_TYPES)[number];

/** The types that say who sends a request. */
const AUTHENTICATING_TYPES = ['user', 'token', 'api_key', 'oauth2'] as const satisfies readonly CredentialTypeName[];
export type AuthenticatingType = (typeof AUTHENTICATING_TYPES)[number];

/** Can requests be authenticated with a credential of this type? */
export function authenticatesRequests(type: CredentialTypeName): type is AuthenticatingType {
  const types: readonly CredentialTypeName[] = AUTHENTICATING_TYPES;
  return types.includes(type);
}

/** Which credential, as events and flows that run have it: nothing of it is secret. */
export interface CredentialName {
  id: string;
  name: string;
  type: CredentialTypeName;
}

/** What a credential consists of, by the names of its type. */
export type CredentialValues = Readonly<Record<string, string | number>>;

/** A stored credential without its secrets. */
export interface Credential extends CredentialName {
  /** The integration package it is meant for; null: any. */
  package: string | null;
  /** What is no secret. */
  settings: CredentialValues;
  /** Epoch ms. */
  createdAt: number;
  updatedAt: number;
  /** null: never. */
  lastUsedAt: number | null;
  /** Of the token that was fetched with it; null: there is none. */
  tokenExpiresAt: number | null;
}

/** The same as it is used. `secrets` null: they were sealed with another key. */
export interface LiveCredential extends Credential {
  accountId: string;
  secrets: CredentialValues | null;
}
