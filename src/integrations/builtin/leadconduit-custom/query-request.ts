import type { Vars } from '../../../model/vars.ts';
import { isTruthy, textOf } from '../../../variables/rich-value.ts';
import type { OutboundRequest } from '../../contract.ts';
import { encodeForm } from './encode-form.ts';
import { isRedirectFollowed } from './is-redirect-followed.ts';
import { propertyValues } from './property-values.ts';
import { requestHeaders } from './request-headers.ts';

/** A GET with the values in the query. The question mark is always added, also behind a query, as measured. */
export function queryRequest(vars: Vars): OutboundRequest {
  const values = propertyValues(vars['parameter'], { isAscii: isTruthy(vars['send_ascii']) });
  return {
    url: `${textOf(vars['url'])}?${encodeForm(values)}`,
    method: 'GET',
    headers: requestHeaders(vars, {}),
    followAllRedirects: isRedirectFollowed(vars, { byDefault: true }),
  };
}
