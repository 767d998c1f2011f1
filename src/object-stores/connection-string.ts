import { fail, ok, type Result } from '../lib/result.ts';

/** A storage account of Azure, and how requests to it are authorized. */
export interface BlobAccount {
  name: string;
  /** Of its blobs: `https://acme.blob.core.windows.net`. */
  endpoint: string;
  access: { kind: 'key'; key: Buffer } | { kind: 'signature'; signature: string };
}

const SUFFIX = 'core.windows.net';

/**
 * The connection string of a storage account, as its page in Azure shows it: `AccountName=…;AccountKey=…`, or with a
 * shared access signature. The reason of a failure names the parts of such a text and no value.
 */
export function parseConnectionString(text: string): Result<BlobAccount, string> {
  const parts = new Map(text.split(';').flatMap((part) => readPart(part)));
  const name = parts.get('accountname') ?? '';
  const protocol = parts.get('defaultendpointsprotocol') ?? 'https';
  const suffix = parts.get('endpointsuffix') ?? SUFFIX;
  const endpoint = parts.get('blobendpoint') ?? (name === '' ? '' : `${protocol}://${name}.blob.${suffix}`);
  if (!/^https?:\/\//i.test(endpoint) || !URL.canParse(endpoint))
    return fail('a connection string needs AccountName or BlobEndpoint');
  const signature = parts.get('sharedaccesssignature');
  if (signature) return ok({ name, endpoint, access: { kind: 'signature', signature: signature.replace(/^\?/, '') } });
  const key = parts.get('accountkey');
  if (!key || name === '')
    return fail('a connection string needs AccountName with AccountKey, or SharedAccessSignature');
  return ok({ name, endpoint, access: { kind: 'key', key: Buffer.from(key, 'base64') } });
}

/** A key is base64, so only the first `=` of a part separates. */
function readPart(part: string): [string, string][] {
  const at = part.indexOf('=');
  return at < 0 ? [] : [[part.slice(0, at).trim().toLowerCase(), part.slice(at + 1).trim()]];
}

/** The same of an account by its name and key. `endpoint` null: that of Azure's public cloud. */
export function buildBlobAccount(given: { name: string; key: string; endpoint: string | null }): BlobAccount {
  const { name, key, endpoint } = given;
  return {
    name,
    endpoint: endpoint ?? `https://${name}.blob.${SUFFIX}`,
    access: { kind: 'key', key: Buffer.from(key, 'base64') },
  };
}
