import { isMachinery, SOAP, type SoapVersion, WSDL } from './namespaces.ts';
import { readSchema } from './read-schema.ts';
import { newSchema, type Particle, type Schema, type SchemaElement } from './schema.ts';
import type { SoapOperation, SoapPort, Wsdl } from './wsdl.ts';
import { childrenNamed, type ExpandedName, expanded, expandedAttribute, type XmlElement } from './xml-element.ts';

/** A WSDL and everything it imports, as they were read. */
export interface WsdlDocuments {
  /** `wsdl:definitions`; the first is the one the step names. */
  definitions: readonly XmlElement[];
  /** `xsd:schema`, each with the namespace it inherits when it has none. */
  schemas: readonly { root: XmlElement; inheritedNamespace: string }[];
}

/** Works out once what every message needs; what a document leaves unsaid or says wrongly is left out. */
export function compileWsdl({ definitions, schemas }: WsdlDocuments): Wsdl {
  const schema = newSchema();
  for (const { root, inheritedNamespace } of schemas) readSchema(root, schema, inheritedNamespace);
  const messages = new Map<ExpandedName, XmlElement[]>();
  for (const [name, { element }] of named(definitions, 'message')) {
    messages.set(name, childrenNamed(element, WSDL, 'part').slice(0, PARTS_MAX));
  }
  const portTypes = named(definitions, 'portType');
  const bindings = new Map<ExpandedName, Binding>();
  for (const [name, definition] of named(definitions, 'binding')) {
    const portType = portTypes.get(expandedAttribute(definition.element, 'type'));
    const binding = portType && compileBinding(definition, { portType: portType.element, schema, messages });
    if (binding) bindings.set(name, binding);
  }
  const services = definitions.flatMap((root) => childrenNamed(root, WSDL, 'service'));
  const ports = services.flatMap((service) => compilePorts(service, bindings));
  return { prefixes: readPrefixes(definitions[0]), schema, ports };
}

/** Parts of one message; more are not looked at. */
const PARTS_MAX = 200;

/** The operations of a binding, which all its ports share. */
interface Binding {
  version: SoapVersion;
  operations: ReadonlyMap<string, SoapOperation>;
}

interface Definition {
  element: XmlElement;
  /** The target namespace of the document it stands in. */
  namespace: string;
}

function named(definitions: readonly XmlElement[], kind: string): Map<ExpandedName, Definition> {
  const found = new Map<ExpandedName, Definition>();
  for (const root of definitions) {
    const namespace = root.attributes.get('targetNamespace') ?? '';
    for (const element of childrenNamed(root, WSDL, kind)) {
      found.set(expanded(namespace, nameOf(element)), { element, namespace });
    }
  }
  return found;
}

function nameOf(element: XmlElement | undefined): string {
  return element?.attributes.get('name') ?? '';
}

/** Prefixes that every message uses otherwise. */
const RESERVED_PREFIX = /^(?:|soap|xsi|xml.*)$/i;

function readPrefixes(root: XmlElement | undefined): Map<string, string> {
  const declared = [...(root?.scope ?? [])];
  return new Map(declared.filter(([prefix, namespace]) => !RESERVED_PREFIX.test(prefix) && !isMachinery(namespace)));
}

/** Those that are reached by SOAP over HTTP. */
function compilePorts(service: XmlElement, bindings: ReadonlyMap<ExpandedName, Binding>): SoapPort[] {
  return childrenNamed(service, WSDL, 'port').flatMap((port) => {
    const binding = bindings.get(expandedAttribute(port, 'binding'));
    const address = binding && childrenNamed(port, SOAP[binding.version].binding, 'address')[0];
    if (!address) return [];
    const url = address.attributes.get('location')?.trim() ?? '';
    return [{ service: nameOf(service), name: nameOf(port), url, ...binding }];
  });
}

const VERSIONS: readonly SoapVersion[] = ['1.1', '1.2'];

interface Surroundings {
  portType: XmlElement;
  schema: Schema;
  /** The parts of each message. */
  messages: ReadonlyMap<ExpandedName, readonly XmlElement[]>;
}

