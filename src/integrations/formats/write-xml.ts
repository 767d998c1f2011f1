import { isPlainObject } from '../../variables/rich-value.ts';

/**
 * Writes plain values as an XML document as the module answers with it (spec modules b): declaration, two spaces of
 * indentation, a list as repeated elements, no line break at the end. Empty texts and objects are empty elements;
 * null and undefined are left out. Values are expected within the bounds of a lead.
 */
export function writeXml(root: string, values: Record<string, unknown>): string {
  return [DECLARATION, ...elementLines(root, values)].join('\n');
}

const DECLARATION = '<?xml version="1.0"?>';

/** The lines of one element, without a declaration. */
export function elementLines(name: string, value: unknown, indent = ''): string[] {
  if (value === undefined || value === null) return [];
  if (Array.isArray(value)) return value.flatMap((member) => elementLines(name, member, indent));
  const tag = writeTag(name);
  if (!isPlainObject(value)) {
    const text = escapeText(String(value));
    return [text === '' ? `${indent}<${tag}/>` : `${indent}<${tag}>${text}</${tag}>`];
  }
  const children = Object.keys(value).flatMap((key) => elementLines(key, value[key], `${indent}  `));
  return children.length === 0 ? [`${indent}<${tag}/>`] : [`${indent}<${tag}>`, ...children, `${indent}</${tag}>`];
}

/** What may stand in an element's name, and the quotes around a number, which are measured although XML forbids them. */
const NOT_A_TAG = /[^\p{L}\p{N}_:.'-]/gu;

/** Appended names are the recipients' own words; none may close the tag it is written in. */
function writeTag(name: string): string {
  return name === '' ? '_' : name.replace(NOT_A_TAG, '_');
}

const MARKUP = /[&<>\r]/g;
const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '\r': '&#xD;' };
// biome-ignore lint/suspicious/noControlCharactersInRegex: XML 1.0 cannot carry them in any form
const NOT_XML = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Surrogate}/gu;

function escapeText(text: string): string {
  return text.replace(NOT_XML, '').replace(MARKUP, (character) => ESCAPES[character] ?? character);
}
