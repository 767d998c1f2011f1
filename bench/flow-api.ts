import type { FlowDocument } from '../src/model/flow.ts';
import type { ServerProcess } from './sluice-server.ts';

/** Saves a flow over the API and deploys it; answers its id. Throws with the server's answer when it is refused. */
export async function deployFlow(server: ServerProcess, document: FlowDocument): Promise<string> {
  const saved = await call(server, { path: '/flows', body: document });
  // An edge: the API answers a saved flow with its id.
  const { id } = saved as { id: string };
  await call(server, { path: `/flows/${id}/deploy`, body: {} });
  return id;
}

/** POSTs JSON as the administrator; throws with the server's answer when it is refused. */
export async function call(server: ServerProcess, request: { path: string; body: unknown }): Promise<unknown> {
  const { status, text } = await ask(server, request);
  if (status >= 300) throw new Error(`POST ${request.path} was answered ${status}: ${text}`);
  return text === '' ? null : JSON.parse(text);
}

/** The same, whatever the answer is. */
export async function ask(
  server: ServerProcess,
  request: { path: string; body: unknown },
): Promise<{ status: number; text: string }> {
  const answer = await fetch(`http://127.0.0.1:${server.port}${request.path}`, {
    method: 'POST',
    headers: {
      'Content-Type': 'application/json',
      Authorization: `Basic ${Buffer.from(`API:${server.apiKey}`).toString('base64')}`,
    },
    body: JSON.stringify(request.body),
  });
  return { status: answer.status, text: await answer.text() };
}

/** The submit URL's path. */
export function submitPath(flowId: string, sourceEntityId: string): string {
  return `/flows/${flowId}/sources/${sourceEntityId}/submit`;
}

/** What a GET of the API answers; throws with the server's answer when it is refused. */
export async function read(server: ServerProcess, path: string): Promise<unknown> {
  const answer = await fetch(`http://127.0.0.1:${server.port}${path}`, {
    headers: { Authorization: `Basic ${Buffer.from(`API:${server.apiKey}`).toString('base64')}` },
  });
  if (!answer.ok) throw new Error(`GET ${path} was answered ${answer.status}: ${await answer.text()}`);
  return answer.json();
}
