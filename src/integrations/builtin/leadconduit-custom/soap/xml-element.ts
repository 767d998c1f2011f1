import { DOMParser, type Document, type Element, type Node } from '@xmldom/xmldom';
import { fail, ok, type Result } from '../../../../lib/result.ts';

/** An element of a document that was read, with only what SOAP and WSDL need of it. */
export interface XmlElement {
  /** Without its prefix. */
  name: string;
  /** '': in none. */
  namespace: string;
  /** By their names as written, `xmlns` declarations excepted. */
  attributes: ReadonlyMap<string, string>;
  /** Namespaces by prefix as in scope here; '' is the default's. */
  scope: ReadonlyMap<string, string>;
  children: readonly XmlElement[];
  /** All text directly inside, CDATA sections included. */
  text: string;
}

/** `{namespace}name`: a qualified name that can be compared. */
export type ExpandedName = string;

export interface XmlBounds {
  charactersMax: number;
  /** Counted as `<` before anything is parsed: a small text can make a large tree. */
  tagsMax: number;
}

/** Deeper than anybody nests types in types, and shallow enough for every recursion behind us. */
const DEPTH_MAX = 100;

/**
 * The root of a document, or what is wrong with it as the end of a sentence ("… is not well-formed XML"). Nothing is
 * loaded, no entity is expanded, and a document that declares any is refused.
 */
export function readXml(text: string, bounds: XmlBounds): Result<XmlElement, string> {
  if (text.trim() === '') return fail('is empty');
  if (text.length > bounds.charactersMax) return fail(`has more than ${bounds.charactersMax} characters`);
  if (countTags(text) > bounds.tagsMax) return fail(`has more than ${bounds.tagsMax} tags`);
  const document = parsed(text);
  if (!document?.documentElement) return fail('is not well-formed XML');
  if (document.doctype) return fail('has a document type declaration, which is not read');
  const root = copyElement(document.documentElement, new Map(), 1);
  return root ? ok(root) : fail(`is nested more than ${DEPTH_MAX} levels deep`);
}

export function expanded(namespace: string, name: string): ExpandedName {
  return `{${namespace}}${name}`;
}

/** What a prefixed name in an attribute (`type="tns:Person"`) means where it stands; '' when there is none. */
export function expandedAttribute(element: XmlElement, attribute: string): ExpandedName {
  const text = element.attributes.get(attribute)?.trim() ?? '';
  if (text === '') return '';
  const colon = text.indexOf(':');
  const namespace = element.scope.get(colon < 0 ? '' : text.slice(0, colon)) ?? '';
  return expanded(namespace, text.slice(colon + 1));
}

export function childrenNamed(element: XmlElement, namespace: string, name: string): XmlElement[] {
  return element.children.filter((child) => child.name === name && child.namespace === namespace);
}

function parsed(text: string): Document | undefined {
  try {
    return new DOMParser({ onError: refuseFaults }).parseFromString(text.trim(), 'text/xml');
  } catch {
    // Not well-formed; the parser's message would quote the document.
    return undefined;
  }
}

function refuseFaults(level: string, message: string): void {
  if (level !== 'warning') throw new Error(message);
}

function countTags(text: string): number {
  let count = 0;
  for (let at = text.indexOf('<'); at >= 0; at = text.indexOf('<', at + 1)) count += 1;
  return count;
}

const XMLNS_NAME = /^xmlns(?::(.+))?$/;

/** undefined: too deep. */
function copyElement(element: Element, outer: ReadonlyMap<string, string>, depth: number): XmlElement | undefined {
  if (depth > DEPTH_MAX) return undefined;
  const { attributes, declared } = readAttributes(element);
  const scope = declared.size === 0 ? outer : new Map([...outer, ...declared]);
  const children: XmlElement[] = [];
  let text = '';
  for (let node = element.firstChild; node; node = node.nextSibling) {
    if (node.nodeType === TEXT || node.nodeType === CDATA) text += node.nodeValue ?? '';
    if (!isElement(node)) continue;
    const child = copyElement(node, scope, depth + 1);
    if (!child) return undefined;
    children.push(child);
  }
  const name = element.localName ?? element.nodeName;
  return { name, namespace: element.namespaceURI ?? '', attributes, scope, children, text };
}

function readAttributes(element: Element): { attributes: Map<string, string>; declared: Map<string, string> } {
  const attributes = new Map<string, string>();
  const declared = new Map<string, string>();
  for (const { name, value } of Array.from(element.attributes)) {
    const declaration = XMLNS_NAME.exec(name);
    if (declaration) declared.set(declaration[1] ?? '', value);
    else attributes.set(name, value);
  }
  return { attributes, declared };
}

const ELEMENT = 1;
const TEXT = 3;
const CDATA = 4;

function isElement(node: Node): node is Element {
  return node.nodeType === ELEMENT;
}
