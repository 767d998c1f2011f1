import { isJsonObject } from './flow-json.ts';

/** Where the pages are served that descriptions link to by their file, from the folder of the reference. */
const REFERENCE = 'http://docs/docs/reference/';
const LINK = /\]\(([\w./-]+)\.md(#[\w-]+)?\)/g;

/**
 * A schema or an OpenAPI document whose descriptions and summaries link to the pages that the server serves below
 * `/docs/`, in the place of the files from which those pages are made: `lint.md` becomes `/docs/reference/lint`.
 */
export function linkDocs<T>(document: T): T {
  // The same shape, with other texts.
  return rewrite(document) as T;
}

function rewrite(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(rewrite);
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, each]) => [
      name,
      TEXTS.has(name) && typeof each === 'string' ? rewriteLinks(each) : rewrite(each),
    ]),
  );
}

const TEXTS: ReadonlySet<string> = new Set(['description', 'summary']);

function rewriteLinks(text: string): string {
  return text.replace(LINK, (_link, path: string, anchor = '') => {
    const { pathname } = new URL(path, REFERENCE);
    return `](${pathname}${anchor})`;
  });
}
