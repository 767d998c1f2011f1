/** A flow document that a text shows, whole or in part. */
export interface ShownFlow {
  /** 1 for the first line of the text. */
  line: number;
  document: { [property: string]: unknown };
}

/** The flow documents in the code blocks of a Markdown text, here-documents included: objects with `steps` or `sources`. */
export function shownFlows(markdown: string): ShownFlow[] {
  return [...markdown.matchAll(/^```\w+\n([\s\S]*?)^```$/gm)].flatMap(({ 0: block, index }) =>
    jsonObjects(block).flatMap(({ start, document }) => {
      const line = markdown.slice(0, index + start).split('\n').length;
      return Array.isArray(document.steps) || Array.isArray(document.sources) ? [{ line, document }] : [];
    }),
  );
}

/** The outermost JSON objects of a text that open in a line of their own. */
function jsonObjects(text: string): { start: number; document: { [property: string]: unknown } }[] {
  const objects: ReturnType<typeof jsonObjects> = [];
  for (const { index: start } of text.matchAll(/^\{$/gm)) {
    const end = text.indexOf('\n}\n', start);
    if (end === -1) continue;
    // Our own documents: an object that is no JSON is a fault of the page.
    objects.push({ start, document: JSON.parse(text.slice(start, end + 2)) });
  }
  return objects;
}

/** What the `…` of a step stands for: a recipient that says nothing of its own. */
const STEP_LEFT_OUT = {
  entity: { id: '5fd0c0de00000000000000c0', name: 'Buyer' },
  strict_status: true,
  integration: {
    module_id: 'leadconduit-custom.outbound.json',
    mappings: [
      { property: 'url', value: 'http://127.0.0.1:8401/' },
      { property: 'json_property.email', value: '{{lead.email}}' },
    ],
  },
};

/** The document with something ordinary where it shows `…`. */
export function withoutGaps(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutGaps);
  if (typeof value !== 'object' || value === null) return value;
  const { '…': gap, ...shown } = value as { [name: string]: unknown }; // of JSON
  const members = Object.entries(shown).map(([name, member]) => [name, withoutGaps(member)]);
  return { ...(gap === undefined ? {} : STEP_LEFT_OUT), ...Object.fromEntries(members) };
}
