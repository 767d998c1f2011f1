import { expect } from 'vitest';
import { basic } from '../../src/http/testing/test-server.ts';
import { type ApiReply, ask, type ComposedServer } from './server.ts';
import { until } from './until.ts';

type ApiServer = Pick<ComposedServer, 'url' | 'key' | 'api'>;

/** Posts the bytes of a file; what is refused is an answer like any other. */
export function sendFile(
  { url, key: ownersKey }: ApiServer,
  path: string,
  { file, key = ownersKey, type = 'text/csv' }: { file: string | Uint8Array; key?: string; type?: string },
): Promise<ApiReply> {
  return ask(`${url}${path}`, {
    method: 'POST',
    headers: { Authorization: basic(key), 'Content-Type': type },
    body: typeof file === 'string' ? file : Buffer.from(file),
  });
}

/** The id of the job that a file was taken by. */
export function idOfImport(sent: ApiReply): string {
  expect([sent.status, sent.text]).toEqual([202, expect.any(String)]);
  return sent.body.job.id;
}

/** A job as the API has it once it has ended. */
// biome-ignore lint/suspicious/noExplicitAny: tests look into jobs of every kind
export async function endOfJob({ api }: ApiServer, id: string): Promise<any> {
  const read = async () => (await api('GET', `/jobs/${id}`)).body;
  await until('the job has ended', async () => (await read()).ended_at !== null);
  return read();
}

/** The lines of a text artefact of a job; none where it has no such artefact. */
export async function readArtefact({ api }: ApiServer, id: string, name: string): Promise<string[]> {
  const { status, text } = await api('GET', `/jobs/${id}/artefacts/${name}`);
  return status === 200 ? text.split('\r\n').slice(0, -1) : [];
}