/** undefined: one for something else than SOAP. */
function compileBinding(definition: Definition, surroundings: Surroundings): Binding | undefined {
  const { element } = definition;
  const version = VERSIONS.find((each) => childrenNamed(element, SOAP[each].binding, 'binding').length > 0);
  if (!version) return undefined;
  const declarations = childrenNamed(surroundings.portType, WSDL, 'operation');
  const declared = new Map(declarations.map((each) => [nameOf(each), each]));
  const operations = new Map<string, SoapOperation>();
  for (const bound of childrenNamed(element, WSDL, 'operation')) {
    const name = nameOf(bound);
    const declaration = declared.get(name);
    // Of operations with the same name the first is the one that can be called.
    if (!declaration || operations.has(name)) continue;
    const soap = SOAP[version].binding;
    operations.set(name, compileOperation({ bound, declared: declaration, binding: definition, soap }, surroundings));
  }
  return { version, operations };
}

interface BoundOperation {
  bound: XmlElement;
  declared: XmlElement;
  binding: Definition;
  /** The namespace of the binding's SOAP elements. */
  soap: string;
}

function compileOperation(at: BoundOperation, { schema, messages }: Surroundings): SoapOperation {
  const { bound, declared, binding, soap } = at;
  const [own] = childrenNamed(bound, soap, 'operation');
  const [whole] = childrenNamed(binding.element, soap, 'binding');
  const style = own?.attributes.get('style') ?? whole?.attributes.get('style') ?? 'document';
  const bodyOf = (direction: 'input' | 'output'): SchemaElement | undefined => {
    const message = childrenNamed(declared, WSDL, direction)[0];
    const parts = message && messages.get(expandedAttribute(message, 'message'));
    const body = childrenNamed(bound, WSDL, direction).flatMap((each) => childrenNamed(each, soap, 'body'))[0];
    const sent = parts ? sentParts(parts, { body, bound, soap }) : [];
    if (style !== 'rpc') return documentBody(sent[0], schema);
    const namespace = body?.attributes.get('namespace') ?? binding.namespace;
    return rpcBody(sent, { name: nameOf(bound) + (direction === 'input' ? '' : 'Response'), namespace }, schema);
  };
  return {
    action: own?.attributes.get('soapAction') ?? '',
    input: bodyOf('input'),
    output: bodyOf('output'),
    isOneWay: childrenNamed(declared, WSDL, 'output').length === 0,
  };
}

/** The parts of a message that are in its Body: those `soap:body` lists, else those no `soap:header` takes. */
function sentParts(
  all: readonly XmlElement[],
  { body, bound, soap }: { body: XmlElement | undefined; bound: XmlElement; soap: string },
): XmlElement[] {
  const listed = body?.attributes.get('parts')?.trim().split(/\s+/);
  if (listed) return all.filter((part) => listed.includes(nameOf(part)));
  const headers = bound.children.flatMap((direction) => childrenNamed(direction, soap, 'header'));
  const taken = new Set(headers.map((header) => header.attributes.get('part')));
  return all.filter((part) => !taken.has(nameOf(part)));
}

/** Document style: the Body holds the element the part names (WSDL 1.1, 3.5). */
function documentBody(part: XmlElement | undefined, schema: Schema): SchemaElement | undefined {
  if (!part) return undefined;
  const element = schema.elements.get(expandedAttribute(part, 'element'));
  return element ?? partElement(part);
}

/** Rpc style: an element named after the operation holds one for each part, those in no namespace (WSDL 1.1, 3.5). */
function rpcBody(
  parts: readonly XmlElement[],
  { name, namespace }: { name: string; namespace: string },
  schema: Schema,
): SchemaElement {
  const members = parts.map((part): Particle => {
    const reference = expandedAttribute(part, 'element');
    if (reference !== '') return { kind: 'reference', name: reference, isRepeated: false };
    return { kind: 'element', element: partElement(part) };
  });
  const type = `rpc ${schema.types.size}`;
  schema.types.set(type, { isText: false, base: '', isExtension: false, particles: { isOrdered: true, members } });
  return { name, namespace, type, isRepeated: false, isQualifying: false };
}

function partElement(part: XmlElement): SchemaElement {
  const type = expandedAttribute(part, 'type');
  return { name: nameOf(part), namespace: '', type, isRepeated: false, isQualifying: false };
}
