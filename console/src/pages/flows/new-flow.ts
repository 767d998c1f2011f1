import type { Flow } from '../../../../client/src/client.ts';
import { api } from '../../api/client.ts';
import { readServerDraft } from '../../editor/draft/draft-api.ts';
import { makeId, withNewIds } from '../edit/new-id.ts';
import { parseFlow } from '../setup/import-flow.ts';

/** What a flow begins with: the fields that most senders have. More are added in the editor. */
const FIRST_FIELDS = ['first_name', 'last_name', 'email', 'phone_1', 'state', 'postal_code'];

/** A flow without sources and steps. It takes no lead before it is published, because nothing of it is deployed. */
export async function createEmptyFlow(name: string): Promise<{ id: string }> {
  return api.createFlow({ name: name.trim(), enabled: true, fields: FIRST_FIELDS, sources: [], steps: [] });
}

/** A copy of a flow as it is edited, with ids of its own; its sources are the same senders. */
export async function duplicateFlow(id: string, name: string): Promise<{ id: string }> {
  const { document } = await readServerDraft(id);
  const { id: _, ...copied } = document;
  // The same document; the API lets its lists be null.
  return api.createFlow({ ...withNewIds(copied, makeId), name: name.trim() } as Flow);
}

/**
 * Saves a flow from its text without deploying it. A flow whose id is taken gets new ids. Throws what the API refuses, or a
 * sentence about the text.
 */
export async function importFlow(text: string, taken: ReadonlySet<string>): Promise<{ id: string }> {
  const { errors: _, warnings: __, revision: ___, deployed_revision: ____, ...flow } = parseFlow(text);
  const { id } = flow;
  if (typeof id !== 'string' || !taken.has(id)) return api.createFlow(flow);
  const { id: _____, ...others } = flow;
  return api.createFlow(withNewIds(others, makeId));
}
