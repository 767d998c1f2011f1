import { FORMAT_TYPES, writePostedRequest } from './posted-request.ts';
import type { PostingFormat, PostingPage } from './posting-page.ts';
import { quoteForShell } from './snippets/curl.ts';
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

/** Of a page that requires nothing, so many values are sent. */
const VALUES_MIN = 2;

/** One line for a shell: only what is required, as a form where the source reads forms. */
export function writeShortestRequest({
  fields,
  sample,
  request_formats,
  submit_url,
  authentication,
}: PostingPage): string {
  const needed = new Set(fields.filter(({ required }) => required !== 'no').map(({ name }) => name));
  const required = sample.values.filter(({ name }) => needed.has(name));
  const format = request_formats.some(({ name }) => name === 'form') ? 'form' : 'json';
  const { request } = writePostedRequest({
    submitUrl: submit_url,
    format,
    values: required.length > 0 ? required : sample.values.slice(0, VALUES_MIN),
    accept: 'application/json',
    authorization: authentication.header?.value ?? null,
  });
  // curl sends forms unless a header says otherwise, and the answer is JSON unless one asks for another.
  const headers = request.headers.filter(({ name, value }) => name !== 'Accept' && value !== FORMAT_TYPES.form);
  const parts = [
    'curl',
    ...headers.map(({ name, value }) => `--header ${quoteForShell(`${name}: ${value}`)}`),
    `--data-raw ${quoteForShell(request.body ?? '')}`,
    quoteForShell(submit_url),
  ];
  return parts.join(' ');
}
