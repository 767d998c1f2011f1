import type { OutboundRequest } from '../integrations/contract.ts';
import type { Authorization } from './open-credential.ts';

/**
 * The request with the authorization of a credential, unless it says already who sends it: by a mapped header of the
 * same name in any case, or by a parameter of the same name in its query.
 */
export function authorizeRequest(request: OutboundRequest, authorization: Authorization | null): OutboundRequest {
  if (authorization === null) return request;
  const { kind, name, value } = authorization;
  if (kind === 'query') return { ...request, url: addParameter(request.url, { name, value }) };
  const isMapped = Object.keys(request.headers).some((each) => each.toLowerCase() === name.toLowerCase());
  if (isMapped) return request;
  return { ...request, headers: { ...request.headers, [name]: value }, secretHeaders: [name] };
}

/** Behind the parameters that the URL has, and before its fragment; what is written already stays as it is. */
function addParameter(url: string, { name, value }: { name: string; value: string }): string {
  const [, address = url, fragment = ''] = /^([^#]*)(#.*)?$/s.exec(url) ?? [];
  const mark = address.indexOf('?');
  if (mark >= 0 && new URLSearchParams(address.slice(mark)).has(name)) return url;
  const joint = mark < 0 ? '?' : /[?&]$/.test(address) ? '' : '&';
  return `${address}${joint}${encodeURIComponent(name)}=${encodeURIComponent(value)}${fragment}`;
}
