import type { CredentialTypeName } from '../model/credential.ts';

/** One property of a credential. */
export interface CredentialAttribute {
  name: string;
  does: string;
  /** Sealed where it is stored, and null in every answer. */
  isSecret?: true;
  isRequired?: true;
  /** The values it may have; absent: any text. */
  choices?: readonly string[];
  /** A whole number from 1 to 65535. */
  isPort?: true;
  /** Refused where requests may not go. */
  isUrl?: true;
  /** A private key has many lines. */
  hasLines?: true;
  default?: string | number;
  example?: string | number;
}

export interface CredentialType {
  label: string;
  does: string;
  attributes: readonly CredentialAttribute[];
  /** What `POST /credentials/{id}/test` does: fetches a token, asks a URL with it, logs in to it, or nothing yet. */
  test: 'token' | 'url' | 'mail' | 'sftp' | 'none';
}

const USERNAME: CredentialAttribute = { name: 'username', does: 'The user name.', example: 'acme' };
const PASSWORD: CredentialAttribute = { name: 'password', does: 'The password.', isSecret: true };
const HOST: CredentialAttribute = {
  name: 'host',
  does: 'The name of the server.',
  isRequired: true,
  example: 'files.example.com',
};

/** What can be stored, a row each; `GET /credentials` and the reference are made of it (decision page 0081). */
export const CREDENTIAL_TYPE_ROWS: Readonly<Record<CredentialTypeName, CredentialType>> = {
  user: {
    label: 'User name and password',
    does: 'HTTP Basic authentication.',
    attributes: [
      { ...USERNAME, isRequired: true },
      { ...PASSWORD, isRequired: true },
    ],
    test: 'url',
  },
  token: {
    label: 'Token',
    does: 'A bearer token in the header Authorization.',
    attributes: [{ name: 'token', does: 'The token.', isSecret: true, isRequired: true }],
    test: 'url',
  },
  api_key: {
    label: 'API key',
    does: 'A key in a header or in a parameter of the query, or for mappings to read.',
    attributes: [
      { name: 'key', does: 'The key.', isSecret: true, isRequired: true },
      {
        name: 'location',
        does: 'Where it is sent; `none`: only where mappings read it.',
        choices: ['header', 'query', 'none'],
        default: 'header',
        example: 'header',
      },
      {
        name: 'parameter',
        does: 'The name of the header or the parameter.',
        default: 'X-Api-Key',
        example: 'X-Api-Key',
      },
    ],
    test: 'url',
  },
  oauth2: {
    label: 'OAuth 2.0, client credentials',
    does: 'A bearer token that is fetched from a token URL and renewed before it ends.',
    attributes: [
      {
        name: 'token_url',
        does: 'Where tokens are fetched.',
        isRequired: true,
        isUrl: true,
        example: 'https://login.example.com/token',
      },
      { name: 'client_id', does: 'The id of the client.', isRequired: true, example: 'acme' },
      { name: 'client_secret', does: 'The secret of the client.', isSecret: true, isRequired: true },
      { name: 'scope', does: 'What the token is asked for.', example: 'leads.write' },
      { name: 'audience', does: 'Whom the token is for.', example: 'https://api.example.com' },
      {
        name: 'client_authentication',
        does: 'Where the id and the secret are sent when a token is fetched.',
        choices: ['header', 'body'],
        default: 'header',
        example: 'header',
      },
    ],
    test: 'token',
  },
  aws: {
    label: 'AWS access key',
    does: 'Writes objects to S3, and to services that speak its protocol.',
    attributes: [
      { name: 'access_key_id', does: 'The id of the key.', isRequired: true, example: 'AKIA0000000000000000' },
      { name: 'secret_access_key', does: 'The key.', isSecret: true, isRequired: true },
      { name: 'session_token', does: 'A session token.', isSecret: true },
      { name: 'region', does: 'The region of the bucket.', example: 'us-east-1' },
      {
        name: 'endpoint',
        does: 'The URL of a service that speaks the protocol of S3, such as MinIO or R2; without it AWS.',
        isUrl: true,
        example: 'https://storage.example.com',
      },
    ],
    test: 'none',
  },
  azure: {
    label: 'Azure storage account',
    does: 'Writes blobs to a storage account.',
    attributes: [
      { name: 'account_name', does: 'The storage account.', isRequired: true, example: 'acmeleads' },
      { name: 'account_key', does: 'A key of the account.', isSecret: true },
      { name: 'connection_string', does: 'A connection string in the place of the key.', isSecret: true },
      {
        name: 'endpoint',
        does: 'The URL of the blobs of the account; without it that of the public cloud.',
        isUrl: true,
        example: 'https://acmeleads.blob.core.windows.net',
      },
    ],
    test: 'none',
  },
  smtp: {
    label: 'Mail server',
    does: 'The mail server that messages are handed to, and the login there.',
    attributes: [
      { ...HOST, example: 'mail.example.com' },
      { name: 'port', does: 'The port.', isPort: true, default: 587, example: 587 },
      {
        name: 'security',
        does: 'How the connection is encrypted.',
        choices: ['starttls', 'tls', 'none'],
        default: 'starttls',
        example: 'starttls',
      },
      USERNAME,
      PASSWORD,
    ],
    test: 'mail',
  },
  sftp: {
    label: 'SFTP server',
    does: 'Stored for files.',
    attributes: [
      HOST,
      { name: 'port', does: 'The port.', isPort: true, default: 22, example: 22 },
      { ...USERNAME, isRequired: true },
      PASSWORD,
      { name: 'private_key', does: 'A private key in PEM or OpenSSH form.', isSecret: true, hasLines: true },
      { name: 'passphrase', does: 'Of the private key.', isSecret: true },
      { name: 'host_key', does: 'The fingerprint of the server’s key, SHA256:….', example: 'SHA256:abc' },
    ],
    test: 'sftp',
  },
};

export function attributesOf(type: CredentialTypeName): readonly CredentialAttribute[] {
  return CREDENTIAL_TYPE_ROWS[type].attributes;
}
