import type { Vars } from '../../../model/vars.ts';

/** Any object counts as yes, as measured: even a rich boolean false (spec modules i 5). */
export function isRedirectFollowed(vars: Vars, options: { byDefault: boolean }): boolean {
  const wanted = vars['follow_redirects'] ?? null;
  return wanted === null ? options.byDefault : Boolean(wanted);
}
