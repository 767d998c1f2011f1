import type { Parameters } from '../../formats/parameters.ts';

/** The first `redir_url` of the query, undefined when there is none. In a body it is an ordinary parameter. */
export function readRedirect(query: Parameters): string | undefined {
  const value = Object.hasOwn(query, 'redir_url') ? query['redir_url'] : undefined;
  return Array.isArray(value) ? value[0] : value;
}

/**
 * May the sender's visitor be sent there? An absolute http or https URL without control characters: a line break
 * would end the Location header.
 */
export function isRedirectUrl(value: string): boolean {
  return HTTP_SCHEME.test(value) && !CONTROL_CHARACTER.test(value) && URL.canParse(value);
}

/**
 * Is the URL's host one of those the source lists? `*.example.com` stands for every host below example.com.
 *
 * @param hosts in lower case; undefined: every host
 */
export function isRedirectHost(url: string, hosts: readonly string[] | undefined): boolean {
  if (hosts === undefined) return true;
  const { hostname } = new URL(url);
  return hosts.some((host) => (host.startsWith('*.') ? hostname.endsWith(host.slice(1)) : hostname === host));
}

/** The URL as a header can carry it: as it was sent when it is plain ASCII, else percent-encoded. */
export function writeLocation(value: string): string {
  if (!NOT_HEADER_TEXT.test(value)) return value;
  return isRedirectUrl(value) ? new URL(value).href : '';
}

const HTTP_SCHEME = /^https?:\/\//i;
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must be found
const CONTROL_CHARACTER = /[\u0000-\u001f\u007f]/;
const NOT_HEADER_TEXT = /[^\u0020-\u007e]/;
