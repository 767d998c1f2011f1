import type { Vars } from '../../../model/vars.ts';
import { isPlainObject, textOf } from '../../../variables/rich-value.ts';

const ACCEPT = 'application/json;q=0.9,text/xml;q=0.8,application/xml;q=0.7,text/html;q=0.6,text/plain;q=0.5';

/**
 * Headers of a custom delivery: the module's own, `Accept`, Basic authentication when both parts are there, then the
 * mapped ones, which override by exact spelling as measured. Blank values are dropped, and so are names with a dot,
 * which mappings read as nested objects (spec modules c2).
 */
export function requestHeaders(
  vars: Vars,
  own: Record<string, string>,
  login: Login = basicLogin(vars),
): Record<string, string> {
  const headers: Record<string, string> = { ...own, Accept: own['Accept'] ?? ACCEPT };
  if (login.username !== '' && login.password !== '') headers['Authorization'] = `Basic ${base64(login)}`;
  for (const [name, value] of mappedHeaders(vars)) headers[name] = value;
  return headers;
}

/** The mapped headers that are sent. */
export function mappedHeaders(vars: Vars): [name: string, value: string][] {
  if (!isPlainObject(vars['header'])) return [];
  return Object.entries(vars['header'])
    .map(([name, value]): [string, string] => [name, headerText(value)])
    .filter(([name, value]) => value.trim() !== '' && !name.includes('.') && name !== '__proto__');
}

export interface Login {
  username: string;
  password: string;
}

export function basicLogin(vars: Vars): Login {
  return { username: textOf(vars['basic_username']), password: textOf(vars['basic_password']) };
}

function headerText(value: unknown): string {
  return Array.isArray(value) ? value.map((member) => textOf(member)).join(', ') : textOf(value);
}

function base64({ username, password }: Login): string {
  return Buffer.from(`${username}:${password}`).toString('base64');
}
