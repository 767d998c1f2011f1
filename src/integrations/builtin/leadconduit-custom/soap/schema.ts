import { XSD } from './namespaces.ts';
import { type ExpandedName, expanded } from './xml-element.ts';

/**
 * The types of a service's messages, as far as they decide how arguments are written and answers are read: names,
 * namespaces, order, what repeats and what is text (XML Schema 1.0). Nothing is validated: that is the recipient's.
 */
export interface Schema {
  elements: Map<ExpandedName, SchemaElement>;
  /** Types without a name have a made-up one that no document can spell. */
  types: Map<ExpandedName, SchemaType>;
  groups: Map<ExpandedName, Particles>;
}

export interface SchemaElement {
  name: string;
  /** '': written in none. */
  namespace: string;
  /** '': not known. */
  type: ExpandedName;
  /** May it stand more than once? Then an answer's is always a list. */
  isRepeated: boolean;
  /** Of a global element: are local elements in its namespace (`elementFormDefault="qualified"`)? */
  isQualifying: boolean;
}

export interface SchemaType {
  /** Text, perhaps with attributes; otherwise elements. */
  isText: boolean;
  /** The type this one extends or restricts; '': none. */
  base: ExpandedName;
  isExtension: boolean;
  particles: Particles;
}

export interface Particles {
  /** Must the elements stand in this order? Not in `all` and not where a group of elements repeats. */
  isOrdered: boolean;
  members: readonly Particle[];
}

export type Particle =
  | { kind: 'element'; element: SchemaElement }
  | { kind: 'reference'; name: ExpandedName; isRepeated: boolean }
  | { kind: 'group'; name: ExpandedName };

/** Types that extend types, and groups in groups; a circle ends here. */
const DERIVATIONS_MAX = 32;
/** Child elements of one type, and groups looked into for them; more are not looked at. */
const CHILDREN_MAX = 1_000;

export function newSchema(): Schema {
  return { elements: new Map(), types: new Map(), groups: new Map() };
}

const ANY_TYPE = expanded(XSD, 'anyType');

/** The name of the built-in type a value has in the end (`string`, `int` …); undefined: it is no text, or not known. */
export function findTextType(schema: Schema, type: ExpandedName): string | undefined {
  let name = type;
  for (let derivations = 0; derivations <= DERIVATIONS_MAX; derivations += 1) {
    if (name.startsWith(`{${XSD}}`)) return name === ANY_TYPE ? undefined : name.slice(XSD.length + 2);
    const definition = schema.types.get(name);
    if (!definition?.isText) return undefined;
    if (definition.base === '') return 'string';
    name = definition.base;
  }
  return undefined;
}

/** The child elements of a type, those of its base first. */
export function listChildren(schema: Schema, type: ExpandedName): Children {
  const types: SchemaType[] = [];
  for (let next = schema.types.get(type); next && types.length < DERIVATIONS_MAX; ) {
    types.unshift(next);
    next = next.isExtension ? schema.types.get(next.base) : undefined;
  }
  const found: Collected = { isOrdered: true, elements: [], groups: 0 };
  for (const { particles } of types) collect(schema, particles, { found, depth: 0 });
  return found;
}

export interface Children {
  isOrdered: boolean;
  elements: readonly SchemaElement[];
}

interface Collected extends Children {
  elements: SchemaElement[];
  /** Looked into so far: groups of nothing but groups would have no end. */
  groups: number;
}

function collect(schema: Schema, particles: Particles, { found, depth }: { found: Collected; depth: number }): void {
  if (!particles.isOrdered) found.isOrdered = false;
  for (const particle of particles.members) {
    if (found.elements.length >= CHILDREN_MAX || found.groups >= CHILDREN_MAX) return;
    if (particle.kind === 'element') found.elements.push(particle.element);
    if (particle.kind === 'reference') {
      const element = schema.elements.get(particle.name);
      if (element) found.elements.push({ ...element, isRepeated: particle.isRepeated });
    }
    const group = particle.kind === 'group' ? schema.groups.get(particle.name) : undefined;
    if (!group || depth >= DERIVATIONS_MAX) continue;
    found.groups += 1;
    collect(schema, group, { found, depth: depth + 1 });
  }
}
