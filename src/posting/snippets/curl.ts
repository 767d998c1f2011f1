import type { PostedRequest } from '../posted-request.ts';

/** For shells of the family of `sh`. */
export function writeCurl({ method, url, headers, body }: PostedRequest): string {
  const parts = [
    // The status after the body; without globs, which would read brackets of the URL.
    `curl --globoff --silent --show-error --write-out '\\n%{http_code}\\n'`,
    ...(method === 'GET' ? [] : [`--request ${method}`]),
    `--url ${quoteForShell(url)}`,
    ...headers.map(({ name, value }) => `--header ${quoteForShell(`${name}: ${value}`)}`),
    // Raw: a value that begins with @ would be read as the name of a file.
    ...(body === null ? [] : [`--data-raw ${quoteForShell(body)}`]),
  ];
  return parts.join(' \\\n  ');
}

/** Inside single quotes nothing has a meaning but the quote, which ends them (POSIX, 2.2.2). */
export function quoteForShell(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
