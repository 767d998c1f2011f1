import { XSD } from './namespaces.ts';
import type { Particle, Particles, Schema, SchemaElement } from './schema.ts';
import { type ExpandedName, expanded, expandedAttribute, type XmlElement } from './xml-element.ts';

/** Where definitions are read: into which schema, for which namespace, and whether local elements are in it. */
interface Place {
  schema: Schema;
  namespace: string;
  isQualifying: boolean;
}

/**
 * Adds the definitions of an `xsd:schema`. One without a namespace of its own takes `inheritedNamespace`, that of the
 * schema that includes it. The reading goes as deep as the document, whose depth is bounded.
 */
export function readSchema(root: XmlElement, schema: Schema, inheritedNamespace: string): void {
  const namespace = root.attributes.get('targetNamespace') ?? inheritedNamespace;
  const place: Place = { schema, namespace, isQualifying: root.attributes.get('elementFormDefault') === 'qualified' };
  // What `redefine` holds are definitions too.
  const definitions = root.children.flatMap((child) => (child.name === 'redefine' ? child.children : [child]));
  for (const definition of definitions) {
    const name = expanded(namespace, definition.attributes.get('name') ?? '');
    if (definition.namespace !== XSD) continue;
    if (definition.name === 'element') schema.elements.set(name, readElement(definition, place, { isGlobal: true }));
    if (definition.name === 'group') schema.groups.set(name, readParticles(definition, place));
    if (definition.name === 'complexType') addComplexType(name, definition, place);
    if (definition.name === 'simpleType') addSimpleType(name, definition, place);
  }
}

function readElement(definition: XmlElement, place: Place, { isGlobal }: { isGlobal: boolean }): SchemaElement {
  const form = definition.attributes.get('form');
  const isQualified = isGlobal || (form === undefined ? place.isQualifying : form === 'qualified');
  return {
    name: definition.attributes.get('name') ?? '',
    namespace: isQualified ? place.namespace : '',
    type: expandedAttribute(definition, 'type') || readInlineType(definition, place),
    isRepeated: isRepeated(definition),
    isQualifying: place.isQualifying,
  };
}

function isRepeated(definition: XmlElement): boolean {
  const most = definition.attributes.get('maxOccurs') ?? '1';
  return most === 'unbounded' || Number(most) > 1;
}

/** The name under which a type written inside an element is kept; '': there is none. */
function readInlineType(definition: XmlElement, place: Place): ExpandedName {
  const inline = definition.children.find((child) => child.name === 'complexType' || child.name === 'simpleType');
  if (!inline) return '';
  // Its own children may add types before it is added itself, so the place is taken first.
  const name = `inline ${place.schema.types.size}`;
  place.schema.types.set(name, { isText: false, base: '', isExtension: false, particles: NO_PARTICLES });
  if (inline.name === 'complexType') addComplexType(name, inline, place);
  else addSimpleType(name, inline, place);
  return name;
}

const NO_PARTICLES: Particles = { isOrdered: true, members: [] };

function addSimpleType(name: ExpandedName, definition: XmlElement, place: Place): void {
  const restriction = definition.children.find((child) => child.name === 'restriction');
  const base = restriction ? expandedAttribute(restriction, 'base') : '';
  place.schema.types.set(name, { isText: true, base, isExtension: false, particles: NO_PARTICLES });
}

function addComplexType(name: ExpandedName, definition: XmlElement, place: Place): void {
  const content = definition.children.find(
    (child) => child.name === 'simpleContent' || child.name === 'complexContent',
  );
  const derivation = content?.children.find((child) => child.name === 'extension' || child.name === 'restriction');
  place.schema.types.set(name, {
    isText: content?.name === 'simpleContent',
    base: derivation ? expandedAttribute(derivation, 'base') : '',
    isExtension: derivation?.name === 'extension',
    particles: readParticles(derivation ?? definition, place),
  });
}

const MODEL_GROUPS = new Set(['sequence', 'choice', 'all']);

/** The elements directly inside and in model groups inside, in the order they are written. */
function readParticles(definition: XmlElement, place: Place): Particles {
  const members: Particle[] = [];
  let isOrdered = true;
  for (const child of definition.children) {
    if (child.namespace !== XSD) continue;
    if (child.name === 'element') members.push(readParticle(child, place));
    if (child.name === 'group') members.push({ kind: 'group', name: expandedAttribute(child, 'ref') });
    if (!MODEL_GROUPS.has(child.name)) continue;
    const inner = readParticles(child, place);
    members.push(...inner.members);
    isOrdered = isOrdered && inner.isOrdered && child.name !== 'all' && !isRepeated(child);
  }
  return { isOrdered, members };
}

function readParticle(definition: XmlElement, place: Place): Particle {
  const name = expandedAttribute(definition, 'ref');
  if (name !== '') return { kind: 'reference', name, isRepeated: isRepeated(definition) };
  return { kind: 'element', element: readElement(definition, place, { isGlobal: false }) };
}
