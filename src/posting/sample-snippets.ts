import { writePostedRequest } from './posted-request.ts';
import type { PostingFormat, PostingPage } from './posting-page.ts';
import { type Snippet, writeSnippets } from './snippets/snippet.ts';

/** The sample of a page as programs, in a format. */
export function writeSampleSnippets(page: PostingPage, format: PostingFormat['name']): Snippet[] {
  const { request } = writePostedRequest({
    submitUrl: page.submit_url,
    format,
    values: page.sample.values,
    accept: 'application/json',
    authorization: page.authentication.header?.value ?? null,
  });
  return writeSnippets(request);
}
