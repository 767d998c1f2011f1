import type { Source } from '../model/flow.ts';
import type { Mapping } from '../model/mapping.ts';
import { compileTemplate } from '../templates/compile-template.ts';

/** The names of parameters that the mappings of a source read, in templates and in rules. */
export function namesRead(mappings: readonly Mapping[]): string[] {
  return mappings.flatMap(({ value, rule_set: rules }) => [...namesInTemplates(value), ...namesInRules(rules)]);
}

/** The names of those read for a masked field: what they carry is as secret as the field (decision 0036). */
export function namesReadFor(isSecret: (property: string) => boolean, { integration }: Source): string[] {
  return namesRead(integration.mappings.filter(({ property }) => isSecret(property)));
}

/** Does the flow ask for this parameter: as a field, or in a mapping of the source? Places in lists do not count. */
export function knownNames(fields: ReadonlySet<string>, source: Source): (name: string) => boolean {
  const read = new Set(namesRead(source.integration.mappings));
  const isKnown = (name: string) => fields.has(name) || read.has(name);
  return (name) => {
    const plain = name.replace(LIST_PLACE, '');
    for (let end = plain.length; end > 0; end = plain.lastIndexOf('.', end - 1)) {
      if (isKnown(plain.slice(0, end))) return true;
    }
    return isKnown(name);
  };
}

const LIST_PLACE = /\.\d+(?=\.|$)/g;

function namesInTemplates(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(namesInTemplates);
  if (typeof value !== 'string') return [];
  const compiled = compileTemplate(value);
  return compiled.ok ? [...compiled.value.variables] : [];
}

/** Left sides, and templates on the right. */
function namesInRules(rules: unknown): string[] {
  if (typeof rules !== 'object' || rules === null) return [];
  if (Array.isArray(rules)) return rules.flatMap(namesInRules);
  return Object.entries(rules).flatMap(([key, member]) => {
    if (key === 'lhv' && typeof member === 'string') return [member];
    return key === 'rhv' ? namesInTemplates(member) : namesInRules(member);
  });
}
