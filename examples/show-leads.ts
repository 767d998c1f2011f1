import { createClient } from '../client/src/client.ts';

/**
 * `KEY=<API key> npx tsx examples/show-leads.ts [url] [how many]`: the last leads and what each step of their flow did
 * with them, as `GET /leads` and `GET /leads/{id}` answer. In a project of yours the import is `@sluice/client`.
 */
const [url = 'http://127.0.0.1:8400', count = '5'] = process.argv.slice(2);
const client = createClient({ url, key: process.env['KEY'] ?? '' });

/** What is shown of a step of the explanation. */
interface Step {
  type: string;
  description?: string;
  recipient?: { name: string };
  verdict: string;
  reason: string | null;
}

for (const { id = '' } of await client.listLeads({ limit: Number(count), include: 'id' })) {
  const lead = await client.readLead(id);
  console.log(`${id} ${lead.flow.name}: ${lead.outcome} at ${lead.price} dollars${because(lead.reason)}`);
  // Each step has more, which an example need not know.
  for (const step of lead.explanation.steps as Step[]) {
    const name = step.recipient?.name ?? step.description ?? '';
    console.log(`  ${step.type} ${name}: ${step.verdict}${because(step.reason)}`);
  }
}

function because(reason: string | null): string {
  return reason === null ? '' : ` (${reason})`;
}
