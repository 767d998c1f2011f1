import { appendKeyOf, distributionKeyOf } from '../../../../src/model/append-key.ts';
import type { FlowDocument, RecipientStep, Step } from '../../../../src/model/flow.ts';

/** Deeper than any flow. */
const DEPTH_MAX = 200;

/** Where a document reads a variable, as paths: `steps.2.rule_set.rules.0.lhv`. */
export type VariableReads = ReadonlyMap<string, readonly string[]>;

/** A word of a template that may be a variable: `lead.state`, `distribution.main.price`. */
const NAMES = /[\p{L}_][\p{L}\p{N}_]*(?:\.[\p{L}\p{N}_*]+)+/gu;
const TAGS = /\{\{\{?([^}]*)\}/g;

/** Every variable that a part reads, by its name: the left sides of rules, and all that stands in templates. One walk. */
export function listReads(part: unknown): VariableReads {
  const reads = new Map<string, string[]>();
  const note = (name: string, path: string) => {
    const known = reads.get(name);
    if (known === undefined) reads.set(name, [path]);
    else if (known.at(-1) !== path) known.push(path);
  };
  const walk = (value: unknown, path: readonly string[]): void => {
    if (typeof value === 'string') readText(value, path, note);
    if (typeof value !== 'object' || value === null || path.length > DEPTH_MAX) return;
    for (const [name, each] of Object.entries(value)) walk(each, [...path, name]);
  };
  walk(part, []);
  return reads;
}

function readText(text: string, path: readonly string[], note: (name: string, path: string) => void): void {
  const name = path.at(-1);
  const place = path.join('.');
  if (text.includes('{{')) {
    for (const [, tag = ''] of text.matchAll(TAGS)) for (const [found] of tag.matchAll(NAMES)) note(found, place);
    return;
  }
  if (name === 'lhv') note(text, place);
  // Of a source, a mapping names the field that it sets.
  else if (name === 'property' && path[0] === 'sources') note(text.startsWith('lead.') ? text : `lead.${text}`, place);
  else if (path.at(-2) === 'response_fields') note(text, place);
}

/** Where a variable, or one of its parts, is read. */
export function findReads(reads: VariableReads, variable: string): string[] {
  return [...reads].flatMap(([name, paths]) => (name === variable || name.startsWith(`${variable}.`) ? paths : []));
}

/** What a step appends under, as later steps read it; null: a filter appends nothing. */
export function variableOf(step: Step): string | null {
  switch (step.type) {
    case 'filter':
      return null;
    case 'recipient':
      return keyOf(step);
    case 'distribution':
      return `distribution.${distributionKeyOf(step)}`;
  }
}

/** A draft may lack what names it. */
function keyOf(step: RecipientStep): string | null {
  return step.key === undefined && !step.entity?.name && !step.integration?.module_id ? null : appendKeyOf(step);
}

/** Paths outside of the step that read what it appends, unless another step appends under the same name. */
export function findDependents(document: FlowDocument, index: number): string[] {
  const step = document.steps[index];
  if (step === undefined) return [];
  const variables = [
    variableOf(step),
    ...(step.type === 'distribution'
      ? (step.recipients ?? []).map((each) => keyOf({ ...each, type: 'recipient' }))
      : []),
  ];
  const others = new Set(document.steps.flatMap((each, place) => (place === index ? [] : [variableOf(each)])));
  const reads = listReads(document);
  const found = variables
    .filter((variable) => variable !== null && !others.has(variable))
    .flatMap((variable) => findReads(reads, String(variable)));
  return [...new Set(found)].filter((path) => !path.startsWith(`steps.${index}.`));
}

/** Fields that a part reads, without `lead.`. */
export function listFieldsOf(part: unknown): string[] {
  const names = [...listReads(part).keys()].flatMap((name) => {
    const [first, field] = name.split('.');
    return first === 'lead' && field !== undefined ? [field] : [];
  });
  return [...new Set(names)];
}
