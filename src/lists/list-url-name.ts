/**
 * The name of a list in addresses (spec api 19): lower case, spaces as `_`, other non-word characters removed.
 * `Do Not Call (TX)` → `do_not_call_tx`. Empty when nothing is left.
 */
export function listUrlName(name: string): string {
  return name.trim().toLowerCase().replace(/\s+/g, '_').replace(/\W/g, '');
}
