import { describeFault, type Next, nameAt, resolveReferences, skipSpace, type XmlFault } from './xml-lexemes.ts';

/** Receives the parts of a document, in its order. Names keep their prefix. */
export interface XmlSink {
  open(name: string, attributes: ReadonlyMap<string, string>): void;
  text(text: string): void;
  cdata(text: string): void;
  close(): void;
}

/**
 * Reads an XML document up to the end of its root element; what follows is ignored (measured, fixture inbound.jsonl).
 * Answers undefined, or the first fault with its place: `Unexpected close tag Line: 0 Column: 17 Char: >`.
 *
 * Written by hand because the answer to a broken body is part of the wire format: the wording, the order of checks and
 * the way of counting are those of the sax parser in its strict mode, which the hosted service shows to senders (spec
 * modules b, api 24.7). Like that one it does not check namespaces and lets `<` into attributes. A document type is
 * skipped unread, so entities cannot be defined, fetched or expanded.
 */
export function scanXml(text: string, sink: XmlSink): string | undefined {
  const scan: Scan = { text, sink, open: [], isPastRoot: false, hasDoctype: false };
  let at = skipSpace(text, 0);
  if (at < text.length && text[at] !== '<') {
    return describeFault(text, { message: 'Non-whitespace before first tag.', at });
  }
  while (at < text.length && !scan.isPastRoot) {
    const next = text[at] === '<' ? takeMarkup(scan, at) : takeText(scan, at);
    if (typeof next !== 'number') return describeFault(text, atEndOr(scan, next));
    at = next;
  }
  return scan.open.length === 0 ? undefined : describeFault(text, endedEarly(scan));
}

interface Scan {
  readonly text: string;
  readonly sink: XmlSink;
  /** Names of the elements that are open, the root first. */
  readonly open: string[];
  isPastRoot: boolean;
  hasDoctype: boolean;
}

/** Where a character was missing rather than wrong, the fault is the document's end. */
function atEndOr(scan: Scan, fault: XmlFault): XmlFault {
  return fault.at < scan.text.length ? fault : endedEarly(scan);
}

function endedEarly(scan: Scan): XmlFault {
  return { message: scan.open.length > 0 ? 'Unclosed root tag' : 'Unexpected end', at: scan.text.length };
}

function takeText(scan: Scan, from: number): Next {
  const markup = scan.text.indexOf('<', from);
  const end = markup === -1 ? scan.text.length : markup;
  if (scan.open.length === 0) {
    const solid = skipSpace(scan.text, from);
    return solid < end ? { message: 'Text data outside of root node.', at: solid } : end;
  }
  const text = resolveReferences(scan.text, from, end);
  if (typeof text !== 'string') return text;
  scan.sink.text(text);
  return end;
}

/** Spaces after `<` are let through, as measured parsers do. */
function takeMarkup(scan: Scan, from: number): Next {
  const at = skipSpace(scan.text, from + 1);
  const first = scan.text[at];
  if (first === '/') return takeCloseTag(scan, at + 1);
  if (first === '!') return takeDeclaration(scan, at + 1);
  if (first === '?') return past(scan, '?>', at + 1);
  const name = nameAt(scan.text, at);
  return name === '' ? { message: 'Unencoded <', at } : takeOpenTag(scan, name, at + name.length);
}

function takeOpenTag(scan: Scan, name: string, from: number): Next {
  const { text } = scan;
  const attributes = new Map<string, string>();
  if (!isTagDelimiter(text[from])) return { message: 'Invalid character in tag name', at: from };
  let at = skipSpace(text, from);
  while (text[at] !== '>' && text[at] !== '/') {
    const next = takeAttribute(scan, attributes, at);
    if (typeof next !== 'number') return next;
    at = skipSpace(text, next);
  }
  const isSelfClosing = text[at] === '/';
  if (isSelfClosing) at += 1;
  if (text[at] !== '>') return { message: 'Forward-slash in opening tag not followed by >', at };
  scan.open.push(name);
  scan.sink.open(name, attributes);
  if (isSelfClosing) closeElement(scan);
  return at + 1;
}

