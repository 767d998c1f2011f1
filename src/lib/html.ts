import { assert } from './assert.ts';
import { escapeHtml } from './escape-html.ts';

/** Nothing that was parsed has this key, so a value can never pass for markup. */
const MARKUP = Symbol('markup');

/** Markup that `html` has made: every value in it is escaped. */
export interface Html {
  readonly [MARKUP]: string;
}

/** What a template may hold. Texts are escaped; nothing is shown of null, undefined and false. */
export type HtmlValue = string | number | Html | null | undefined | false | readonly HtmlValue[];

/**
 * Markup with values: html`<p title="${title}">${text}</p>`. Each text is escaped for an element and for a quoted
 * attribute. Throws where a text stands in a tag outside quotes, where no escaping would do.
 */
export function html(literals: TemplateStringsArray, ...values: HtmlValue[]): Html {
  let written = literals[0] ?? '';
  for (const [place, value] of values.entries()) {
    assert(isMarkup(value) || !isBareInTag(written), 'a value in a tag stands in double quotes');
    written += writeValue(value) + (literals[place + 1] ?? '');
  }
  return { [MARKUP]: written };
}

/** ` name="value"` of each attribute; null: without it; '': the name alone. */
export function attributes(given: Readonly<Record<string, string | number | null>>): Html {
  const written = Object.entries(given).map(([name, value]) => {
    assert(ATTRIBUTE_NAME.test(name), 'attributes have names of our own');
    if (value === null) return '';
    return value === '' ? ` ${name}` : ` ${name}="${escapeHtml(String(value))}"`;
  });
  return { [MARKUP]: written.join('') };
}

/** A whole document as text. */
export function writeHtml(markup: Html): string {
  return markup[MARKUP];
}

/**
 * A file of our own build inside its element. Not escaped, because neither styles nor scripts are; throws where the text
 * would end the element.
 */
export function embed(element: 'style' | 'script', text: string): Html {
  assert(!/<\/|<!--/.test(text), `what is embedded in a ${element} does not end it`);
  return { [MARKUP]: `<${element}>${text}</${element}>` };
}

const ATTRIBUTE_NAME = /^[a-z][a-z-]*$/;

function isMarkup(value: HtmlValue): value is Html {
  return typeof value === 'object' && value !== null && MARKUP in value;
}

function writeValue(value: HtmlValue): string {
  if (value === null || value === undefined || value === false) return '';
  if (typeof value === 'object') return isMarkup(value) ? value[MARKUP] : value.map(writeValue).join('');
  return escapeHtml(String(value));
}

/** Does what is written end within a tag, outside double quotes? Quoted values have no `<`, `>` or `"` of their own. */
function isBareInTag(written: string): boolean {
  const tag = written.lastIndexOf('<');
  if (tag <= written.lastIndexOf('>')) return false;
  return (written.slice(tag).split('"').length - 1) % 2 === 0;
}
