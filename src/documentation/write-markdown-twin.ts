import type { DocLibrary, DocPage } from './library.ts';

/** Notes for the tests of this repository. */
const COMMENT = /^<!--.*-->$/;
const FENCE = /^`{3,}/;
const LINK = /\[((?:`[^`]*`|[^\]`])*)\]\(([^()\s]+)\)/g;

/**
 * A page as Markdown: its text without comments; of links that lead to files of the repository, which are not served,
 * the words alone. Links between pages hold, because a page is below `/docs/` where its file is below `docs/`.
 */
export function writeMarkdownTwin(library: DocLibrary, page: DocPage): string {
  let isCode = false;
  const lines = page.text.split('\n').flatMap((line) => {
    if (FENCE.test(line)) isCode = !isCode;
    if (isCode) return line;
    if (COMMENT.test(line)) return [];
    return line.replace(LINK, (link, words: string, target: string) =>
      library.resolve(page, target) === null ? words : link,
    );
  });
  return lines.join('\n');
}
