import { findField } from '../fields/find-field.ts';
import { namesRead } from '../flow-compiler/known-names.ts';
import type { InboundModule, ModuleParam } from '../integrations/contract.ts';
import type { Field } from '../model/field.ts';
import type { FlowDocument, Source } from '../model/flow.ts';
import type { Mapping } from '../model/mapping.ts';
import { compileTemplate } from '../templates/compile-template.ts';

/** A name that a vendor may post, and the fields of the lead that it fills. */
export interface Parameter {
  name: string;
  /** In the order of the flow's fields; empty: only a mapping's rules ask for it, or the module itself. */
  fills: readonly Fill[];
  /** What the source's module says of it, where it takes it by itself. */
  param: ModuleParam | null;
}

export interface Fill {
  field: Field;
  /** The value of the parameter is the value of the field, unless another one overwrites it. */
  isWhole: boolean;
}

export interface ParameterFacts {
  document: FlowDocument;
  source: Source;
  customFields: readonly Field[];
  module: InboundModule | null;
}

/** The parameters of a source, and where each field of the flow comes from. */
export interface ParameterTable {
  parameters: readonly Parameter[];
  /** Field id → where its value comes from; a field that the flow has not is not there. */
  origins: ReadonlyMap<string, Origin>;
}

export interface Origin {
  field: Field;
  /** Names that may fill it, the vendor's own first. Empty: the owner sets it. */
  names: readonly string[];
  /** Each of the names alone is the whole value. */
  isWhole: boolean;
}

/** Parameters of one page: a flow has fewer fields, and a document of mappings may name more. */
const PARAMETERS_MAX = 1_000;

/**
 * The source's mappings read backwards: which names a vendor posts for each field of the flow. A mapping that always
 * writes a field hides the field's own name and every mapping before it; one with rules adds its names.
 */
export function listParameters(facts: ParameterFacts): ParameterTable {
  const { document, source, customFields, module } = facts;
  const fields = document.fields.flatMap((id) => findField(id, customFields) ?? []);
  const origins = new Map(fields.map((field) => [field.id, originOf(field, facts)]));
  const byName = new Map<string, Fill[]>();
  for (const origin of origins.values()) {
    for (const name of origin.names) {
      const fills = byName.get(name) ?? [];
      fills.push({ field: origin.field, isWhole: origin.isWhole });
      byName.set(name, fills);
    }
  }
  for (const name of namesInConditions(source.integration.mappings)) if (!byName.has(name)) byName.set(name, []);
  const own = (module?.params ?? []).filter(({ name }) => name !== '*' && name !== REDIRECT_PARAMETER);
  for (const { name } of own) if (!byName.has(name)) byName.set(name, []);
  const parameters = [...byName].slice(0, PARAMETERS_MAX).map(([name, fills]) => {
    return { name, fills, param: own.find((param) => param.name === name) ?? null };
  });
  return { parameters, origins };
}

/** It has a section of its own. */
export const REDIRECT_PARAMETER = 'redir_url';

/** Does the module take any name, or only those it lists? */
export function takesAnyName(module: InboundModule | null): boolean {
  return module === null || module.params.length === 0 || module.params.some(({ name }) => name === '*');
}

function originOf(field: Field, { source, module }: ParameterFacts): Origin {
  const writers = source.integration.mappings.filter(({ property }) => property.replace(/^lead\./, '') === field.id);
  const always = writers.findLastIndex((mapping) => !mapping.rule_set && hasText(mapping));
  const counting = always === -1 ? writers : writers.slice(always);
  const read = counting.flatMap((mapping) => namesIn(mapping.value));
  const isFixed = always !== -1;
  const own = isFixed ? [] : ownNames(field, module);
  const names = [...new Set([...read, ...own])];
  return { field, names, isWhole: counting.every(isWholeValue) };
}

/** A field's own id, and what the module calls it. */
function ownNames({ id }: Field, module: InboundModule | null): string[] {
  const called = (module?.params ?? []).filter(({ variable, name }) => variable === id && name !== '*');
  if (called.length > 0) return called.map(({ name }) => name);
  return takesAnyName(module) ? [id] : [];
}

function hasText({ value }: Mapping): boolean {
  return value !== null && value !== '';
}

function isWholeValue({ value }: Mapping): boolean {
  if (typeof value !== 'string') return false;
  const compiled = compileTemplate(value);
  return compiled.ok && compiled.value.kind === 'variable';
}

function namesIn(value: unknown): string[] {
  return namesRead([{ property: '', value: value as Mapping['value'] }]); // as the mapping has it
}

/** What rules of mappings ask for is a parameter too. */
function namesInConditions(mappings: readonly Mapping[]): string[] {
  const conditions = mappings.flatMap(({ rule_set: rules }) =>
    rules ? [{ property: '', value: null, rule_set: rules }] : [],
  );
  return namesRead(conditions);
}
