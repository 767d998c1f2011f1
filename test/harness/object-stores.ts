import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GetObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { BlobServiceClient } from '@azure/storage-blob';
import S3rver from 's3rver';
import { packageRoot } from '../../src/package-root.ts';
import { freePort } from './free-port.ts';
import { until } from './until.ts';

/** A store that speaks the real protocol on a port of its own, read with the client of its vendor. */
export interface ObjectStorePeer {
  /** Where it listens, as an endpoint of a credential. */
  url: string;
  port: number;
  bucket: string;
  /** What its credential consists of, by the names of `POST /credentials`. */
  credential: Record<string, string>;
  /** Names in the bucket, in order. */
  list(): Promise<string[]>;
  read(name: string): Promise<string>;
  close(): Promise<void>;
}

const BUCKET = 'leads';

/** The pair of keys that s3rver knows. */
const S3RVER_KEY = 'S3RVER';

/** `port`: where it listened before; it has lost what it had. */
export async function openS3Peer({ port }: { port?: number } = {}): Promise<ObjectStorePeer> {
  const directory = await mkdtemp(join(tmpdir(), 'sluice-s3-'));
  const server = new S3rver({
    ...{ address: '127.0.0.1', port: port ?? 0, silent: true, directory, resetOnClose: true },
    ...{ vhostBuckets: false, configureBuckets: [{ name: BUCKET, configs: [] }] },
  });
  const at = await server.run();
  const url = `http://127.0.0.1:${at.port}`;
  const client = new S3Client({
    ...{ endpoint: url, forcePathStyle: true, region: 'us-east-1' },
    credentials: { accessKeyId: S3RVER_KEY, secretAccessKey: S3RVER_KEY },
  });
  return {
    url,
    port: at.port,
    bucket: BUCKET,
    credential: { type: 'aws', access_key_id: S3RVER_KEY, secret_access_key: S3RVER_KEY, endpoint: url },
    list: async () => {
      const names: string[] = [];
      for (let token: string | undefined, isFirst = true; isFirst || token; isFirst = false) {
        const page = await client.send(new ListObjectsV2Command({ Bucket: BUCKET, ContinuationToken: token }));
        names.push(...(page.Contents ?? []).flatMap(({ Key }) => Key ?? []));
        token = page.NextContinuationToken;
      }
      return names.toSorted();
    },
    read: async (name) => {
      const { Body } = await client.send(new GetObjectCommand({ Bucket: BUCKET, Key: name }));
      return (await Body?.transformToString()) ?? '';
    },
    close: async () => {
      client.destroy();
      server.httpServer.closeAllConnections();
      await server.close();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

/** The account and the key that every emulator of Azure has; they are documented and open nothing else. */
const AZURITE = {
  name: 'devstoreaccount1',
  key: 'Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==',
};

/** In a process of its own, because it keeps timers and a log of its process. */
export async function openAzurePeer(): Promise<ObjectStorePeer & { connectionString: string }> {
  const port = await freePort();
  const directory = await mkdtemp(join(tmpdir(), 'sluice-azure-'));
  const main = join(packageRoot, 'node_modules/azurite/dist/src/blob/main.js');
  const options = [
    '--blobHost',
    '127.0.0.1',
    '--blobPort',
    String(port),
    '--inMemoryPersistence',
    '--skipApiVersionCheck',
  ];
  const child = spawn(process.execPath, [main, ...options, '--silent', '--disableTelemetry'], {
    ...{ cwd: directory, stdio: ['ignore', 'pipe', 'inherit'] },
  });
  let said = '';
  child.stdout?.on('data', (chunk) => {
    said += chunk;
  });
  await until('Azurite listens', () => said.includes('successfully listens'));
  const url = `http://127.0.0.1:${port}/${AZURITE.name}`;
  const connectionString = `DefaultEndpointsProtocol=http;AccountName=${AZURITE.name};AccountKey=${AZURITE.key};BlobEndpoint=${url};`;
  const service = BlobServiceClient.fromConnectionString(connectionString);
  const container = service.getContainerClient(BUCKET);
  await container.create();
  return {
    url,
    port,
    bucket: BUCKET,
    connectionString,
    credential: { type: 'azure', account_name: AZURITE.name, account_key: AZURITE.key, endpoint: url },
    list: async () => {
      const names: string[] = [];
      for await (const { name } of container.listBlobsFlat()) names.push(name);
      return names.toSorted();
    },
    read: async (name) => (await container.getBlobClient(name).downloadToBuffer()).toString('utf8'),
    close: async () => {
      child.kill();
      if (child.exitCode === null) await once(child, 'exit');
      await rm(directory, { recursive: true, force: true });
    },
  };
}
