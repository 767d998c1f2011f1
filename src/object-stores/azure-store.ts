import { createHmac } from 'node:crypto';
import type { BlobAccount } from './connection-string.ts';
import { computePutMs, escapePath, findObjectFault, type NewObject, type ObjectStore } from './object-store.ts';
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
  return {
    putObject: async (object) => {
      const fault = findObjectFault(object);
      if (fault) return fault;
      const url = new URL(`${base}/${escapePath(object.name)}`);
      const headers = [
        ...['content-type', object.contentType],
        ...['x-ms-blob-type', 'BlockBlob'],
        ...['x-ms-date', new Date(clock.now()).toUTCString()],
        ...['x-ms-version', API_VERSION],
      ];
      const { access } = account;
      if (access.kind === 'key')
        headers.push('authorization', authorize({ url, object, headers, name: account.name, key: access.key }));
      else url.search = access.signature;
      const result = await send(
        { url, method: 'PUT', headers, body: object.body },
        { timeoutMs: computePutMs(object) },
      );
      return readPutAnswer(result, { host: url.host, bucket: container });
    },
  };
}

/** https://learn.microsoft.com/rest/api/storageservices/authorize-with-shared-key */
function authorize(put: {
  url: URL;
  object: NewObject;
  headers: readonly string[];
  name: string;
  key: Buffer;
}): string {
  const { url, object, headers, name, key } = put;
  const length = object.body.byteLength === 0 ? '' : String(object.body.byteLength);
  const standard = ['PUT', '', '', length, '', object.contentType, '', '', '', '', '', ''].join('\n');
  // Those of the service alone, and they are in the order of their names already.
  const own = headers.flatMap((each, index) => (each.startsWith('x-ms-') ? `${each}:${headers[index + 1]}\n` : []));
  const text = `${standard}\n${own.join('')}/${name}${url.pathname}`;
  return `SharedKey ${name}:${createHmac('sha256', key).update(text).digest('base64')}`;
}
