import type { Vars } from '../../../model/vars.ts';
import { isTruthy, textOf } from '../../../variables/rich-value.ts';
import type { OutboundRequest } from '../../contract.ts';
import { encodeForm, encodeFormWithRawNames } from '../../formats/encode-form.ts';
import { isRedirectFollowed } from './is-redirect-followed.ts';
import { propertyValues } from './property-values.ts';
import { requestHeaders } from './request-headers.ts';

/**
 * A form POST. `encode_form_field_names` with any value at all, even true, sends the names raw: that is what was
 * measured (spec modules i 3) and what flows rely on; only the undeclared `encode_form_fields` turns it off.
 */
export function formRequest(vars: Vars): OutboundRequest {
  const values = propertyValues(vars['form_field'], { isAscii: isTruthy(vars['send_ascii']) });
  const hasRawNames = (vars['encode_form_field_names'] ?? null) !== null && !vars['encode_form_fields'];
  const body = hasRawNames ? encodeFormWithRawNames(values) : encodeForm(values);
  return {
    url: textOf(vars['url']),
    method: 'POST',
    headers: requestHeaders(vars, {
      'Content-Type': 'application/x-www-form-urlencoded; charset=utf-8',
      'Content-Length': String(Buffer.byteLength(body)),
    }),
    followAllRedirects: isRedirectFollowed(vars, { byDefault: false }),
    body,
  };
}
