import { fail, ok, type Result } from '../../lib/result.ts';
import { isAssignableKey } from '../../variables/assign.ts';
import { scanXml } from './scan-xml.ts';

/**
 * Reads an XML body into values (spec modules b). The root's name does not matter. Attributes become names beside the
 * child elements, repeated names make a list, an element of text alone is its text (untrimmed, `''` when empty), and
 * text beside other values stands under `_`: `<lead><a id="7">1</a></lead>` is `{a: {_: '1', id: '7'}}`.
 * A document without a root is null. The error is the fault's text, see `scanXml`.
 */
export function parseXml(body: string): Result<unknown, string> {
  const tree = new XmlTree();
  const fault = scanXml(body, tree);
  return fault === undefined ? ok(tree.root) : fail(fault);
}

interface Element {
  name: string;
  values: Record<string, unknown>;
  isLeaf: boolean;
  text: string;
  /** Blank text beside other values is layout and dropped, unless it was quoted. */
  hasCdata: boolean;
}

class XmlTree {
  /** null until the root element is closed. */
  root: unknown = null;
  readonly #open: Element[] = [];

  open(name: string, attributes: ReadonlyMap<string, string>): void {
    const element: Element = { name, values: {}, isLeaf: true, text: '', hasCdata: false };
    for (const [attribute, value] of attributes) addValue(element, attribute, value);
    this.#open.push(element);
  }

  text(text: string): void {
    const element = this.#open.at(-1);
    if (element !== undefined) element.text += text;
  }

  cdata(text: string): void {
    const element = this.#open.at(-1);
    if (element === undefined) return;
    element.text += text;
    element.hasCdata = true;
  }

  close(): void {
    const element = this.#open.pop();
    if (element === undefined) return;
    const parent = this.#open.at(-1);
    const value = elementValue(element);
    if (parent === undefined) this.root = value;
    else addValue(parent, element.name, value);
  }
}

function elementValue(element: Element): unknown {
  if (element.isLeaf) return element.text;
  if (element.hasCdata || element.text.trim() !== '') addValue(element, '_', element.text);
  return element.values;
}

function addValue(element: Element, name: string, value: unknown): void {
  if (!isAssignableKey(name)) return;
  const { values } = element;
  const earlier = Object.hasOwn(values, name) ? values[name] : undefined;
  if (earlier === undefined) values[name] = value;
  else if (Array.isArray(earlier)) earlier.push(value);
  else values[name] = [earlier, value];
  element.isLeaf = false;
}
