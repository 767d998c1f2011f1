import type { OutboundResponse } from '../../contract.ts';
import type { AnswerDocument } from './answer-document.ts';
import { formDocument } from './form-document.ts';
import { htmlDocument } from './html-document.ts';
import { jsonDocument } from './json-document.ts';
import { textDocument } from './text-document.ts';
import { parseXml, xmlDocument } from './xml-document.ts';

type Reader = (body: string) => AnswerDocument | undefined;

interface Notation {
  name: string;
  /** undefined from it: the body is not what it claims to be. */
  read: Reader;
}

const JSON_NOTATION: Notation = { name: 'JSON', read: jsonDocument };
const XML_NOTATION: Notation = { name: 'XML', read: xmlDocument };

const NOTATIONS: ReadonlyMap<string, Notation> = new Map<string, Notation>([
  ['application/json', JSON_NOTATION],
  ['application/xml', XML_NOTATION],
  ['text/xml', XML_NOTATION],
  ['text/html', { name: 'HTML', read: htmlDocument }],
  ['application/x-www-form-urlencoded', { name: 'a form', read: formDocument }],
]);

/** Measured as text although they are XML underneath. */
const AS_TEXT = new Set(['application/soap+xml', 'application/xhtml+xml']);

/**
 * Reads an answer by its Content-Type or the one the step says instead. Types that are JSON or XML underneath, such as
 * `application/problem+json`, are read as those (RFC 6839); anything else is plain text, a SOAP message among it, as
 * measured. An answer that is not what it says it is has a `fault` (decision 0042).
 */
export function readAnswerDocument(
  { headers, body }: OutboundResponse,
  { typeOverride, isStrict }: { typeOverride: string; isStrict: boolean },
): AnswerDocument {
  const declared = headers['Content-Type'];
  const type = typeOverride.trim() === '' && typeof declared === 'string' ? declared : typeOverride;
  const notation = notationOf((type.split(';', 1)[0] ?? '').trim().toLowerCase());
  if (notation === undefined) return undeclaredDocument(body);
  const document = notation.read(body);
  if (document === undefined) return mistakenDocument(body, { name: notation.name, isStrict });
  const isUnread = notation === XML_NOTATION && body.trim() !== '' && parseXml(body) === undefined;
  return isUnread ? { ...document, fault: writeFault(notation.name) } : document;
}

function notationOf(essence: string): Notation | undefined {
  const suffix = AS_TEXT.has(essence) ? undefined : /\+(json|xml)$/.exec(essence)?.[1];
  return NOTATIONS.get(suffix === undefined ? essence : `application/${suffix}`);
}

function writeFault(name: string): string {
  return `The answer says it is ${name} and could not be read as that.`;
}

/**
 * Plain text, where a search ignores its path, as measured for texts. What is plainly another notation, or a document
 * that was cut, has nothing at any path: whether it says yes or no would be a guess.
 */
function mistakenDocument(body: string, { name, isStrict }: { name: string; isStrict: boolean }): AnswerDocument {
  const text = textDocument(body);
  if (body.trim() === '') return text;
  const json = name === 'JSON' ? undefined : structuredJson(body);
  const isText = !isStrict && !STRUCTURED.test(body);
  const searchedAt = json ? json.searchedAt : isText ? text.searchedAt : () => [];
  // Text is sent as HTML so often that it is no news.
  const fault = isText && name === 'HTML' ? {} : { fault: writeFault(name) };
  return { ...text, searchedAt, ignoresPath: isText, ...fault };
}

const STRUCTURED = /^\s*[<{["]/;

/** Text by its type or without one. A search with a path looks into what is JSON or XML all the same. */
function undeclaredDocument(body: string): AnswerDocument {
  const text = textDocument(body);
  if (!STRUCTURED.test(body)) return text;
  const json = structuredJson(body);
  return {
    ...text,
    ignoresPath: false,
    searchedAt: (path) => (json ?? xmlFor(path, body) ?? text).searchedAt(path),
    hint: 'The answer was read as text by its Content-Type: response_content_type_override says what it is.',
  };
}

function structuredJson(body: string): AnswerDocument | undefined {
  return /^\s*[{[]/.test(body) ? jsonDocument(body) : undefined;
}

/** undefined: the path is no XPath, or the body no XML. */
function xmlFor(path: string, body: string): AnswerDocument | undefined {
  return path.trim().startsWith('/') && parseXml(body) !== undefined ? xmlDocument(body) : undefined;
}
