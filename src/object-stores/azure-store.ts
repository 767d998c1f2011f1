import { createHmac } from 'node:crypto';
import type { BlobAccount } from './connection-string.ts';
import {
  CHECK_MS_MAX,
  computePutMs,
  escapePath,
  findObjectFault,
  type NewObject,
  type ObjectStore,
  type PutResult,
} from './object-store.ts';
import { readPutAnswer } from './read-put-answer.ts';
import type { ObjectStoreDeps } from './s3-store.ts';

export interface AzurePlace {
  container: string;
  account: BlobAccount;
}

/** Known to every version of the service and of its emulator since 2021. */
const API_VERSION = '2021-08-06';

/** Writes block blobs by Put Blob, with the key of the account or a shared access signature. */
export function createAzureStore({ container, account }: AzurePlace, { send, clock }: ObjectStoreDeps): ObjectStore {
  const base = `${account.endpoint.replace(/\/+$/, '')}/${escapePath(container)}`;
  const ask = async (request: {
    method: string;
    url: URL;
    object: NewObject;
    timeoutMs: number;
  }): Promise<PutResult> => {
    const { method, url, object, timeoutMs } = request;
    const headers = [
      ...(method === 'PUT' ? ['content-type', object.contentType, 'x-ms-blob-type', 'BlockBlob'] : []),
      ...['x-ms-date', new Date(clock.now()).toUTCString(), 'x-ms-version', API_VERSION],
    ];
    const { access } = account;
    if (access.kind === 'key') {
      headers.push('authorization', authorize({ method, url, object, headers, name: account.name, key: access.key }));
    } else {
      url.search = [url.search.slice(1), access.signature].filter((part) => part !== '').join('&');
    }
    const result = await send({ url, method, headers, body: object.body }, { timeoutMs });
    const secret = access.kind === 'signature' ? access.signature : null;
    return readPutAnswer(result, { host: url.host, bucket: container, secret });
  };
  return {
    putObject: async (object) => {
      const url = `${base}/${escapePath(object.name)}`;
      const fault = findObjectFault(object);
      return fault ?? ask({ method: 'PUT', url: new URL(url), object, timeoutMs: computePutMs(object) });
    },
    checkBucket: () => {
      const object = { name: '', body: new Uint8Array(), contentType: '' };
      return ask({ method: 'HEAD', url: new URL(`${base}?restype=container`), object, timeoutMs: CHECK_MS_MAX });
    },
  };
}

/** https://learn.microsoft.com/rest/api/storageservices/authorize-with-shared-key */
function authorize(request: {
  method: string;
  url: URL;
  object: NewObject;
  headers: readonly string[];
  name: string;
  key: Buffer;
}): string {
  const { method, url, object, headers, name, key } = request;
  const length = object.body.byteLength === 0 ? '' : String(object.body.byteLength);
  const standard = [
    method,
    '',
    '',
    length,
    '',
    method === 'PUT' ? object.contentType : '',
    '',
    '',
    '',
    '',
    '',
    '',
  ].join('\n');
  // Those of the service alone, and they are in the order of their names already.
  const own = headers.flatMap((each, index) => (each.startsWith('x-ms-') ? `${each}:${headers[index + 1]}\n` : []));
  const query = [...url.searchParams].map(([each, value]) => `\n${each}:${value}`).join('');
  const text = `${standard}\n${own.join('')}/${name}${url.pathname}${query}`;
  return `SharedKey ${name}:${createHmac('sha256', key).update(text).digest('base64')}`;
}
