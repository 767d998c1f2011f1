import type { PostedRequest } from '../posted-request.ts';

/** Net::HTTP, which comes with Ruby. */
export function writeRuby({ method, url, headers, body }: PostedRequest): string {
  const kind = method === 'GET' ? 'Get' : 'Post';
  return [
    "require 'net/http'",
    "require 'uri'",
    '',
    `uri = URI(${quote(url)})`,
    `request = Net::HTTP::${kind}.new(uri)`,
    ...headers.map(({ name, value }) => `request[${quote(name)}] = ${quote(value)}`),
    ...(body === null ? [] : [`request.body = ${quote(body)}`]),
    "response = Net::HTTP.start(uri.host, uri.port, use_ssl: uri.scheme == 'https') { |http| http.request(request) }",
    'puts response.body',
    'puts response.code',
  ].join('\n');
}

/** In single quotes `#{}` means nothing; only the quote and the backslash do. */
function quote(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}
