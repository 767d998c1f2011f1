import type { AnswerDocument } from './answer-document.ts';
import { searchPattern } from './search-pattern.ts';

/** Plain text: selectors are regular expressions with one group, the path of a search is ignored. */
export function textDocument(body: string): AnswerDocument {
  return {
    appended: {},
    searchedAt: () => [body],
    select(selector) {
      const group = searchPattern(selector).firstGroupIn(body);
      return group === undefined ? [] : [group];
    },
    reference: (selector) => searchPattern(selector).firstGroupIn(body),
    captured: body,
    ignoresPath: true,
  };
}
