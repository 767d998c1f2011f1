import type { Vars } from '../../../model/vars.ts';
import { isPlainObject, isTruthy, textOf } from '../../../variables/rich-value.ts';
import type { OutboundRequest } from '../../contract.ts';
import { encodeForm } from '../../formats/encode-form.ts';
import { isRedirectFollowed } from './is-redirect-followed.ts';
import { propertyValues } from './property-values.ts';
import { basicLogin, type Login, requestHeaders } from './request-headers.ts';

/** A JSON document, or with `json_parameter` a form with the document in one parameter (spec modules c2). */
export function jsonRequest(vars: Vars): OutboundRequest {
  const isAscii = isTruthy(vars['send_ascii']);
  const document = jsonDocument(propertyValues(vars['json_property'], { isAscii }));
  const parameter = textOf(vars['json_parameter']);
  const type = parameter === '' ? 'application/json; charset=utf-8' : 'application/x-www-form-urlencoded';
  return {
    url: textOf(vars['url']),
    method: (vars['method'] ?? null) === null ? 'POST' : textOf(vars['method']).toUpperCase(),
    headers: requestHeaders(vars, { 'Content-Type': type }, readLogin(vars)),
    followAllRedirects: isRedirectFollowed(vars, { byDefault: false }),
    body: parameter === '' ? JSON.stringify(document) : parameterBody({ vars, parameter, document, isAscii }),
  };
}

const DIGITS = /^\d+$/;

/**
 * An array when every name is a number, also when there is no name at all: no mappings send `[]`, as measured. Places
 * nothing is mapped to are left out; beside other names numbers are names.
 */
function jsonDocument(values: Vars): Vars | unknown[] {
  return Object.keys(values).every((name) => DIGITS.test(name)) ? Object.values(values).filter(Boolean) : values;
}

/** The document unless it is empty, then extra parameters as JSON, then plain ones, which win over the same name. */
function parameterBody(options: {
  vars: Vars;
  parameter: string;
  document: Vars | unknown[];
  isAscii: boolean;
}): string {
  const { vars, parameter, document, isAscii } = options;
  const nested = propertyValues(vars['nested_extra_parameter'], { isAscii });
  return encodeForm({
    ...(Object.keys(document).length === 0 ? {} : { [parameter]: JSON.stringify(document) }),
    ...Object.fromEntries(Object.entries(nested).map(([name, value]) => [name, JSON.stringify(value)])),
    ...propertyValues(vars['extra_parameter'], { isAscii }),
  });
}

/** A stored user name and password go before mapped ones; other kinds of credential are not used here. */
function readLogin(vars: Vars): Login {
  const { credential } = vars;
  if (!isPlainObject(credential) || credential['type'] !== 'user') return basicLogin(vars);
  return { username: textOf(credential['username']), password: textOf(credential['password']) };
}
