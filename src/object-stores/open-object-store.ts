import { describeUnreadable } from '../credentials/open-credential.ts';
import { findDots } from '../lib/object-name.ts';
import { fail, ok, type Result } from '../lib/result.ts';
import type { CredentialTypeName, CredentialValues, LiveCredential } from '../model/credential.ts';
import { createAzureStore } from './azure-store.ts';
import { buildBlobAccount, parseConnectionString } from './connection-string.ts';
import type { ObjectStore } from './object-store.ts';
import { createS3Store, type ObjectStoreDeps } from './s3-store.ts';

/** The services that objects are written to; each is opened with the type of credential of its name. */
export const OBJECT_SERVICES = ['aws', 'azure'] as const satisfies readonly CredentialTypeName[];
export type ObjectService = (typeof OBJECT_SERVICES)[number];

export interface ObjectPlace {
  service: ObjectService;
  /** Of Azure: the container. */
  bucket: string;
  /** null: there is none. */
  credential: Pick<LiveCredential, 'name' | 'type' | 'settings' | 'secrets' | 'id'> | null;
  /** Of Azure, in the place of a credential; null: none is given. */
  connectionString?: string | null;
}

/** Where S3 keeps a bucket if nothing else is said. */
const REGION = 'us-east-1';
/** What becomes part of the name of a host. */
const HOST_PART = /^[a-z0-9-]+$/i;

/** A store to write objects to, or why this credential opens none. */
export function openObjectStore(place: ObjectPlace, deps: ObjectStoreDeps): Result<ObjectStore, string> {
  const { service, bucket, credential, connectionString = null } = place;
  const problem = findDots(bucket);
  if (problem !== undefined) return fail(`The name "${bucket}" of the bucket ${problem}`);
  if (service === 'azure' && connectionString !== null) return openByString(place, connectionString, deps);
  if (credential === null) return fail(`No credential of the type ${service} is given`);
  if (credential.type !== service) {
    return fail(`The credential "${credential.name}" has the type ${credential.type}, and ${service} is needed`);
  }
  if (credential.secrets === null) return fail(describeUnreadable(credential));
  const values = { ...credential.settings, ...credential.secrets };
  return service === 'aws' ? openS3(place, values, deps) : openAzure(place, values, deps);
}

function openS3({ bucket }: ObjectPlace, values: CredentialValues, deps: ObjectStoreDeps): Result<ObjectStore, string> {
  const endpoint = textOf(values.endpoint);
  if (endpoint !== null && !URL.canParse(endpoint)) return fail('The endpoint of the credential is no URL');
  const region = textOf(values.region) ?? REGION;
  if (endpoint === null && !HOST_PART.test(region))
    return fail('The region of the credential is not written as AWS writes it, such as us-east-1');
  const place = {
    bucket,
    region,
    endpoint,
    accessKeyId: textOf(values.access_key_id) ?? '',
    secretAccessKey: textOf(values.secret_access_key) ?? '',
    sessionToken: textOf(values.session_token),
  };
  return ok(createS3Store(place, deps));
}

function openAzure(place: ObjectPlace, values: CredentialValues, deps: ObjectStoreDeps): Result<ObjectStore, string> {
  const text = textOf(values.connection_string);
  if (text !== null) return openByString(place, text, deps);
  const key = textOf(values.account_key);
  if (key === null)
    return fail(`The credential "${place.credential?.name}" has neither an account key nor a connection string`);
  const endpoint = textOf(values.endpoint);
  if (endpoint !== null && !URL.canParse(endpoint)) return fail('The endpoint of the credential is no URL');
  const name = textOf(values.account_name) ?? '';
  if (endpoint === null && !HOST_PART.test(name))
    return fail('The account name of the credential has other characters than letters and digits');
  const account = buildBlobAccount({ name, key, endpoint });
  return ok(createAzureStore({ container: place.bucket, account }, deps));
}

function openByString({ bucket }: ObjectPlace, text: string, deps: ObjectStoreDeps): Result<ObjectStore, string> {
  const account = parseConnectionString(text);
  if (!account.ok) return fail(`The connection string cannot be used: ${account.error}`);
  return ok(createAzureStore({ container: bucket, account: account.value }, deps));
}

function textOf(value: string | number | undefined): string | null {
  return value === undefined || value === '' ? null : String(value);
}
