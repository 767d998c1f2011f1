import { fail, ok, type Result } from '../../../../lib/result.ts';
import type { Exchanges } from '../../../contract.ts';
import { compileWsdl } from './compile-wsdl.ts';
import { isMachinery, WSDL, XSD } from './namespaces.ts';
import type { Wsdl } from './wsdl.ts';
import { childrenNamed, readXml, type XmlElement } from './xml-element.ts';

/** A WSDL may be in many files; each is an exchange. */
const DOCUMENTS_MAX = 32;
/** Files that import files that import files. */
const IMPORT_DEPTH_MAX = 8;
/** Of all files together: 1 MB takes 0.4 s to read, and nothing else runs meanwhile. */
const CHARACTERS_MAX = 1_048_576;
const TAGS_MAX = 65_536;

/** What came and cannot be used will be the same in a moment; what did not come may come then. */
export interface WsdlProblem {
  kind: 'unreachable' | 'unreadable';
  reason: string;
}

export interface WsdlFetching {
  exchanges: Exchanges;
  /** undefined: none; else it goes to the origin of the WSDL and to no other. */
  authorization: string | undefined;
  timeoutSeconds: number;
}

/**
 * Fetches a WSDL and what it imports, by GET, and works out its operations. Nothing of the lead is in these requests,
 * so whatever becomes of them, nothing was delivered.
 */
export async function fetchWsdl(url: string, fetching: WsdlFetching): Promise<Result<Wsdl, WsdlProblem>> {
  const reading: Reading = {
    definitions: [],
    schemas: [],
    characters: 0,
    queue: [{ url, depth: 0, inheritedNamespace: '' }],
    seen: new Set([url]),
  };
  for (let wanted = reading.queue.shift(); wanted; wanted = reading.queue.shift()) {
    const fetched = await fetchText(wanted, { ...fetching, origin: originOf(url) });
    if (!fetched.ok)
      return fail({ kind: 'unreachable', reason: `${writeTitle(wanted)} was not fetched: ${fetched.error}` });
    const problem = take(reading, { ...wanted, url: fetched.value.url }, fetched.value.text);
    if (problem !== undefined) return fail({ kind: 'unreadable', reason: `${writeTitle(wanted)} ${problem}` });
  }
  const wsdl = compileWsdl(reading);
  return wsdl.ports.length > 0 ? ok(wsdl) : fail({ kind: 'unreadable', reason: 'The WSDL has no port for SOAP' });
}

/** A document to fetch. */
interface Wanted {
  url: string;
  /** 0: the WSDL itself. */
  depth: number;
  /** For a schema without a namespace: that of the schema that includes it. */
  inheritedNamespace: string;
}

interface Reading {
  definitions: XmlElement[];
  schemas: { root: XmlElement; inheritedNamespace: string }[];
  characters: number;
  /** Bounded with `seen`, of which it is a part. */
  queue: Wanted[];
  seen: Set<string>;
}

function writeTitle({ url, depth }: Wanted): string {
  return depth === 0 ? 'The WSDL' : `The document ${withoutQuery(url)} of the WSDL`;
}

/** Queries may hold keys. */
function withoutQuery(url: string): string {
  const { origin, pathname } = new URL(url);
  return origin + pathname;
}

async function fetchText(
  { url }: Wanted,
  fetching: WsdlFetching & { origin: string },
): Promise<Result<{ url: string; text: string }, string>> {
  const { exchanges, authorization, timeoutSeconds, origin } = fetching;
  const isTrusted = authorization !== undefined && originOf(url) === origin;
  const headers = { Accept: 'text/xml,application/xml;q=0.9,*/*;q=0.8' };
  const result = await exchanges.send({
    url,
    method: 'GET',
    headers: isTrusted ? { ...headers, Authorization: authorization } : headers,
    timeoutSeconds,
  });
  if (result.kind !== 'answered') return fail(result.reason);
  const { status, body } = result.response;
  if (status < 200 || status > 299) return fail(`the answer has status ${status}`);
  if (result.truncated) return fail('it is too long to be read');
  return ok({ url: result.url, text: body });
}

/** '' for a URL that cannot be read, which the HTTP client refuses in its own words. */
function originOf(url: string): string {
  return URL.canParse(url.trim()) ? new URL(url.trim()).origin : '';
}

/** Adds a document, and what it imports to the queue. A text, the end of a sentence, says what is wrong with it. */
function take(reading: Reading, at: Wanted, text: string): string | undefined {
  reading.characters += text.length;
  if (reading.characters > CHARACTERS_MAX) return `makes it more than ${CHARACTERS_MAX} characters in all`;
  const read = readXml(text, { charactersMax: CHARACTERS_MAX, tagsMax: TAGS_MAX });
  if (!read.ok) return read.error;
  const root = read.value;
  const isDefinitions = root.name === 'definitions' && root.namespace === WSDL;
  const isSchema = root.name === 'schema' && root.namespace === XSD && at.depth > 0;
  if (!isDefinitions && !isSchema) return 'is not a WSDL 1.1 document';
  if (isDefinitions) reading.definitions.push(root);
  const types = isDefinitions ? childrenNamed(root, WSDL, 'types') : [];
  const schemas = isSchema ? [root] : types.flatMap((each) => childrenNamed(each, XSD, 'schema'));
  for (const schema of schemas) reading.schemas.push({ root: schema, inheritedNamespace: at.inheritedNamespace });
  const imports = [...(isDefinitions ? wsdlImports(root) : []), ...schemas.flatMap((each) => schemaImports(each, at))];
  for (const found of imports) {
    const problem = enqueue(reading, at, found);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

interface Import {
  location: string;
  inheritedNamespace: string;
}

function wsdlImports(root: XmlElement): Import[] {
  return childrenNamed(root, WSDL, 'import').map(({ attributes }) => ({
    location: attributes.get('location') ?? '',
    inheritedNamespace: '',
  }));
}

function schemaImports(schema: XmlElement, { inheritedNamespace }: Wanted): Import[] {
  const own = schema.attributes.get('targetNamespace') ?? inheritedNamespace;
  return schema.children.flatMap(({ namespace, name, attributes }) => {
    const location = attributes.get('schemaLocation') ?? '';
    if (namespace !== XSD || location === '' || isMachinery(attributes.get('namespace') ?? '')) return [];
    if (name === 'import') return { location, inheritedNamespace: '' };
    return name === 'include' || name === 'redefine' ? { location, inheritedNamespace: own } : [];
  });
}

function enqueue(reading: Reading, at: Wanted, { location, inheritedNamespace }: Import): string | undefined {
  const url = URL.canParse(location, at.url) ? new URL(location, at.url) : undefined;
  if (url?.protocol !== 'https:' && url?.protocol !== 'http:') return 'imports from what is not an http or https URL';
  url.hash = '';
  if (reading.seen.has(url.href)) return undefined;
  if (at.depth >= IMPORT_DEPTH_MAX) return `imports more than ${IMPORT_DEPTH_MAX} levels deep`;
  if (reading.seen.size >= DOCUMENTS_MAX) return `imports more than ${DOCUMENTS_MAX} documents`;
  reading.seen.add(url.href);
  reading.queue.push({ url: url.href, depth: at.depth + 1, inheritedNamespace });
  return undefined;
}
