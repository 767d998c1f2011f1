import { createRequire } from 'node:module';
import { type Attr, DOMParser, type Document, type Element, type Node } from '@xmldom/xmldom';
import { APPENDED_DEPTH_MAX, appendedCopy } from '../../formats/appended-copy.ts';
import type { AnswerDocument } from './answer-document.ts';

/** Larger answers are not parsed: it takes 0.4 ms a kilobyte, and nothing else runs meanwhile. */
const XML_CHARACTERS_MAX = 131_072;
/** XPath compares every node with every other; with this many it takes about 10 ms. */
const XML_NODES_MAX = 2_000;

/**
 * An XML answer, read by XPath. Broken, missing or oversized XML stays XML without data: its raw body can be searched,
 * selectors find nothing (spec modules c3). Entities are never expanded and nothing is loaded.
 */
export function xmlDocument(body: string): AnswerDocument {
  const document = parseXml(body);
  const root = document?.documentElement;
  return {
    appended: root ? (appendedCopy({ [root.nodeName]: elementValue(root) }) as Record<string, unknown>) : {},
    searchedAt: (path) => selected(document, path).map(markup),
    select: (selector) => selected(document, selector).map((found) => withoutCdata(valueOrMarkup(found))),
    reference: (selector) => referenceIn(document, selector),
    captured: undefined,
    ...(root?.namespaceURI && !root.prefix ? { hint: HAS_NAMESPACE } : {}),
  };
}

const HAS_NAMESPACE =
  "The answer has a default namespace, and names in XPath stand for elements without one: write //*[local-name()='status'].";

/** A parsed document whose size and depth are within bounds; undefined otherwise. */
export function parseXml(body: string): Document | undefined {
  if (body.length > XML_CHARACTERS_MAX) return undefined;
  try {
    const document = new DOMParser({ onError: refuseFaults }).parseFromString(body.trim(), 'text/xml');
    return numberNodes(document) ? document : undefined;
  } catch {
    // Not well-formed.
    return undefined;
  }
}

/**
 * An element as a value: text alone as text, otherwise an object of attributes and children with the text under
 * `#text`; repeated children are a list. Text is trimmed unless it is nothing but blanks.
 */
export function elementValue(element: Element): unknown {
  const members = new Map<string, unknown>();
  for (const { name, value } of Array.from(element.attributes)) members.set(name, value);
  const children = new Map<string, unknown[]>();
  let text = '';
  for (let node = element.firstChild; node; node = node.nextSibling) {
    if (node.nodeType === TEXT || node.nodeType === CDATA) text += node.nodeValue ?? '';
    if (isElement(node)) children.set(node.nodeName, [...(children.get(node.nodeName) ?? []), elementValue(node)]);
  }
  const trimmed = text.trim();
  if (members.size === 0 && children.size === 0) return trimmed === '' ? text : trimmed;
  for (const [name, values] of children) members.set(name, values.length === 1 ? values[0] : values);
  if (trimmed !== '') members.set('#text', trimmed);
  return Object.fromEntries(members);
}

const ELEMENT = 1;
const TEXT = 3;
const CDATA = 4;

function isElement(node: Node): node is Element {
  return node.nodeType === ELEMENT;
}

function refuseFaults(level: string, message: string): void {
  if (level !== 'warning') throw new Error(message);
}

/** The part of `xpath` used here. Its own types would bring a browser's globals into the whole program. */
interface Xpath {
  select(expression: string, node: Node): Node[] | string | number | boolean;
}
const xpath: Xpath = createRequire(import.meta.url)('xpath');

type Scalar = string | number | boolean;

function selected(document: Document | undefined, expression: string): (Node | Scalar)[] {
  return [evaluated(document, expression)].flat();
}

/** An expression that cannot be read finds nothing, as measured. */
function evaluated(document: Document | undefined, expression: string): Node[] | Scalar {
  if (!document) return [];
  try {
    return xpath.select(expression.trim(), document);
  } catch {
    return [];
  }
}

/** Nodes are a list, and a single value is that value. Nodes themselves cannot be stored, so their values stand for them. */
function referenceIn(document: Document | undefined, expression: string): unknown {
  const found = evaluated(document, expression);
  return Array.isArray(found) ? found.map(valueOrMarkup) : found;
}

/** Attributes and text by their value, elements by their markup, as measured; other results as text. */
function valueOrMarkup(found: Node | Scalar): string {
  return typeof found === 'object' ? (found.nodeValue ?? markup(found)) : String(found);
}

/** Nodes by their markup, other results as text. */
function markup(found: Node | Scalar): string {
  return String(found);
}

const WHOLE_CDATA = /^\s*<!\[CDATA\[([\s\S]*)\]\]>\s*$/;

function withoutCdata(text: string): string {
  return WHOLE_CDATA.exec(text)?.[1] ?? text;
}

/**
 * Gives every node its place in the document, which `xpath` sorts by; without it each comparison walks the siblings,
 * and 8 000 of them took 12 s. Answers false when there are too many nodes or they are nested too deeply.
 */
function numberNodes(document: Document): boolean {
  const places = new WeakMap<Node, number>();
  let count = 0;
  function compareDocumentPosition(this: Node, other: Node): number {
    return (places.get(this) ?? 0) > (places.get(other) ?? 0) ? PRECEDING : FOLLOWING;
  }
  function number(node: Node | Attr): void {
    places.set(node, count);
    count += 1;
    Object.defineProperty(node, 'compareDocumentPosition', { value: compareDocumentPosition });
  }
  let depth = 0;
  for (let node: Node | null = document; node; ) {
    number(node);
    if (isElement(node)) for (const attribute of Array.from(node.attributes)) number(attribute);
    if (count > XML_NODES_MAX || depth > APPENDED_DEPTH_MAX) return false;
    if (node.firstChild) {
      node = node.firstChild;
      depth += 1;
      continue;
    }
    while (node && !node.nextSibling) {
      node = node.parentNode;
      depth -= 1;
    }
    node = node?.nextSibling ?? null;
  }
  return true;
}

const PRECEDING = 2;
const FOLLOWING = 4;
