import { DEPTH_MAX, readEntry } from './rule-tree.ts';

const READS = /\blead\.([\p{L}\p{N}_.]+)/gu;

/** The fields of a lead that a text reads: `{{lead.state.name}}` reads `state.name`. */
export function listFieldsRead(text: string): string[] {
  return [...text.matchAll(READS)].map(([, name = '']) => name.replace(/\.$/, ''));
}

/** The fields of the flow that rules read, each once. */
export function listFieldsOfRules(ruleSet: unknown, fields: readonly string[]): string[] {
  const known = new Set(fields);
  const read = listTexts(ruleSet, 0).flatMap(listFieldsRead);
  return [...new Set(read.flatMap((name) => fieldOf(name, known) ?? []))];
}

function listTexts(value: unknown, depth: number): string[] {
  const entry = readEntry(value);
  if (depth > DEPTH_MAX || entry.kind === 'unreadable') return [];
  if (entry.kind === 'group') return entry.set.rules.flatMap((rule) => listTexts(rule, depth + 1));
  const { lhv, rhv, rule_set: nested } = entry.rule;
  const right = Array.isArray(rhv) ? rhv : [rhv];
  return [lhv, ...right].filter((text) => typeof text === 'string').concat(nested ? listTexts(nested, depth + 1) : []);
}

/** Ids of fields have dots; the longest that is a field wins over its parts. */
export function fieldOf(name: string, known: ReadonlySet<string>): string | undefined {
  const parts = name.split('.');
  for (let length = parts.length; length > 0; length -= 1) {
    const id = parts.slice(0, length).join('.');
    if (known.has(id)) return id;
  }
  return undefined;
}
