import type { Vars } from '../../../model/vars.ts';
import { PATH_SEGMENTS_MAX } from '../../../variables/property-path.ts';

/** An element to be written: its attributes, each with one value or the members of a list, its text, and its children by name and place (`''`: not repeated). */
interface XmlElement {
  attributes: Map<string, string[]>;
  text: string;
  cdata: string;
  children: Map<string, Map<string, XmlElement>>;
}

const DECLARATION = '<?xml version="1.0"?>';
const PATH = /^([^@#]*)(?:@(.+)|#(text|cdata))?$/s;
const PLACE = /^\d+$/;

/**
 * A pretty-printed document from flat paths: `a.b` is an element's text, `a@x` an attribute, `a#text`, `a#cdata`, and
 * `a.0`, `a.1` repeat an element; empty places are left out. With two roots only the last is written, with none only
 * the declaration (spec modules c2). Missing values make empty elements. The members of a list in an attribute (`a@x.0`)
 * are joined by commas; a text stands instead of elements below it. A repeated element with text keeps its attributes
 * (`a.0@x`), which the measured module drops: ADF needs them.
 */
export function writeXml(paths: Vars): string {
  const document = newElement();
  for (const [path, value] of Object.entries(paths)) place(document, { path, text: scalarText(value) });
  const root = [...document.children].at(-1);
  if (!root) return DECLARATION;
  const [name, places] = root;
  return [DECLARATION, ...elementLines(name, inOrder(places).at(-1) ?? newElement(), '')].join('\n');
}

function newElement(): XmlElement {
  return { attributes: new Map(), text: '', cdata: '', children: new Map() };
}

function place(document: XmlElement, { path, text }: { path: string; text: string }): void {
  const [, elementPath = path, attribute, kind] = PATH.exec(path) ?? [];
  const segments = elementPath.split('.');
  if (segments.length > PATH_SEGMENTS_MAX) return;
  if (text === '' && attribute === undefined && PLACE.test(segments.at(-1) ?? '')) return;
  const element = elementAt(document, segments);
  if (attribute !== undefined) addAttribute(element, { attribute, text });
  else if (kind === 'cdata') element.cdata = text;
  else element.text = text;
}

const ATTRIBUTE_MEMBER = /^(.+)\.\d+$/s;

function addAttribute({ attributes }: XmlElement, { attribute, text }: { attribute: string; text: string }): void {
  const [, list] = ATTRIBUTE_MEMBER.exec(attribute) ?? [];
  if (list === undefined) attributes.set(attribute, [text]);
  else if (text !== '') attributes.set(list, [...(attributes.get(list) ?? []), text]);
}

function elementAt(document: XmlElement, segments: readonly string[]): XmlElement {
  let element = document;
  for (let i = 0; i < segments.length; i += 1) {
    const name = segments[i] ?? '';
    const next = segments[i + 1] ?? '';
    const isRepeated = PLACE.test(next);
    if (isRepeated) i += 1;
    const key = isRepeated ? next : '';
    const places = element.children.get(name) ?? new Map<string, XmlElement>();
    const child = places.get(key) ?? newElement();
    places.set(key, child);
    element.children.set(name, places);
    element = child;
  }
  return element;
}

function inOrder(places: ReadonlyMap<string, XmlElement>): XmlElement[] {
  return [...places].sort(([one], [other]) => Number(one) - Number(other)).map(([, element]) => element);
}

/** No deeper than PATH_SEGMENTS_MAX. A CDATA section stands on a line of its own, as measured. */
function elementLines(name: string, element: XmlElement, indent: string): string[] {
  const attributes = [...element.attributes].map(([key, values]) => ` ${key}="${escapeAttribute(values.join(','))}"`);
  const start = `${indent}<${name}${attributes.join('')}`;
  const text = escapeText(element.text);
  const below = [...cdataLines(element.cdata, `${indent}  `), ...childLines(element, `${indent}  `)];
  if (below.length > 0) {
    const own = text === '' ? [] : [`${indent}  ${text}`];
    return [`${start}>`, ...own, ...below, `${indent}</${name}>`];
  }
  return [text === '' ? `${start}/>` : `${start}>${text}</${name}>`];
}

function childLines(element: XmlElement, indent: string): string[] {
  if (element.text !== '') return [];
  return [...element.children].flatMap(([name, places]) =>
    inOrder(places).flatMap((child) => elementLines(name, child, indent)),
  );
}

/** A single value as the text of an element, without what no document may contain; '' for any other value. */
export function scalarText(value: unknown): string {
  if (typeof value === 'string') return value.replace(NOT_XML, '');
  return typeof value === 'boolean' || (typeof value === 'number' && Number.isFinite(value)) ? String(value) : '';
}

/** Characters no XML document may contain (XML 1.0, 2.2), lone surrogates among them. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is removed
const NOT_XML = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Surrogate}/gu;

function escapeText(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/\r/g, '&#xD;');
}

function escapeAttribute(text: string): string {
  return escapeText(text).replace(/"/g, '&quot;').replace(/\t/g, '&#x9;').replace(/\n/g, '&#xA;');
}

/** A section cannot contain its own end, so it is cut in two there. */
function cdataLines(text: string, indent: string): string[] {
  return text === '' ? [] : [`${indent}<![CDATA[${text.replaceAll(']]>', ']]]]><![CDATA[>')}]]>`];
}
