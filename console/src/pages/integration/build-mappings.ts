import type { Module } from '../../api/library.ts';

/** Properties of an example: the required ones, else the first few. */
const EXAMPLES_MAX = 5;

/** A step of a flow document that names the module, as JSON; null: it delivers nothing. */
export function buildMappings(module: Pick<Module, 'id' | 'type' | 'request_variables'>): string | null {
  if (module.type !== 'outbound') return null;
  const plain = module.request_variables.filter(({ type, deprecated }) => type !== 'wildcard' && deprecated !== true);
  const required = plain.filter((variable) => variable.required);
  const shown = required.length > 0 ? required : plain.slice(0, EXAMPLES_MAX);
  const mappings = shown.map(({ name, examples, default: byDefault }) => ({
    property: name,
    value: String(examples?.[0] ?? byDefault ?? '{{lead.email}}'),
  }));
  return JSON.stringify({ type: 'recipient', integration: { module_id: module.id, mappings } }, null, 2);
}
