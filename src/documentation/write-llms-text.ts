import type { DocGroup, DocLibrary } from './library.ts';

const INTRODUCTION = `# Sluice

> A self-hosted server for people who buy and sell leads. A lead arrives over HTTP at a source of a flow, passes the flow's rules, limits and prices, is delivered to recipients, and its sender gets the outcome in the same answer. It is wire-compatible with ActiveProspect LeadConduit.

This is the documentation of the version that answers here. Each page below \`/docs/\` is HTML; with \`.md\` behind its address it is Markdown. Posting pages have such a twin, too: the page \`/submission/TOKEN\`, which tells a vendor how to post leads to one source, is Markdown at \`/submission/TOKEN.md\` and JSON at \`/submission/TOKEN.json\`. A shared report is \`/reports/shared/TOKEN\`: JSON, or CSV with \`Accept: text/csv\`. Tokens come from the owner of the account; there is no list of them.`;

const API = [
  ['OpenAPI', '/openapi.json', 'every route of the API, with its parameters, answers and errors (OpenAPI 3.1)'],
  ['JSON Schema of flows', '/schemas/flow.json', 'checks and completes a flow document'],
] as const;

/** `/llms.txt` as llmstxt.org has it: what there is to read here, for programs. `origin`: `https://leads.example.com`. */
export function writeLlmsText({ groups }: DocLibrary, origin: string): string {
  const [guides, reference, background] = groups;
  const api = API.map(([name, path, note]) => `- [${name}](${origin}${path}): ${note}`).join('\n');
  return [
    INTRODUCTION,
    writeGroup('Guides', { group: guides, origin }),
    writeGroup('Reference', { group: reference, origin }),
    `## API\n\n${api}`,
    // What may be left out when there is little room.
    writeGroup('Optional', { group: background, origin }),
    '',
  ].join('\n\n');
}

function writeGroup(heading: string, { group, origin }: { group: DocGroup | undefined; origin: string }): string {
  const links = (group?.pages ?? []).map(
    ({ title, source, note }) => `- [${title}](${origin}${source})${note === null ? '' : `: ${note}`}`,
  );
  return [`## ${heading}`, links.join('\n')].join('\n\n');
}
