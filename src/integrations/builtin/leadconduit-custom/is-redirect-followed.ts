import type { Vars } from '../../../model/vars.ts';

/**
 * Any object counts as yes, as measured: even a rich boolean false (spec modules i 5). Only an absent value is the
 * default; null is no.
 */
export function isRedirectFollowed(vars: Vars, options: { byDefault: boolean }): boolean {
  const wanted = vars['follow_redirects'];
  return wanted === undefined ? options.byDefault : Boolean(wanted);
}
