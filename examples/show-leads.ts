/**
 * `KEY=<API key> npx tsx examples/show-leads.ts [url] [how many]`: the last leads and what each step of their flow did
 * with them, as `GET /leads` and `GET /leads/{id}` tell it.
 */
const [url = 'http://127.0.0.1:8400', count = '5'] = process.argv.slice(2);
const authorization = `Basic ${Buffer.from(`api:${process.env['KEY'] ?? ''}`).toString('base64')}`;

interface Step {
  type: string;
  description?: string;
  recipient?: { name: string };
  verdict: string;
  reason: string | null;
}

interface Lead {
  id: string;
  outcome: string;
  reason: string | null;
  price: number;
  flow: { name: string };
  explanation: { steps: Step[] };
}

// The shapes above are what docs/reference/api.md promises; an example takes the server at its word.
const leads = (await ask(`/leads?limit=${count}&include=id`)) as { id: string }[];
for (const { id } of leads) {
  const lead = (await ask(`/leads/${id}`)) as Lead;
  console.log(`${id} ${lead.flow.name}: ${lead.outcome} at ${lead.price} dollars${because(lead.reason)}`);
  for (const step of lead.explanation.steps) {
    const name = step.recipient?.name ?? step.description ?? '';
    console.log(`  ${step.type} ${name}: ${step.verdict}${because(step.reason)}`);
  }
}

async function ask(path: string): Promise<unknown> {
  const res = await fetch(url + path, { headers: { authorization } });
  if (!res.ok) throw new Error(`${path}: ${res.status} ${await res.text()}`);
  return res.json();
}

function because(reason: string | null): string {
  return reason === null ? '' : ` (${reason})`;
}
