import type { Vars } from '../../../model/vars.ts';
import { isTruthy, textOf } from '../../../variables/rich-value.ts';
import type { OutboundRequest } from '../../contract.ts';
import { encodeForm } from '../../formats/encode-form.ts';
import { isRedirectFollowed } from './is-redirect-followed.ts';
import { propertyValues } from './property-values.ts';
import { requestHeaders } from './request-headers.ts';

/** A GET with the values in the query, behind parameters the URL has already and before its fragment. */
export function queryRequest(vars: Vars): OutboundRequest {
  const values = propertyValues(vars['parameter'], { isAscii: isTruthy(vars['send_ascii']) });
  return {
    url: withQuery(textOf(vars['url']), encodeForm(values)),
    method: 'GET',
    headers: requestHeaders(vars, {}),
    followAllRedirects: isRedirectFollowed(vars, { byDefault: true }),
  };
}

/** A URL without parameters gets its question mark even for an empty query, as measured. */
function withQuery(url: string, query: string): string {
  const [, address = url, fragment = ''] = /^([^#]*)(#.*)?$/s.exec(url) ?? [];
  if (!address.includes('?')) return `${address}?${query}${fragment}`;
  const joint = query === '' || /[?&]$/.test(address) ? '' : '&';
  return `${address}${joint}${query}${fragment}`;
}
