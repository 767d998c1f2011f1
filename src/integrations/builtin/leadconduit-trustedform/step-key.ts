import type { Vars } from '../../../model/vars.ts';
import { isPlainObject, textOf } from '../../../variables/rich-value.ts';

/**
 * The key of a step: what it maps as `trustedform.api_key`, else its stored credential, else the key of the account,
 * which it maps as `activeprospect.api_key`. '': it has none.
 */
export function findStepKey(vars: Vars): string {
  return [memberOf(vars, 'trustedform', 'api_key'), findStoredSecret(vars), memberOf(vars, 'activeprospect', 'api_key')]
    .map((value) => textOf(value).trim())
    .reduce((found, next) => found || next, '');
}

/** The secret of the stored credential, whichever of its types holds it; the user name of such a key says nothing. */
export function findStoredSecret(vars: Vars): string {
  const { credential } = vars;
  if (!isPlainObject(credential)) return '';
  return ['key', 'token', 'password']
    .map((name) => textOf(credential[name]))
    .reduce((found, next) => found || next, '');
}

/** The headers that say who asks; the token of a third party goes along where a step has one. */
export function keyHeaders(vars: Vars): Record<string, string> {
  const token = textOf(vars['cplToken']).trim();
  return {
    Authorization: `Basic ${Buffer.from(`X:${findStepKey(vars)}`).toString('base64')}`,
    ...(token === '' ? {} : { 'CPL-Token': token }),
  };
}

export const NO_KEY =
  'The step has no TrustedForm API key: give it a stored credential in credential_id, or map trustedform.api_key.';

/** Nothing can be asked; `reason` gets onto the event of the step. */
export class MissingKeyError extends Error {
  readonly reason: string;

  constructor(reason: string) {
    super(reason);
    this.reason = reason;
  }
}

function memberOf(vars: Vars, group: string, name: string): unknown {
  const members = vars[group];
  return isPlainObject(members) ? members[name] : undefined;
}
