import type { Vars } from '../../../model/vars.ts';
import { isPlainObject, textOf } from '../../../variables/rich-value.ts';
import type { OutboundRequest } from '../../contract.ts';

/** Where SuppressionList is; a step may name another server. */
const REMOTE = 'https://app.suppressionlist.com';

/** The lists of the lead's own account: the server answers such a request itself, without a network. */
export const OWN_LISTS = 'sluice://lists';

/** The lists that a mapping names, as addresses name them: in lower case, blanks as `_`, other signs removed. */
export function listNames(vars: Vars): string[] {
  const given = [vars['list_ids'], vars['list_id'], vars['list_names'], vars['list_name']].find(
    (each) => !isBlank(each),
  );
  return membersOf(given)
    .map((name) => name.toLowerCase().replace(/\s+/g, '_').replace(/\W/g, ''))
    .filter((name) => name !== '');
}

/** The values of `values` or `value`: a list, or a text with commas. */
export function valuesOf(vars: Vars): string[] {
  return membersOf([vars['values'], vars['value']].find((each) => !isBlank(each)));
}

function membersOf(given: unknown): string[] {
  const texts = Array.isArray(given) ? given.map((each) => textOf(each)) : textOf(given).split(',');
  return texts.map((text) => text.trim()).filter((text) => text !== '');
}

function isBlank(value: unknown): boolean {
  return (Array.isArray(value) ? value.map((each) => textOf(each)).join('') : textOf(value)).trim() === '';
}

/** `GET /exists/{lists}/{value}`: of several values the first. */
export function buildQuery(vars: Vars): OutboundRequest {
  const [value = ''] = valuesOf(vars);
  return build(vars, { method: 'GET', path: `/exists/${listNames(vars).join('|')}/${encodeURIComponent(value)}` });
}

/** `POST` or `DELETE /lists/{lists}/items`. */
export function buildChange(
  vars: Vars,
  { method, onlyNew = false }: { method: 'POST' | 'DELETE'; onlyNew?: boolean },
): OutboundRequest {
  const path = `/lists/${listNames(vars).join('|')}/items${onlyNew ? '?only_new=true' : ''}`;
  return build(vars, { method, path, body: JSON.stringify({ values: valuesOf(vars) }) });
}

/** Does the step ask the lists of this server? It does unless it has a key for another one. */
export function asksOwnLists(vars: Vars): boolean {
  return remoteOf(vars) === undefined;
}

interface Remote {
  key: string;
  url: string;
}

function remoteOf(vars: Vars): Remote | undefined {
  const given = isPlainObject(vars['activeprospect']) ? vars['activeprospect'] : {};
  const key = textOf(given['api_key']).trim();
  if (key === '') return undefined;
  return { key, url: textOf(given['suppressionlist_url']).trim().replace(/\/+$/, '') || REMOTE };
}

/** The address of the other server that a step names; undefined: it names none. */
export function remoteUrl(vars: Vars): string | undefined {
  return remoteOf(vars)?.url;
}

function build(vars: Vars, { method, path, body }: { method: string; path: string; body?: string }): OutboundRequest {
  const remote = remoteOf(vars);
  const token = textOf(vars['cplToken']).trim();
  const typed = body === undefined ? {} : { 'Content-Type': 'application/json' };
  const headers: Record<string, string> = {
    Accept: 'application/json',
    ...(remote && { Authorization: `Basic ${Buffer.from(`X:${remote.key}`).toString('base64')}` }),
    ...(remote && token !== '' && { 'CPL-Token': token }),
    ...typed,
  };
  return { url: `${remote?.url ?? OWN_LISTS}${path}`, method, headers, ...(body === undefined ? {} : { body }) };
}
