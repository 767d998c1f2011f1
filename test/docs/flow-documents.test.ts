import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { demoFlow } from '../../src/demo/demo-flow.ts';
import { createFlowCompiler } from '../../src/flow-compiler/flow-compiler.ts';
import { flowProblems } from '../../src/flows/flow-problems.ts';
import { bareSurroundings } from '../../src/flows/flow-surroundings.ts';
import { createFindWarnings } from '../../src/flows/flow-warnings.ts';
import { parseFlowDocument } from '../../src/flows/parse-flow-document.ts';
import { builtinModules } from '../../src/integrations/builtin-modules.ts';
import { createModuleRegistry } from '../../src/integrations/registry.ts';
import { finish, type RunSliced } from '../../src/lib/slices.ts';
import { packageRoot } from '../../src/package-root.ts';
import { shownFlows, withoutGaps } from './flow-documents.ts';

const PAGES = ['README.md', ...listFiles('docs/guides'), ...listFiles('docs/reference'), ...listFiles('examples')];
const modules = createModuleRegistry(builtinModules([]));
const runSliced: RunSliced = async (work) => finish(work);
const compiler = createFlowCompiler(modules, runSliced);
const findWarnings = createFindWarnings(runSliced);
const surroundings = {
  ...bareSurroundings({
    id: '5fd0c0de00000000000000f1',
    name: 'Example',
    timeZone: 'UTC',
    dataRetentionInDays: 90,
    isPingEnabled: true,
  }),
  // The first flow makes it before.
  customFields: [{ id: 'birth_date', name: 'Birth date', type: 'dob' as const }],
  modules,
};

/** What pages leave out of a part of a flow. */
const LEFT_OUT = { name: 'Leads', enabled: true, fields: ['email'], sources: [] };

/** On purpose: what is found in a flow, by its page and name. */
const EXPECTED: Readonly<Record<string, readonly string[]>> = {
  // Shows where a recipient's key goes, and says what the warning says.
  'docs/guides/deliveries.md: Roof leads': ['secret-in-mapping steps.0.integration.mappings.1.value'],
  // The shell puts the ids in that the command before printed.
  'docs/guides/destinations.md: Roof leads to the warehouse': ['error destinations.0.instance_id'],
  // Is about this warning.
  'docs/guides/credentials.md: Leads sent with a pasted key': [
    'recipients-without-filter steps',
    'secret-in-mapping steps.0.integration.mappings.1.value',
  ],
  'docs/guides/credentials.md: Leads sent with a credential': [
    'error steps.0.credential_id',
    'recipients-without-filter steps',
  ],
  'docs/guides/trustedform.md: Leads with consent': ['error steps.0.credential_id'],
  'docs/guides/batches.md: Leads delivered in the evening': [
    'error steps.0.integration.mappings.0.value',
    'recipients-without-filter steps',
  ],
  'docs/guides/firehose.md: Leads with a firehose': ['firehose-cannot-write firehose.services.aws.credential_id'],
  'docs/guides/mail.md: Leads by e-mail': ['error steps.0.credential_id', 'recipients-without-filter steps'],
  // Leaves the fields of the flow out.
  'docs/guides/selling.md: Pings priced by bids': ['unknown-variable steps.0.recipients.0.bid.mappings.1.value'],
  'docs/guides/selling.md: Leads priced by a service': ['unknown-pricing-service pricing_service.service_id'],
  // Is about this warning.
  'docs/guides/waterfalls.md: Leads': ['retry-with-alternatives steps.1.retry_enabled'],
  // Is about what keeps a flow from a deploy.
  'docs/guides/troubleshooting.md: Broken': ['error fields.1', 'error steps.0.rule_set.rules.0.op'],
};

const FLOWS = PAGES.flatMap((page) =>
  shownFlows(readFileSync(join(packageRoot, page), 'utf8')).map(({ line, document }) => {
    const flow = { ...LEFT_OUT, ...document };
    return { page, line, name: `${page}: ${flow.name}`, flow };
  }),
);

describe('the flow documents that pages show', () => {
  it('are found in the README and the guides', () => {
    const pages = new Set(FLOWS.map(({ page }) => page));
    expect([...pages]).toEqual(
      expect.arrayContaining(['README.md', 'docs/guides/first-flow.md', 'docs/guides/waterfalls.md']),
    );
    expect(FLOWS.length).toBeGreaterThanOrEqual(7);
  });

  it.each(FLOWS)('$page:$line has no unknown name and no unexpected warning', async ({ name, flow }) => {
    expect(await found(flow)).toEqual(EXPECTED[name] ?? []);
  });

  it('the demo flow has neither', async () => {
    expect(await found({ ...demoFlow('http://127.0.0.1:8401/') })).toEqual([]);
  });

  it('that have one are found out', async () => {
    const text = '```sh\ncat > a.json <<END\n{\n  "stepz": 1, "colour": 2,\n  "steps": []\n}\nEND\n```\n';
    const [shown] = shownFlows(text);
    expect(shown?.line).toBe(3);
    expect(await found({ ...LEFT_OUT, ...shown?.document })).toEqual(['error stepz', 'unknown-name colour']);
  });

  it('expects nothing of flows that are gone', () => {
    const names = FLOWS.map(({ name }) => name);
    expect(Object.keys(EXPECTED).filter((name) => !names.includes(name))).toEqual([]);
  });
});

/** `error <path>` and `<check> <path>` of everything that saving the flow would report of the document itself. */
async function found(flow: { [property: string]: unknown }): Promise<string[]> {
  const document = withoutGaps(flow) as typeof flow; // an object stays one
  const parsed = parseFlowDocument(document);
  if (!parsed.ok) return parsed.error.map(({ path, message }) => `malformed ${path}: ${message}`);
  return [
    ...flowProblems(parsed.value, await compiler.findProblems(parsed.value.sound, surroundings)).map(
      ({ path }) => `error ${path}`,
    ),
    ...(await findWarnings(document, surroundings)).map(({ check, path }) => `${check} ${path}`),
  ];
}

function listFiles(folder: string): string[] {
  return readdirSync(join(packageRoot, folder)).map((name) => `${folder}/${name}`);
}
