import type { Flow } from '../../../../client/src/client.ts';
import { api } from '../../api/client.ts';

/** Takes every lead of one source and sends it nowhere: enough to see what a lead leaves behind. */
export const SAMPLE_FLOW = {
  name: 'Sample flow',
  enabled: true,
  fields: ['first_name', 'last_name', 'email', 'phone_1', 'state'],
  sources: [{ entity: { name: 'Sample source' }, integration: { module_id: 'leadconduit-default.inbound' } }],
  acceptance_criteria: {
    outcome: 'failure',
    rule_set: { op: 'and', rules: [{ lhv: 'lead.email', op: 'is not blank' }] },
  },
  steps: [],
} satisfies Flow;

/** Saves a flow from its text and deploys it. Throws what the API refuses, or a sentence about the text. */
export async function addFlow(text: string): Promise<{ id: string; name: string }> {
  const { id, name } = await api.createFlow(parseFlow(text));
  await api.deployFlow(id);
  return { id, name };
}

/** Throws a sentence for the person when it is no JSON object. What is in it the API judges. */
export function parseFlow(text: string): Flow {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (error) {
    throw new Error(`This is no JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed))
    throw new Error('A flow is a JSON object: {"name": …}.');
  // The API judges what it holds.
  return parsed as Flow;
}
