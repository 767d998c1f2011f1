import type { NamedMapping } from '../../contract.ts';
import { isXmlName } from './xml-name.ts';

/**
 * Why nothing can be sent under the name a mapping gives, reported when a flow is saved; undefined: it can. Names are never
 * templates, so what is wrong with one is wrong for every lead.
 */
export function nameProblem({ segments, value }: NamedMapping): string | undefined {
  const [group, ...names] = segments;
  if (names.length === 0) return undefined;
  switch (group) {
    case 'xml_path':
      return xmlProblem(names) ?? rootProblem(names);
    case 'arg':
    case 'soap_header':
      return xmlProblem(names);
    case 'header':
      return headerProblem(names, value);
    default:
      return undefined;
  }
}

const PLACE = /^\d+$/;
const ENDING = /^([^@#]*)(?:@(.+)|#(.*))?$/s;
/** More of a name would not help to find it. */
const NAME_CHARACTERS_MAX = 64;

function xmlProblem(names: readonly string[]): string | undefined {
  const [, path = '', attribute, kind] = ENDING.exec(names.join('.')) ?? [];
  const element = path.split('.').find((name) => !PLACE.test(name) && !isXmlName(name));
  if (element !== undefined) return `${shown(element)} cannot be the name of an XML element.`;
  if (attribute !== undefined && !isXmlName(attribute.replace(/\.\d+$/, ''))) {
    return `${shown(attribute)} cannot be the name of an XML attribute.`;
  }
  if (kind === undefined || kind === 'text' || kind === 'cdata') return undefined;
  return `Write text or cdata after "#", not ${shown(kind)}.`;
}

function rootProblem([root = '']: readonly string[]): string | undefined {
  return PLACE.test(root) ? 'An XML document has one root, which cannot be a place of a list.' : undefined;
}

/** RFC 9110, 5.6.2. */
const TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what no header may have
const NOT_IN_HEADERS = /[\u0000-\u0008\u000a-\u001f\u007f]/;

function headerProblem(names: readonly string[], value: string): string | undefined {
  const name = names.join('.');
  if (!TOKEN.test(name)) return `${shown(name)} cannot be the name of a header.`;
  if (PLACE.test(names[0] ?? '')) return `${shown(name)} is a place of a list: a header has a name, such as X-Api-Key.`;
  const isLiteral = !value.includes('{{');
  return isLiteral && NOT_IN_HEADERS.test(value.trim())
    ? 'A header has no line breaks or control characters.'
    : undefined;
}

function shown(name: string): string {
  return JSON.stringify(name.slice(0, NAME_CHARACTERS_MAX));
}
