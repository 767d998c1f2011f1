/** A JSON Schema (draft 2020-12) or a part of one. */
export type JsonSchema = { readonly [keyword: string]: unknown };

/** What a property may hold: its schema, and how the reference says it. */
export interface PropertyType {
  label: string;
  schema: JsonSchema;
  /** The object of `FLOW_OBJECTS` that it is, or that it is a list of. */
  object?: string;
}

/**
 * - `works`: it has the effect its row says.
 * - `not-yet`: kept and answered, and nothing acts on it yet; a flow that sets it has a warning.
 * - `carried`: documents of the original carry it; kept and answered, and has no effect here.
 * - `read-only`: made by the server for answers; what a body says of it is dropped, unless the row says otherwise.
 */
export type PropertyStatus = 'works' | 'not-yet' | 'carried' | 'read-only';

/** One property of an object of a Flow document. */
export interface PropertyRow {
  type: PropertyType;
  /** What it does; of one that does nothing, what does instead. One or two sentences for the reference and editors. */
  does: string;
  isRequired?: true;
  /** What absent and null mean. Absent: nothing. */
  default?: string;
  example?: unknown;
  /** Absent: `works`. */
  status?: PropertyStatus;
  /** Of `not-yet`: the remedy, as the end of the warning. */
  instead?: string;
  /** Of an object with a `type`: those that read it. Absent: each. */
  only?: readonly string[];
}

/** Does the object read this property? What others read has no effect in it. */
export function isReadIn({ only }: PropertyRow, owner: Readonly<Record<string, unknown>>): boolean {
  return only === undefined || only.includes(String(owner['type']));
}

export interface FlowObject {
  /** What it is, for the reference. */
  what: string;
  properties: Readonly<Record<string, PropertyRow>>;
  /** Keywords beside its properties. */
  keywords?: JsonSchema;
  /** An unknown name is a fault of its shape, because its names are the members of a fixed set. */
  isClosed?: true;
}

export function choiceType(values: readonly string[]): PropertyType {
  return { label: values.map((value) => `\`${value}\``).join(', '), schema: { enum: values } };
}

export function objectType(object: string): PropertyType {
  return { label: `[${object}](#${object.toLowerCase()})`, schema: { $ref: `#/$defs/${object}` }, object };
}

export function listType(type: PropertyType, keywords: JsonSchema = {}): PropertyType {
  const { label, schema, object } = type;
  return {
    label: `list of ${label}`,
    schema: { type: 'array', items: schema, ...keywords },
    ...(object === undefined ? {} : { object }),
  };
}
