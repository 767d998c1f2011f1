import type { Vars } from '../../../model/vars.ts';
import { flatten } from '../../../variables/flatten.ts';
import { isPlainObject, isTruthy, textOf } from '../../../variables/rich-value.ts';
import type { OutboundRequest } from '../../contract.ts';
import { encodeForm } from '../../formats/encode-form.ts';
import { isRedirectFollowed } from './is-redirect-followed.ts';
import { propertyValues, sentValue } from './property-values.ts';
import { requestHeaders } from './request-headers.ts';
import { writeAscii } from './write-ascii.ts';
import { writeXml } from './write-xml.ts';

/** An XML document, or with `xml_parameter` a form with the document in one parameter (spec modules c2). */
export function xmlRequest(vars: Vars): OutboundRequest {
  const isAscii = isTruthy(vars['send_ascii']);
  const document = writeXml(xmlPaths(vars['xml_path'], { isAscii }));
  const parameter = textOf(vars['xml_parameter']);
  const extra = propertyValues(vars['extra_parameter'], { isAscii });
  const body = parameter === '' ? document : encodeForm({ [parameter]: document, ...extra });
  return {
    url: textOf(vars['url']),
    // A blank method is POST here; a JSON delivery keeps it blank, as measured.
    method: textOf(vars['method']).toUpperCase() || 'POST',
    headers: {
      ...requestHeaders(vars, { 'Content-Type': parameter === '' ? 'text/xml' : 'application/x-www-form-urlencoded' }),
      'Content-Length': String(Buffer.byteLength(body)),
    },
    followAllRedirects: isRedirectFollowed(vars, { byDefault: false }),
    body,
  };
}

/** Not `propertyValues`: an element may have text (`a.b`) and attributes (`a.b@c`), which nested objects cannot hold. */
function xmlPaths(group: unknown, options: { isAscii: boolean }): Vars {
  if (!isPlainObject(group)) return {};
  const paths = flatten(group);
  for (const [path, value] of Object.entries(paths)) {
    const sent = sentValue(value);
    paths[path] = options.isAscii && typeof sent === 'string' ? writeAscii(sent) : sent;
  }
  return paths;
}
