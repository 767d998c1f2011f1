import { parseJson } from '../../../lib/parse-json.ts';
import type { Vars } from '../../../model/vars.ts';
import { isPlainObject, textOf } from '../../../variables/rich-value.ts';

export type Members = Readonly<Record<string, unknown>>;

/** The members of a value that is an object; of any other there are none. */
export function membersOf(value: unknown): Members {
  return isPlainObject(value) ? value : {};
}

export function textIn(vars: Vars, group: string, name: string): string {
  return textOf(membersOf(vars[group])[name]).trim();
}

/** The document of an answer; undefined: it is no JSON object. */
export function parseAnswer(body: string): Members | undefined {
  try {
    const parsed = parseJson(body);
    return isPlainObject(parsed) ? parsed : undefined;
  } catch {
    // What is no JSON is an outcome, not a fault.
    return undefined;
  }
}

/** A list of texts to scan for, or one text; blank ones are none. */
export function scanTexts(vars: Vars, name: 'scan_required_text' | 'scan_forbidden_text'): string[] {
  const given = membersOf(vars['trustedform'])[name];
  const texts = Array.isArray(given) ? given.map((text) => textOf(text)) : [textOf(given)];
  return texts.filter((text) => text.trim() !== '');
}

/** What separates several texts in one. */
export function scanDelimiter(vars: Vars): string {
  return textIn(vars, 'trustedform', 'scan_delimiter') || '|';
}

/** How many of the texts that were sought are there: `all`, `some` or `none`; undefined: none were sought. */
export function describeShare(found: unknown, notFound: unknown): string | undefined {
  const [there, missing] = [lengthOf(found), lengthOf(notFound)];
  if (there + missing === 0) return undefined;
  if (there === 0) return 'none';
  return missing === 0 ? 'all' : 'some';
}

function lengthOf(list: unknown): number {
  return Array.isArray(list) ? list.length : 0;
}

/** Without members that are undefined; null stays (measured). */
export function withoutUndefined(members: Members): Record<string, unknown> {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined));
}
