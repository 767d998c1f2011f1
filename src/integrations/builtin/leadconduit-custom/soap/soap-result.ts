import { elementValue as domValue, parseXml } from '../xml-document.ts';
import { XSI } from './namespaces.ts';
import { findTextType, listChildren, type Schema } from './schema.ts';
import type { XmlElement } from './xml-element.ts';

/**
 * An element of an answer as a value: text alone by its type, otherwise an object of its children, with its attributes
 * under `attributes` and its text beside them under `$value`. Children that stand more than once, or may by their type,
 * are a list. Text that is an XML document is that document (spec modules c4).
 */
export function elementValue(element: XmlElement, type: string, schema: Schema): unknown {
  if (isNil(element)) return null;
  const attributes = listAttributes(element);
  const value =
    element.children.length === 0 ? textValue(element.text, type, schema) : readMembers(element, type, schema);
  if (Object.keys(attributes).length === 0) return value;
  if (element.children.length > 0) return { attributes, ...readMembers(element, type, schema) };
  return value === null || value === '' ? { attributes } : { attributes, $value: value };
}

function isNil({ attributes, scope }: XmlElement): boolean {
  for (const [name, value] of attributes) {
    const [prefix = '', local] = name.split(':');
    if (local === 'nil' && scope.get(prefix) === XSI) return value.trim() === 'true' || value.trim() === '1';
  }
  return false;
}

/** Without those that speak about the writing, such as `xsi:type`. */
function listAttributes({ attributes, scope }: XmlElement): Record<string, string> {
  const own = [...attributes].filter(([name]) => scope.get(name.split(':')[0] ?? '') !== XSI || !name.includes(':'));
  return Object.fromEntries(own);
}

function readMembers(element: XmlElement, type: string, schema: Schema): Record<string, unknown> {
  const known = new Map(listChildren(schema, type).elements.map((child) => [child.name, child]));
  const values = new Map<string, unknown[]>();
  for (const child of element.children) {
    const listed = values.get(child.name) ?? [];
    listed.push(elementValue(child, known.get(child.name)?.type ?? '', schema));
    values.set(child.name, listed);
  }
  return Object.fromEntries(
    [...values].map(([name, listed]) => [name, listed.length > 1 || known.get(name)?.isRepeated ? listed : listed[0]]),
  );
}

const INTEGERS = /^(?:int|integer|short|long)$/;
const DECIMALS = /^(?:double|float|decimal)$/;

/** A number that JavaScript cannot hold exactly stays text, and so does what does not fit its type. */
function textValue(raw: string, type: string, schema: Schema): unknown {
  const text = raw.trim();
  const textType = findTextType(schema, type);
  if (text === '') return textType === undefined ? null : '';
  if (textType === 'boolean' && /^(?:true|false|1|0)$/i.test(text)) return /^(?:true|1)$/i.test(text);
  const number = Number(text);
  if (textType !== undefined && INTEGERS.test(textType) && Number.isSafeInteger(number)) return number;
  if (textType !== undefined && DECIMALS.test(textType) && Number.isFinite(number)) return number;
  return documentIn(text) ?? text;
}

/** undefined: the text is no XML document. */
function documentIn(text: string): Record<string, unknown> | undefined {
  if (!text.startsWith('<') || !text.endsWith('>')) return undefined;
  const root = parseXml(text)?.documentElement;
  return root ? { [root.nodeName]: domValue(root) } : undefined;
}