/** The first of two attributes of one name counts. */
function takeAttribute(scan: Scan, attributes: Map<string, string>, from: number): Next {
  const { text } = scan;
  const name = nameAt(text, from);
  const afterName = from + name.length;
  const equals = skipSpace(text, afterName);
  if (name === '') return { message: 'Invalid attribute name', at: from };
  if (text[equals] !== '=') {
    const isWithoutValue = equals > afterName || text[equals] === '>';
    return { message: isWithoutValue ? 'Attribute without value' : 'Invalid attribute name', at: equals };
  }
  const opening = skipSpace(text, equals + 1);
  const quote = text[opening];
  if (quote !== '"' && quote !== "'") return { message: 'Unquoted attribute value', at: opening };
  const closing = text.indexOf(quote, opening + 1);
  const end = closing === -1 ? text.length : closing;
  const value = resolveReferences(text, opening + 1, end);
  if (typeof value !== 'string') return value;
  if (!attributes.has(name)) attributes.set(name, value);
  if (isTagDelimiter(text[end + 1])) return end + 1;
  const isNext = nameAt(text, end + 1) !== '';
  return { message: isNext ? 'No whitespace between attributes' : 'Invalid attribute name', at: end + 1 };
}

function takeCloseTag(scan: Scan, from: number): Next {
  const start = skipSpace(scan.text, from);
  const name = nameAt(scan.text, start);
  if (name === '') return { message: 'Invalid tagname in closing tag.', at: start };
  const afterName = start + name.length;
  const end = skipSpace(scan.text, afterName);
  if (scan.text[end] !== '>') {
    const isSpaced = end > afterName;
    return { message: isSpaced ? 'Invalid characters in closing tag' : 'Invalid tagname in closing tag', at: end };
  }
  if (scan.open.length === 0) return { message: `Unmatched closing tag: ${name}`, at: end };
  if (scan.open[scan.open.length - 1] !== name) return { message: 'Unexpected close tag', at: end };
  closeElement(scan);
  return end + 1;
}

function closeElement(scan: Scan): void {
  scan.open.pop();
  scan.sink.close();
  scan.isPastRoot = scan.open.length === 0;
}

/** What begins with `<!`. */
function takeDeclaration(scan: Scan, from: number): Next {
  const { text } = scan;
  if (text.startsWith('--', from)) return pastComment(scan, from + 2);
  const word = text.slice(from, from + DECLARATION_LENGTH).toUpperCase();
  if (word === 'DOCTYPE') return pastDoctype(scan, from + DECLARATION_LENGTH);
  if (word !== '[CDATA[') return past(scan, '>', from);
  const next = past(scan, ']]>', from + DECLARATION_LENGTH);
  if (typeof next === 'number' && scan.open.length > 0) {
    scan.sink.cdata(text.slice(from + DECLARATION_LENGTH, next - ']]>'.length));
  }
  return next;
}

/** Both `DOCTYPE` and `[CDATA[` have it. */
const DECLARATION_LENGTH = 7;

function pastComment(scan: Scan, from: number): Next {
  const dashes = past(scan, '--', from);
  if (typeof dashes !== 'number') return dashes;
  return scan.text[dashes] === '>' ? dashes + 1 : { message: 'Malformed comment', at: dashes };
}

function pastDoctype(scan: Scan, from: number): Next {
  const { text } = scan;
  if (scan.hasDoctype || scan.open.length > 0) {
    return { message: 'Inappropriately located doctype declaration', at: from - 1 };
  }
  scan.hasDoctype = true;
  let isInSubset = false;
  for (let at = from; at < text.length; at += 1) {
    const character = text[at];
    if (character === '>' && !isInSubset) return at + 1;
    if (character === '[' || character === ']') isInSubset = character === '[';
    if (character !== '"' && character !== "'") continue;
    const closing = text.indexOf(character, at + 1);
    at = closing === -1 ? text.length : closing;
  }
  return endedEarly(scan);
}

function past(scan: Scan, terminator: string, from: number): Next {
  const found = scan.text.indexOf(terminator, from);
  return found === -1 ? endedEarly(scan) : found + terminator.length;
}

function isTagDelimiter(character: string | undefined): boolean {
  return character !== undefined && ' \t\r\n/>'.includes(character);
}
