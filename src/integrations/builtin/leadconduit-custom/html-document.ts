import { type CheerioAPI, load } from 'cheerio/slim';
import type { AnswerDocument } from './answer-document.ts';

/** Beyond this only the beginning is parsed: answers to leads are short, and parsing blocks everything else. */
const HTML_CHARACTERS_MAX = 262_144;

/** A word after an at sign names an attribute: `div@id`, `.msg @class`; names with hyphens do not work, as measured. */
const ATTRIBUTE_SELECTOR = /^(.*?)\s*@(\w+)$/;

/** An HTML answer, read by CSS selectors. undefined: it begins with text and is plain text. */
export function htmlDocument(body: string): AnswerDocument | undefined {
  if (!body.trimStart().startsWith('<')) return undefined;
  const $ = load(body.slice(0, HTML_CHARACTERS_MAX));
  const select = (selector: string) => textsAt($, selector);
  return {
    appended: {},
    searchedAt: (path) =>
      tolerant(() =>
        $(path)
          .toArray()
          .map((element) => $(element).html() ?? ''),
      ),
    select,
    reference: select,
    isCaptured: true,
  };
}

function textsAt($: CheerioAPI, selector: string): string[] {
  const [, elements, attribute] = ATTRIBUTE_SELECTOR.exec(selector.trim()) ?? [];
  if (attribute === undefined)
    return tolerant(() =>
      $(selector)
        .toArray()
        .map((element) => $(element).text()),
    );
  return tolerant(() =>
    $(elements)
      .toArray()
      .flatMap((element) => $(element).attr(attribute) ?? []),
  );
}

/** A selector that cannot be read, or a page nested beyond all reason (RangeError), finds nothing. */
function tolerant(find: () => string[]): string[] {
  try {
    return find();
  } catch {
    return [];
  }
}
