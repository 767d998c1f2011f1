import { Agent, fetch as fetchWith } from 'undici';
import { type Client, createClient, type Flow } from '../client/src/client.ts';
import type { FlowDocument } from '../src/model/flow.ts';
import type { ServerProcess } from './sluice-server.ts';

/** Without kept connections: a server that is busy or was killed may have closed one just now. */
const ONE_CALL_EACH = new Agent({ pipelining: 0 });

/** The API as the administrator; what it refuses is thrown. */
export function openClient({ port, apiKey }: ServerProcess): Client {
  // The same function; the types of the platform do not name the option.
  const fetch = ((url: string, init: object) =>
    fetchWith(url, { ...init, dispatcher: ONE_CALL_EACH })) as unknown as typeof globalThis.fetch;
  return createClient({ url: `http://127.0.0.1:${port}`, key: apiKey, tools: { fetch } });
}

/** Saves a flow over the API and deploys it; answers its id. */
export async function deployFlow(server: ServerProcess, document: FlowDocument): Promise<string> {
  const client = openClient(server);
  const { id } = await client.createFlow(document as Flow); // the same document; one of the two types is generated
  await client.deployFlow(id);
  return id;
}

/** The submit URL's path. */
export function submitPath(flowId: string, sourceEntityId: string): string {
  return `/flows/${flowId}/sources/${sourceEntityId}/submit`;
}
