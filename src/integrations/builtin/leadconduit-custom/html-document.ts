import { type CheerioAPI, load } from 'cheerio/slim';
import type { AnswerDocument } from './answer-document.ts';
import { textDocument } from './text-document.ts';

/** Beyond this only the beginning is parsed: answers to leads are short, and parsing blocks everything else. */
const HTML_CHARACTERS_MAX = 65_536;
/** More reasons are of no use, and each costs as much as a small page. */
const MATCHES_MAX = 100;

/** A word after an at sign names an attribute: `div@id`, `.msg @class`; names with hyphens do not work, as measured. */
const ATTRIBUTE_SELECTOR = /^(.*?)\s*@(\w+)$/;

/** No selector begins with a slash. */
const DELIMITED = /^\/.+\/[a-z]*$/s;

/** An HTML answer, read by CSS selectors, or by regular expressions with one group. undefined: it begins with text and is plain text. */
export function htmlDocument(body: string): AnswerDocument | undefined {
  if (!body.trimStart().startsWith('<')) return undefined;
  const $ = load(body.slice(0, HTML_CHARACTERS_MAX));
  const select = (selector: string) =>
    DELIMITED.test(selector) ? textDocument(body).select(selector) : selectAt($, { selector, body });
  return {
    appended: {},
    searchedAt: (path) => found(() => elementsAt($, path).map((element) => element.html() ?? '')),
    select,
    reference: select,
    captured: body,
  };
}

/** What cannot be read as a selector is a regular expression, such as `Error: (.+)`. */
function selectAt($: CheerioAPI, { selector, body }: { selector: string; body: string }): readonly unknown[] {
  try {
    return textsAt($, selector);
  } catch {
    return textDocument(body).select(selector);
  }
}

function textsAt($: CheerioAPI, selector: string): string[] {
  const [, elements = '', attribute] = ATTRIBUTE_SELECTOR.exec(selector) ?? [];
  if (attribute === undefined) return elementsAt($, selector).map((element) => element.text());
  return elementsAt($, elements).flatMap((element) => element.attr(attribute) ?? []);
}

function elementsAt($: CheerioAPI, selector: string): ReturnType<CheerioAPI>[] {
  return $(selector)
    .toArray()
    .slice(0, MATCHES_MAX)
    .map((element) => $(element));
}

/** A selector that cannot be read finds nothing, nor does one in a page nested so deeply that the stack ends. */
function found(find: () => string[]): string[] {
  try {
    return find();
  } catch {
    return [];
  }
}
