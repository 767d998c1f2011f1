import type { Vars } from '../../../../model/vars.ts';
import { flatten } from '../../../../variables/flatten.ts';
import { isPlainObject } from '../../../../variables/rich-value.ts';
import { scalarText, writeXml } from '../write-xml.ts';
import { isXmlName } from '../xml-name.ts';
import { type Children, findTextType, listChildren, type Schema, type SchemaElement } from './schema.ts';

/** Arguments are written this deep; what mappings make is never deeper. */
const DEPTH_MAX = 40;

/** What elements are written by. */
export interface Writing {
  schema: Schema;
  /** Prefixes the envelope declares, by namespace. */
  prefixes: ReadonlyMap<string, string>;
  /** Set when a value cannot be written, as a sentence; the first one stays. */
  problem?: string;
}

/** How the start of an element is spelled. */
export interface Tag {
  name: string;
  /** Its `xmlns` declaration with the blank before it; '': none. */
  declaration: string;
  /** The namespace that children without a prefix are in. */
  defaultNamespace: string;
}

/**
 * An element with its children, or one for each member of a list. `null` is `xsi:nil`, `undefined` nothing. In an
 * object `attributes` are its attributes and `$value` its text; one for an element of text is a document of its own,
 * written as text (spec modules c4). Names the schema does not know are written as they are.
 */
export function writeElement(
  writing: Writing,
  { tag, type, value, depth = 0 }: { tag: Tag; type: string; value: unknown; depth?: number },
): string {
  if (depth > DEPTH_MAX) return refuse(writing, 'The arguments are nested too deeply');
  if (Array.isArray(value)) {
    return value.map((member) => writeElement(writing, { tag, type, value: member, depth: depth + 1 })).join('');
  }
  if (value === undefined) return '';
  const { name, declaration } = tag;
  if (value === null) return `<${name}${declaration} xsi:nil="true"></${name}>`;
  if (!isPlainObject(value)) return `<${name}${declaration}>${escapedText(scalarText(value))}</${name}>`;
  const children = listChildren(writing.schema, type);
  const { attributes, text, members } = splitParts(value, children.elements);
  const isDocument = attributes === undefined && text === undefined && findTextType(writing.schema, type) !== undefined;
  const inside = isDocument
    ? escapedText(writeXml(flatten(members)))
    : escapedText(scalarText(text)) + writeChildren(writing, { tag, members, children, depth });
  return `<${name}${writeAttributes(writing, attributes)}${declaration}>${inside}</${name}>`;
}

/**
 * The spelling of an element: without a prefix where it is in the namespace around it, with the envelope's prefix
 * where there is one, else with a declaration of its own.
 */
export function tagFor(writing: Writing, { name, namespace }: SchemaElement, defaultNamespace: string): Tag {
  if (!isXmlName(name)) refuse(writing, `"${name.slice(0, 64)}" cannot be the name of an XML element`);
  if (namespace === defaultNamespace) return { name, declaration: '', defaultNamespace };
  const prefix = namespace === '' ? undefined : writing.prefixes.get(namespace);
  if (prefix !== undefined) return { name: `${prefix}:${name}`, declaration: '', defaultNamespace };
  return { name, declaration: ` xmlns="${escapedAttribute(namespace)}"`, defaultNamespace: namespace };
}

/** A value that is one CDATA section already is left as its author wrote it. */
export function escapedText(text: string): string {
  const isSection = text.startsWith(CDATA_START) && text.indexOf(CDATA_END) === text.length - CDATA_END.length;
  return isSection ? text : escaped(text, /[&<>"'\r]/g);
}

export function escapedAttribute(text: string): string {
  return escaped(text, /[&<>"'\r\n\t]/g);
}

const CDATA_START = '<![CDATA[';
const CDATA_END = ']]>';
/** Bare white space but blanks would be read as something else (XML 1.0, 2.11 and 3.3.3). */
const REFERENCES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
  '\r': '&#xD;',
  '\n': '&#xA;',
  '\t': '&#x9;',
};

function escaped(text: string, characters: RegExp): string {
  return text.replace(characters, (character) => REFERENCES[character] ?? '');
}

interface Parts {
  attributes: Vars | undefined;
  text: unknown;
  members: Vars;
}

/** An element the schema calls `attributes` is an element. */
function splitParts(value: Vars, children: readonly SchemaElement[]): Parts {
  const { attributes, $value: text, ...members } = value;
  if (!isPlainObject(attributes) || children.some(({ name }) => name === 'attributes')) {
    return { attributes: undefined, text, members: attributes === undefined ? members : { ...members, attributes } };
  }
  return { attributes, text, members };
}

function writeAttributes(writing: Writing, attributes: Vars = {}): string {
  return Object.entries(attributes)
    .map(([name, value]) => {
      if (!isXmlName(name)) refuse(writing, `"${name.slice(0, 64)}" cannot be the name of an XML attribute`);
      return ` ${name}="${escapedAttribute(scalarText(value))}"`;
    })
    .join('');
}

interface Family {
  tag: Tag;
  members: Vars;
  children: Children;
  depth: number;
}

/** In the schema's order where it demands one, because receivers may refuse any other; unknown ones come last. */
function writeChildren(writing: Writing, { tag, members, children, depth }: Family): string {
  const places = new Map<string, number>();
  for (const [place, { name }] of children.elements.entries()) if (!places.has(name)) places.set(name, place);
  const placeOf = (name: string): number => places.get(name) ?? children.elements.length;
  const entries = Object.entries(members);
  if (children.isOrdered) entries.sort(([one], [other]) => placeOf(one) - placeOf(other));
  return entries
    .map(([name, value]) => {
      const known = children.elements[placeOf(name)];
      const unknown = { name, namespace: tag.defaultNamespace, type: '', isRepeated: false, isQualifying: false };
      const child = known ?? unknown;
      const childTag = tagFor(writing, child, tag.defaultNamespace);
      return writeElement(writing, { tag: childTag, type: child.type, value, depth: depth + 1 });
    })
    .join('');
}

function refuse(writing: Writing, problem: string): string {
  writing.problem ??= problem;
  return '';
}
