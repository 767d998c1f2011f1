import { decodeEntity } from './xml-entities.ts';

/** The first thing wrong with a document, and the place of the character that shows it; the end of the text may. */
export interface XmlFault {
  message: string;
  at: number;
}

/** Where reading goes on, or what is wrong. */
export type Next = number | XmlFault;

const NAME_START =
  ':_A-Za-z\\u00C0-\\u00D6\\u00D8-\\u00F6\\u00F8-\\u02FF\\u0370-\\u037D\\u037F-\\u1FFF\\u200C\\u200D' +
  '\\u2070-\\u218F\\u2C00-\\u2FEF\\u3001-\\uD7FF\\uF900-\\uFDCF\\uFDF0-\\uFFFD';
const NAME_BODY = `${NAME_START}\\u00B7\\u0300-\\u036F\\u203F\\u2040.\\d-`;
const NAME = new RegExp(`[${NAME_START}][${NAME_BODY}]*`, 'y');
const REFERENCE_NAME = new RegExp(`[#${NAME_START}][#${NAME_BODY}]*`, 'y');
const SPACE = /[ \t\r\n]*/y;

/** The XML name that begins at a place, '' when none does. */
export function nameAt(text: string, at: number): string {
  return wordAt(NAME, text, at);
}

/** The place of the next character that is not white space. */
export function skipSpace(text: string, from: number): number {
  return from + wordAt(SPACE, text, from).length;
}

/** The text between two places with each `&…;` replaced by the character it stands for. */
export function resolveReferences(text: string, from: number, end: number): string | XmlFault {
  const raw = text.slice(from, end);
  let resolved = '';
  let at = 0;
  for (let mark = raw.indexOf('&'); mark !== -1; mark = raw.indexOf('&', at)) {
    const name = wordAt(REFERENCE_NAME, raw, mark + 1);
    const nameEnd = mark + 1 + name.length;
    if (text[from + nameEnd] !== ';') return { message: 'Invalid character in entity name', at: from + nameEnd };
    const character = decodeEntity(name);
    if (character === undefined) return { message: 'Invalid character entity', at: from + nameEnd };
    resolved += raw.slice(at, mark) + character;
    at = nameEnd + 1;
  }
  return resolved + raw.slice(at);
}

/** `Unexpected close tag Line: 0 Column: 17 Char: >`: lines from 0, a column is the characters read of its line. */
export function describeFault(text: string, fault: XmlFault): string {
  const read = text.slice(0, fault.at + 1);
  const lastBreak = read.lastIndexOf('\n');
  const line = lastBreak === -1 ? 0 : read.split('\n').length - 1;
  const character = (text[fault.at] ?? '').replace('\n', ' ');
  return `${fault.message} Line: ${line} Column: ${read.length - 1 - lastBreak} Char: ${character}`;
}

function wordAt(pattern: RegExp, text: string, at: number): string {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0] ?? '';
}
