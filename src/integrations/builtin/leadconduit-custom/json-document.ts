import { parseJson } from '../../../lib/parse-json.ts';
import { isPlainObject } from '../../../variables/rich-value.ts';
import { appendedCopy } from '../../formats/appended-copy.ts';
import type { AnswerDocument } from './answer-document.ts';
import { valueAt, valuesAt } from './dot-path.ts';
import { textDocument } from './text-document.ts';

/**
 * A JSON answer; a list becomes `{array: [...]}`, one text is read as plain text, another scalar has no data.
 * undefined: it is not JSON.
 */
export function jsonDocument(body: string): AnswerDocument | undefined {
  try {
    const parsed = parseJson(body);
    if (typeof parsed === 'string' && body.trimStart().startsWith('"')) return textDocument(parsed);
    if (Array.isArray(parsed)) return listDocument(parsed);
    return objectDocument(isPlainObject(parsed) ? parsed : {});
  } catch {
    // A recipient that claims JSON and sends something else is read as text.
    return undefined;
  }
}

/**
 * A list at the top is `array`, as measured. A path that finds nothing there may begin with a place of it: `0.id`,
 * `[0].id`, `*.id`.
 */
function listDocument(list: readonly unknown[]): AnswerDocument {
  const named = objectDocument({ array: list });
  const direct = objectDocument({ ...list });
  const documentFor = (path: string) => (named.select(path).length > 0 ? named : direct);
  return {
    ...named,
    searchedAt: (path) => documentFor(path).searchedAt(path),
    select: (selector) => documentFor(selector).select(selector),
    reference: (selector) => documentFor(selector).reference(selector),
    hint: 'The answer is a list: its members are 0, 1 … or array.0, array.1 ….',
  };
}

/** An answer that is an object: parsed JSON, or a form. */
export function objectDocument(root: Record<string, unknown>): AnswerDocument {
  return {
    // A copy of an object is an object.
    appended: appendedCopy(root) as Record<string, unknown>,
    searchedAt: (path) => listed(valueAt(root, path)),
    select: (selector) => (selector.includes('*') ? valuesAt(root, selector) : listed(valueAt(root, selector))),
    reference: (selector) => appendedCopy(selector.includes('*') ? valuesAt(root, selector) : valueAt(root, selector)),
    captured: undefined,
  };
}

function listed(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value;
  return value === undefined ? [] : [value];
}
